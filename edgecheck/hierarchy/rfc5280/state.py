"""The variables of RFC 5280, section 6.1.2, under the names that the RFC gives them."""

from dataclasses import dataclass

from edgecheck.reading.certificate import Certificate


@dataclass(slots=True)
class State:
    """What validation carries from one certificate to the next.

    Attributes:
        working_issuer: the certificate whose key and name the next one must carry; with it
            go working_public_key and working_issuer_name. It stays defined after any
            violation, so that one bad certificate gives one violation.
        max_path_length: how many further certificates that are not self-issued may follow.
        limited_by: the certificate that set max_path_length.
        exceeded: whether that constraint was violated already.
    """

    working_issuer: Certificate
    max_path_length: int | None = None
    limited_by: Certificate | None = None
    exceeded: bool = False

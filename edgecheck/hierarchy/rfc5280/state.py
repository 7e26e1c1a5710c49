"""The variables of RFC 5280, section 6.1.2, under the names that the RFC gives them."""

from dataclasses import dataclass, field

from edgecheck.reading.certificate import Certificate


@dataclass(slots=True)
class State:
    """What validation carries from one certificate to the next.

    Attributes:
        working_issuer: the certificate whose key and name the next one must carry; with it
            go working_public_key and working_issuer_name. It stays defined after any
            violation, so that one bad certificate gives one violation.
        path_lengths: for each certificate with a pathLenConstraint that is not violated yet,
            how many further certificates that are not self-issued may follow. The RFC's
            max_path_length is the least of them; they are kept apart so that each
            constraint that is violated is named.
    """

    working_issuer: Certificate
    path_lengths: list[tuple[Certificate, int]] = field(default_factory=list)

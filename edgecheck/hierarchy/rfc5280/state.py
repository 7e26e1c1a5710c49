"""The variables of RFC 5280, section 6.1.2, under the names that the RFC gives them."""

from dataclasses import dataclass, field

from edgecheck.reading.certificate import Certificate


@dataclass(slots=True, eq=False, repr=False)
class State:
    """What validation carries from one certificate to the next.

    Attributes:
        working_public_key: the issuer's key in full (subjectPublicKeyInfo), where it inherits
            its parameters; None where the issuer's certificate has all of it.
        parameters_of: the key that working_public_key_parameters come from; None without.
        spent: the bound on signatures was said to be spent.
        path_lengths: for each certificate with a pathLenConstraint that is not violated yet,
            how many further certificates that are not self-issued may follow. The RFC's
            max_path_length is the least of them; they are kept apart so that each
            constraint that is violated is named.
    """

    working_public_key: bytes | None = None
    parameters_of: bytes | None = None
    spent: bool = False
    path_lengths: list[tuple[Certificate, int]] = field(default_factory=list)

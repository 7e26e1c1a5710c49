"""Who takes a server certificate for a host name or address, and who does not.

Compared with what the clients, or their libraries, said to many thousand pairs of a name and a
certificate. How each of them compares, stands in `matchers.py`.
"""

from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host, host
from edgecheck.behaviour.lenient import told
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading import der
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.plainly import plainly

R = Refuser

_ONE = {
    R.S_CLIENT: frozenset({R.S_CLIENT, R.OPENSSL_4_0}),
    R.GO: frozenset({R.GO_1_24, R.GO_1_19}),
    R.RUSTLS: frozenset({R.RUSTLS, R.RUSTLS_RTLS}),
}
"""Under which name they are told where all of them refuse."""


def every() -> frozenset[Refuser]:
    """Return all of them, by the names that `refusing` gives where each refuses."""
    from edgecheck.behaviour.matchers import MATCHERS  # sound chains need none

    return frozenset(MATCHERS).difference(*_ONE.values()).union(_ONE)


def refusing(typed: str, certificate: Certificate) -> frozenset[Refuser]:
    """Return the clients that do not take the certificate for what they are told to connect to.

    It is about the name alone, not about what else is wrong with the certificate. Versions that
    all refuse are told as one.

    Clients of whom it is not known are not among them.

    Raises:
        Unreadable: the certificate's names cannot be read, or it is known of no client.
    """
    _ = certificate.alt_names, certificate.subject
    read = told(certificate) if certificate.damage else certificate
    try:
        return _refusing(host(typed), read)
    except (Malformed, ValueError) as wrong:
        raise Unreadable(certificate, "subject", plainly(wrong)) from None


@lru_cache(maxsize=64)
def refusing_to_ask(name: str) -> frozenset[Refuser]:
    """Return the clients that refuse this DNS name even where the certificate has it as it is."""
    return _refusing(host(name), _certificate_for(name))


@lru_cache(maxsize=64)
def asking(typed: str) -> frozenset[Refuser]:
    """Return the clients that look for this name at all: Botan looks for no address."""
    return _refusing(host(typed), _certificate_for("other.invalid"))


def _refusing(asked: Host, certificate: Certificate) -> frozenset[Refuser]:
    """Of whom it is known: what one client makes of a malformed name may be known of no other."""
    from edgecheck.behaviour.matchers import MATCHERS

    found: set[Refuser] = set()
    told = unknown = 0
    for who, takes in MATCHERS.items():
        try:
            if not takes(certificate, asked):
                found.add(who)
            told += 1
        except (Malformed, Unreadable, ValueError) as wrong:
            unknown += 1
            damaged = wrong
    if unknown and not told:
        raise damaged
    for one, all_of_them in _ONE.items():
        if found >= all_of_them:
            found = found - all_of_them | {one}
    return frozenset(found)


def _certificate_for(name: str) -> Certificate:
    """A certificate with nothing but this DNS name and a subject without a host name."""
    certificate = Certificate.__new__(Certificate)
    names = der.wrapped(der.SEQUENCE, der.wrapped(raw.DNS, name.encode("utf-8", "replace")))
    certificate.damage = {}
    certificate.der = certificate.tbs = names
    certificate.version = 3
    certificate.subject_raw = _SUBJECT
    certificate.extended_key_usage = None
    certificate.extensions = {EXT_SUBJECT_ALT_NAME: names}
    certificate.critical, certificate.duplicate_extensions = frozenset(), ()
    return certificate


_SUBJECT = bytes.fromhex("300c310a3008060355040a0c0178")
"""O=x: old Node.js takes no certificate without a subject."""

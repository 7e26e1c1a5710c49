"""Who takes a server certificate for a host name or address, and who does not.

Compared with what the clients, or their libraries, said to many thousand pairs of a name and a
certificate. How each of them compares, stands in `matchers.py`.
"""

from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host, host
from edgecheck.behaviour.kinds import BY_NAMES_ALONE
from edgecheck.behaviour.lenient import told
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading import der
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.hostnames import comparable
from edgecheck.reading.plainly import plainly

R = Refuser

_ONE = {
    R.NODE: BY_NAMES_ALONE,
    R.S_CLIENT: frozenset({R.S_CLIENT, R.OPENSSL_4_0}),
    R.GO: frozenset({R.GO_1_24, R.GO_1_19}),
    R.JAVA: frozenset({R.JAVA, R.JAVA_21}),
    R.RUSTLS: frozenset({R.RUSTLS, R.RUSTLS_RTLS}),
    R.MOSQUITTO: frozenset({R.MOSQUITTO_2_0_11, R.MOSQUITTO_2_0_21, R.MOSQUITTO_2_1}),
    R.MBEDTLS: frozenset({R.MBEDTLS_2_28, R.MBEDTLS_3}),
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
    return refusing_as_read(typed, certificate)


def refusing_as_read(typed: str, certificate: Certificate) -> frozenset[Refuser]:
    """The same where names cannot be read as RFC 5280 has them, but as each client reads them.

    Raises `Unreadable` where it is known of no client.
    """
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
def never_taking(name: str) -> frozenset[Refuser]:
    """Return the clients that refuse a host of this DNS name whatever names a certificate has.

    The name as it is, or without the dot at its end; as A-labels; below an asterisk; or as common
    name alone.
    """
    bare = name.removesuffix(".")
    forms = (name, bare, comparable(bare) or bare, f"*.{bare.partition('.')[2]}")
    certificates = (*map(_certificate_for, forms), _certificate_for(None, bare))
    return frozenset.intersection(*(_refusing(host(name), each) for each in certificates))


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


def _certificate_for(name: str | None, common_name: str | None = None) -> Certificate:
    """A certificate with nothing but this DNS name and this common name, if any."""
    certificate = Certificate.__new__(Certificate)
    names = b""
    if name is not None:
        names = der.wrapped(der.SEQUENCE, der.wrapped(raw.DNS, name.encode("utf-8", "replace")))
    certificate.damage = {}
    certificate.der = certificate.tbs = names
    certificate.version = 3
    certificate.subject_raw = _SUBJECT if common_name is None else _named(common_name)
    certificate.extended_key_usage = None
    certificate.extensions = {EXT_SUBJECT_ALT_NAME: names} if names else {}
    certificate.critical, certificate.duplicate_extensions = frozenset(), ()
    return certificate


def _named(common_name: str) -> bytes:
    """A subject with nothing but a common name, as UTF8String."""
    value = der.wrapped(0x0C, common_name.encode("utf-8", "replace"))
    attribute = der.wrapped(der.SEQUENCE, _COMMON_NAME + value)
    return der.wrapped(der.SEQUENCE, der.wrapped(der.SET, attribute))


_COMMON_NAME = bytes.fromhex("0603550403")
_SUBJECT = bytes.fromhex("300c310a3008060355040a0c0178")
"""O=x: old Node.js takes no certificate without a subject."""

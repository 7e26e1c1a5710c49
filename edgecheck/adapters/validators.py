"""How each of the other validators is asked: its own interface behind one.

Each validator is a function that imports it, or raises `Missing`, and returns two functions:
one names it, the other asks it and returns None where it accepts, else its own words.
"""

import asyncio
import importlib
import ipaddress
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.x509 import verification

from edgecheck.reading.damaged import has_long_identifier
from edgecheck.values import frozen


class Missing(Exception):
    """It is not installed."""


class Unable(Exception):
    """It cannot answer this question; the text says why."""


@frozen
class Question:
    """What is asked, the same bytes for all.

    Attributes:
        target: DER of the certificate that is judged; None where there is none.
        others: DER of the other presented certificates, in order.
        trust: DER of the trust anchors.
        at: the time, aware.
        hostname: as the client types it; None: not given.
        purpose: "server" or "client".
        is_end_entity: False where only authorities were presented.
    """

    target: bytes | None
    others: tuple[bytes, ...]
    trust: tuple[bytes, ...]
    at: datetime
    hostname: str | None
    purpose: str
    is_end_entity: bool


Who = Callable[[Question], str]
Ask = Callable[[Question], str | None]


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Missing(name) from None


# --- cryptography ---------------------------------------------------------------------------------


def by_cryptography() -> tuple[Who, Ask]:
    """`cryptography`'s verifier with its own defaults, which follow the CA/Browser baseline."""
    version = importlib.import_module("cryptography").__version__

    def who(question: Question) -> str:
        named = question.purpose == "client" or question.hostname is not None
        told = "" if named else " (a name of the certificate's own)"
        return f"cryptography {version} x509.verification{told}"

    return who, _ask_cryptography


def _ask_cryptography(question: Question) -> str | None:
    if not question.is_end_entity:
        raise Unable("it judges end entities alone, and only authorities were presented")
    assert question.target is not None
    target = x509.load_der_x509_certificate(question.target)
    others = [x509.load_der_x509_certificate(der) for der in question.others]
    store = verification.Store([x509.load_der_x509_certificate(der) for der in question.trust])
    policy = verification.PolicyBuilder().store(store).time(question.at)
    try:
        if question.purpose == "client":
            policy.build_client_verifier().verify(target, others)
        else:
            subject = _subject(target, question.hostname)
            policy.build_server_verifier(subject).verify(target, others)
    except verification.VerificationError as refused:
        return str(refused)
    return None


def _subject(target: x509.Certificate, hostname: str | None) -> x509.DNSName | x509.IPAddress:
    """The name that the server must have; where none was given, one that it has."""
    if hostname is not None:
        try:
            return x509.IPAddress(ipaddress.ip_address(hostname))
        except ValueError:
            return x509.DNSName(hostname)
    kind = x509.SubjectAlternativeName
    try:
        names = target.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return x509.DNSName("name-not-given.invalid")  # refused with or without a name
    for name in names.get_values_for_type(x509.DNSName):
        try:
            return x509.DNSName(name.replace("*", "any"))
        except ValueError:
            continue
    for address in names.get_values_for_type(x509.IPAddress):
        if isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address):
            return x509.IPAddress(address)
    return x509.DNSName("name-not-given.invalid")


# --- pyhanko-certvalidator ------------------------------------------------------------------------


def by_certvalidator() -> tuple[Who, Ask]:
    """pyhanko-certvalidator: section 6.1 of RFC 5280, policies and constraints included."""
    library = _installed("pyhanko_certvalidator")
    errors = _installed("pyhanko_certvalidator.errors")
    asn1 = _installed("asn1crypto.x509")
    name = f"pyhanko-certvalidator {library.__version__} (path alone, without a name or purpose)"

    def judged(question: Question) -> str | None:
        context = library.ValidationContext(
            trust_roots=[asn1.Certificate.load(der) for der in question.trust],
            other_certs=[asn1.Certificate.load(der) for der in question.others],
            moment=question.at,
            time_tolerance=timedelta(0),
            allow_fetching=False,
        )
        target = asn1.Certificate.load(question.target)
        validator = library.CertificateValidator(target, validation_context=context)
        try:
            asyncio.run(validator.async_validate_path())
        except (errors.PathError, errors.ValidationError) as refused:
            return str(refused)
        except AssertionError:  # at another signature than RSASSA-PSS by a key for that alone
            return "it fails at an assertion of its own"
        return None

    def ask(question: Question) -> str | None:
        ders = (question.target or b"", *question.others, *question.trust)
        if any(map(has_long_identifier, ders)):
            raise Unable("it takes very long over an object identifier of that length")
        return _within_bounds(lambda: judged(question))

    return lambda question: name, ask


MOST_CALLS = 1_000_000
"""Calls of functions within a validator that follows every path, however many there are; a sound
chain needs some thousands."""


class _TooMany(BaseException):
    """Not to be caught by what is stopped."""


def _within_bounds(judge: Callable[[], str | None]) -> str | None:
    """Ask in a thread of its own, also since the caller may be within an event loop.

    Raises:
        Unable: it makes more calls than are allowed.
    """

    def asked() -> str | None:
        left = MOST_CALLS

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                sys.setprofile(None)
                raise _TooMany

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            return judge()
        finally:
            sys.setprofile(before)

    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(asked).result()
        except _TooMany:
            raise Unable("it did not come to an end, as there is too much to follow") from None


# --- OpenSSL --------------------------------------------------------------------------------------


def by_openssl() -> tuple[Who, Ask]:
    """OpenSSL's X509_verify_cert with its default flags, through pyOpenSSL."""
    crypto, ssl = _installed("OpenSSL.crypto"), _installed("OpenSSL.SSL")
    version = importlib.import_module("OpenSSL").__version__
    text = ssl.OpenSSL_version(ssl.OPENSSL_VERSION).decode("ascii", "replace")
    name = f"{' '.join(text.split()[:2])} through pyOpenSSL {version}"

    def who(question: Question) -> str:
        named = question.hostname is not None and question.purpose == "server"
        both = named and _names_openssl() is not None
        looks = "without a purpose" if both else "chain alone, without a name or purpose"
        return f"{name} ({looks})"

    def ask(question: Question) -> str | None:
        store = crypto.X509Store()
        for der in dict.fromkeys(question.trust):
            store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, der))
        if question.hostname is not None and question.purpose == "server":
            _name_openssl(store, question.hostname)
        store.set_time(question.at)  # after the name, which takes the default time along
        others = [crypto.load_certificate(crypto.FILETYPE_ASN1, der) for der in question.others]
        target = crypto.load_certificate(crypto.FILETYPE_ASN1, question.target)
        try:
            crypto.X509StoreContext(store, target, others).verify_certificate()
        except crypto.X509StoreContextError as refused:
            number, depth = (*refused.errors, None, None)[:2]
            return f"error {number} at {depth} depth lookup: {refused}"
        return None

    return who, ask


_NEEDED = (
    "X509_VERIFY_PARAM_new",
    "X509_VERIFY_PARAM_free",
    "X509_VERIFY_PARAM_set1_host",
    "X509_VERIFY_PARAM_set1_ip",
    "X509_STORE_set1_param",
)


def _names_openssl() -> Any:
    """PyOpenSSL's own way into OpenSSL, which alone can set a name; None where it is another."""
    try:
        inside = importlib.import_module("OpenSSL._util")
    except ImportError:
        return None
    library = getattr(inside, "lib", None)
    return inside if all(hasattr(library, name) for name in _NEEDED) else None


def _name_openssl(store: Any, hostname: str) -> None:
    """Make the store demand a name; without effect where that cannot be done."""
    inside = _names_openssl()
    handle = getattr(store, "_store", None)
    if inside is None or handle is None:
        return
    lib, ffi = inside.lib, inside.ffi
    param = ffi.gc(lib.X509_VERIFY_PARAM_new(), lib.X509_VERIFY_PARAM_free)
    try:
        packed = ipaddress.ip_address(hostname).packed
        done = lib.X509_VERIFY_PARAM_set1_ip(param, packed, len(packed))
    except ValueError:
        text = hostname.encode("utf-8", "surrogatepass")
        done = lib.X509_VERIFY_PARAM_set1_host(param, text, len(text))
    if done != 1 or lib.X509_STORE_set1_param(handle, param) != 1:
        raise Unable("OpenSSL does not take the name")


VALIDATORS = (by_cryptography, by_certvalidator, by_openssl)

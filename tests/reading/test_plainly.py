"""What libraries say of damaged bytes is told in words that operators can read."""

from __future__ import annotations

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from edgecheck.reading.der import Malformed
from edgecheck.reading.plainly import UNFIT, plainly
from fixtures import der
from fixtures.stock import stock_11


def said(raise_it: object, *arguments: object) -> str:
    """What is told of the exception that a call raises."""
    with pytest.raises(Exception) as raised:
        raise_it(*arguments)  # type: ignore[operator]
    return plainly(raised.value)


CERTIFICATE = stock_11("ec").issued("server").der
CURVE = der.sequence(
    der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.3.4")), der.bit_string(b"\x04")
)
UNKNOWN = der.sequence(der.sequence(der.oid("1.2.3.4")), der.bit_string(b"\x04"))


def test_cryptography_names_a_field_and_what_is_wrong_there() -> None:
    """Without the names that the library has for structures."""
    time = CERTIFICATE.index(b"\x17\x0d")
    broken = CERTIFICATE[: time + 2] + b"x" * 13 + CERTIFICATE[time + 15 :]
    told = said(x509.load_der_x509_certificate, broken)
    assert told == "notBefore: a value that DER does not allow"
    assert said(x509.load_der_x509_certificate, CERTIFICATE + b"x") == (
        "more bytes than belong there"
    )
    assert said(x509.load_der_x509_certificate, CERTIFICATE[:-9]) == (
        "the data end inside an element"
    )


def test_asn1crypto_does_not_name_its_classes() -> None:
    """Nor its fields; a time, a tag, what is missing."""
    assert said(lambda: core.UTCTime(contents=b"x").native) == "not a time as X.509 writes it"
    time = asn1.Time.load(der.tlv(0x17, b"261301000000Z"))
    assert said(lambda: time.chosen.native) == "a time that no calendar has"
    assert said(core.Integer.load, b"\x02\x05\x00") == "the data end inside an element"
    assert "another kind" in said(lambda: asn1.Certificate.load(b"\x02\x01\x00", strict=True))


def test_keys_tell_their_curve_or_kind() -> None:
    """A dotted identifier is what can be looked up."""
    assert said(load_der_public_key, CURVE) == "the curve 1.2.3.4 is not known"
    assert said(load_der_public_key, UNKNOWN) == "the kind of key 1.2.3.4 is not known"
    assert said(rsa.RSAPublicNumbers(1, 15).public_key) == "numbers that no RSA key has"
    assert said(load_der_public_key, b"0\0") == "no key as its algorithm has it"


def test_our_own_words_stay_and_all_others_go() -> None:
    """What no table knows says nothing of where it came from."""
    assert plainly(Malformed("a length that is not minimal")) == "a length that is not minimal"
    assert plainly(TypeError("'NoneType' object is not iterable")) == UNFIT
    assert plainly(KeyError("extn_id")) == UNFIT
    with pytest.raises(UnicodeDecodeError) as wrong:
        b"\xff".decode()
    assert plainly(wrong.value) == "text in another encoding than its type says"


def test_a_field_of_parameters_is_not_taken_for_one_of_the_certificate() -> None:
    """`EcParameters` has a version too."""
    inner = 'error parsing asn1 value: ParseError { kind: InvalidValue, location: ["{}::version"] }'
    assert plainly(ValueError(inner.replace("{}", "TbsCertificate"))).startswith("version: ")
    told = plainly(ValueError(inner.replace("{}", "SpecifiedCurve")))
    assert told == "a value that DER does not allow"

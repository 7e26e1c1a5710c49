"""OpenSSL's errors: each number with its text, as x509_vfy.h.in and x509_txt.c have them."""

from __future__ import annotations

import pytest

from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl import settings
from edgecheck.behaviour.openssl.settings import Errors, Settings, Stop

X509_V_ERR = {
    "UNSPECIFIED": (1, "unspecified certificate verification error"),
    "NO_ISSUER": (2, "unable to get issuer certificate"),
    "ISSUER_KEY": (6, "unable to decode issuer public key"),
    "SIGNATURE": (7, "certificate signature failure"),
    "NOT_YET_VALID": (9, "certificate is not yet valid"),
    "EXPIRED": (10, "certificate has expired"),
    "BAD_NOT_BEFORE": (13, "format error in certificate's notBefore field"),
    "BAD_NOT_AFTER": (14, "format error in certificate's notAfter field"),
    "SELF_SIGNED_LEAF": (18, "self-signed certificate"),
    "SELF_SIGNED_IN_CHAIN": (19, "self-signed certificate in certificate chain"),
    "NO_LOCAL_ISSUER": (20, "unable to get local issuer certificate"),
    "UNVERIFIED_LEAF": (21, "unable to verify the first certificate"),
    "TOO_LONG": (22, "certificate chain too long"),
    "PATH_LENGTH": (25, "path length constraint exceeded"),
    "PURPOSE": (26, "unsuitable certificate purpose"),
    "NO_CERT_SIGN": (32, "key usage does not include certificate signing"),
    "UNKNOWN_CRITICAL": (34, "unhandled critical extension"),
    "PROXY": (40, "proxy certificates not allowed, please set the appropriate flag"),
    "INVALID_EXTENSION": (41, "invalid or inconsistent certificate extension"),
    "INVALID_POLICY": (42, "invalid or inconsistent certificate policy extension"),
    "UNNESTED_RESOURCE": (46, "RFC 3779 resource not subset of parent's resources"),
    "PROXY_NAME": (72, "proxy subject name violation"),
    "NO_POLICY": (43, "no explicit policy"),
    "PERMITTED": (47, "permitted subtree violation"),
    "EXCLUDED": (48, "excluded subtree violation"),
    "SUBTREE_MINMAX": (49, "name constraints minimum and maximum not supported"),
    "CONSTRAINT_TYPE": (51, "unsupported name constraint type"),
    "CONSTRAINT_SYNTAX": (52, "unsupported or invalid name constraint syntax"),
    "NAME_SYNTAX": (53, "unsupported or invalid name syntax"),
    "HOSTNAME": (62, "hostname mismatch"),
    "ADDRESS": (64, "IP address mismatch"),
    "EE_KEY": (66, "EE certificate key too weak"),
    "CA_KEY": (67, "CA certificate key too weak"),
    "CA_MD": (68, "CA signature digest algorithm too weak"),
    "INVALID_CA": (79, "invalid CA certificate"),
    "PATH_LENGTH_NOT_CA": (80, "Path length invalid for non-CA cert"),
    "PATH_LENGTH_NO_SIGN": (81, "Path length given without key usage keyCertSign"),
    "CERT_SIGN_NOT_CA": (82, "Key usage keyCertSign invalid for non-CA cert"),
    "ISSUER_EMPTY": (83, "Issuer name empty"),
    "SUBJECT_EMPTY": (84, "Subject name empty"),
    "NO_AKI": (85, "Missing Authority Key Identifier"),
    "NO_SKI": (86, "Missing Subject Key Identifier"),
    "EMPTY_SAN": (87, "Empty Subject Alternative Name extension"),
    "SAN_NOT_CRITICAL": (88, "Subject empty and Subject Alt Name extension not critical"),
    "BC_NOT_CRITICAL": (89, "Basic Constraints of CA cert not marked critical"),
    "AKI_CRITICAL": (90, "Authority Key Identifier marked critical"),
    "SKI_CRITICAL": (91, "Subject Key Identifier marked critical"),
    "NO_KEY_USAGE": (92, "CA cert does not include key usage extension"),
    "NEEDS_VERSION_3": (93, "Using cert extension requires at least X509v3"),
    "EXPLICIT_CURVE": (94, "Certificate public key has explicit ECC parameters"),
}
"""What `X509_verify_cert_error_string` of 3.0 says of each."""
OLDER = {
    18: "self signed certificate",
    19: "self signed certificate in certificate chain",
    24: "invalid CA certificate",
    26: "unsupported certificate purpose",
    62: "Hostname mismatch",
}


@pytest.mark.parametrize("name", X509_V_ERR)
def test_each_error_has_its_number_and_its_text(name: str) -> None:
    number, text = X509_V_ERR[name]
    assert getattr(e, name) == number
    assert e.TEXTS[number] == text
    assert e.TEXTS_1_1_1[number] == OLDER.get(number, text)
    later = f"{text} or the system clock is incorrect" if number == 9 else text
    assert e.TEXTS_3_6[number] == later


def test_there_are_no_other_texts() -> None:
    """Up to 1.1.1 one more: the former number of 79. BoringSSL's own error has no text."""
    assert set(e.TEXTS) == set(e.TEXTS_3_6) == {number for number, _ in X509_V_ERR.values()}
    assert set(e.TEXTS_1_1_1) - set(e.TEXTS) == {24}
    assert e.TEXTS_1_1_1[24] == OLDER[24]
    assert e.NO_NAMES == 1001


def test_versions_are_in_their_order_and_only_1_0_2_itself_is_the_oldest() -> None:
    versions = ((1, 0, 2), (1, 1, 0), (1, 1, 1), (3, 0), (3, 4), (3, 5), (3, 6), (4, 0))
    names = ("V1_0_2", "V1_1_0", "V1_1_1", "V3_0", "V3_4", "V3_5", "V3_6", "V4_0")
    assert tuple(getattr(settings, name) for name in names) == versions
    assert [Settings(version).oldest for version in versions] == [True] + 7 * [False]
    assert not Settings((1, 0, 2), boring=True).oldest


def test_what_calls_openssl_plainly_asks_for_level_2_the_purpose_and_the_name() -> None:
    """As SSL_CTX_new of Debian's 3.0 has it, with the host name set."""
    plain = Settings()
    assert (plain.version, plain.level) == ((3, 0), 2)
    assert (plain.names, plain.purpose, plain.wire) == (True, True, True)
    assert (plain.strict, plain.partial, plain.goes_on) == (False, False, False)
    assert (plain.checks_root, plain.boring) == (False, False)


def test_the_first_error_ends_a_run_unless_it_goes_on() -> None:
    ends, on = Errors(False), Errors(True)
    with pytest.raises(Stop):
        ends.add(10, 1)
    on.add(10, 1)
    on.add(7, 0)
    assert ends.found == [(10, 1)]
    assert on.found == [(10, 1), (7, 0)]

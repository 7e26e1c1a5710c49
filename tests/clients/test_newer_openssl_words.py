"""The words of newer builds of OpenSSL and Python, and how Python prepares names and trust."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edgecheck.behaviour.openssl.decode import (
    NO_CIPHER,
    PADDING,
    SHORT_GENERALIZED,
    SHORT_UTC,
    TRAILING,
    TRUST,
    WRONG_TAG,
)
from edgecheck.behaviour.openssl.names import matches_whole_labels
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.clients.openssl import builds, callers, wording
from edgecheck.clients.openssl.callers import NOT_ASKED
from edgecheck.clients.openssl.engine import PROOF
from fixtures.pki import issue, subject_alt_name
from tests.behaviour.runs import SOUND, read, seen
from tests.hierarchy.chains import HOST, authority

LEAF, CA, ROOT = SOUND.issued()
VIEW = seen([LEAF, CA], [ROOT], "gw.local")
HANDSHAKE = "alert handshake failure"
ASN1, SSL = "asn1 encoding routines", "SSL routines"
CERTIFICATE = "tls_process_server_certificate"
WORDS: dict[str, dict[Any, str]] = {
    "s_client of 3.5": {
        9: "9: certificate is not yet valid",
        TRAILING: f"error:0A000087:{SSL}:{CERTIFICATE}:cert length mismatch:"
        "../ssl/statem/statem_clnt.c:2046:",
        NO_CIPHER: f"error:0A000410:{SSL}:ssl3_read_bytes:ssl/tls {HANDSHAKE}:"
        "../ssl/record/rec_layer_s3.c:918:SSL alert number 40",
        SHORT_UTC: f"error:068000E9:{ASN1}:asn1_ex_c2i:utctime is too short:"
        "../crypto/asn1/tasn_dec.c:966:",
        SHORT_GENERALIZED: f"error:068000E8:{ASN1}:asn1_ex_c2i:generalizedtime is too short:"
        "../crypto/asn1/tasn_dec.c:962:",
        WRONG_TAG: f"error:068000A8:{ASN1}:asn1_check_tlen:wrong tag:"
        "../crypto/asn1/tasn_dec.c:1231:",
        PROOF: "error:02000085:rsa routines:ossl_rsa_verify_PKCS1_PSS_mgf1:first octet invalid:"
        "../crypto/rsa/rsa_pss.c:85:",
    },
    "s_client of 3.6": {
        9: "9: certificate is not yet valid or the system clock is incorrect",
        10: "10: certificate has expired",
        TRAILING: f"error:0A000087:{SSL}:{CERTIFICATE}:cert length mismatch:"
        "../ssl/statem/statem_clnt.c:2047:",
        WRONG_TAG: f"error:068000A8:{ASN1}:asn1_check_tlen:wrong tag:"
        "../crypto/asn1/tasn_dec.c:1236:",
    },
    "verify of 3.5": {
        9: "error 9 at 1 depth lookup: certificate is not yet valid",
        PADDING: "Could not find certificate file",
        TRUST: "Error loading file",
    },
    "verify of 3.6": {
        9: "error 9 at 1 depth lookup: certificate is not yet valid or the system clock is "
        "incorrect",
    },
    "Python 3.13": {
        9: "certificate is not yet valid",
        TRAILING: "ssl.SSLError: [SSL: CERT_LENGTH_MISMATCH] cert length mismatch (_ssl.c:1029)",
        NO_CIPHER: "ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] "
        f"ssl/tls {HANDSHAKE} (_ssl.c:1029)",
        SHORT_UTC: "ssl.SSLError: [SSL] ASN1 lib (_ssl.c:1029)",
        TRUST: "ssl.SSLError: [X509] PEM lib (_ssl.c:4346)",
    },
    "Python 3.14": {
        9: "certificate is not yet valid or the system clock is incorrect",
        PADDING: "ssl.SSLError: [SSL] ASN1 lib (_ssl.c:1130)",
        TRUST: "ssl.SSLError: [X509] PEM lib (_ssl.c:4544)",
    },
    "Azure SDK for Python": {10: "certificate has expired"},
}  # fmt: skip
Wording = Callable[[Answer, View], str]
BUILT: dict[str, Wording] = {
    "s_client of 3.5": wording.s_client(builds.OPENSSL_3_5),
    "s_client of 3.6": wording.s_client(builds.OPENSSL_3_6),
    "verify of 3.5": wording.verify(builds.OPENSSL_3_5),
    "verify of 3.6": wording.verify(builds.OPENSSL_3_6),
    "python_ssl": wording.python_ssl(builds.PYTHON_3_11),
    "Python 3.13": wording.python_ssl(builds.PYTHON_3_13),
    "Python 3.14": wording.python_ssl(builds.PYTHON_3_14),
    "Azure SDK for Python": wording.azure_python(builds.PYTHON_3_11),
}


@pytest.mark.parametrize(
    ("client", "code"), [(client, code) for client, words in WORDS.items() for code in words]
)
def test_each_build_has_its_words_for_each_class_of_refusal(client: str, code: Any) -> None:
    """Lines and words are those that OpenSSL 3.5.9 and 3.6.5, Python 3.13.5 and 3.14.10 printed."""
    assert BUILT[client](reject(code, read(CA)[0], 1), VIEW) == WORDS[client][code]


@pytest.mark.parametrize(
    ("host", "old", "new"),
    [
        (
            "a..b.local",
            "label empty or too long)",
            "UnicodeEncodeError: 'idna' codec can't encode character '\\x2e' in position 2: "
            "label empty",
        ),
        (
            f"gw.{'x' * 64}.local",
            "label empty or too long)",
            "UnicodeEncodeError: 'idna' codec can't encode characters in position 3-66: "
            "label too long",
        ),
        (
            f"{'x' * 64}..local",
            "label empty or too long)",
            "UnicodeEncodeError: 'idna' codec can't encode character '\\x2e' in position 65: "
            "label empty",
        ),
        (
            f"gw.{'x' * 64}",
            "label too long)",
            "UnicodeEncodeError: 'idna' codec can't encode characters in position 3-66: "
            "label too long",
        ),
        (
            "gw..b\u00fccher.local",
            "label empty or too long)",
            "UnicodeEncodeError: 'idna' codec can't encode character '\\x2e' in position 3: "
            "label empty",
        ),
        ("x." * 128 + "x", "ssl3 ext invalid servername", "ssl3 ext invalid servername"),
    ],
)
def test_since_3_13_python_tells_where_a_name_cannot_be_encoded(
    host: str, old: str, new: str
) -> None:
    """As Python 3.13.5 says it; an empty label before one that is too long."""
    view = seen([LEAF, CA], [ROOT], host)
    answer = callers.python(view, Settings())
    assert answer.code == NOT_ASKED
    assert BUILT["python_ssl"](answer, view).endswith(old)
    assert BUILT["Python 3.13"](answer, view).endswith(new)


def test_python_asks_for_a_name_in_a_labels_of_idna_2003() -> None:
    """And names it so; RFC 3490 makes ss of the sharp s."""
    leaf = SOUND.put(0, subject_alt_name(dns=["ss.local", "xn--bcher-kva.local"])).issued()[0]
    whole: dict[str, Any] = {"matches": matches_whole_labels}
    for host in ("\u00df.local", "b\u00fccher.local"):
        assert (
            callers.python(seen([leaf, CA], [ROOT], host), Settings(**whole)).verdict
            is Verdict.ACCEPT
        )
    other = seen([leaf, CA], [ROOT], "m\u00fcnchen.local")
    told = BUILT["Python 3.13"](callers.python(other, Settings(**whole)), other)
    assert told == ("Hostname mismatch, certificate is not valid for 'xn--mnchen-3ya.local'.")


def test_the_azure_sdk_for_python_reads_trust_one_by_one() -> None:
    """What stands before a certificate that cannot be decoded decides the words."""
    worded = BUILT["Azure SDK for Python"]
    odd = issue(authority("Other", "p256-5", serial=b""))
    for trust, told in (
        ([odd, ROOT], "no start line: cadata does not contain a certificate (_ssl.c:4020)"),
        ([ROOT, odd], "[PEM] ASN1 lib (_ssl.c:4035)"),
    ):
        view = seen([LEAF, CA], trust, HOST)
        answer = callers.python(view, Settings())
        assert answer.code == TRUST
        assert worded(answer, view) == f"ssl.SSLError: {told}"
        assert BUILT["python_ssl"](answer, view) == "ssl.SSLError: [X509] PEM lib (_ssl.c:4154)"

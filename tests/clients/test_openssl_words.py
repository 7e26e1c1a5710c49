"""The words of callers of OpenSSL for each class of refusal; of newer ones see the file beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edgecheck.behaviour.openssl.decode import (
    NAME,
    NO_CIPHER,
    NO_CONTENT,
    PADDING,
    SHORT_UTC,
    TRAILING,
    UNDECODABLE,
)
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.openssl.verify import Outcome
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, Verdict, reject
from edgecheck.clients.openssl import builds, callers, engine, queue, wording
from edgecheck.clients.openssl.callers import NOT_ASKED
from edgecheck.clients.openssl.engine import PROOF
from fixtures import der
from fixtures.edits import KEY, content, edited
from fixtures.pki import (
    Issued,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    raw_extension,
)
from fixtures.private_keys import private_key
from tests.behaviour.runs import BORING, SOUND, read, seen
from tests.hierarchy.chains import HOST, Chain, authority, server

LEAF, CA, ROOT = SOUND.issued()
OTHER_KEY = issue(server(key="p256-7"))
VIEW = seen([LEAF, CA], [ROOT], "gw.local")
HANDSHAKE = "alert handshake failure"
CURL = "curl: (35) OpenSSL/3.0.19: error:"
PY = "(_ssl.c:1006)"
ASN1, SSL = "asn1 encoding routines", "SSL routines"
NESTED = f"('{ASN1}', '', 'nested asn1 error')"
NESTED_1_1_1 = f"('{ASN1}', 'asn1_template_noexp_d2i', 'nested asn1 error')"
CERTIFICATE = "tls_process_server_certificate"

Wording = Callable[[Answer, View], str]
WORDS: dict[str, dict[Any, str]] = {
    "s_client": {
        10: "10: certificate has expired",
        62: "62: hostname mismatch",
        TRAILING: f"error:0A000087:{SSL}:{CERTIFICATE}:cert length mismatch:"
        "../ssl/statem/statem_clnt.c:1815:",
        NO_CIPHER: f"error:0A000410:{SSL}:ssl3_read_bytes:sslv3 {HANDSHAKE}:"
        "../ssl/record/rec_layer_s3.c:1601:SSL alert number 40",
        PADDING: f"error:068000DD:{ASN1}:c2i_ibuf:illegal padding:../crypto/asn1/a_int.c:193:",
        NO_CONTENT: f"error:068000DE:{ASN1}:c2i_ibuf:illegal zero content:"
        "../crypto/asn1/a_int.c:160:",
        PROOF: "error:02000085:rsa routines:RSA_verify_PKCS1_PSS_mgf1:first octet invalid:"
        "../crypto/rsa/rsa_pss.c:76:",
    },
    "verify": {
        10: "error 10 at 1 depth lookup: certificate has expired",
        PADDING: "Unable to load certificate file",
        NO_CONTENT: "Unable to load certificate file",
    },
    "pyopenssl": {
        9: "error 9 at 1 depth lookup: certificate is not yet valid",
        79: "error 79 at 1 depth lookup: invalid CA certificate",
        999: "error 999 at 1 depth lookup: error 999",
        NAME: "X509_VERIFY_PARAM_set1_host does not take the host name",
        TRAILING: f"OpenSSL.SSL.Error: [('{SSL}', '', 'cert length mismatch')]",
        SHORT_UTC: f"OpenSSL.SSL.Error: [('{ASN1}', '', 'utctime is too short'), {NESTED}, "
        f"{NESTED}, {NESTED}, ('{SSL}', '', 'ASN1 lib')]",
        PADDING: f"OpenSSL.SSL.Error: [('{ASN1}', '', 'illegal padding'), {NESTED}, {NESTED}, "
        f"('{SSL}', '', 'ASN1 lib')]",
        NO_CONTENT: f"OpenSSL.SSL.Error: [('{ASN1}', '', 'illegal zero content'), {NESTED}, "
        f"{NESTED}, ('{SSL}', '', 'ASN1 lib')]",
        NO_CIPHER: f"OpenSSL.SSL.Error: [('{SSL}', '', 'ssl/tls {HANDSHAKE}')]",
        PROOF: "OpenSSL.SSL.Error: [('rsa routines', '', 'first octet invalid'), "
        f"('{SSL}', '', 'bad signature')]",
    },
    "pyopenssl_4_0": {
        9: "error 9 at 1 depth lookup: certificate is not yet valid or the system clock is "
        "incorrect",
        TRAILING: f"OpenSSL.SSL.Error: [('{SSL}', '', 'cert length mismatch')]",
    },
    "pyopenssl_1_1_1": {
        9: "error 9 at 1 depth lookup: certificate is not yet valid",
        79: "error 24 at 1 depth lookup: invalid CA certificate",
        26: "error 26 at 1 depth lookup: unsupported certificate purpose",
        TRAILING: f"OpenSSL.SSL.Error: [('{SSL}', '{CERTIFICATE}', 'cert length mismatch')]",
        NO_CIPHER: f"OpenSSL.SSL.Error: [('{SSL}', 'ssl3_read_bytes', 'sslv3 {HANDSHAKE}')]",
        PADDING: f"OpenSSL.SSL.Error: [('{ASN1}', 'c2i_ibuf', 'illegal padding'), "
        f"{NESTED_1_1_1}, {NESTED_1_1_1}, ('{SSL}', '{CERTIFICATE}', 'ASN1 lib')]",
        NO_CONTENT: f"OpenSSL.SSL.Error: [('{ASN1}', 'c2i_ibuf', 'illegal zero content'), "
        f"{NESTED_1_1_1}, {NESTED_1_1_1}, ('{SSL}', '{CERTIFICATE}', 'ASN1 lib')]",
        PROOF: "OpenSSL.SSL.Error: [('rsa routines', 'RSA_verify_PKCS1_PSS_mgf1', "
        f"'first octet invalid'), ('{SSL}', 'tls_process_cert_verify', 'bad signature')]",
    },
    "python_ssl": {
        10: "certificate has expired",
        62: "Hostname mismatch, certificate is not valid for 'gw.local'.",
        64: "IP address mismatch, certificate is not valid for 'gw.local'.",
        NOT_ASKED: "told",
        TRAILING: f"ssl.SSLError: [SSL: CERT_LENGTH_MISMATCH] cert length mismatch {PY}",
        NO_CIPHER: "ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] "
        f"sslv3 {HANDSHAKE} {PY}",
        PADDING: f"ssl.SSLError: [SSL] ASN1 lib {PY}",
        NO_CONTENT: f"ssl.SSLError: [SSL] ASN1 lib {PY}",
        PROOF: f"ssl.SSLError: [RSA: FIRST_OCTET_INVALID] first octet invalid {PY}",
    },
    "curl": {
        10: "curl: (60) SSL certificate problem: certificate has expired",
        NOT_ASKED: "curl: told",
        "issuer": "curl: (60) SSL: told",
        TRAILING: f"{CURL}0A000087:SSL routines::cert length mismatch",
        NO_CIPHER: f"{CURL}0A000410:SSL routines::sslv3 {HANDSHAKE}",
        PADDING: f"{CURL}068000DD:{ASN1}::illegal padding",
        NO_CONTENT: f"{CURL}068000DE:{ASN1}::illegal zero content",
        PROOF: f"{CURL}02000085:rsa routines::first octet invalid",
    },
    "azure_c": {
        10: "certificate verify failed",
        PROOF: "certificate verify failed",
        TRAILING: "cert length mismatch",
        NO_CIPHER: f"sslv3 {HANDSHAKE}",
        PADDING: "illegal padding",
        NO_CONTENT: "illegal zero content",
    },
    "mosquitto": {10: "A TLS error occurred", TRAILING: "A TLS error occurred"},
}  # fmt: skip
BUILT: dict[str, Wording] = {
    "s_client": wording.s_client(builds.OPENSSL_3_0),
    "verify": wording.verify(builds.OPENSSL_3_0),
    "python_ssl": wording.python_ssl(builds.PYTHON_3_11),
}


@pytest.mark.parametrize(
    ("client", "code"), [(client, code) for client, words in WORDS.items() for code in words]
)
def test_each_caller_has_its_words_for_each_class_of_refusal(client: str, code: Any) -> None:
    says = "told" if code in (NOT_ASKED, "issuer") else ""
    answer = reject(code, read(CA)[0], 1, says)
    worded: Wording = BUILT.get(client) or getattr(wording, client)
    assert worded(answer, VIEW) == WORDS[client][code]


def test_a_number_without_a_text_is_told_as_a_number() -> None:
    assert (wording.text(10), wording.text(999)) == ("certificate has expired", "error 999")
    assert {PADDING, NO_CONTENT} < set(UNDECODABLE)


@pytest.mark.parametrize("code", [62, 64])
def test_curl_words_a_mismatch_that_openssl_finds(code: int) -> None:
    told = "no alternative certificate subject name matches target host name 'gw.local'"
    assert wording.curl(reject(code, None), VIEW) == f"curl: (60) SSL: {told}"


@pytest.mark.parametrize(
    "extension",
    [raw_extension("subjectAltName", b"\x05\x00"), key_usage()],
    ids=["malformed names", "usage without a bit"],
)
def test_curl_finds_extensions_that_cannot_be_decoded_in_the_queue_first(extension: Any) -> None:
    """Of anything that was sent or is trusted, whatever is wrong."""
    told = f"{CURL}1100009E:X509 V3 routines::invalid certificate"
    expired = reject(10, None)
    odd = issue(server(extension), CA)
    assert wording.curl(expired, seen([odd, CA], [ROOT])) == told
    assert wording.curl(expired, seen([LEAF, CA], [odd])) == told
    assert wording.curl(expired, seen([LEAF, CA], [ROOT])) != told


# --- signatures that do not fit -------------------------------------------------------------------

REASONS = {
    "INVALID_PADDING": (
        "0200008A", "rsa routines", "RSA_padding_check_PKCS1_type_1", "invalid padding"),
    "BLOCK_TYPE": (
        "0200006A", "rsa routines", "RSA_padding_check_PKCS1_type_1", "block type is not 01"),
    "WRONG_LENGTH": ("02000077", "rsa routines", "int_rsa_verify", "wrong signature length"),
    "TOO_LARGE": (
        "02000084", "rsa routines", "rsa_ossl_public_decrypt", "data too large for modulus"),
    "BAD_SIGNATURE": ("02000068", "rsa routines", "int_rsa_verify", "bad signature"),
    "EVP": ("06880006", "asn1 encoding routines", "ASN1_item_verify", "EVP lib"),
    "FIRST_OCTET": (
        "02000085", "rsa routines", "RSA_verify_PKCS1_PSS_mgf1", "first octet invalid"),
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_each_reason_has_its_code_library_function_and_text(name: str) -> None:
    assert getattr(queue, name) == REASONS[name]


def signed(signature: bytes, issuer: str = "rsa1024-1") -> queue.Reason:
    """What verifying such a signature fails by."""
    above = issue(authority("A", issuer))

    def damage(data: bytes) -> bytes:
        return edited(2, edit=content(b"\0" + signature))(data)

    child = issue(server(signer="rsa1024-1", damage=damage))
    return queue.of_certificate(*read(child, above))


def by_key(block: bytes) -> bytes:
    """The signature out of which the public operation makes this block."""
    key: Any = private_key("rsa1024-1")
    private = key.private_numbers()
    modulus = private.public_numbers.n
    return pow(int.from_bytes(block, "big"), private.d, modulus).to_bytes(128, "big")


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        (by_key(b"\0\1" + b"\xff" * 126), queue.BAD_SIGNATURE),
        (by_key(b"\0\2" + b"\xff" * 126), queue.BLOCK_TYPE),
        (by_key(b"\0\0" + b"\xff" * 126), queue.BLOCK_TYPE),
        (by_key(b"\1\1" + b"\xff" * 126), queue.INVALID_PADDING),
        (b"\1" * 127, queue.WRONG_LENGTH),
        (b"\1" * 129, queue.WRONG_LENGTH),
        (b"\xff" * 128, queue.TOO_LARGE),
    ],
)
def test_what_the_public_operation_makes_of_a_signature_tells_the_error(
    signature: bytes, reason: queue.Reason
) -> None:
    """RSA_padding_check_PKCS1_type_1 and int_rsa_verify of crypto/rsa."""
    assert signed(signature) is reason


def test_a_signature_as_large_as_the_modulus_is_too_large() -> None:
    key: Any = private_key("rsa1024-1").public_key()
    modulus = key.public_numbers().n
    assert signed(modulus.to_bytes(128, "big")) is queue.TOO_LARGE
    assert signed((modulus - 1).to_bytes(128, "big")) is not queue.TOO_LARGE


def test_with_a_key_that_is_none_of_rsa_the_error_is_that_of_evp() -> None:
    assert signed(b"\1" * 128, "p256-1") is queue.EVP
    broken = issue(authority("A", "p256-1", damage_tbs=edited(KEY, 0, edit=content(b"\6\1\x2a"))))
    assert queue.of_certificate(*read(LEAF, broken)) is queue.EVP


def test_the_reason_is_that_of_the_child_and_the_one_above_it() -> None:
    """A root is above itself; a bad proof of the key has a reason of its own."""
    rsa = SOUND.put(1, key="rsa2048-1").put(2, key="rsa2048-2")
    certificates = read(*rsa.put(0, damage=flip_signature_bit).issued())
    outcome = Outcome(certificates, ((7, 0),))
    for depth in (0, 1, 2):
        answer = reject(7, certificates[depth], depth, facts=outcome)
        expected = queue.of_certificate(certificates[depth], certificates[min(depth + 1, 2)])
        assert queue.signature_error(VIEW, answer) == expected
    answer = reject(7, certificates[0], 0, facts=outcome)
    code, library, _, text = expected = queue.signature_error(VIEW, answer)
    assert wording.curl(answer, VIEW) == f"{CURL}{code}:{library}::{text}"
    assert expected is not queue.FIRST_OCTET
    assert queue.signature_error(VIEW, reject(PROOF)) is queue.FIRST_OCTET


def test_curl_finds_nothing_in_the_queue_where_the_algorithms_differ() -> None:
    """X509_verify looks at no signature then, so that the verification's own text is told."""
    certificate, _, _ = certificates = read(*SOUND.put(0, inner_signature="sha384_ecdsa").issued())
    answer = reject(7, certificate, 0, facts=Outcome(certificates, ((7, 0),)))
    told = "curl: (60) SSL certificate problem: certificate signature failure"
    assert wording.curl(answer, VIEW) == told
    sound = reject(7, read(LEAF)[0], 0, facts=Outcome(certificates, ((7, 0),)))
    assert wording.curl(sound, VIEW) != told


# --- which error counts ---------------------------------------------------------------------------


def answered(chain: Chain, **settings: Any) -> Answer:
    *sent, root = chain.issued()
    return engine.run(seen(sent, [root], HOST), Settings(**settings))


TWICE = SOUND.put(0, extended_key_usage("clientAuth"), damage=flip_signature_bit)


def test_the_first_error_counts_or_the_last() -> None:
    """A caller that stops tells the first, one that goes on the last; and where it is."""
    first, last = answered(TWICE), answered(TWICE, goes_on=True)
    assert (first.code, first.depth, last.code, last.depth) == (26, 0, 7, 0)
    deep = SOUND.put(1, damage=flip_signature_bit)
    found = answered(deep)
    *sent, _ = deep.issued()
    assert (found.verdict, found.code, found.depth) == (Verdict.REJECT, 7, 1)
    assert found.certificate == read(sent[1])[0]
    assert isinstance(found.facts, Outcome)


def test_a_sound_chain_is_accepted() -> None:
    found = answered(SOUND)
    assert (found.verdict, found.code) == (Verdict.ACCEPT, None)
    assert found.facts.errors == ()
    assert ACCEPT.verdict is Verdict.ACCEPT


def test_what_cannot_be_read_comes_before_everything() -> None:
    """With its code and its place."""
    found = answered(TWICE.put(1, serial=b"\0\1"))
    assert (found.code, found.depth) == (PADDING, 1)
    assert found.verdict is Verdict.REJECT


@pytest.mark.parametrize(
    ("goes_on", "expired", "code"),
    [(False, False, PROOF), (True, False, PROOF), (False, True, 26), (True, True, PROOF)],
)
def test_a_server_that_cannot_prove_its_key_is_refused(
    goes_on: bool, expired: bool, code: Any
) -> None:
    """After the chain by those who stop, before it by those who look at errors later."""
    *sent, root = (TWICE if expired else SOUND).issued()
    view = seen(sent, [root], server=OTHER_KEY)
    found = engine.run(view, Settings(goes_on=goes_on))
    assert (found.verdict, found.code, found.depth) == (Verdict.REJECT, code, 0)
    assert found.certificate == view.leaf


def test_no_key_is_proved_where_files_are_verified() -> None:
    view = seen([LEAF, CA], [ROOT], server=OTHER_KEY)
    assert engine.run(view, Settings(wire=False)).verdict is Verdict.ACCEPT


def test_boringssl_is_stopped_by_extensions_that_it_cannot_decode() -> None:
    *sent, root = SOUND.put(0, basic_constraints(False, 0)).issued()
    settings = Settings(**BORING, names=False, goes_on=True)
    found = engine.run(seen(sent, [root]), settings)
    assert (found.code, found.certificate) == ("invalid", read(sent[0])[0])


# --- callers with names of their own --------------------------------------------------------------


def by(caller: Any, leaf: Issued, host: str | None, **settings: Any) -> Answer:
    found: Answer = caller(seen([leaf, CA], [ROOT], host), Settings(**settings))
    return found


def test_python_does_not_ask_for_a_name_that_it_cannot_encode() -> None:
    found = by(callers.python, LEAF, "gw..local")
    assert (found.verdict, found.code, found.depth) == (Verdict.REJECT, NOT_ASKED, 0)
    assert found.says.startswith("UnicodeError: encoding with 'idna' codec failed")
    assert by(callers.python, LEAF, HOST).verdict is Verdict.ACCEPT
    assert by(callers.python, LEAF, None).verdict is Verdict.ACCEPT
    assert by(callers.python, LEAF, "other.local").code == 62


def test_the_c_stack_has_openssl_compare_the_name() -> None:
    assert by(callers.azure_c, LEAF, HOST).verdict is Verdict.ACCEPT
    assert by(callers.azure_c, LEAF, "other.local").code == 62


def test_curl_asks_then_verifies_then_compares() -> None:
    """And then wants to show an issuer, which has to have a name."""
    plain = {"names": False, "partial": True}
    assert by(callers.curl, LEAF, HOST, **plain).verdict is Verdict.ACCEPT
    assert by(callers.curl, LEAF, None, **plain).verdict is Verdict.ACCEPT
    not_asked = by(callers.curl, LEAF, "a b", **plain)
    assert (not_asked.code, not_asked.says[:3]) == (NOT_ASKED, "(3)")
    other = by(callers.curl, LEAF, "other.local", **plain)
    assert (other.code, other.certificate) == (62, read(LEAF)[0])
    assert other.says.startswith("no alternative certificate subject name")
    expired = SOUND.put(0, extended_key_usage("clientAuth")).issued()[0]
    assert by(callers.curl, expired, "other.local", **plain).code == 26
    nameless = SOUND.put(1, subject=der.sequence())
    leaf, ca, root = nameless.issued()
    for host in (HOST, None):
        found = callers.curl(seen([leaf, ca], [root], host), Settings(names=False))
        assert (found.code, found.says) == ("issuer", "couldn't get X509-issuer name")


def test_mosquitto_verifies_then_compares() -> None:
    plain = {"names": False}
    assert by(callers.mosquitto, LEAF, HOST, **plain).verdict is Verdict.ACCEPT
    assert by(callers.mosquitto, LEAF, None, **plain).verdict is Verdict.ACCEPT
    other = by(callers.mosquitto, LEAF, "other.local", **plain)
    assert (other.verdict, other.code, other.depth) == (Verdict.REJECT, 62, 0)
    expired = SOUND.put(0, extended_key_usage("clientAuth")).issued()[0]
    assert by(callers.mosquitto, expired, "other.local", **plain).code == 26


def test_malformed_names_are_refused_and_not_left_open() -> None:
    """EXFLAG_INVALID: the certificate has no issuer; every caller of OpenSSL says so."""
    leaf = SOUND.put(0, raw_extension("subjectAltName", b"\x30\x05\x82\x03a")).issued()[0]
    for caller in (callers.python, callers.curl, callers.mosquitto, callers.azure_c):
        found = by(caller, leaf, HOST, names=False)
        assert (found.verdict, found.code) == (Verdict.REJECT, 20), caller

"""PKCS#7 and PKCS#12: certificates come out byte for byte, keys stay in, bombs do not go off."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

import edgecheck
from edgecheck.reading import bundles
from edgecheck.reading.bundles import Locked, Unopened, open_pkcs7, open_pkcs12
from fixtures import der, private_keys
from fixtures.stock import NOW, stock_11

DATA = Path(__file__).parent / "data"
ISSUED = stock_11("ec").presented()
DERS = [issued.der for issued in ISSUED]
CERTIFICATES = [x509.load_der_x509_certificate(data) for data in DERS]
KEY = private_keys.private_key("rsa2048-4")
SIGNED, DATA_TYPE = der.oid("1.2.840.113549.1.7.2"), der.oid("1.2.840.113549.1.7.1")


def locked(password: bytes, algorithm: str = "") -> KeySerializationEncryption:
    if not algorithm:
        return BestAvailableEncryption(password)
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2000)
    builder = builder.key_cert_algorithm(getattr(pkcs12.PBES, algorithm))
    return builder.hmac_hash(hashes.SHA1()).build(password)


def pfx(encryption: KeySerializationEncryption, key: bool = True) -> bytes:
    """Key and certificates, the server's first; its key is another, which nobody checks."""
    more = CERTIFICATES if not key else CERTIFICATES[1:]
    own = x509.load_der_x509_certificate(own_certificate())
    return pkcs12.serialize_key_and_certificates(
        b"gw",
        KEY if key else None,  # type: ignore[arg-type]
        own if key else None,
        more,
        encryption,
    )


def own_certificate() -> bytes:
    from datetime import UTC, datetime

    from fixtures.pki import Spec, issue

    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    return issue(Spec("own", "rsa2048-4", start, end)).der


def signed(*parts: bytes) -> bytes:
    """A SignedData with these parts behind its content."""
    inner = (der.integer(1), der.tlv(0x31), der.sequence(DATA_TYPE), *parts, der.tlv(0x31))
    return der.sequence(SIGNED, der.tlv(0xA0, der.sequence(*inner)))


def indefinite(data: bytes, deep: int) -> bytes:
    """The same in BER, down to some depth, with lengths that only the end tells."""
    tag, content = data[0], data[bundles._Walk(data).element(0, len(data)).first :]
    if not tag & 0x20 or not deep:
        return data
    walk, at, inside = bundles._Walk(content), 0, b""
    while at < len(content):
        element = walk.element(at, len(content))
        inside += indefinite(content[element.begin : element.end], deep - 1)
        at = element.end
    return bytes((tag, 0x80)) + inside + b"\0\0"


# --- PKCS#7 --------------------------------------------------------------------------------------


def test_pkcs7_gives_its_certificates() -> None:
    """Those that `cryptography` wrote, in the order of the set, which DER sorts."""
    data = pkcs7.serialize_certificates(CERTIFICATES, Encoding.DER)
    assert sorted(open_pkcs7(data, 100).certificates) == sorted(DERS)


def test_pkcs7_keeps_the_order_in_which_it_was_written() -> None:
    """`openssl crl2pkcs7` does not sort."""
    assert open_pkcs7(signed(der.tlv(0xA0, *DERS)), 100).certificates == DERS


@pytest.mark.parametrize("deep", range(1, 5))
def test_pkcs7_in_ber(deep: int) -> None:
    """Windows and `openssl cms -stream` write lengths that only the end tells."""
    data = indefinite(signed(der.tlv(0xA0, *DERS)), deep)
    assert open_pkcs7(data, 100).certificates == DERS


def test_pkcs7_counts_revocation_lists() -> None:
    """They are not read, but told."""
    lists = der.tlv(0xA1, der.sequence(), der.sequence())
    assert open_pkcs7(signed(der.tlv(0xA0, *DERS), lists), 100).revocation_lists == 2


def test_pkcs7_of_another_kind_is_refused() -> None:
    """Encrypted mail, for instance."""
    other = der.sequence(der.oid("1.2.840.113549.1.7.3"), der.tlv(0xA0, der.sequence()))
    with pytest.raises(Unopened, match="holds no certificates"):
        open_pkcs7(other, 100)


def test_what_is_cut_short_is_refused() -> None:
    """At whatever place: never another exception, never a part of a certificate."""
    data = signed(der.tlv(0xA0, *DERS))
    for stop in range(len(data)):
        with pytest.raises(Unopened):
            open_pkcs7(data[:stop], 100)


def test_a_bomb_does_not_go_off() -> None:
    """Millions of empty elements, and lists in lists, end at the bound."""
    empty = der.tlv(0x30) * 4_000_000
    assert len(open_pkcs7(signed(der.tlv(0xA0, empty)), 2_000).certificates) == 2_001
    with pytest.raises(Unopened, match="more than 100000 parts"):
        open_pkcs7(signed(der.tlv(0xA0, der.tlv(0x04) * 4_000_000)), 2_000)
    with pytest.raises(Unopened):
        open_pkcs7(b"\x30\x80" * 4_000_000, 2_000)
    with pytest.raises(Unopened):
        open_pkcs12(der.sequence(der.integer(3), b"\x24\x80" * 1_000_000), None, 2_000)


# --- PKCS#12 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encryption",
    [
        NoEncryption(),
        locked(b"secret"),
        locked(b"secret", "PBESv1SHA1And3KeyTripleDESCBC"),
        locked(b"secret", "PBESv2SHA256AndAES256CBC"),
    ],
    ids=["none", "best", "3DES", "AES"],
)
@pytest.mark.parametrize("key", [True, False], ids=["with a key", "certificates alone"])
def test_pkcs12_gives_its_certificates(encryption: KeySerializationEncryption, key: bool) -> None:
    """With the key's own certificate first."""
    found = open_pkcs12(pfx(encryption, key), b"secret", 100).certificates
    assert found == ([own_certificate(), *DERS[1:]] if key else DERS)


def test_pkcs12_of_old() -> None:
    """RC2 with 40 bits, which OpenSSL 1 and Windows wrote: real output of `openssl pkcs12`."""
    text = (DATA / "chain.pem").read_bytes()
    wanted = [c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(text)]
    data = (DATA / "legacy.pfx").read_bytes()
    assert open_pkcs12(data, b"secret", 100).certificates == wanted
    with pytest.raises(Locked):
        open_pkcs12(data, b"Secret", 100)


@pytest.mark.parametrize("password", [None, b"", b"wrong", b"secret\n", b"\xff", b"\0"])
def test_another_password_does_not_open(password: bytes | None) -> None:
    """None is the empty one."""
    with pytest.raises(Locked):
        open_pkcs12(pfx(locked(b"secret")), password, 100)


def test_what_is_not_encrypted_needs_no_password() -> None:
    """Whatever is given is not asked for."""
    for password in (None, b"", b"any"):
        assert len(open_pkcs12(pfx(NoEncryption()), password, 100).certificates) == len(DERS)


def test_the_key_is_not_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `cryptography` is given to decrypt holds the certificates alone."""
    keys = []
    load = pkcs12.load_pkcs12

    def seen(data: bytes, password: bytes | None) -> pkcs12.PKCS12KeyAndCertificates:
        opened = load(data, password)
        keys.append(opened.key)
        return opened

    monkeypatch.setattr(pkcs12, "load_pkcs12", seen)
    data = pfx(locked(b"secret"))
    assert load(data, b"secret").key is not None
    assert len(open_pkcs12(data, b"secret", 100).certificates) == len(DERS)
    assert keys == [None]


def test_hashing_without_end_is_refused() -> None:
    """A container may ask for two thousand million steps; a password is not worth hours."""
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2001)
    data = pfx(builder.build(b"secret"), key=False)
    count = der.integer(2001)
    assert count in data
    greedy = data.replace(count, der.tlv(0x02, b"\x7f\xff"))
    with pytest.raises(Locked):
        open_pkcs12(greedy, b"secret", 100)
    for part in (data, greedy):
        bound = 2000 if part is data else 30_000
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bundles, "MOST_ITERATIONS", bound)
            with pytest.raises(Unopened, match="steps"):
                open_pkcs12(part, b"secret", 100)


def test_pkcs12_that_is_cut_short_is_refused() -> None:
    """Wherever it was cut, as long as certificates are concerned."""
    data = pfx(NoEncryption(), key=False)
    for stop in range(0, len(data), 7):
        with pytest.raises(Unopened):
            open_pkcs12(data[:stop], None, 100)


# --- what a container's certificates are for -----------------------------------------------------

SHAPES = [NoEncryption(), locked(b"secret"), locked(b"secret", "PBESv2SHA256AndAES256CBC")]


@pytest.mark.parametrize("encryption", SHAPES, ids=["none", "best", "AES"])
def test_the_certificate_of_the_key_is_known(encryption: KeySerializationEncryption) -> None:
    """Bags say by localKeyID what belongs together; the key itself stays closed."""
    assert open_pkcs12(pfx(encryption), b"secret", 100).keyed == own_certificate()
    assert open_pkcs12(pfx(encryption, key=False), b"secret", 100).keyed is None


def test_without_attributes_nobody_knows_the_certificate_of_the_key() -> None:
    """Neither where a part is encrypted in the way of old: it is only not known then."""
    old = locked(b"secret", "PBESv1SHA1And3KeyTripleDESCBC")
    assert open_pkcs12(pfx(old), b"secret", 100).keyed is None


def container(*bags: tuple[bytes, bytes | None]) -> bytes:
    """A PFX without encryption: certificates, and to which key each says that it belongs."""
    x509_type, bag_type = der.oid("1.2.840.113549.1.9.22.1"), der.oid("1.2.840.113549.1.12.10.1.3")
    made = []
    for certificate, key in bags:
        content = der.tlv(0xA0, der.sequence(x509_type, der.tlv(0xA0, der.tlv(4, certificate))))
        own = der.sequence(der.oid("1.2.840.113549.1.9.21"), der.tlv(0x31, der.tlv(4, key or b"")))
        made.append(der.sequence(bag_type, content, *((der.tlv(0x31, own),) if key else ())))
    part = der.sequence(DATA_TYPE, der.tlv(0xA0, der.tlv(4, der.sequence(*made))))
    whole = der.sequence(DATA_TYPE, der.tlv(0xA0, der.tlv(4, der.sequence(part))))
    return der.sequence(der.integer(3), whole)


def test_the_order_of_bags_is_none() -> None:
    """The server's certificate, its issuers, each once: so a program sends it."""
    bags = [(data, None) for data in (*reversed(DERS), DERS[-1])]
    found = edgecheck.check(container(*bags), "iotedgegw.local", DERS[-1], NOW)
    assert [certificate.der for certificate in found.hierarchy.sequence] == DERS
    assert "server" in {found.hierarchy.role(c).value for c in found.hierarchy.sequence[:1]}
    rules = {finding.rule.id for finding in found.findings}
    assert (
        not {"chain.server-not-first", "chain.wrong-order", "chain.duplicate-certificate"} & rules
    )
    assert found.valid is True
    assert {p.verdict.value for p in found.predictions} >= {"accept"}


def test_a_certificate_beside_the_keys_own_is_not_served() -> None:
    """Of two end entities the one with the key is the server's, wherever it stands."""
    first = [(own_certificate(), None), *((data, None) for data in reversed(DERS[1:]))]
    found = edgecheck.check(container(*first, (DERS[0], b"\1")), None, DERS[-1], NOW)
    assert found.hierarchy.server is not None
    assert found.hierarchy.server.der == DERS[0]
    assert found.hierarchy.sequence[0].der == DERS[0]


def test_what_holds_cas_alone_has_no_server() -> None:
    """A store of trust is in no order, either."""
    found = edgecheck.check(
        container(*((d, None) for d in reversed(DERS[1:]))), None, DERS[-1], NOW
    )
    assert found.hierarchy.server is None
    assert "chain.wrong-order" not in {finding.rule.id for finding in found.findings}

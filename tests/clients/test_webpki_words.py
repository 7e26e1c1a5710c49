"""rustls: how three programs word its errors, and which of several counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edgecheck.behaviour.webpki.build import RANKS
from fixtures.der import tlv
from fixtures.pki import (
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    raw_time,
)
from tests.clients.asked import (
    CA,
    ROOT,
    RSA,
    SERVER,
    SOUND,
    answer,
    raw,
    says,
    view,
)
from tests.hierarchy.chains import AT, HOST, Chain

DENO, UV, RTLS = "deno2.9.8-rustls", "uv0.13.9-rustls", "rustls-rtls"
SECOND = timedelta(seconds=1)
NOW = int(AT.timestamp())


def error(made: object, **more: object) -> str:
    """The error of webpki, and the same for all three; `connects`."""
    seen = view(made, **more)  # type: ignore[arg-type]
    codes = {answer(client, seen)[0].code for client in (DENO, UV, RTLS)}
    assert len(codes) == 1
    return str(codes.pop() or "connects")


def test_the_name_that_is_told() -> None:
    """Where it is from a URL, in lower case."""
    told = 'certificate not valid for name "{}"; certificate is only valid for DnsName("{}")'
    for client, name in ((DENO, "x.example"), (UV, "x.example"), (RTLS, "X.example")):
        assert says(client, SOUND, host="X.example") == told.format(name, HOST)


def test_times_in_its_words() -> None:
    late = SOUND.put(SERVER, not_after=AT - 2 * SECOND)
    assert says(DENO, late) == (
        f"certificate expired: verification time {NOW} (UNIX), but certificate is not valid after "
        f"{NOW - 2} (2 seconds ago)"
    )
    early = SOUND.put(CA, not_before=AT + 3 * SECOND)
    assert says(RTLS, early) == (
        f"certificate not valid yet: verification time {NOW} (UNIX), but certificate is not valid "
        f"before {NOW + 3} (3 seconds in future)"
    )


def test_usages_in_its_words() -> None:
    made = SOUND.put(CA, extended_key_usage("clientAuth", "1.2.3.4"))
    assert says(DENO, made) == (
        "certificate does not allow extended key usage for server authentication, allows client "
        "authentication, 1, 2, 3, 4"
    )


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (SOUND.put(SERVER, not_before=AT, not_after=AT - SECOND), "Expired"),
        (SOUND.put(SERVER, damage=flip_signature_bit), "BadSignature"),
        (SOUND.put(CA, raw("basicConstraints", b"\x04\x00", True)), "BadEncoding"),
        (SOUND.put(CA, not_after=raw_time(tlv(0x17, b"2701010000Z"))), "BadEncoding"),
        (SOUND.put(CA, subject="other"), "UnknownIssuer"),
        (SOUND.put(SERVER, basic_constraints(True)), "Other(OtherError(CaUsedAsEndEntity))"),
    ],
)
def test_each_plain_word(made: Chain, words: str) -> None:
    if words == "UnknownIssuer":
        sent = SOUND.issued()
        assert says(DENO, sent[:1], sent[ROOT:]) == words
    else:
        assert says(DENO, made) == words
    assert says(DENO, SOUND, trailing=[CA]) == "BadEncoding"


def test_an_algorithm_that_is_not_supported_is_told_with_all_that_are() -> None:
    told = says(DENO, RSA.put(SERVER, signature="sha1_rsa"))
    start, _, supported = told.partition(", supported_algorithms: [")
    assert start == (
        "UnsupportedSignatureAlgorithmContext { signature_algorithm_id: "
        "[6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 5, 5, 0]"
    )
    ecdsa = [f"0x06082a8648ce3d04030{last}" for last in (2, 3, 4)] * 3
    rsa = [f"0x06092a864886f70d01010{last}" for last in "bcd"]
    pss = [
        f"0x06092a864886f70d01010a3034a00f300d0609608648016503040{hash}0500a11c301a06092a864886f70d"
        f"010108300d0609608648016503040{hash}0500a2030201{salt}"
        for hash, salt in (("201", 20), ("202", 30), ("203", 40))
    ]
    lattices = [f"0x06096086480165030403{last}" for last in (11, 12, 13)]
    assert supported.removesuffix("] }").split(", ") == [
        *ecdsa,
        "0x06032b6570",
        *pss,
        *(f"{one}0500" for one in rsa),
        *rsa,
        *lattices,
    ]


def test_a_key_that_does_not_suit_is_told_with_its_algorithm() -> None:
    assert says(DENO, SOUND.put(ROOT, key="secp256k1-1")) == (
        "UnsupportedSignatureAlgorithmForPublicKeyContext { signature_algorithm_id: "
        "[6, 8, 42, 134, 72, 206, 61, 4, 3, 2], public_key_algorithm_id: "
        "[6, 7, 42, 134, 72, 206, 61, 2, 1, 6, 5, 43, 129, 4, 0, 10] }"
    )


def test_the_ranks_of_errors() -> None:
    """As error.rs has them; what stands in one row counts the same."""
    rows: dict[int, set[str]] = {}
    for name, rank in RANKS.items():
        rows.setdefault(rank, set()).add(name)
    assert [rows[rank] for rank in sorted(rows, reverse=True)] == [
        {"CertNotValidYet", "CertExpired"},
        {"InvalidSignatureForPublicKey"},
        {"SignatureAlgorithmMismatch"},
        {"EmptyEkuExtension"},
        {"RequiredEkuNotFound"},
        {"NameConstraintViolation"},
        {"PathLenConstraintViolated"},
        {"CaUsedAsEndEntity", "EndEntityUsedAsCa"},
        {"InvalidCertValidity"},
        {"InvalidNetworkMaskConstraint"},
        {"UnsupportedSignatureAlgorithmForPublicKey"},
        {"UnsupportedSignatureAlgorithm"},
        {"UnsupportedCriticalExtension", "UnsupportedCertVersion"},
        {"MaximumPathDepthExceeded"},
        {"MalformedNameConstraint"},
        {"TrailingData"},
        {"ExtensionValueInvalid"},
        {"BadDerTime"},
        {"BadDer"},
        {"UnknownIssuer"},
    ]

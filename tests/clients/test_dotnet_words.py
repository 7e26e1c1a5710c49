""".NET on Linux: which status each error of OpenSSL is, their order, and what it says of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from edgecheck.behaviour.dotnet import chain as building
from edgecheck.behaviour.openssl.decode import NO_CIPHER, NO_CONTENT, PADDING, SHORT_UTC, TRAILING
from edgecheck.behaviour.taken import Ended
from edgecheck.clients import dotnet
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.clients.dotnet import Statuses
from edgecheck.clients.openssl.engine import PROOF
from fixtures import der
from fixtures.extensions import authority_info_access
from fixtures.pki import (
    Issued,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    raw_time,
)
from tests.behaviour.runs import SOUND, read, seen
from tests.hierarchy.chains import AT, HOST, Chain, authority, server

LEAF, CA, ROOT = SOUND.issued()
STRANGER = issue(authority("Stranger", "p256-4"))
VIEW = seen([LEAF, CA], [ROOT], HOST)
DAY = timedelta(days=1)

MAPPED = {
    6: "NotSignatureValid",
    7: "NotSignatureValid",
    9: "NotTimeValid",
    10: "NotTimeValid",
    13: "NotTimeValid",
    14: "NotTimeValid",
    18: "UntrustedRoot",
    19: "UntrustedRoot",
    27: "UntrustedRoot",
    2: "PartialChain",
    20: "PartialChain",
    21: "PartialChain",
    26: "NotValidForUsage",
    25: "InvalidBasicConstraints",
    32: "InvalidBasicConstraints",
    37: "InvalidBasicConstraints",
    79: "InvalidBasicConstraints",
    41: "InvalidExtension",
    34: "HasNotSupportedCriticalExtension",
    47: "HasNotPermittedNameConstraint",
    48: "HasExcludedNameConstraint",
    49: "HasNotSupportedNameConstraint",
    53: "InvalidNameConstraints",
}
"""MapVerifyErrorToChainStatus of OpenSslX509ChainProcessor.cs."""
VALUES = {
    "NotTimeValid": 0x1,
    "NotSignatureValid": 0x8,
    "NotValidForUsage": 0x10,
    "UntrustedRoot": 0x20,
    "InvalidExtension": 0x100,
    "InvalidBasicConstraints": 0x400,
    "InvalidNameConstraints": 0x800,
    "HasNotSupportedNameConstraint": 0x1000,
    "HasNotPermittedNameConstraint": 0x4000,
    "HasExcludedNameConstraint": 0x8000,
    "PartialChain": 0x10000,
    "HasNotSupportedCriticalExtension": 0x8000000,
}
"""X509ChainStatusFlags."""


def test_each_error_of_openssl_has_its_status_and_no_other_has() -> None:
    assert dict(dotnet.STATUS) == MAPPED


def test_statuses_are_printed_in_the_order_of_their_values() -> None:
    assert list(dotnet.FLAGS) == sorted(VALUES, key=VALUES.__getitem__)
    told = Statuses((), tuple(reversed(dotnet.FLAGS)), False)
    assert dotnet.plainly(reject("statuses", facts=told), VIEW) == ", ".join(dotnet.FLAGS)


HANDSHAKE = (
    "System.Security.Authentication.AuthenticationException: Authentication failed, see inner "
    "exception. ---> Interop+OpenSsl+SslException: SSL Handshake failed with OpenSSL error - "
    "SSL_ERROR_SSL. ---> Interop+Crypto+OpenSslCryptographicException: error:"
)
WORDS = {
    PROOF: f"{HANDSHAKE}0A00007B:SSL routines::bad signature",
    TRAILING: f"{HANDSHAKE}0A000087:SSL routines::cert length mismatch",
    SHORT_UTC: f"{HANDSHAKE}0A08000D:SSL routines::ASN1 lib",
    PADDING: f"{HANDSHAKE}0A08000D:SSL routines::ASN1 lib",
    NO_CONTENT: f"{HANDSHAKE}0A08000D:SSL routines::ASN1 lib",
    NO_CIPHER: f"{HANDSHAKE}0A000410:SSL routines::sslv3 alert handshake failure",
    "not converted": "System.ArgumentException: told (Parameter 'unicode')",
    "trust": "System.Security.Cryptography.CryptographicException: The certificate contents do "
    "not contain a PEM with a CERTIFICATE label, or the content is malformed.",
}


@pytest.mark.parametrize("code", WORDS)
def test_what_ends_before_the_chain_is_an_exception(code: str) -> None:
    """The same for both callers."""
    answer = reject(code, None, 0, "told")
    assert dotnet.plainly(answer, VIEW) == dotnet.by_callback(answer, VIEW) == WORDS[code]


@pytest.mark.parametrize(
    ("elements", "overall", "mismatch", "plain", "callback"),
    [
        (((), ()), (), True, "RemoteCertificateNameMismatch", "RemoteCertificateNameMismatch"),
        (
            (("NotTimeValid",), ()),
            ("NotTimeValid",),
            True,
            "RemoteCertificateNameMismatch, RemoteCertificateChainErrors",
            "RemoteCertificateNameMismatch, RemoteCertificateChainErrors; "
            "ChainElements[0]: NotTimeValid",
        ),
        (
            ((), ("UntrustedRoot", "NotTimeValid"), ("PartialChain",)),
            ("UntrustedRoot", "NotTimeValid", "PartialChain"),
            False,
            "NotTimeValid, UntrustedRoot, PartialChain",
            "RemoteCertificateChainErrors; ChainElements[1]: UntrustedRoot, NotTimeValid; "
            "ChainElements[2]: PartialChain",
        ),
    ],
)
def test_statuses_and_the_name_are_told_together(
    elements: Any, overall: Any, mismatch: bool, plain: str, callback: str
) -> None:
    answer = reject("statuses", facts=Statuses(elements, overall, mismatch))
    assert dotnet.plainly(answer, VIEW) == plain
    assert dotnet.by_callback(answer, VIEW) == callback


# --- verdicts -------------------------------------------------------------------------------------


def told(
    chain: Chain = SOUND,
    host: str | None = HOST,
    trust: Issued | None = None,
    server: Issued | None = None,
) -> Answer:
    *sent, root = chain.issued()
    return dotnet.run(seen(sent, [trust or root], host, server=server), None)


def statuses(chain: Chain, host: str | None = HOST, trust: Issued | None = None) -> tuple[Any, ...]:
    """Those of each element, and the place that is complained of."""
    found = told(chain, host, trust)
    assert found.verdict is Verdict.REJECT
    assert isinstance(found.facts, Statuses)
    return found.facts.elements, found.depth


def test_a_sound_chain_is_accepted_with_the_name_or_without() -> None:
    assert told().verdict is told(host=None).verdict is Verdict.ACCEPT
    other = told(host="other.local")
    assert (other.verdict, other.code, other.depth) == (Verdict.REJECT, "statuses", 0)
    assert other.facts == Statuses(((), (), ()), (), True)


FAULTS: dict[str, tuple[Chain, tuple[tuple[str, ...], ...], int]] = {
    "expired server": (SOUND.put(0, not_after=AT - DAY), (("NotTimeValid",), (), ()), 0),
    "young CA": (SOUND.put(1, not_before=AT + DAY), ((), ("NotTimeValid",), ()), 1),
    "expired root": (SOUND.put(2, not_after=AT - DAY), ((), (), ("NotTimeValid",)), 2),
    "wrong signature": (
        SOUND.put(1, damage=flip_signature_bit),
        ((), ("NotSignatureValid",), ()),
        1,
    ),
    "no CA": (
        SOUND.put(1, basic_constraints(False)),
        ((), ("InvalidBasicConstraints",), ()),
        1,
    ),
    "path length": (
        Chain((*SOUND.specs[:2], authority("Upper", "p256-4", basic_constraints(True, 0)),
               SOUND.specs[2])),
        ((), (), ("InvalidBasicConstraints",), ()),
        2,
    ),
    "CA that does not sign": (
        SOUND.put(1, key_usage("cRLSign")),
        ((), ("InvalidBasicConstraints",), ()),
        1,
    ),
    "critical extension": (
        SOUND.put(0, raw_extension("1.2.3.4", b"\5\0", critical=True)),
        (("HasNotSupportedCriticalExtension",), (), ()),
        0,
    ),
    "outside of names": (
        SOUND.put(1, name_constraints({"dns": ["x"]})),
        (("HasNotPermittedNameConstraint",), (), ()),
        0,
    ),
    "excluded name": (
        SOUND.put(1, name_constraints(excluded={"dns": [HOST]})),
        (("HasExcludedNameConstraint",), (), ()),
        0,
    ),
    "purpose": (
        SOUND.put(0, extended_key_usage("clientAuth")),
        (("NotValidForUsage",), ("NotValidForUsage",), ("NotValidForUsage",)),
        0,
    ),
    "purpose of a root": (
        SOUND.put(2, extended_key_usage("clientAuth")),
        (("NotValidForUsage",), ("NotValidForUsage",), ("NotValidForUsage",)),
        0,
    ),
    "two at once": (
        SOUND.put(0, not_after=AT - DAY, damage=flip_signature_bit),
        (("NotSignatureValid", "NotTimeValid"), (), ()),
        0,
    ),
    "server key usage": (SOUND.put(0, key_usage("cRLSign")), (), -1),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_status_at_its_element(name: str) -> None:
    """Every element has those of its errors; a purpose that does not fit is a status of all.

    Key usage of a server does not matter: OpenSSL is asked for no purpose.
    """
    chain, elements, depth = FAULTS[name]
    if depth < 0:
        assert told(chain).verdict is Verdict.ACCEPT
        return
    assert statuses(chain) == (elements, depth)
    found = told(chain)
    overall = dict.fromkeys(status for element in elements for status in element)
    assert found.facts.overall == tuple(overall)
    assert found.facts.mismatch is False


def test_how_a_chain_ends_is_a_status_of_its_end() -> None:
    alone = Chain((server(), authority("Test Root", "p256-3")))
    assert statuses(SOUND, trust=STRANGER) == (((), ("PartialChain",)), 1)
    own = issue(server())
    found = dotnet.run(seen([own], [STRANGER], HOST), None)
    assert found.facts.elements == (("UntrustedRoot",),)
    *sent, root = SOUND.issued()
    found = dotnet.run(seen([*sent, root], [STRANGER], HOST), None)
    assert found.facts.elements == ((), (), ("UntrustedRoot",))
    assert told(alone).verdict is Verdict.ACCEPT


def test_what_has_no_status_throws() -> None:
    """Security levels are off; what is left is a name constraint of a form that is unknown."""
    other = der.tlv(0xA0, b"\6\3\x2a\3\4\xa0\2\5\0")
    odd = name_constraints({"raw": [other]})
    alternative = raw_extension("subjectAltName", der.sequence(other))
    found = told(SOUND.put(1, odd).put(0, alternative), None)
    assert (found.verdict, found.code) == (Verdict.REJECT, "throws")
    assert found.certificate == read(SOUND.put(1, odd).put(0, alternative).issued()[0])[0]


def test_a_roots_own_signature_matters_only_beside_another_that_does_not_fit() -> None:
    broken = SOUND.put(2, damage=flip_signature_bit)
    assert told(broken).verdict is Verdict.ACCEPT
    both = broken.put(0, damage=flip_signature_bit)
    expected = (("NotSignatureValid",), (), ("NotSignatureValid",))
    assert statuses(both) == (expected, 0)
    expired = broken.put(0, not_after=AT - DAY)
    assert statuses(expired) == ((("NotTimeValid",), (), ()), 0)
    *sent, root = broken.issued()
    untrusted = dotnet.run(seen([*sent, root], [STRANGER], HOST), None)
    assert untrusted.facts.elements[2] == ("NotSignatureValid", "UntrustedRoot")


def test_before_the_chain_come_trust_message_key_and_name_in_this_order() -> None:
    short = raw_time(b"\x17\x0b2601010000Z", AT - DAY)
    for field in ("not_before", "not_after"):
        *sent, root = SOUND.put(2, **{field: short}).put(0, serial=b"\0\1").issued()
        found = dotnet.run(seen(sent, [root], "gw..local"), None)
        assert (found.verdict, found.code) == (Verdict.REJECT, "trust")
    *sent, root = SOUND.issued()
    found = dotnet.run(seen(sent, [root], trailing=[root]), None)
    assert found.code == "trust"
    padded = SOUND.put(0, serial=b"\0\1")
    other = issue(server(key="p256-7"))
    assert told(padded, "gw..local", server=other).code == PADDING
    assert told(SOUND, "gw..local", server=other).code == PROOF
    converted = told(SOUND, "gw..local")
    assert (converted.code, converted.depth) == ("not converted", 0)
    assert converted.says == "IDN labels must be between 1 and 63 characters long."


# --- a missing issuer that may be fetched ---------------------------------------------------------

ADDRESS = "http://ca.example/ca.cer"
WITH_ADDRESS = SOUND.put(1, authority_info_access(ca_issuers=[ADDRESS]))


def test_where_only_an_issuer_is_missing_that_could_be_fetched_nothing_is_known() -> None:
    found = told(WITH_ADDRESS, trust=STRANGER)
    assert found.verdict is Verdict.UNKNOWN
    assert found.says == (f"PartialChain, unless it can fetch the missing issuer from {ADDRESS}")
    assert found.certificate == read(WITH_ADDRESS.issued()[1])[0]
    assert told(SOUND, trust=STRANGER).verdict is Verdict.REJECT


def test_whatever_else_is_wrong_is_a_refusal_all_the_same() -> None:
    """Another status, the name, or no root that is trusted."""
    assert told(WITH_ADDRESS, "other.local", STRANGER).verdict is Verdict.REJECT
    expired = WITH_ADDRESS.put(0, not_after=AT - DAY)
    assert told(expired, trust=STRANGER).verdict is Verdict.REJECT
    no_root = issue(authority("Elsewhere", "p256-5"), STRANGER)
    assert told(WITH_ADDRESS, trust=no_root).verdict is Verdict.REJECT
    *sent, _ = WITH_ADDRESS.issued()
    both = dotnet.run(seen(sent, [no_root, STRANGER], HOST), None)
    assert both.verdict is Verdict.UNKNOWN
    untrusted = SOUND.put(2, authority_info_access(ca_issuers=[ADDRESS]))
    found = dotnet.run(seen(untrusted.issued(), [STRANGER], HOST), None)
    assert found.verdict is Verdict.REJECT


# --- how the chain is built -----------------------------------------------------------------------


def test_the_chain_for_those_who_ask_for_it_alone() -> None:
    good = building.taken(VIEW)
    assert (good.ended, good.objections) == (Ended.TRUSTED, ())
    *sent, root = SOUND.put(2, damage=flip_signature_bit).issued()
    assert building.taken(seen(sent, [root])).good
    given_up = building.taken(seen([LEAF, CA], [ROOT], trailing=[CA]))
    assert given_up.ended is Ended.GIVEN_UP
    assert [each.code for each in given_up.objections] == [TRAILING]
    unloaded = building.taken(seen([LEAF, CA], [ROOT], trailing=[ROOT]))
    assert (unloaded.ended, unloaded.certificates) == (Ended.GIVEN_UP, read(LEAF))
    (objection,) = unloaded.objections
    assert (objection.code, objection.certificate) == ("trust", read(ROOT)[0])
    unfit = SOUND.put(1, extended_key_usage("clientAuth"), not_after=AT - DAY)
    *sent, root = unfit.issued()
    found = building.taken(seen(sent, [root]))
    assert [(each.code, each.certificate) for each in found.objections] == [
        (10, read(sent[1])[0]),
        ("NotValidForUsage", read(sent[1])[0]),
    ]


@pytest.mark.parametrize(("skip", "unfit"), [(0, 1), (1, 0), (2, None), (None, None)])
def test_where_a_policy_is_required_usages_may_not_be_absent(
    skip: int | None, unfit: int | None
) -> None:
    """ReadPolicies of CertificatePolicy.cs takes one for the other; each element counts down."""
    chain = SOUND.without(0, "extendedKeyUsage")
    if skip is not None:
        value = der.sequence(der.tlv(0x80, bytes([skip])))
        chain = chain.put(2, raw_extension("policyConstraints", value, critical=True))
    certificates = read(*chain.issued())
    expected = None if unfit is None else certificates[unfit]
    assert building.not_for_servers(certificates) == expected


def test_usages_without_that_for_servers_are_told_at_the_highest() -> None:
    for depths in ((0,), (1,), (2,), (0, 2), (0, 1)):
        chain = SOUND
        for depth in depths:
            chain = chain.put(depth, extended_key_usage("clientAuth"))
        certificates = read(*chain.issued())
        assert building.not_for_servers(certificates) == certificates[max(depths)]
    assert building.not_for_servers(read(LEAF, CA, ROOT)) is None

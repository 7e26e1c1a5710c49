"""Revocation by given CRLs: who may sign one, delta CRLs, and what the profile adds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from edgecheck.hierarchy.links import Signatures
from edgecheck.hierarchy.rfc5280.revocation import Revocation
from edgecheck.hierarchy.rfc5280.revocation_status import Status, Verdict
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.crl import read_crl
from edgecheck.reading.quick import quick
from tests.hierarchy.crls import (
    AT,
    COMPROMISE,
    DAY,
    END,
    HOLD,
    NOW,
    REMOVE,
    START,
    UNKNOWN,
    Holder,
    List,
    because,
    entry,
    issue,
    look_up,
    named,
    point,
    points,
    scope,
    usage,
)

SIGNS_CRLS = usage(certificates=False, crls=True)
SIGNS_NONE = usage(certificates=True, crls=False)
ROOT = issue("root")
CA = issue("CA", ROOT, serial=2)
LEAF = issue("leaf", CA, serial=3, ca=False)
SIGNER = issue("CA", ROOT, serial=4, ca=False, seed="signer", key_usage=SIGNS_CRLS)
ABOVE = (CA, ROOT)
PLAIN = List(CA)
FULL = List(CA, (entry(3, HOLD),), number=5)
DELTA = List(CA, number=7, base=4, issued=NOW - DAY)


def said(status: Status, words: str) -> None:
    """The status is undetermined, and one of its reasons has these words."""
    assert status.verdict is Verdict.UNDETERMINED
    assert words in because(status)


def answers(answer: bool | None) -> Callable[[Certificate], bool | None]:
    return lambda certificate: answer


# ---- signatures


def test_a_signature_by_another_key() -> None:
    """A list that says it is the CA's is nothing without the CA's key."""
    forged = PLAIN.but(signer="somebody", entries=(entry(3),))
    said(look_up(LEAF, ABOVE, [forged]), "no key of its issuer made its signature")
    stranger = List(issue("stranger"), (entry(3),))
    said(look_up(LEAF, ABOVE, [stranger]), "no CRL of its issuer was given")


def test_the_bound_on_signatures() -> None:
    """What is not verified any more is not believed."""
    said(look_up(LEAF, ABOVE, [PLAIN], most=0), "the bound on signatures is spent")
    assert look_up(LEAF, ABOVE, [PLAIN], most=1).verdict is Verdict.GOOD


def test_key_usage_of_the_issuer() -> None:
    """Step (f): cRLSign must be there if there is a keyUsage, also in a trust anchor."""
    for ca, words in ((SIGNS_NONE, "lacks cRLSign"), (SIGNS_CRLS, ""), (None, "")):
        issuer = issue("CA", ROOT, serial=2, key_usage=ca)
        status = look_up(LEAF, (issuer, ROOT), [PLAIN])
        assert words in because(status)
        assert (status.verdict is Verdict.GOOD) is not bool(words)
    said(look_up(LEAF, (issue("CA", key_usage=SIGNS_NONE),), [PLAIN]), "lacks cRLSign")


def test_rsassa_pss() -> None:
    """The parameters of RSASSA-PSS are read from the CRL."""
    key = rsa.generate_private_key(65537, 2048)
    used = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    made = (
        x509.CertificateBuilder(named("CA"), named("CA"), key.public_key(), 1, START, END, [])
        .sign(key, hashes.SHA256(), rsa_padding=used)
        .public_bytes(Encoding.DER)
    )
    anchor = quick(made)
    assert anchor is not None
    crl = x509.CertificateRevocationListBuilder(named("CA"), NOW - DAY, NOW + DAY, [], [entry(9)])
    data = crl.sign(key, hashes.SHA256(), rsa_padding=used).public_bytes(Encoding.DER)
    holder = Holder(named("CA"), "", anchor)
    assert look_up(LEAF, (holder,), [read_crl(data)]).verdict is Verdict.GOOD
    spoilt = read_crl(data[:-1] + bytes((data[-1] ^ 1,)))
    said(look_up(LEAF, (holder,), [spoilt]), "no key of its issuer")


# ---- an issuer that is not on the path


@pytest.mark.parametrize(
    ("answer", "words"),
    [(True, ""), (False, "no valid path to the same"), (None, "undecided whether its issuer's")],
)
def test_a_separate_signer_needs_a_path(answer: bool | None, words: str) -> None:
    """The caller's answer decides, and where it is undecided so is the status."""
    lists = [PLAIN.but(signer="signer")]
    status = look_up(LEAF, ABOVE, lists, candidates=[SIGNER], ask=answers(answer))
    assert status.verdict is (Verdict.UNDETERMINED if words else Verdict.GOOD)
    assert words in because(status)
    said(look_up(LEAF, ABOVE, lists), "no key of its issuer")


def test_a_path_is_asked_for_once_and_only_for_who_signed() -> None:
    """Signature and keyUsage are looked at before."""
    asked: list[Certificate] = []

    def ask(certificate: Certificate) -> bool:
        asked.append(certificate)
        return True

    idle = issue("CA", ROOT, serial=5, seed="idle")
    mute = issue("CA", ROOT, serial=6, seed="signer", key_usage=SIGNS_NONE)
    candidates = [one.certificate for one in (idle, mute, SIGNER, LEAF, CA)]
    crl = PLAIN.but(signer="signer").made()
    revocation = Revocation([crl], AT, candidates, Signatures({}, 100), ask)
    path = (LEAF.certificate, CA.certificate, ROOT.certificate)
    for _ in range(2):
        (_, status), (_, other) = revocation.check(path)
        assert (status.verdict, other.verdict) == (Verdict.GOOD, Verdict.UNDETERMINED)
    assert asked == [SIGNER.certificate]


def test_signers_that_vouch_for_each_other() -> None:
    """A question that is open already is not asked again, so every search ends."""
    first = issue("CA", ROOT, serial=5, seed="first", key_usage=SIGNS_CRLS)
    second = issue("root", ROOT, serial=6, seed="second", key_usage=SIGNS_CRLS)
    lists = [PLAIN.but(signer="first").made(), List(ROOT, signer="second").made()]
    asked: list[Certificate] = []

    def ask(certificate: Certificate) -> bool:
        asked.append(certificate)
        ((_, status),) = revocation.check((certificate, ROOT.certificate))
        return status.verdict is Verdict.GOOD

    candidates = [first.certificate, second.certificate]
    revocation = Revocation(lists, AT, candidates, Signatures({}, 100), ask)
    path = (LEAF.certificate, CA.certificate, ROOT.certificate)
    assert [status.verdict for _, status in revocation.check(path)] == [Verdict.GOOD] * 2
    assert asked == candidates


def test_a_signer_that_is_revoked_by_its_own_list() -> None:
    """It does not stand in its own way, but neither is it spared."""
    crl = List(ROOT, (entry(7),), signer="agent").made()
    agent = issue("root", ROOT, serial=7, seed="agent", key_usage=SIGNS_CRLS)

    def ask(certificate: Certificate) -> bool:
        ((_, status),) = revocation.check((certificate, ROOT.certificate))
        return status.verdict is Verdict.GOOD

    revocation = Revocation([crl], AT, [agent.certificate], Signatures({}, 100), ask)
    ((_, status),) = revocation.check((CA.certificate, ROOT.certificate))
    said(status, "no valid path")


def test_questions_are_bounded() -> None:
    """Each question is a search for a path, and an attacker could make many."""
    signers = [issue("CA", ROOT, serial=100 + n, seed="same") for n in range(80)]
    asked: list[Certificate] = []

    def ask(certificate: Certificate) -> bool:
        asked.append(certificate)
        return False

    lists = [PLAIN.but(signer="same")]
    said(look_up(LEAF, ABOVE, lists, candidates=signers, ask=ask), "no valid path")
    assert len(asked) == 64


@pytest.mark.parametrize(("length", "verdict"), [(8, "good"), (9, "undetermined")])
def test_questions_within_questions_are_bounded(length: int, verdict: str) -> None:
    """The list on each signer is signed by the next, who is on the list of another CA."""
    cas = [issue(f"CA {n + 1}") for n in range(length + 1)]
    signers = [issue(f"CA {n}", ca, seed=f"signer {n}") for n, ca in enumerate(cas)]
    lists = [List(ca, signer=f"signer {n + 1}").made() for n, ca in enumerate(cas[:-1])]
    paths = {
        signer.certificate: (signer.certificate, ca.certificate)
        for signer, ca in zip(signers, cas, strict=True)
    }

    def ask(certificate: Certificate) -> bool | None:
        ((_, status),) = revocation.check(paths[certificate])
        return {Verdict.GOOD: True, Verdict.UNDETERMINED: None}.get(status.verdict)

    lists.append(List(cas[-1]).made())
    revocation = Revocation(lists, AT, list(paths), Signatures({}, 100), ask)
    ((_, status),) = revocation.check(paths[signers[0].certificate])
    assert status.verdict.value == verdict


# ---- delta CRLs


def test_a_delta_is_read_before_its_base() -> None:
    """Steps (i) to (k): it adds, changes and removes entries."""
    assert look_up(LEAF, ABOVE, [FULL]).reason == "certificateHold"
    assert look_up(LEAF, ABOVE, [DELTA, FULL]).reason == "certificateHold"
    changed = DELTA.but(entries=(entry(3, COMPROMISE),))
    assert look_up(LEAF, ABOVE, [changed, FULL]).reason == "keyCompromise"
    removed = DELTA.but(entries=(entry(3, REMOVE),))
    assert look_up(LEAF, ABOVE, [removed, FULL]).verdict is Verdict.GOOD
    status = look_up(LEAF, ABOVE, [removed, FULL], use_deltas=False)
    assert status.reason == "certificateHold"
    newest = changed.but(number=8)
    assert look_up(LEAF, ABOVE, [removed, newest, FULL]).reason == "keyCompromise"


def test_a_delta_refreshes_a_base_that_is_out_of_date() -> None:
    """Step (a)(1)(i); alone, neither of them is of use."""
    old = PLAIN.but(number=5, next=NOW - DAY)
    assert look_up(LEAF, ABOVE, [old, DELTA]).verdict is Verdict.GOOD
    said(look_up(LEAF, ABOVE, [old]), "out of date")
    assert look_up(LEAF, ABOVE, [DELTA]).given
    said(look_up(LEAF, ABOVE, [DELTA]), '(delta CRL) number 7 of "O=Contoso, CN=CA": it needs a')
    forged = DELTA.but(signer="somebody", key_id="CA")
    said(look_up(LEAF, ABOVE, [old, forged]), "the key of the complete CRL did not sign it")


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (DELTA.but(base=6), "updates number 6 or later, and the complete CRL has number 5"),
        (DELTA.but(number=5), "not newer than the complete CRL, number 5"),
        (DELTA.but(number=None), "a number is missing"),
        (DELTA.but(scope=scope(user=True)), "scope is not that"),
        (DELTA.but(key_id="other"), "key identifier is not that"),
        (DELTA.but(next=NOW - DAY / 2), "out of date"),
        (DELTA.but(issued=NOW + DAY), "issued later"),
        (DELTA.but(extra=((UNKNOWN, True),)), "1.2.3.4"),
        (DELTA.but(signer="x", key_id="CA"), "the key of the complete CRL did not sign it"),
    ],
)
def test_a_delta_that_does_not_fit_changes_nothing(delta: List, words: str) -> None:
    """The complete CRL counts as it is, and if it is of no use both are told."""
    listed = delta.but(entries=(entry(3, REMOVE),))
    assert look_up(LEAF, ABOVE, [FULL, listed]).reason == "certificateHold"
    said(look_up(LEAF, ABOVE, [FULL.but(next=NOW - DAY), listed]), words)


def test_a_delta_of_a_partition() -> None:
    """Bases and deltas of one distribution point belong together by their scope."""
    here, there = "http://contoso.example/1.crl", "http://contoso.example/2.crl"
    subject = issue("leaf", CA, serial=3, ca=False, extra=(points(point(here)),))
    base = PLAIN.but(scope=scope(here))
    for uri, verdict in ((here, Verdict.REVOKED), (there, Verdict.GOOD)):
        delta = List(CA, (entry(3),), number=2, base=1, scope=scope(uri))
        assert look_up(subject, ABOVE, [base, delta]).verdict is verdict


# ---- the profile of section 5


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (PLAIN.but(number=None), "no cRLNumber"),
        (PLAIN.but(number=2**159), "more than 20 bytes"),
        (PLAIN.but(key_id=None), "no authorityKeyIdentifier"),
        (PLAIN.but(number=None, extra=((x509.CRLNumber(1), True),)), "cRLNumber is critical"),
        (
            PLAIN.but(extra=((scope(user=True), False),)),
            "issuingDistributionPoint is not critical",
        ),
    ],
)
def test_strict(faulty: List, words: str) -> None:
    """A CRL against the profile is believed only where it revokes."""
    assert look_up(LEAF, ABOVE, [faulty]).verdict is Verdict.GOOD
    said(look_up(LEAF, ABOVE, [faulty], strict=True), words)
    listed = faulty.but(entries=(entry(3),))
    assert look_up(LEAF, ABOVE, [listed], strict=True).verdict is Verdict.REVOKED
    sound = PLAIN.but(number=2**159 - 1)
    assert look_up(LEAF, ABOVE, [sound], strict=True).verdict is Verdict.GOOD

"""Revocation by given CRLs, RFC 5280, section 6.3.3: what a complete CRL says, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509

from edgecheck.hierarchy.links import Signatures
from edgecheck.hierarchy.rfc5280.revocation import Revocation
from edgecheck.hierarchy.rfc5280.revocation_status import Effect, Status, Verdict, effects
from edgecheck.reading import der
from edgecheck.reading.certificate import EXT_BASIC_CONSTRAINTS, Certificate
from edgecheck.reading.crl_entries import Entries, Entry
from edgecheck.reading.der import wrapped
from edgecheck.reading.distribution_points import EXT_CRL_DISTRIBUTION_POINTS
from edgecheck.reading.quick import quick
from tests.hierarchy.crls import (
    AT,
    COMPROMISE,
    DAY,
    HOLD,
    NOW,
    REMOVE,
    UNKNOWN,
    Holder,
    List,
    because,
    changed,
    entry,
    issue,
    look_up,
    nobody,
    of,
    point,
    points,
    scope,
)

ROOT = issue("root")
CA = issue("CA", ROOT, serial=2)
LEAF = issue("leaf", CA, serial=3, ca=False)
ABOVE = (CA, ROOT)
PLAIN = List(CA)
MINE = frozenset({COMPROMISE, HOLD})
OTHERS = frozenset(x509.ReasonFlags) - MINE - {REMOVE, x509.ReasonFlags.unspecified}
HERE, THERE = "http://crl.contoso.example/1.crl", "http://crl.contoso.example/2.crl"


def leaf(*extra: x509.DistributionPoint) -> Holder:
    return issue("leaf", CA, serial=3, ca=False, extra=(points(*extra),))


def said(status: Status, words: str) -> None:
    """The status is undetermined, and one of its reasons has these words."""
    assert status.verdict is Verdict.UNDETERMINED
    assert words in because(status)


# ---- the list itself


def test_a_certificate_that_is_not_listed_is_good() -> None:
    """Other entries say nothing about it."""
    status = look_up(LEAF, ABOVE, [PLAIN.but(entries=(entry(33), entry(303)))])
    assert (status.verdict, status.given, status.reason) == (Verdict.GOOD, True, None)


def test_an_entry_is_told_in_full() -> None:
    """Date, reason and invalidity date of the entry are in the status."""
    since = x509.InvalidityDate(datetime(2024, 1, 2, tzinfo=UTC)), False
    status = look_up(LEAF, ABOVE, [PLAIN.but(entries=(entry(1), entry(3, COMPROMISE, since)))])
    assert status.verdict is Verdict.REVOKED
    assert status.reason == "keyCompromise"
    assert status.revoked_at == AT - 86_400
    assert status.entry is not None and status.entry.invalid_since == 1_704_153_600


def test_no_reason_is_unspecified() -> None:
    """Step (i)(2): an entry without a reason code has the reason unspecified."""
    assert look_up(LEAF, ABOVE, [PLAIN.but(entries=(entry(3),))]).reason == "unspecified"


def test_a_date_of_revocation_in_the_future_counts() -> None:
    """Steps (i) and (j) ask whether there is an entry, and not for its date."""
    status = look_up(LEAF, ABOVE, [PLAIN.but(entries=(entry(3, at=NOW + DAY),))])
    assert status.verdict is Verdict.REVOKED


def test_remove_from_crl_in_a_complete_list_vouches_for_nobody_it_names() -> None:
    """It is no revocation by step (k), and yet section 5.3.1 has it in delta CRLs only."""
    said(look_up(LEAF, ABOVE, [PLAIN.but(entries=(entry(3, REMOVE),))]), "5.3.1")
    other = [PLAIN.but(entries=(entry(4, REMOVE),))]
    assert look_up(LEAF, ABOVE, other).verdict is Verdict.GOOD
    said(look_up(LEAF, ABOVE, other, strict=True), "removeFromCRL in a complete CRL")


@pytest.mark.parametrize("strict", [False, True])
def test_remove_from_crl_hides_no_other_entry(strict: bool) -> None:
    """Of several entries for one serial number any with another reason revokes."""
    one, two = entry(3, REMOVE), entry(3, COMPROMISE)
    for entries in ((one, two), (two, one), (one, one, two)):
        status = look_up(LEAF, ABOVE, [PLAIN.but(entries=entries)], strict=strict)
        assert status.reason == "keyCompromise"


def test_remove_from_crl_in_a_delta_hides_no_other_entry() -> None:
    """The entries of a delta CRL are read like those of a complete one."""
    delta = PLAIN.but(number=2, base=1, entries=(entry(3, REMOVE), entry(3, COMPROMISE)))
    held = PLAIN.but(entries=(entry(3, HOLD),))
    assert look_up(LEAF, ABOVE, [held, delta]).reason == "keyCompromise"
    lifted = delta.but(entries=(entry(3, REMOVE),))
    assert look_up(LEAF, ABOVE, [held, lifted], strict=True).verdict is Verdict.GOOD


@pytest.mark.parametrize("serial", [0, -1, -128, -129, 127, 128, 255, 2**159 - 1, 2**2000])
def test_any_serial_number_is_found(serial: int) -> None:
    """IoT Edge issues serial numbers that are not positive; others are too long."""
    crl = PLAIN.but(entries=(entry(77),)).made()
    number = (8 + (serial if serial >= 0 else ~serial).bit_length()) // 8
    content = serial.to_bytes(number, "big", signed=True)
    revoked = crl.entries.content
    date = revoked[der.body(revoked, 2)[1] :]
    new = wrapped(der.SEQUENCE, wrapped(der.INTEGER, content) + date)
    listed = changed(crl, CA, wrapped(der.SEQUENCE, revoked), wrapped(der.SEQUENCE, new))
    copy = quick(LEAF.certificate.der)
    assert copy is not None
    copy.serial = serial
    status = look_up(Holder(LEAF.name, "", copy), ABOVE, [listed])
    assert status.verdict is Verdict.REVOKED
    assert status.entry is not None and status.entry.serial == serial
    copy.serial = serial + 1
    assert look_up(Holder(LEAF.name, "", copy), ABOVE, [listed]).verdict is Verdict.GOOD


# ---- whether it may be used


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW + 10 * DAY, ""),
        (NOW + 11 * DAY, "out of date since 2024-06-11T00:00:00Z"),
        (NOW - 10 * DAY, ""),
        (NOW - 11 * DAY, "issued later, on 2024-05-22T00:00:00Z"),
    ],
)
def test_time(at: datetime, words: str) -> None:
    """A CRL is used from thisUpdate to nextUpdate, both included."""
    status = look_up(LEAF, ABOVE, [PLAIN], at=int(at.timestamp()))
    if words:
        said(status, words)
    else:
        assert status.verdict is Verdict.GOOD


def test_without_next_update_a_crl_never_is_out_of_date() -> None:
    """Section 5.1.2.5 leaves the behaviour open; only `strict` minds."""
    crl = PLAIN.made()
    assert crl.next_update_raw is not None
    endless = changed(crl, CA, crl.next_update_raw, b"")
    assert endless.next_update is None
    assert look_up(LEAF, ABOVE, [endless], at=2**35).verdict is Verdict.GOOD
    said(look_up(LEAF, ABOVE, [endless], strict=True), "no nextUpdate")


def test_unknown_critical_extensions() -> None:
    """Of the CRL, or of any entry in it, they forbid to use it at all (5.2 and 5.3)."""
    listed = (entry(3),)
    said(look_up(LEAF, ABOVE, [PLAIN.but(entries=listed, extra=((UNKNOWN, True),))]), "1.2.3.4")
    odd = (entry(9, (UNKNOWN, True)), *listed)
    said(look_up(LEAF, ABOVE, [PLAIN.but(entries=odd)]), "1.2.3.4 in an entry")
    ignored = PLAIN.but(entries=(entry(9, (UNKNOWN, False)),), extra=((UNKNOWN, False),))
    assert look_up(LEAF, ABOVE, [ignored]).verdict is Verdict.GOOD


def test_an_entry_that_cannot_be_read_is_never_good() -> None:
    """A reason code that is none makes the CRL unusable for that certificate."""
    reason = b"\x0a\x01\x01"
    crl = PLAIN.but(entries=(entry(3, COMPROMISE),)).made()
    said(look_up(LEAF, ABOVE, [changed(crl, CA, reason, b"\x02\x01\x01")]), "cannot be read")
    status = look_up(LEAF, ABOVE, [changed(crl, CA, reason, b"\x0a\x01\x07")])
    assert (status.verdict, status.reason) == (Verdict.REVOKED, "code 7")


def test_the_issuers_own_list_comes_before_a_newer_one_by_another_key() -> None:
    """A CA with two keys may publish a list for each; its name alone does not tell them apart."""
    other = issue("CA", ROOT, serial=4, seed="CA's second key")
    newer = List(other, issued=NOW - DAY)
    listed = PLAIN.but(entries=(entry(3),))
    above = (CA, other, ROOT)
    for lists in ([listed, newer], [newer, listed]):
        assert look_up(LEAF, above, lists).verdict is Verdict.REVOKED
    assert look_up(LEAF, above, [newer]).verdict is Verdict.GOOD


def test_of_lists_by_one_key_the_newest_counts() -> None:
    """A hold that was lifted since is no revocation, whatever the order of the CRLs."""
    old = PLAIN.but(entries=(entry(3, HOLD),))
    new = PLAIN.but(issued=NOW - DAY, number=2)
    for lists in ([old, new], [new, old]):
        assert look_up(LEAF, ABOVE, lists).verdict is Verdict.GOOD


# ---- what it covers


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (scope(user=True), ""),
        (scope(ca=True), "for CAs only"),
        (scope(attribute=True), "attribute certificates only"),
        (scope(HERE), "another distribution point"),
        (scope(indirect=True), ""),
    ],
)
def test_scope(listed: x509.IssuingDistributionPoint, words: str) -> None:
    """Step (b)(2): a CRL for other certificates says nothing, even if it lists this one."""
    status = look_up(LEAF, ABOVE, [PLAIN.but(entries=(entry(3),), scope=listed)])
    if words:
        said(status, words)
    else:
        assert status.verdict is Verdict.REVOKED


def test_a_ca_is_not_covered_by_a_list_of_end_entities() -> None:
    """Step (b)(2)(ii) asks basicConstraints; one that cannot be read is no answer."""
    lists = [List(ROOT, scope=scope(user=True))]
    said(look_up(CA, (ROOT,), lists), "end entities only")
    copy = quick(CA.certificate.der)
    assert copy is not None and EXT_BASIC_CONSTRAINTS in copy.extensions
    del copy.basic_constraints
    copy.damage["basic_constraints"] = "made so"
    said(look_up(Holder(CA.name, "", copy), (ROOT,), lists), "basicConstraints: made so")


def test_names_of_distribution_points() -> None:
    """Of a URI the host has no case, but the path has; one common name is enough."""
    for uri, verdict in (
        (HERE.replace("crl.contoso", "CRL.Contoso"), Verdict.GOOD),
        (HERE.replace("1.crl", "1.CRL"), Verdict.UNDETERMINED),
    ):
        lists = [PLAIN.but(scope=scope(THERE, HERE))]
        assert look_up(leaf(point(uri)), ABOVE, lists).verdict is verdict


def test_reasons_of_several_lists_add_up() -> None:
    """Steps (d), (e) and (l): the certificate is good once every reason is covered."""
    one = PLAIN.but(scope=scope(HERE, reasons=MINE))
    two = PLAIN.but(scope=scope(THERE, reasons=OTHERS))
    subject = leaf(point(HERE, reasons=MINE), point(THERE, reasons=OTHERS))
    assert look_up(subject, ABOVE, [one, two]).verdict is Verdict.GOOD
    said(look_up(subject, ABOVE, [one]), "no usable CRL covers cACompromise, affiliationChanged")
    revoked = two.but(entries=(entry(3, x509.ReasonFlags.superseded),))
    assert look_up(subject, ABOVE, [one, revoked]).reason == "superseded"
    older = one.but(issued=NOW - 20 * DAY, entries=(entry(3, COMPROMISE),))
    said(look_up(subject, ABOVE, [one, older]), "no usable CRL covers cACompromise")  # step (e)


def test_one_list_may_serve_two_distribution_points() -> None:
    """The reasons of a point limit what the CRL is asked for there, and nowhere else."""
    both = PLAIN.but(scope=scope(HERE, THERE))
    subject = leaf(point(HERE, reasons=MINE), point(THERE, reasons=OTHERS))
    assert look_up(subject, ABOVE, [both]).verdict is Verdict.GOOD
    said(look_up(leaf(point(HERE, reasons=MINE)), ABOVE, [both]), "no usable CRL covers")


def test_distribution_points_that_cannot_be_read() -> None:
    """They leave the CRLs of the issuer, and are told where these do not settle it."""
    copy = quick(leaf(point(HERE)).certificate.der)
    assert copy is not None
    copy.extensions[EXT_CRL_DISTRIBUTION_POINTS] = b"\x30\x00"
    damaged = Holder(LEAF.name, "", copy)
    assert look_up(damaged, ABOVE, [PLAIN]).verdict is Verdict.GOOD
    said(look_up(damaged, ABOVE, []), "cRLDistributionPoints: empty")


def test_indirect() -> None:
    """Entries belong to the issuer named last before them, at first to the CRL's (5.3.3)."""
    other = issue("other CA", ROOT, serial=5)
    agent = issue("agent", ROOT, serial=6)
    subject = leaf(point(issuer=agent))
    entries = (entry(3), entry(4, of(other)), entry(3, HOLD), entry(8, of(CA)))
    lists = [List(agent, entries, scope=scope(indirect=True))]
    above = (CA, agent, ROOT)
    assert look_up(subject, above, lists).verdict is Verdict.GOOD
    lists = [List(agent, (*entries, entry(3, COMPROMISE)), scope=scope(indirect=True))]
    assert look_up(subject, above, lists).reason == "keyCompromise"
    said(look_up(subject, above, [List(agent, entries)]), "not an indirect CRL")
    said(look_up(LEAF, above, lists), "no CRL of its issuer was given")


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("listed", [None, scope(user=True)])
def test_an_issuer_in_an_entry_of_a_list_that_is_not_indirect(
    listed: x509.IssuingDistributionPoint | None, strict: bool
) -> None:
    """Section 5.3.3: it would give away the entries after it, so the CRL is not used at all."""
    other = issue("other CA", ROOT, serial=5)
    for entries in ((entry(9, of(other)), entry(3, COMPROMISE)), (entry(9, of(CA)),)):
        status = look_up(LEAF, ABOVE, [PLAIN.but(entries=entries, scope=listed)], strict=strict)
        said(status, "this is no indirect CRL (RFC 5280, 5.3.3)")


# ---- what many paths share


def revocation(lists: list[List], ask: Callable[[Certificate], bool | None] = nobody) -> Revocation:
    return Revocation([given.made() for given in lists], AT, (), Signatures({}, 100), ask)


def test_paths_with_the_same_issuer_share_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate above that is no CRL's issuer changes nothing, so nothing is done again."""
    looked: list[int] = []
    find = Entries.find

    def counted(self: Entries, serial: int, issuer: bytes) -> Entry | None:
        looked.append(serial)
        return find(self, serial, issuer)

    monkeypatch.setattr(Entries, "find", counted)
    unrelated = List(issue("unrelated", ROOT))
    checker = revocation([PLAIN.but(entries=(entry(3),)), unrelated])
    for number in range(20):
        above = CA, issue(f"cross {number}"), ROOT
        status = checker.status(LEAF.certificate, tuple(one.certificate for one in above))
        assert status.verdict is Verdict.REVOKED
    assert looked == [3]


def test_paths_with_and_without_the_signer_of_the_list_differ() -> None:
    """An indirect CRL's issuer on the path may sign; on another path he is not there."""
    agent = issue("agent", ROOT, serial=6)
    subject = leaf(point(issuer=agent)).certificate
    checker = revocation([List(agent, scope=scope(indirect=True))])
    without = CA.certificate, ROOT.certificate
    with_agent = CA.certificate, agent.certificate, ROOT.certificate
    for _ in range(2):
        said(checker.status(subject, without), "no certificate of its issuer was given")
        assert checker.status(subject, with_agent).verdict is Verdict.GOOD


# ---- what it does to the path


def test_effects_by_mode() -> None:
    """Each mode makes of a status what `Validation.revocation` promises."""
    good = look_up(LEAF, ABOVE, [PLAIN])
    revoked = look_up(LEAF, ABOVE, [PLAIN.but(entries=(entry(3),))])
    unusable = look_up(LEAF, ABOVE, [PLAIN.but(next=NOW - DAY)])
    absent = look_up(LEAF, ABOVE, [])
    checked = [(LEAF.certificate, status) for status in (good, revoked, unusable, absent)]

    def found(mode: str) -> list[tuple[Status, Effect]]:
        return [(status, effect) for _, status, effect in effects(checked, mode)]

    assert found("off") == []
    assert found("if-given") == [(revoked, Effect.REVOKED), (unusable, Effect.UNDECIDED)]
    assert found("require") == [
        (revoked, Effect.REVOKED),
        (unusable, Effect.UNDETERMINED),
        (absent, Effect.UNDETERMINED),
    ]
    with pytest.raises(ValueError, match="'require', got 'always'"):
        found("always")


def test_a_crl_that_cannot_be_read_may_be_the_one_that_is_missing() -> None:
    """So the status is open even where no CRL of the issuer was read; what is wrong is told."""
    absent = LEAF.certificate, look_up(LEAF, ABOVE, [])
    ((_, status, effect),) = effects([absent], "if-given", ("the CRL cannot be read",))
    assert (effect, because(status)) == (
        Effect.UNDECIDED,
        "the CRL cannot be read (RFC 5280, 5.1)",
    )
    stale = LEAF.certificate, look_up(LEAF, ABOVE, [PLAIN.but(next=NOW - DAY)])
    ((_, status, _),) = effects([stale], "require", ("the CRL cannot be read",))
    assert "out of date" in because(status)
    assert "the CRL cannot be read" in because(status)
    assert effects([absent], "if-given") == ()


def test_a_crl_that_is_not_used_tells_whom_it_lists() -> None:
    """That its next update has passed makes nobody unrevoked."""
    stale = PLAIN.but(next=NOW - DAY)
    said(look_up(LEAF, ABOVE, [stale.but(entries=(entry(3, COMPROMISE),))]), "(keyCompromise)")
    said(look_up(LEAF, ABOVE, [stale.but(entries=(entry(3),))]), "as revoked (unspecified)")
    for entries in ((), (entry(4),)):
        status = look_up(LEAF, ABOVE, [stale.but(entries=entries)])
        assert "revoked" not in because(status)


@pytest.mark.parametrize("critical", [True, False])
def test_an_empty_scope_is_none(critical: bool) -> None:
    """Section 5.2.5 forbids it; such a CRL vouches for nobody."""
    empty = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.28"), b"\x30\x00")
    for entries in ((), (entry(3),)):
        listed = PLAIN.but(extra=((empty, critical),), entries=entries)
        said(look_up(LEAF, ABOVE, [listed]), "its issuingDistributionPoint is empty")
    assert look_up(LEAF, ABOVE, [PLAIN.but(scope=scope(user=True))]).verdict is Verdict.GOOD

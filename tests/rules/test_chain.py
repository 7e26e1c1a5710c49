"""Which certificates are presented, and in which order: places, copies, files, versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import edgecheck
from edgecheck import Device, Source
from edgecheck.reporting.terminal import render
from fixtures import demo, reissued, stock
from fixtures.extensions import subject_alt_name
from fixtures.gateway import Gateway
from fixtures.pki import Issued, issue, pem
from fixtures.stock import NOW

MISSING = "chain.missing-issuer"
NOT_FIRST = "chain.server-not-first"
ORDER = "chain.wrong-order"
COPY = "chain.duplicate-certificate"
STRANGER = "chain.unrelated-certificate"
ROOT = "chain.root-presented"
FILE = "chain.device-ca-file-without-root"
NO_SERVER = "chain.no-server-certificate"

GATEWAY = stock.stock_11("ec")
BELOW_ROOT = ("server", "workload_ca", "device_ca", "intermediate")


def report(presented: Sequence[Issued] | Any, trust: Any = GATEWAY, **given: Any) -> Any:
    """What is said about a chain; the trust is a gateway's root, certificates, or nothing."""
    if isinstance(presented, tuple | list) and presented and isinstance(presented[0], Issued):
        presented = pem(*presented, comments=False)
    if isinstance(trust, Gateway):
        trust = trust.trust()
    trusted = pem(*trust, comments=False) if trust else ()
    return edgecheck.check(presented, trust=trusted, at=NOW, **given)


def said(report: edgecheck.Report) -> list[tuple[str, str, str | None, bool]]:
    """What the rules of this family said: rule, severity, role, and whether something caused it.

    That a device CA file has no server certificate is a note on each, and left out.
    """
    return [
        (
            finding.rule.id,
            finding.severity.value,
            finding.role.value if finding.role else None,
            finding.caused_by is not None,
        )
        for finding in report.findings
        if finding.rule.family == "chain" and finding.rule.id != NO_SERVER
    ]


def stranger(name: str = "Fabrikam Root CA") -> Issued:
    return GATEWAY.change("root", subject=name, key="p256-8").issued("root")


# --- several inputs are one presentation ---------------------------------------------------------


def test_several_files_are_one_presentation_in_their_order() -> None:
    """The server certificate in one file and its issuers in another make a whole chain."""
    server = Source("server.pem", pem(*GATEWAY.presented("server")))
    issuers = Source("issuers.pem", pem(*GATEWAY.presented(*BELOW_ROOT[1:])))
    assert said(report([server, issuers])) == []


def test_files_in_the_wrong_order_are_a_wrong_presentation() -> None:
    """The place that is told is the one in the whole presentation."""
    server = Source("server.pem", pem(*GATEWAY.presented("server")))
    issuers = Source("issuers.pem", pem(*GATEWAY.presented(*BELOW_ROOT[1:])))
    found = report([issuers, server])
    assert said(found) == [(NOT_FIRST, "error", "server", False)]
    assert "is number 4" in found.findings[0].message
    assert {location.source for location in found.findings[0].locations} == {
        "server.pem",
        "issuers.pem",
    }


def test_a_disorder_that_the_server_has_no_part_in_is_told_by_itself() -> None:
    """A stranger in front is one fault, and issuers in disorder behind the server another."""
    stranger = stock.stock_12("ec").change("root", subject="Fabrikam Root CA", key="p256-8")
    mixed = GATEWAY.presented("server", "intermediate", "device_ca", "workload_ca")
    found = report((stranger.issued("root"), *mixed))
    told = [(rule, caused) for rule, _, _, caused in said(found)]
    assert (NOT_FIRST, False) in told
    assert (ORDER, False) in told


def test_the_right_order_names_what_stands_in_the_file_that_is_edited() -> None:
    """A server's own file has its certificate; a device CA file has nothing that is issued later.

    Whoever writes the file anew by this list would else lose the server's certificate, or put
    one into the device CA file that the runtime takes for the device CA.
    """
    plain = stock.stock_15().change("server", subject="press-7", serial=77)
    plain = plain.with_extension("server", subject_alt_name(dns=[stock.HOSTNAME]))
    mixed = pem(*plain.presented("server", "intermediate", "device_ca"))
    (own,) = (f for f in report(Source("own.pem", mixed)).findings if f.rule.id == ORDER)
    assert own.remedy.startswith('Order the file from the bottom up: "press-7", then ')
    made = GATEWAY.presented("server", "workload_ca", "intermediate", "device_ca")
    (its,) = (f for f in report(made).findings if f.rule.id == ORDER)
    assert its.remedy.startswith('Order the file from the bottom up: "iotedgegw device CA", then ')


def test_a_copy_in_another_file_is_a_copy() -> None:
    """Both places are told."""
    chain = Source("chain.pem", pem(*GATEWAY.presented(*BELOW_ROOT)))
    again = Source("again.pem", pem(*GATEWAY.presented("intermediate")))
    found = report([chain, again])
    assert said(found) == [(COPY, "warning", "intermediate", False)]
    assert [location.source for location in found.findings[0].locations] == [
        "chain.pem",
        "again.pem",
    ]


# --- what is missing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_out", "below", "left_over"),
    [
        ("workload_ca", "server", 2),
        ("device_ca", "workload-ca", 1),
        ("intermediate", "device-ca", 0),
    ],
)
def test_a_gap_is_found_at_every_level(left_out: str, below: str, left_over: int) -> None:
    """One error at the gap; what is above it follows."""
    roles = [role for role in BELOW_ROOT if role != left_out]
    found = report(GATEWAY.presented(*roles))
    assert found.valid is False
    assert said(found) == [
        (MISSING, "error", below, False),
        *[(STRANGER, "info", "other", True)] * left_over,
    ]


def test_what_is_trusted_is_named_unless_it_is_a_whole_store() -> None:
    """Nobody looks for a root among the names of a hundred others."""
    others = [GATEWAY.change("root", subject=f"Other {n}").issued("root") for n in range(9)]
    for number, told in ((8, [f"CN=Other {n}" for n in range(8)]), (9, ["9 certificates"])):
        found = report(GATEWAY.presented("server"), trust=others[:number])
        (missing,) = (each for each in found.findings if each.rule.id == MISSING)
        assert missing.evidence["trusted"] == told


def test_the_root_alone_may_be_left_out() -> None:
    assert said(report(GATEWAY.presented(*BELOW_ROOT))) == []


def test_without_trust_nobody_knows_whether_an_issuer_is_missing() -> None:
    """The chain ends below a root, as chains do; only trust could tell more."""
    found = report(GATEWAY.presented(*BELOW_ROOT), trust=())
    assert said(found) == []
    assert found.valid is None


# --- order ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "severity"),
    [
        (("device_ca", "intermediate"), None),
        (("device_ca", "root"), None),
        (("device_ca", "intermediate", "root"), None),
        (("device_ca", "root", "intermediate"), "warning"),
        (("intermediate", "device_ca"), "error"),
        (("root", "intermediate", "device_ca"), "error"),
    ],
)
def test_a_device_ca_file_must_begin_with_the_device_ca(
    roles: tuple[str, ...], severity: str | None
) -> None:
    """The runtime takes the first certificate for it; the order of the others is of less moment."""
    found = [entry for entry in said(report(GATEWAY.presented(*roles))) if entry[0] == ORDER]
    assert found == ([(ORDER, severity, "device-ca", False)] if severity else [])


def test_a_device_ca_file_of_two_can_be_upside_down() -> None:
    """A root that issued the device CA itself, and stands before it."""
    flat = GATEWAY.without("intermediate")
    assert said(report(flat.presented("root", "device_ca"), flat)) == [
        (ORDER, "error", "device-ca", False)
    ]
    assert said(report(flat.presented("device_ca", "root"), flat)) == []


def test_a_copy_is_no_disorder() -> None:
    """The first place of a certificate counts."""
    roles = ("server", "workload_ca", "server", "device_ca", "workload_ca", "intermediate")
    found = report(GATEWAY.presented(*roles))
    assert said(found) == [(COPY, "warning", "server", False)]
    assert "workload CA" in found.findings[0].message


def test_copies_are_counted() -> None:
    found = report(GATEWAY.presented(*BELOW_ROOT, "device_ca", "device_ca"))
    assert [finding.message for finding in found.findings] == [
        'the device CA "iotedgegw device CA" is presented 3 times'
    ]


def test_without_a_server_certificate_nothing_is_said_about_its_place() -> None:
    found = report(GATEWAY.presented("device_ca", "intermediate"))
    assert NOT_FIRST in {entry.rule for entry in found.undecided}


# --- strangers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (0, [(NOT_FIRST, "error", "server", False), (STRANGER, "warning", "other", True)]),
        (1, [(STRANGER, "warning", "other", False)]),
        (3, [(STRANGER, "warning", "other", False)]),
        (4, [(STRANGER, "info", "other", False)]),
    ],
)
def test_it_matters_where_a_stranger_stands(place: int, expected: list[Any]) -> None:
    """Before the server certificate, within the chain, or behind it."""
    chain = list(GATEWAY.presented(*BELOW_ROOT))
    chain.insert(place, stranger())
    assert said(report(chain)) == expected


def test_several_strangers_are_told_one_by_one() -> None:
    """Each with its own place: the last one stands behind the chain."""
    first, *others = GATEWAY.presented(*BELOW_ROOT)
    chain = [first, stranger("One"), stranger("Two"), *others, stranger("Three")]
    found = report(chain)
    assert [finding.severity for finding in found.findings] == ["warning", "warning", "info"]
    assert [finding.evidence["found"] for finding in found.findings] == [
        "CN=One",
        "CN=Two",
        "CN=Three",
    ]


def test_a_second_server_certificate_is_a_stranger() -> None:
    """The old server certificate of the same key and name is on no path from the new one."""
    older = GATEWAY.change("server", not_before=NOW, serial=7).issued("server")
    chain = [*GATEWAY.presented("server"), older, *GATEWAY.presented(*BELOW_ROOT[1:])]
    assert said(report(chain)) == [(STRANGER, "warning", "other", False)]


def test_what_stands_above_a_trusted_intermediate_is_no_stranger() -> None:
    """The path ends early, and the rest of the chain is of use to others."""
    found = report(GATEWAY.presented(), trust=GATEWAY.presented("device_ca"))
    assert said(found) == []


def test_a_cross_certificate_of_the_root_is_no_stranger() -> None:
    """It leads those to the chain who trust another root, which may be presented too."""
    cross = issue(GATEWAY["root"].with_(role="cross"), stranger())
    chain = [*GATEWAY.presented(*BELOW_ROOT), cross, stranger()]
    assert said(report(chain)) == []


def test_a_ca_of_the_right_name_and_another_key_is_a_stranger() -> None:
    """It issued nothing of this chain, whatever it is called."""
    newer = GATEWAY.change("intermediate", key="p256-7").issued("intermediate")
    chain = [*GATEWAY.presented(*BELOW_ROOT), newer]
    assert said(report(chain)) == [(STRANGER, "info", "other", False)]


# --- the root ------------------------------------------------------------------------------------


def test_a_root_is_no_server_chain() -> None:
    """In a device CA file the root is in its place."""
    roles = ("device_ca", "intermediate", "root")
    assert said(report(GATEWAY.presented(*roles))) == []


def test_the_ca_of_a_quick_start_is_a_device_ca_that_is_presented() -> None:
    """It signs itself, but it is what the server certificate was issued by."""
    gateway = demo.quickstart_12()
    noted = ("chain.serial-number-reused", "info", "server", False)
    assert said(report(gateway.presented(), gateway)) == [noted]


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [
        ("1.0.0", "warning"),
        ("1.0.9.5", "warning"),
        ("1.1.19", "warning"),
        ("1.2.0", "info"),
        ("1.6", "info"),
        (None, "info"),
    ],
)
def test_only_runtimes_up_to_1_1_need_the_root_in_the_device_ca_file(
    runtime: str | None, severity: str
) -> None:
    """From 1.2.0 on, and where nobody knows the runtime, it is a note."""
    certificates = GATEWAY.presented("device_ca", "intermediate")
    device = Device(runtime=runtime, device_ca_file=pem(*certificates))
    assert said(report(certificates, device=device)) == [(FILE, severity, "intermediate", False)]


def test_the_device_ca_file_is_not_what_is_presented() -> None:
    """It is looked at wherever its certificates are; the last one may be on no path."""
    other = stock.stock_12("rsa").presented("device_ca", "intermediate")
    device = Device(runtime="1.1", device_ca_file=pem(*other))
    found = report(GATEWAY.presented(*BELOW_ROOT), device=device)
    assert said(found) == [(FILE, "warning", "other", False)]
    assert [location.source for location in found.findings[0].locations] == ["<device_ca_file>"]


def test_without_the_device_ca_file_nothing_is_said_about_it() -> None:
    found = report(GATEWAY.presented(*BELOW_ROOT), device=Device(runtime="1.1"))
    assert FILE in {entry.rule for entry in found.undecided}


# --- who may have been the issuer ----------------------------------------------------------------


def test_a_root_that_is_not_trusted_tells_why_the_trusted_one_did_not_issue_it() -> None:
    """Typed, for JSON: itself, and the trusted root of its name, which has another key."""
    new = GATEWAY.change("root", key="p256-7").issued("root")
    whole = report(GATEWAY.presented(), (new,))
    (finding,) = (f for f in whole.findings if f.rule.id == "trust.root-not-trusted")
    own, other = finding.evidence["candidates"]
    assert (own["where"], own["taken"]) == ("presented", True)
    assert own["why_not"] == ["it is not trusted"]
    assert (other["where"], other["number"], other["taken"]) == ("trusted", 1, False)
    assert "its key did not sign" in other["why_not"]


def test_a_gap_tells_that_nobody_comes_into_question() -> None:
    """Nor does a certificate whose own key did not sign it."""
    (gap,) = (
        f
        for f in report(GATEWAY.presented("server", "workload_ca"), GATEWAY).findings
        if f.rule.id == MISSING
    )
    assert gap.evidence["candidates"] == []


def test_a_choice_tells_what_speaks_for_and_against_each() -> None:
    """The one that is taken, and the right one; only the whole report shows them."""
    case = reissued.wrong_issuer_first__old_constraints()
    assert not isinstance(case.chain, Gateway | bytes) and case.trust is not None
    found = edgecheck.check(
        pem(*case.chain, comments=False), trust=pem(*case.trust, comments=False), at=stock.NOW
    )
    (finding,) = (f for f in found.findings if f.rule.id == "chain.wrong-issuer-first")
    taken, right = finding.evidence["candidates"]
    assert (taken["number"], taken["taken"]) == (2, True)
    assert taken["why_not"] == ["its name constraints forbid a name below it"]
    assert (right["number"], right["taken"], right["why_not"]) == (3, False, [])
    plainly: dict[str, Any] = {"color": False, "unicode": True, "width": 100}
    assert "tried:" not in render(found, **plainly)
    assert "tried:  number 2 of those presented" in render(found, **plainly, verbose=True)

"""Who a client is stands in one record, and what is said of kinds and families follows from it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import edgecheck
from edgecheck.behaviour import refusers
from edgecheck.behaviour.builders import builder
from edgecheck.behaviour.issuers import VERSIONS
from edgecheck.behaviour.kinds import ACROSS, BY_NAMES_ALONE, Library, Refuser
from edgecheck.behaviour.openssl import records
from edgecheck.behaviour.openssl.settings import V3_4, Settings
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.records import BY_ID, FAMILIES, RECORDS, chosen, families
from edgecheck.behaviour.unsure import LOOKS_INTO, undecided
from edgecheck.clients import table

PACKAGE = Path(edgecheck.__file__).parent
HOMES = sorted((PACKAGE / "behaviour").glob("*/records.py"))
R = Refuser


# --- one record ---------------------------------------------------------------------------------


def test_every_record_is_listed_once() -> None:
    """Whichever library's file it stands in; no two have one id, or one short name."""
    written = [
        value
        for home in HOMES
        for value in vars(
            importlib.import_module(f"edgecheck.behaviour.{home.parent.name}.records")
        ).values()
        if isinstance(value, Record)
    ]
    assert sorted(r.id for r in written) == sorted(r.id for r in RECORDS) == sorted(BY_ID)
    assert len({r.label for r in RECORDS}) == len(RECORDS)


def test_every_record_has_exactly_one_model() -> None:
    """And there is no model of anybody else, in any place where one is looked for."""
    assert [table.model(record).record for record in RECORDS] == list(RECORDS)
    models = [model for place in set(table.PLACES.values()) for model in table._models(place)]
    assert sorted(models) == sorted(BY_ID)
    asked = {record.library for record in RECORDS if table.model(record).unsure is undecided}
    assert asked == LOOKS_INTO.keys()
    assert table.PLACES.keys() == {record.library for record in RECORDS} == set(Library)


def test_every_kind_is_some_clients_and_every_client_is_of_some_kind() -> None:
    """So that whatever findings name is measured, and every refusal can be explained."""
    assert {kind for record in RECORDS for kind in record.kinds} == set(Refuser)
    assert all(record.kinds for record in RECORDS)


@pytest.mark.parametrize("kind", Refuser)
def test_every_kind_has_a_model_that_builds_chains(kind: Refuser) -> None:
    """By itself or as a version of another; nobody's absence is taken for a damaged chain."""
    assert callable(builder(VERSIONS.get(kind, kind)))


def test_what_connects_with_openssl_3_4_or_later_is_of_that_kind() -> None:
    """And of another one, by which it is called; `openssl verify` connects to nobody."""
    later = {
        record.id
        for record in RECORDS
        if isinstance(record.settings, Settings)
        and record.settings.version >= (3, 4)
        and record.settings.wire
    }
    assert later == {record.id for record in RECORDS if R.OPENSSL_3_4 in record.kinds}
    assert all(record.kinds[0] not in ACROSS for record in RECORDS)


def test_families_are_those_of_the_records() -> None:
    """Each has members, and each member has one."""
    assert set(FAMILIES) == {record.family for record in RECORDS}
    assert len(set(FAMILIES)) == len(FAMILIES)


def test_no_other_code_names_a_client() -> None:
    """By its id; what is about one asks the record."""
    recorded = PACKAGE / "clients" / "server_name.py"  # what each printed, by id
    others = [file for file in PACKAGE.rglob("*.py") if file not in (*HOMES, recorded)]
    assert len(others) > 200
    naming = {
        f"{file.relative_to(PACKAGE)}: {id}"
        for file in others
        for id in BY_ID
        if id in file.read_text(encoding="utf-8")
    }
    assert not naming


# --- tiers --------------------------------------------------------------------------------------


def test_tier_1_is_what_iot_edge_deployments_run() -> None:
    """The Azure SDKs, .NET, OpenSSL, Python, Node, Java and Go, as docs/severity.md has them."""
    assert {record.label for record in RECORDS if record.tier == 1} == {
        "Azure Python SDK",
        "Azure Node SDK",
        "Azure C SDK",
        ".NET 8",
        ".NET 8 with a callback",
        ".NET 9",
        ".NET 10",
        "Python 3.11",
        "Paho",
        "Python 3.13",
        "Python 3.14",
        "openssl s_client 3.0",
        "openssl s_client 3.5",
        "openssl s_client 3.6",
        "OpenSSL 3.4",
        "OpenSSL 3.5",
        "OpenSSL 4.0",
        "Node.js 16",
        "Node.js 18",
        "Node.js 20",
        "Node.js 20 (Debian)",
        "Node.js 22.23",
        "Node.js 24.19",
        "Node.js 24.22",
        "Node.js 26.8",
        "Node.js 26.12",
        "MQTT.js",
        "Java 17",
        "Java 21",
        "Java 25",
        "Go 1.27",
    }
    assert {record.tier for record in RECORDS} == {1, 2}
    assert [record.tier for record in RECORDS] == sorted(record.tier for record in RECORDS)


def test_clients_that_were_asked_without_a_name_are_of_no_deployment() -> None:
    """A real client has a host name to compare."""
    assert [r.tier for r in RECORDS if r.asked_without_name] == [2]


def test_predictions_say_where_the_platform_decides() -> None:
    """.NET is that on Linux: in the report, and in the version that the JSON report has."""
    dotnet = [record for record in RECORDS if record.family == ".NET"]
    assert {record.platform for record in dotnet} == {"Linux"}
    for record in dotnet:
        assert "on Linux" in record.shown
        assert "on Linux" in record.version


# --- kinds --------------------------------------------------------------------------------------


def test_kinds_of_tier_1_are_those_of_its_clients() -> None:
    """OpenSSL 1.1.1 is one through Node.js 16, which has it; a Go without support is none."""
    assert (
        frozenset(
            {
                R.PYTHON,
                R.NODE,
                R.NODE_20,
                R.NODE_24,
                *BY_NAMES_ALONE,
                R.S_CLIENT,
                R.OPENSSL_3_4,
                R.OPENSSL_3_4_WHOLE,
                R.OPENSSL_4_0,
                R.AZURE_C,
                R.DOTNET,
                R.JAVA,
                R.JAVA_21,
                R.GO,
                R.GO_1_24,
                R.GO_1_27,
                R.OPENSSL_1_1_1,
            }
        )
        == refusers.TIER_1
    )


def test_groups_of_kinds_follow_from_library_version_and_level() -> None:
    """What rules call OpenSSL, old OpenSSL, NSS, a security level, or everybody."""
    at_level_2 = {R.PYTHON, R.NODE_24, R.S_CLIENT, R.CURL, R.MOSQUITTO, R.PAHO_C, R.STRICT}
    assert at_level_2 == refusers.SECLEVEL_2
    assert at_level_2 | {R.NODE_20, R.AZURE_C} == refusers.SECLEVEL_1
    assert {R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.BORINGSSL} == refusers.OPENSSL_OLD
    assert {R.NSS, R.NSS_PKIX} == refusers.NSS
    assert {
        R.PYTHON,
        R.NODE,
        R.S_CLIENT,
        R.VERIFY,
        R.AZURE_C,
        R.CURL,
        R.MOSQUITTO,
        R.PAHO_C,
        R.STRICT,
        R.OPENSSL_1_1_1,
    } == refusers.OPENSSL
    versions = {R.NODE_20, R.NODE_24, R.OPENSSL_4_0, R.GO_OLD, R.GO_1_19, R.GO_1_24, R.RUSTLS_RTLS}
    versions |= {R.JAVA_21, R.GO_1_27, R.MBEDTLS_2_28, R.MBEDTLS_3, R.MBEDTLS_3_6_7}
    versions |= {R.GNUTLS_3_7, R.GNUTLS_3_8}
    versions |= {R.CURL_7, R.MOSQUITTO_2_0_11, R.MOSQUITTO_2_0_21, R.MOSQUITTO_2_1}
    assert set(Refuser) - versions - BY_NAMES_ALONE - ACROSS == refusers.EVERYBODY


def test_what_loads_all_trust_or_nothing_with_openssl_3_4_or_later_is_of_that_kind() -> None:
    """`openssl verify` too; Node.js alone keeps what stands before what cannot be decoded."""
    using = [(r, r.settings) for r in RECORDS if isinstance(r.settings, Settings)]
    since = [(r, settings) for r, settings in using if settings.version >= V3_4]
    whole = {r for r, settings in since if not settings.keeps_trust}
    assert {r for r in RECORDS if R.OPENSSL_3_4_WHOLE in r.kinds} == whole
    assert {r.family for r, settings in since if settings.keeps_trust} == {"Node.js"}


def test_names_of_tier_1_come_first() -> None:
    """In what a finding says of who refuses."""
    told = refusers.in_order(frozenset(Refuser))
    tier_1 = {kind.value for kind in refusers.TIER_1}
    assert set(told[: len(tier_1)]) == tier_1
    assert sorted(told) == sorted(kind.value for kind in Refuser)


def test_versions_of_a_family_are_told_by_their_number_alone() -> None:
    """Where some of it are not meant; a family of which all are is told by its name."""
    node = [r.id for r in RECORDS if r.family == "Node.js"]
    told = families(id for id in node if BY_ID[id].label not in ("Node.js 16", "Node.js 26.12"))
    assert told == [
        "MQTT.js", "Node.js 18", "20", "20 (Debian)", "22.23", "24.19", "24.22", "26.8"
    ]  # fmt: skip
    assert families(node) == ["Node.js"]
    some = [
        r.id for r in RECORDS if r.label in ("Node.js 16", "OpenSSL 3.5", "Go 1.19", "OpenSSL 3.4")
    ]
    assert families([*some, "9x", "8x"]) == [
        "Node.js 16", "OpenSSL 3.4", "3.5", "Go 1.19", "8x", "9x"
    ]  # fmt: skip


# --- how people call them -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ((), set()),
        (("go1.27.3",), {"Go 1.27"}),
        (("GO",), {"Go 1.27", "Go 1.24", "Go 1.19"}),
        (("Go before 1.24",), {"Go 1.19"}),
        ((" azure python sdk ", "Java"), {"Azure Python SDK", "Java 17", "Java 21", "Java 25"}),
        ((".NET 8 on Linux", ".NET 8"), {".NET 8"}),
        (("OpenSSL 1.1.1",), {records.OPENSSL_1_1_1.label, "Node.js 16"}),
        (
            ("nss",),
            {
                "NSS classic",
                "NSS libpkix",
                "NSS 3.110",
                "NSS libpkix 3.110",
                "NSS 3.132",
                "NSS libpkix 3.132",
            },
        ),
        (("Python 3.13",), {"Python 3.13", "ssl.create_default_context() of Python 3.13"}),
        (("Python 3.14 (strict)",), {"ssl.create_default_context() of Python 3.14"}),
        (("openssl verify",), {"openssl verify 3.0", "openssl verify 3.5", "openssl verify 3.6"}),
        (("mbedTLS",), {"mbedTLS 2.28", "mbedTLS 3.6.6", "mbedTLS 3.6.7"}),
        (("mbedTLS 3",), {"mbedTLS 3.6.6", "mbedTLS 3.6.7"}),
        (("curl 7",), {"curl 7.88"}),
    ],
)
def test_clients_are_chosen_by_whatever_people_call_them(
    words: tuple[str, ...], labels: set[str]
) -> None:
    """Id, name, label, family or kind; case does not count."""
    assert {BY_ID[id].label for id in chosen(words)} == labels


def test_every_way_to_call_a_client_chooses_it() -> None:
    """And its id it alone."""
    for record in RECORDS:
        assert chosen([record.id.upper()]) == {record.id}
        for word in record.called:
            assert record.id in chosen([word])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("nodejs", "no client is called 'nodejs'; did you mean Node.js"),
        ("azure", "no client is called 'azure'; did you mean Azure Python SDK, Azure Node SDK"),
        ("\u5b57", "no client is called '\u5b57'"),
        ("", "no client is called ''"),
    ],
)
def test_a_name_of_nobody_is_refused_with_those_that_are_like_it(word: str, said: str) -> None:
    """Also beside a good one."""
    with pytest.raises(ValueError, match=r"no client is called") as refused:
        chosen(["Java", word])
    assert str(refused.value).startswith(said)

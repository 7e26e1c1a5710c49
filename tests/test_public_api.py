"""What others program against: the names, the types, and what a mistaken call is told."""

from __future__ import annotations

import inspect
import typing
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

import edgecheck
from edgecheck import Device, Limits, Memo, Role, Source, Validation, types
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_11
from tests.conftest import REPO

pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")


@pytest.fixture(scope="module")
def chain() -> bytes:
    return pem(*stock_11("ec").presented(), comments=False)


@pytest.fixture(scope="module")
def root() -> bytes:
    return pem(*stock_11("ec").trust(), comments=False)


# --- names --------------------------------------------------------------------------------------


def test_public_names_are_few_and_there() -> None:
    assert len(edgecheck.__all__) <= 20
    assert sorted(edgecheck.__all__) == edgecheck.__all__
    for name in edgecheck.__all__:
        assert hasattr(edgecheck, name), name


def test_everything_else_in_the_package_is_a_module() -> None:
    """So that nothing is public by accident."""
    for name, value in vars(edgecheck).items():
        assert name in edgecheck.__all__ or name.startswith("_") or inspect.ismodule(value), name


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(edgecheck.__file__).parent / "py.typed").is_file()


def test_public_names_have_docstrings() -> None:
    for name in edgecheck.__all__:
        value = getattr(edgecheck, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_names_for_annotations_are_there_and_resolve() -> None:
    """Whoever wraps `check()` needs them; they are no part of the package's own few names."""
    assert sorted(types.__all__) == types.__all__
    for name in types.__all__:
        assert hasattr(types, name), name
    hints = typing.get_type_hints(edgecheck.check)
    assert hints["presented"] == types.AnyCertificates
    assert hints["crls"] == types.AnyCrls


def test_arguments_keep_their_names_and_order() -> None:
    """Callers pass them by name, and the first three by position too."""
    names = list(inspect.signature(edgecheck.check).parameters)
    assert names[:4] == ["presented", "hostname", "trust", "at"]
    assert {"device", "profile", "validation", "rules", "memo", "roles"} <= set(names)


def test_what_is_given_and_what_comes_back_cannot_be_changed(chain: bytes) -> None:
    report = edgecheck.check(chain, at=NOW)
    parts: list[Any] = [
        report,
        *report.findings,
        *report.undecided,
        Device(),
        Limits(),
        Validation(),
    ]
    for part in [*parts, report.hierarchy, Source("name", b"")]:
        first = fields(part)[0].name
        with pytest.raises(FrozenInstanceError):
            setattr(part, first, getattr(part, first))


# --- forms of input -----------------------------------------------------------------------------


def test_one_chain_in_every_form_gives_one_answer(chain: bytes, root: bytes) -> None:
    """Text, bytes, DER one after the other, certificates, sources, and any mixture of these."""
    loaded = x509.load_pem_x509_certificates(chain)
    der = [issued.der for issued in stock_11("ec").presented()]
    forms: list[Any] = [
        chain,
        chain.decode(),
        bytearray(chain),
        memoryview(chain),
        b"".join(der),
        der,
        iter(der),
        loaded,
        tuple(loaded),
        Source("chain.pem", chain),
        [Source("chain.pem", chain)],
        [der[0], loaded[1], *der[2:]],
        edgecheck.check(chain, at=NOW).certificates,
    ]
    for form in forms:
        report = edgecheck.check(form, HOSTNAME, root, NOW)
        assert report.valid is True, type(form)
        assert [c.sha256 for c in report.certificates] == [
            c.sha256 for c in edgecheck.check(chain, HOSTNAME, root, NOW).certificates
        ]


def test_trust_comes_in_the_same_forms(chain: bytes, root: bytes) -> None:
    forms: list[Any] = [root, root.decode(), x509.load_pem_x509_certificates(root)]
    for form in [*forms, [Source("trust.pem", root)], forms[2][0]]:
        assert edgecheck.check(chain, HOSTNAME, form, NOW).valid is True


@pytest.mark.parametrize("nothing", [(), []], ids=["tuple", "list"])
def test_no_trust_is_no_verdict(chain: bytes, nothing: Any) -> None:
    report = edgecheck.check(chain, HOSTNAME, nothing, NOW)
    assert report.valid is None
    assert report.hierarchy.anchor_assumed


def test_the_time_may_have_any_zone(chain: bytes, root: bytes) -> None:
    there = NOW.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+09:00").tzinfo)
    assert edgecheck.check(chain, HOSTNAME, root, there).expected.at == NOW


# --- mistakes -----------------------------------------------------------------------------------

PATH = Path("device-ca.pem")
MISTAKES: dict[str, tuple[dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "a path as text": (
        {"presented": "certs/device-ca.pem"},
        TypeError,
        ("presented: expected", "looks like a path", "read_bytes()"),
    ),
    "a path": (
        {"presented": PATH},
        TypeError,
        ("presented: expected", type(PATH).__name__, "read_bytes()"),
    ),
    "a path among others": (
        {"presented": [b"", "device-ca.pem"]},
        TypeError,
        ("presented: expected", "looks like a path"),
    ),
    "a number": ({"presented": 5}, TypeError, ("presented: expected", "got int")),
    "nothing": ({"presented": None}, TypeError, ("presented: expected", "got NoneType")),
    "a list of numbers": ({"presented": [1]}, TypeError, ("presented: expected", "got int")),
    "trust that is a path": ({"trust": "root.pem"}, TypeError, ("trust: expected", "read_bytes")),
    "trust that is a Path": ({"trust": PATH}, TypeError, ("trust: expected", "read_bytes")),
    "trust without a certificate": ({"trust": b""}, ValueError, ("trust: no certificate",)),
    "trust that is damaged": (
        {"trust": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"},
        ValueError,
        ("trust: no certificate",),
    ),
    "a time without a zone": (
        {"at": datetime(2026, 11, 23, 12)},  # noqa: DTZ001 - that is the mistake
        ValueError,
        ("at: expected an aware datetime", "naive", "tzinfo"),
    ),
    "a time that is text": (
        {"at": "2026-11-23T12:00:00Z"},
        TypeError,
        ("at: expected an aware datetime", "got str"),
    ),
    "a time that is a number": ({"at": 0}, TypeError, ("at: expected an aware datetime", "int")),
    "a host name that is bytes": (
        {"hostname": b"gw"},
        TypeError,
        ("hostname: expected a str", "got bytes"),
    ),
    "an empty host name": (
        {"hostname": ""},
        ValueError,
        ("hostname: expected a DNS name or an IP address", "empty"),
    ),
    "an unknown profile": (
        {"profile": "web"},
        ValueError,
        ("profile: 'web' is unknown", "iot-edge", "path"),
    ),
    "a role of nobody": (
        {"roles": {"abc": "root"}},
        ValueError,
        ("roles: expected 64 hexadecimal digits", "'abc'"),
    ),
    "an unknown role": (
        {"roles": {"ab" * 32: "leaf"}},
        ValueError,
        ("roles: 'leaf' is unknown", *Role),
    ),
    "a trust bundle that is a path": (
        {"device": Device(trust_bundle="bundle.pem")},
        TypeError,
        ("device.trust_bundle: expected", "read_bytes"),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistaken_call_is_told_what_was_expected(name: str) -> None:
    """Which argument, what it got, and what it wants instead."""
    arguments, kind, parts = MISTAKES[name]
    with pytest.raises(kind) as raised:
        edgecheck.check(**{"presented": b"", **arguments})
    assert type(raised.value) in (TypeError, ValueError)
    for part in parts:
        assert part in str(raised.value)
    assert "\n" not in str(raised.value)


WRONG_VALUES: list[tuple[type[Any], dict[str, Any], type[Exception], tuple[str, ...]]] = [
    (Device, {"runtime": "2.0"}, ValueError, ("runtime: '2.0'", "1.0.0 to 1.0.10", "1.6.0")),
    (Device, {"runtime": "1.1.20"}, ValueError, ("runtime: '1.1.20'", "1.1.0 to 1.1.19")),
    (Device, {"runtime": "latest"}, ValueError, ("runtime: 'latest'", "1.5.0")),
    (Device, {"runtime": 1.1}, TypeError, ("runtime: expected a str", "float")),
    (Device, {"time_t_bits": 16}, ValueError, ("time_t_bits: expected 32 or 64", "16")),
    (Device, {"gateway_host_names": "gw"}, TypeError, ("gateway_host_names: expected a tuple",)),
    (Device, {"trust_bundle_cert": 1}, TypeError, ("trust_bundle_cert: expected a str", "int")),
    (Device, {"edge_ca": "cert"}, TypeError, ("edge_ca: expected a mapping", "str")),
    (Device, {"edge_ca": {"crt": ""}}, ValueError, ("edge_ca: 'crt' is unknown", "cert, pk")),
    (Device, {"edge_ca": {1: ""}}, TypeError, ("edge_ca: expected str as keys",)),
    (
        Device,
        {"edge_ca": {"expiry_days": "90"}},
        TypeError,
        ("edge_ca.expiry_days: expected an int", "str"),
    ),
    (Device, {"edge_ca": {"expiry_days": True}}, TypeError, ("edge_ca.expiry_days: ", "bool")),
    (
        Device,
        {"edge_ca": {"auto_renew": {"rotate_key": 1}}},
        TypeError,
        ("edge_ca.auto_renew.rotate_key: expected a bool", "int"),
    ),
    (
        Device,
        {"keys": {"edge_ca.pk": {"curves": "secp256r1"}}},
        ValueError,
        ("keys.edge_ca.pk: 'curves' is unknown", "path", "curve", "public_key"),
    ),
    (
        Device,
        {"files": {"edge_ca.cert": {"readable_by": "aziotcs"}}},
        TypeError,
        ("files.edge_ca.cert.readable_by: expected a tuple or list", "str"),
    ),
    (
        Device,
        {"registration": {"thumbprints": [1]}},
        TypeError,
        ("registration.thumbprints: expected a str", "int"),
    ),
    (Validation, {"purpose": "mail"}, ValueError, ("purpose: expected 'server' or 'client'",)),
    (Validation, {"max_depth": -1}, ValueError, ("max_depth: expected 0 or more", "-1")),
    (Validation, {"peer_names": [b"a"]}, TypeError, ("peer_names: expected str", "bytes")),
    (Validation, {"peer_names": None}, TypeError, ("peer_names: expected a tuple", "NoneType")),
    (Validation, {"initial_policies": [1]}, TypeError, ("initial_policies: expected str", "int")),
    (Device, {"gateway_host_names": 5}, TypeError, ("gateway_host_names: expected", "int")),
    (Memo, {"most": 1}, ValueError, ("most: expected 2 or more", "1")),
]


@pytest.mark.parametrize(
    ("made", "arguments", "kind", "parts"),
    WRONG_VALUES,
    ids=[f"{made.__name__} {arguments}" for made, arguments, _, _ in WRONG_VALUES],
)
def test_a_wrong_value_is_refused_where_it_is_given(
    made: type[Any], arguments: dict[str, Any], kind: type[Exception], parts: tuple[str, ...]
) -> None:
    """Not later, by a check that knows nothing of it."""
    with pytest.raises(kind) as raised:
        made(**arguments)
    for part in parts:
        assert part in str(raised.value)


@pytest.mark.parametrize(
    "runtime",
    ["1.0", "1.0.0", "1.0.10.4", "1.1", "1.1.19", "1.2.10", "1.3", "1.4.27", "1.5", "1.6.0"],
)
def test_known_versions_of_the_runtime_are_taken(runtime: str) -> None:
    assert Device(runtime=runtime).runtime == runtime


def test_the_same_runtime_by_line_and_by_last_patch(chain: bytes) -> None:
    line, patch = (
        edgecheck.check(chain, at=NOW, device=Device(runtime=runtime)).expected.runtime
        for runtime in ("1.1", "1.1.19")
    )
    assert line == patch == (1, 1, 19)


def test_a_report_says_when_it_was_made(chain: bytes) -> None:
    assert edgecheck.check(chain).expected.at.tzinfo is UTC


def test_a_path_is_its_certificates() -> None:
    """`report.hierarchy.path` is iterated from the target up to the anchor."""
    folder = REPO / "fixtures" / "good" / "runtime-1-5-rsa"
    trust = (folder / "trust.pem").read_bytes()
    found = edgecheck.check((folder / "chain.pem").read_bytes(), trust=trust, at=NOW).hierarchy
    assert found.path is not None
    assert len(found.path) == 4
    assert list(found.path) == [found.server, found.device_ca, *found.intermediates, found.root]
    assert found.anchor is found.root

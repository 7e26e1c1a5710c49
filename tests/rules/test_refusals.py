"""What findings say about who refuses a chain, against what clients did over TLS.

`refusals.json` holds what 26 clients answered to chains that differ from a sound one in one thing,
November 2026: by the name of the change (as `CHANGES` makes it), the ids of those that refused. A
finding must name each of them, and nobody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import edgecheck
from edgecheck.behaviour.records import BY_ID
from fixtures import der, stock
from fixtures.gateway import Gateway
from fixtures.pki import (
    Extension,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    key_usage,
    name_constraints,
    netscape_cert_type,
    pem,
    raw_extension,
    subject_key_id,
)

TRIED = json.loads((Path(__file__).parent / "refusals.json").read_text(encoding="utf-8"))
ASKED = frozenset(client for line in TRIED.values() for client in line["refused by"])
"""The clients that were tried, by id: each refused something."""
USUAL = ("digitalSignature", "keyEncipherment")
USAGES: dict[str, tuple[str, ...]] = {
    "ds": ("digitalSignature",),
    "ke": ("keyEncipherment",),
    "ka": ("keyAgreement",),
    "nr": ("nonRepudiation",),
    "de": ("dataEncipherment",),
    "crl": ("cRLSign",),
    "kcs": ("keyCertSign",),
    "empty": (),
    "dske_kcs": (*USUAL, "keyCertSign"),
    "dske_crl": (*USUAL, "cRLSign"),
    "keka": ("keyEncipherment", "keyAgreement"),
    "denr": ("dataEncipherment", "nonRepudiation"),
    "enconly": ("keyAgreement", "encipherOnly"),
}
PURPOSES: dict[str, tuple[str, ...]] = {
    "any": ("anyExtendedKeyUsage",),
    "any_server": ("serverAuth", "anyExtendedKeyUsage"),
    "client": ("clientAuth",),
    "both": ("clientAuth", "serverAuth"),
    "sgc": ("2.16.840.1.113730.4.1",),
    "mssgc": ("1.3.6.1.4.1.311.10.3.3",),
}
_OK = {"dns": ["iotedgegw.local", "edgehub"]}
CONSTRAINTS = {
    "ok": name_constraints(_OK),
    "ok_noncrit": name_constraints(_OK, critical=False),
    "other": name_constraints({"dns": ["contoso.example", "edgehub"]}),
    "noedgehub": name_constraints({"dns": ["iotedgegw.local"]}),
    "ex": name_constraints(None, {"dns": ["local"]}),
    "exnoncrit": name_constraints(None, {"dns": ["local"]}, critical=False),
}
_INHIBITS = b"\x30\x03\x81\x01\x00"
_POLICY = der.sequence(der.sequence(der.oid("2.999.1")))
_OTHER_NAME = der.sequence(der.tlv(0x82, b"x.example"))


def added(oid: str, value: bytes, critical: bool = True) -> Callable[[Gateway, str], Gateway]:
    """A change that adds an extension, or puts it in the place of its like."""
    return lambda gateway, role: gateway.with_extension(role, raw_extension(oid, value, critical))


def put(extension: Extension) -> Callable[[Gateway, str], Gateway]:
    return lambda gateway, role: gateway.with_extension(role, extension)


def lost(name: str) -> Callable[[Gateway, str], Gateway]:
    return lambda gateway, role: gateway.without_extension(role, name)


def changed(**changes: object) -> Callable[[Gateway, str], Gateway]:
    return lambda gateway, role: gateway.change(role, **changes)


def turned(name: str) -> Callable[[Gateway, str], Gateway]:
    """A change that makes an extension critical, or takes that from it."""

    def change(gateway: Gateway, role: str) -> Gateway:
        have = next(each for each in gateway[role].extensions if each.name == name)
        other = Extension(have.oid, not have.critical, have.value, have.shown)
        return gateway.with_extension(role, other)

    return change


CHANGES: dict[str, Callable[[Gateway, str], Gateway]] = {
    "bc_noncrit": turned("basicConstraints"),
    "ku_noncrit": turned("keyUsage"),
    "ku_none": lost("keyUsage"),
    "ku_signonly": put(key_usage("keyCertSign")),
    "ski_crit": turned("subjectKeyIdentifier"),
    "aki_crit": turned("authorityKeyIdentifier"),
    "san_crit": turned("subjectAltName"),
    "eku_crit": turned("extendedKeyUsage"),
    "ski_none": lost("subjectKeyIdentifier"),
    "ski_empty": put(subject_key_id(b"")),
    "aki_none": lost("authorityKeyIdentifier"),
    "aki_serial": put(authority_key_id(keyid=False, issuer_and_serial=True)),
    "aki_empty": added("authorityKeyIdentifier", b"\x30\x00", False),
    "v1ext": changed(version=1),
    "pc_noncrit": added("2.5.29.36", _INHIBITS, False),
    "pc_crit": added("2.5.29.36", _INHIBITS),
    "pc_reqexp": added("2.5.29.36", b"\x30\x03\x80\x01\x00"),
    "iap_crit": added("2.5.29.54", b"\x02\x01\x00"),
    "polcrit": added("2.5.29.32", _POLICY),
    "ian_crit": added("2.5.29.18", _OTHER_NAME),
    "unk_crit": added("1.3.6.1.4.1.99999.1", b"\x05\x00"),
    "unk_noncrit": added("1.3.6.1.4.1.99999.1", b"\x05\x00", False),
    "staple": added("1.3.6.1.5.5.7.1.24", b"\x30\x03\x02\x01\x05", False),
    "subj_empty": changed(subject=b"\x30\x00"),
    "subj_empty_sancrit": lambda gateway, role: turned("subjectAltName")(
        gateway.change(role, subject=b"\x30\x00"), role
    ),
    "sha1": changed(signature="sha1_rsa"),
    "md5": changed(signature="md5_rsa"),
    "sha224": changed(signature="sha224_rsa"),
    "sha512": changed(signature="sha512_rsa"),
    "ca": put(basic_constraints(True)),
    "ca_noku": lambda gateway, role: gateway.with_extension(
        role, basic_constraints(True)
    ).without_extension(role, "keyUsage"),
    "pathlen": put(basic_constraints(False, 0)),
    "nc": put(CONSTRAINTS["ok"]),
}


def made(name: str) -> Gateway:
    """The gateway of one line of the table."""
    role, what, *more = name.split()
    server = key_usage(*USUAL), basic_constraints(False)
    gateway = stock.stock_15().change("server", serial=None)
    for extension in server:
        gateway = gateway.with_extension("server", extension)
    if role == "server-ec":
        role, gateway = "server", gateway.change("server", key="p256-5")
    if not more:
        return CHANGES[what](gateway, role)
    match what:
        case "key":
            return gateway.change(role, key=more[0])
        case "ku":
            return gateway.with_extension(role, key_usage(*USAGES[more[0]]))
        case "ns":
            return gateway.with_extension(role, netscape_cert_type(more[0]))
        case "nc":
            return gateway.with_extension(role, CONSTRAINTS[more[0]])
    if more[0] == "none":
        return gateway.without_extension(role, "extendedKeyUsage")
    return gateway.with_extension(role, extended_key_usage(*PURPOSES.get(more[0], (more[0],))))


@pytest.mark.parametrize("name", TRIED)
def test_findings_name_exactly_those_who_refuse(name: str) -> None:
    """Each client that refused the chain is named by some finding, and no other client is."""
    gateway = made(name)
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    named = {each for finding in report.findings for each in finding.evidence.get("refused_by", ())}
    untried = set(TRIED[name].get("not tried", ()))
    said = {client for client in ASKED if named.intersection(BY_ID[client].known_as)} - untried
    assert said == set(TRIED[name]["refused by"])


def test_every_client_that_was_tried_is_known() -> None:
    """By its record."""
    assert len(ASKED) == 26
    assert set(BY_ID) >= ASKED

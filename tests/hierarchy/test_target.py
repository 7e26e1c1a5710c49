"""Which certificate is judged: the first that is sent, and of a file the gateway's server's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

import edgecheck
from edgecheck import Role, Severity
from fixtures import stock
from fixtures.captured import s_client
from fixtures.extensions import raw_extension
from fixtures.gateway import Gateway
from fixtures.pki import (
    Extension,
    Issued,
    Spec,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    pem,
    subject_alt_name,
)

GATEWAY = stock.stock_11("ec")
HOST = stock.HOSTNAME
ELSEWHERE = "another.example"
NO_SERVER = "chain.no-server-certificate"
IS_CA = basic_constraints(True)


def report(
    *presented: Issued, hostname: str | None = HOST, trust: Any = None, **given: Any
) -> edgecheck.Report:
    """What is said of certificates; the trust is the gateway's root where nothing else is."""
    trusted = GATEWAY.trust() if trust is None else trust
    return edgecheck.check(
        given.pop("sent", None) or pem(*presented, comments=False),
        hostname,
        pem(*trusted, comments=False),
        stock.NOW,
        **given,
    )


def causes(found: edgecheck.Report, *severities: Severity) -> list[str]:
    """The rules of findings that nothing else causes; of any severity where none is named."""
    wanted = severities or (Severity.ERROR, Severity.WARNING)
    return [f.rule.id for f in found.findings if not f.caused_by and f.severity in wanted]


def verdicts(found: edgecheck.Report) -> dict[str, str]:
    return {prediction.client: prediction.verdict.value for prediction in found.predictions}


def with_server(*changed: Extension) -> Gateway:
    gateway = GATEWAY
    for extension in changed:
        gateway = gateway.with_extension("server", extension)
    return gateway


def by_hand(name: str, *extensions: Extension) -> Issued:
    """What signs itself."""
    end = stock.SERVER_ISSUED + timedelta(days=365)
    return issue(Spec(name, "p256-6", stock.SERVER_ISSUED, end, extensions, role="server"))


# --- the first that is sent --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        (("workload_ca", "device_ca", "intermediate"), Role.WORKLOAD_CA),
        (("device_ca", "intermediate"), Role.DEVICE_CA),
        (("root",), Role.ROOT),
    ],
)
@pytest.mark.parametrize("transcript", [True, False])
def test_a_ca_that_is_served_is_one_error_that_says_which(
    roles: Sequence[str], first: Role, transcript: bool
) -> None:
    """In a transcript and in a capture alike, and every model is asked about that certificate."""
    sent = GATEWAY.presented(*roles)
    found = report(sent=s_client(*sent)) if transcript else report(*sent, as_sent=True)
    assert causes(found) == [NO_SERVER]
    assert found.findings[0].role is first
    assert "the gateway serves the" in found.findings[0].message
    assert found.valid is False and not found.ok
    assert found.hierarchy.judged == found.hierarchy.sequence[0]
    assert verdicts(found)["go1.27.3"] == "reject"
    assert {found.findings[0].id} == {i for p in found.predictions for i in p.because}


def test_a_ca_that_is_served_and_asked_for_no_name_is_a_warning() -> None:
    """Its chain is valid, and whether some name would do is not known."""
    found = report(*GATEWAY.presented("device_ca", "intermediate"), hostname=None, as_sent=True)
    assert causes(found) == [NO_SERVER]
    assert found.findings[0].severity is Severity.WARNING
    assert found.valid is True


def test_what_stands_before_the_server_decides_what_clients_do() -> None:
    """The hierarchy is the gateway's; `valid` is about what was sent first."""
    roles = ("device_ca", "server", "workload_ca", "intermediate")
    asked, unasked = (
        report(*GATEWAY.presented(*roles), hostname=name, as_sent=True) for name in (HOST, None)
    )
    for found in (asked, unasked):
        assert causes(found) == ["chain.server-not-first"]
        assert found.hierarchy.server is not None
        assert found.hierarchy.target == found.hierarchy.server
        assert found.hierarchy.judged == found.hierarchy.device_ca
    assert asked.valid is False
    assert unasked.valid is True and not unasked.ok
    assert report(*GATEWAY.presented(*roles)).valid is True  # a file can still be put in order


def test_a_stated_server_is_the_server() -> None:
    """`--role` overrides what a certificate looks like."""
    sent = GATEWAY.presented("device_ca", "intermediate")
    plain = report(*sent, as_sent=True)
    stated = {plain.hierarchy.sequence[0].sha256: "server"}
    found = report(*sent, as_sent=True, roles=stated)
    assert found.hierarchy.server == found.hierarchy.sequence[0]
    assert NO_SERVER not in causes(found)
    assert "hostname.not-in-san" in causes(found)


def test_as_sent_is_a_bool() -> None:
    """Anything else is a mistake of the call."""
    with pytest.raises(TypeError, match="as_sent"):
        report(*GATEWAY.presented(), as_sent="yes")


# --- files -------------------------------------------------------------------------------------


def test_a_file_of_cas_with_a_host_name_can_be_two_things() -> None:
    """So it is an error with both readings, and nothing is said to be valid."""
    found = report(*GATEWAY.presented("device_ca", "intermediate", "root"))
    assert causes(found) == [NO_SERVER]
    assert found.valid is None
    assert found.hierarchy.server is None
    assert "as the device CA's file" in found.findings[0].message
    assert "`--device-ca-file`" in found.findings[0].remedy
    assert set(verdicts(found).values()) == {"unknown"}
    assert {p.says for p in found.predictions} == {
        "there is no server certificate in what was given"
    }


def test_a_file_that_is_said_to_be_the_device_cas_is_judged_as_that() -> None:
    """By the argument, or by the role of its first certificate."""
    sent = GATEWAY.presented("device_ca", "intermediate", "root")
    file = edgecheck.Device(device_ca_file=pem(*sent, comments=False))
    first = report(*sent).hierarchy.sequence[0].sha256
    for given in ({"device": file}, {"roles": {first: "device-ca"}}):
        found = report(*sent, **given)
        assert causes(found) == [] and causes(found, Severity.INFO)[0] == NO_SERVER
        assert found.valid is True and found.predictions == ()


def test_a_file_of_cas_without_a_host_name_is_a_device_cas() -> None:
    """The lowest CA is judged as a CA, and a note tells how to check the gateway."""
    found = report(*GATEWAY.presented("intermediate", "device_ca", "root"), hostname=None)
    assert found.hierarchy.target == found.hierarchy.device_ca
    assert found.valid is True and found.predictions == ()
    (note,) = (f for f in found.findings if f.rule.id == NO_SERVER)
    assert note.severity is Severity.INFO
    assert "openssl s_client" in note.remedy


def test_where_something_was_not_read_nobody_knows_what_is_missing() -> None:
    """The server's certificate may be what is damaged: undecided, and nothing valid."""
    chain = pem(*GATEWAY.presented("server", "device_ca", "intermediate"), comments=False)
    found = report(sent=chain.replace(b"MII", b"M!I", 1))
    assert NO_SERVER not in causes(found)
    assert NO_SERVER in {entry.rule for entry in found.undecided}
    assert found.valid is None and not found.ok


# --- what is a server's certificate though it does not look like one ------------------------------


@pytest.mark.parametrize("as_sent", [True, False])
def test_a_ca_for_the_asked_name_is_the_servers(as_sent: bool) -> None:
    """Most clients accept it; one warning, and no length of a path is exceeded."""
    found = report(*with_server(IS_CA).presented(), as_sent=as_sent)
    assert causes(found) == ["extension.server-is-ca"]
    assert found.hierarchy.role(found.hierarchy.sequence[0]) is Role.SERVER
    assert found.valid is True
    refusing = {client for client, verdict in verdicts(found).items() if verdict == "reject"}
    assert {"deno2.9.8-rustls", "cryptography50-x509verify", "wolfssl5.5.4"} <= refusing
    assert "openssl3.0.19-s_client" not in refusing and "go1.27.3" not in refusing


def test_a_ca_without_a_purpose_for_the_asked_name_is_the_servers() -> None:
    """By the name in the alternative names alone; by the common name where it was sent."""
    plain = GATEWAY.without_extension("server", "extendedKeyUsage").with_extension("server", IS_CA)
    assert report(*plain.presented()).hierarchy.server is not None
    unnamed = plain.without_extension("server", "subjectAltName")
    assert report(*unnamed.presented(), as_sent=True).hierarchy.server is not None
    device_ca = GATEWAY.change("device_ca", subject=HOST).presented("device_ca", "intermediate")
    assert report(*device_ca).hierarchy.server is None
    assert report(*device_ca, as_sent=True).hierarchy.server is not None


def test_a_cas_key_usage_on_the_server_is_what_clients_refuse() -> None:
    """A key that may sign certificates alone signs no handshake."""
    found = report(*with_server(IS_CA, key_usage("keyCertSign")).presented())
    assert "extension.server-key-usage" in causes(found)
    assert verdicts(found)["openssl3.0.19-s_client"] == "reject"


@pytest.mark.parametrize(
    ("extension", "refused"),
    [
        (raw_extension("extendedKeyUsage", b"\x30\x00"), {"openssl3.0.19-s_client"}),
        (raw_extension("basicConstraints", b"\x30\x01"), set()),
        (raw_extension("keyUsage", b"\x04\x02\x01\x06", critical=True), set()),
        (raw_extension("subjectAltName", b"\x30\x01"), set()),
    ],
    ids=["purposes", "constraints", "key usage", "names"],
)
@pytest.mark.parametrize("alone", [True, False])
def test_a_damaged_extension_leaves_a_server_a_server(
    extension: Extension, refused: set[str], alone: bool
) -> None:
    """It is never called a CA, and clients are asked about it."""
    gateway = with_server(extension)
    found = report(*(gateway.presented("server") if alone else gateway.presented()))
    assert found.hierarchy.server == found.hierarchy.sequence[0]
    assert found.predictions
    assert refused <= {client for client, verdict in verdicts(found).items() if verdict == "reject"}
    assert not {"ca.not-a-ca", "ca.path-length-exceeded", NO_SERVER}.intersection(causes(found))


def test_an_empty_purpose_is_refused_by_openssl_and_taken_by_go() -> None:
    """X509v3_get_ext_d2i gives a purpose that allows nothing; Go's parser a list of none."""
    found = verdicts(
        report(*with_server(raw_extension("extendedKeyUsage", b"\x30\x00")).presented())
    )
    assert found["openssl3.0.19-s_client"] == "reject"
    assert found["go1.27.3"] == "accept"


def test_a_damaged_server_with_its_issuers_name_is_the_server() -> None:
    """Its name is that of an issuer, and its purpose cannot be read; its names can."""
    gateway = with_server(raw_extension("extendedKeyUsage", b"\x30\x00")).change(
        "server", subject=GATEWAY["workload_ca"].subject
    )
    found = report(*gateway.presented())
    assert found.hierarchy.server == found.hierarchy.sequence[0]


# --- what is served instead ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "extensions",
    [(), (IS_CA,), (IS_CA, subject_alt_name(dns=[ELSEWHERE])), (basic_constraints(False),)],
    ids=["none", "openssl req -x509", "with names", "CA:FALSE"],
)
@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("as_sent", [True, False])
def test_a_self_signed_certificate_is_one_error_that_explains(
    extensions: tuple[Extension, ...], trusted: bool, as_sent: bool
) -> None:
    """Made for another name, whether the client trusts it or not."""
    own = by_hand(ELSEWHERE, *extensions)
    found = report(own, trust=[own] if trusted else None, as_sent=as_sent)
    assert causes(found) == ["edge.self-signed-server"]
    assert f'is not for "{HOST}"' in found.findings[0].message
    assert ("is not what the client trusts" in found.findings[0].message) is not trusted
    assert found.valid is False


def test_a_self_signed_certificate_that_works_is_no_error() -> None:
    """It is trusted, and for the name."""
    own = by_hand(HOST, basic_constraints(False), subject_alt_name(dns=[HOST]))
    found = report(own, trust=[own])
    assert causes(found) == ["trust.server-certificate"]
    assert found.valid is True


def test_a_root_that_is_served_is_no_self_signed_server() -> None:
    """It is named as a CA, or may sign certificates."""
    for name, *more in (
        ("Contoso Root CA", IS_CA),
        ("gw.example", IS_CA, key_usage("keyCertSign")),
    ):
        own = by_hand(name, *more)
        assert causes(report(own, trust=[own], as_sent=True)) == [NO_SERVER]


def test_a_client_certificate_with_host_names_is_no_identity() -> None:
    """A wrong template makes such a certificate; the purpose is what is wrong with it."""
    gateway = with_server(extended_key_usage("clientAuth"))
    assert causes(report(*gateway.presented())) == ["path.not-for-this-purpose"]


def test_one_certificate_for_both_is_no_fault() -> None:
    """The gateway logs in with its server certificate, which is for servers too."""
    gateway = with_server(extended_key_usage("serverAuth", "clientAuth"))
    own = pem(*gateway.presented("server"), comments=False)
    found = report(*gateway.presented(), device=edgecheck.Device(identity_certificate=own))
    assert "edge.identity-as-server" not in causes(found)


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ("gw.azure-devices.net", "Contoso Issuing CA"),
        ("gw.westeurope.cloudapp.azure.com", "DigiCert TLS CA"),
        ("notazure-devices.net", "DigiCert TLS CA"),
    ],
)
def test_a_gateway_with_such_a_name_or_issuer_is_no_cloud_service(name: str, issuer: str) -> None:
    """Both must be those of the service."""
    gateway = GATEWAY.change("device_ca", subject=issuer).without("workload_ca")
    gateway = gateway.change("server", subject=name)
    gateway = gateway.with_extension("server", subject_alt_name(dns=[name]))
    found = report(*gateway.presented(), hostname=ELSEWHERE)
    assert "edge.cloud-service" not in causes(found)
    assert found.hierarchy.service == ""


def test_the_cas_of_a_cloud_service_are_no_gateways() -> None:
    """None is called a device CA, nor the other one a hub server certificate."""
    gateway = GATEWAY.without("workload_ca").change("server", subject="*.azure-devices.net")
    gateway = gateway.with_extension("server", subject_alt_name(dns=["*.azure-devices.net"]))
    gateway = gateway.change("device_ca", subject="Microsoft Azure TLS Issuing CA 02")
    found = report(*gateway.presented())
    assert causes(found) == ["edge.cloud-service"]
    assert found.hierarchy.device_ca is None
    assert not any("hub server" in f.message or "device CA" in f.message for f in found.findings)
    own = report(*gateway.presented(), hostname="plant.azure-devices.net")
    assert causes(own) == ["edge.cloud-service"] and own.valid is True and own.ok

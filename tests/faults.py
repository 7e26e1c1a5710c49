"""Single faults of a gateway, each with the finding that it must give, to be composed.

A fault touches facts; two faults that touch the same fact cannot be told apart and are not
composed. What one fault hides of another stands in the tests, in a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import edgecheck
from fixtures import edits, stock
from fixtures.gateway import Gateway
from fixtures.pki import (
    Issued,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    key_usage,
    name_constraints,
    pem,
    raw_extension,
    subject_alt_name,
)

AT = stock.NOW
Found = tuple[str, str | None]


@dataclass(frozen=True)
class Setup:
    """A gateway, how it is presented, and what is said about it."""

    gateway: Gateway
    hostname: str = stock.HOSTNAME
    trust: tuple[Issued, ...] | None = None
    bundle: tuple[Issued, ...] | None = None
    device: dict[str, Any] = field(default_factory=lambda: {"runtime": "1.1"})
    arrange: tuple[Callable[[list[Issued]], list[Issued]], ...] = ()
    rewrite: tuple[Callable[[bytes], bytes], ...] = ()

    def report(self) -> edgecheck.Report:
        """Check it."""
        presented = list(self.gateway.presented())
        for arrange in self.arrange:
            presented = arrange(presented)
        chain = pem(*presented, comments=False)
        for rewrite in self.rewrite:
            chain = rewrite(chain)
        trust = pem(*(self.trust or self.gateway.trust()), comments=False)
        bundle = pem(*(self.bundle or self.gateway.trust()), comments=False)
        device = edgecheck.Device(trust_bundle=bundle, **self.device)
        return edgecheck.check(chain, self.hostname, trust, AT, device)


def healthy() -> Setup:
    """A 1.1 gateway without fault, all about it known."""
    return Setup(stock.stock_11("ec"), device={"runtime": "1.1", "hostname": stock.HOSTNAME})


@dataclass(frozen=True)
class Fault:
    """One fault: the facts that it touches, how to apply it, and the finding it must give."""

    name: str
    facts: frozenset[str]
    apply: Callable[[Setup], Setup]
    finds: Found


def _change(role: str, **changes: Any) -> Callable[[Setup], Setup]:
    return lambda setup: replace(setup, gateway=setup.gateway.change(role, **changes))


def _extension(role: str, new: Any) -> Callable[[Setup], Setup]:
    return lambda setup: replace(setup, gateway=setup.gateway.with_extension(role, new))


def _lost(role: str, name: str) -> Callable[[Setup], Setup]:
    return lambda setup: replace(setup, gateway=setup.gateway.without_extension(role, name))


def _device(**changes: Any) -> Callable[[Setup], Setup]:
    return lambda setup: replace(setup, device=setup.device | changes)


def _arranged(arrange: Callable[[list[Issued]], list[Issued]]) -> Callable[[Setup], Setup]:
    return lambda setup: replace(setup, arrange=(*setup.arrange, arrange))


def _stranger() -> Issued:
    gateway = stock.stock_12("ec").change("root", subject="Fabrikam Root CA", key="p256-8")
    return gateway.issued("root")


def _other_root(setup: Setup) -> Setup:
    return replace(setup, trust=(_stranger(),))


def _cn_is_hostname(setup: Setup) -> Setup:
    subject = [("C", "US"), ("O", "Contoso"), ("OU", "Plant 7"), ("CN", stock.HOSTNAME)]
    return replace(setup, gateway=setup.gateway.change("device_ca", subject=subject))


_YESTERDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TOMORROW = AT + timedelta(days=1)
_UNKNOWN = raw_extension("1.3.6.1.4.1.99999.1", b"\x05\x00", critical=True)


def _swap(presented: list[Issued]) -> list[Issued]:
    return [presented[0], *reversed(presented[1:])]


def _twice(presented: list[Issued]) -> list[Issued]:
    return [c for one in presented for c in [one] * (1 + (one.spec.role == "device_ca"))]


def _fault(name: str, facts: str, apply: Callable[[Setup], Setup], *finds: Any) -> Fault:
    return Fault(name, frozenset(facts.split()), apply, (finds[0], finds[1]))


FAULTS = [
    _fault("the device CA has the host name", "device_ca.subject", _cn_is_hostname,
           "naming.device-ca-cn-is-hostname", "device-ca"),
    _fault("the device CA has no basicConstraints", "device_ca.bc",
           _lost("device_ca", "basicConstraints"), "ca.not-a-ca", "device-ca"),
    _fault("the intermediate says CA:FALSE", "intermediate.bc",
           _extension("intermediate", basic_constraints(False)), "ca.not-a-ca", "intermediate"),
    _fault("the device CA may not sign", "device_ca.ku",
           _extension("device_ca", key_usage("digitalSignature")),
           "ca.no-cert-sign", "device-ca"),
    _fault("the intermediate's path length is too short", "intermediate.bc",
           _extension("intermediate", basic_constraints(True, 1)),
           "ca.path-length-exceeded", "intermediate"),
    _fault("the device CA's path length is too short", "device_ca.bc",
           _extension("device_ca", basic_constraints(True, 0)),
           "ca.path-length-exceeded", "device-ca"),
    _fault("the client writes the name in mixed case", "asked",
           lambda setup: replace(setup, hostname="ioTEdgeGW.local"),
           "hostname.case-mismatch", "server"),
    _fault("the client uses another name", "asked",
           lambda setup: replace(setup, hostname="other.local"), "hostname.not-in-san", "server"),
    _fault("the server certificate has no SAN", "server.san",
           _extension("server", subject_alt_name(email=["edge@contoso.example"])),
           "hostname.cn-only", "server"),
    _fault("the configured name is in upper case", "configured",
           _device(hostname="IOTEDGEGW.local"),
           "hostname.upper-case-in-configuration", "server"),
    _fault("the root ends in 2049", "root.end",
           _change("root", not_after=datetime(2049, 1, 1, tzinfo=UTC)),
           "runtime.expires-after-2038", "root"),
    _fault("the server certificate has expired", "server.end",
           _change("server", not_after=_YESTERDAY), "validity.expired", "server"),
    _fault("the intermediate has expired", "intermediate.end",
           _change("intermediate", not_after=_YESTERDAY), "validity.expired", "intermediate"),
    _fault("the device CA is not valid yet", "device_ca.begin",
           _change("device_ca", not_before=_TOMORROW), "validity.not-yet-valid", "device-ca"),
    _fault("the device CA expires in three days", "device_ca.end",
           _change("device_ca", not_after=AT + timedelta(days=3)),
           "validity.expires-soon", "device-ca"),
    _fault("the server certificate is for clients", "server.eku",
           _extension("server", extended_key_usage("clientAuth")),
           "path.not-for-this-purpose", "server"),
    _fault("an unknown extension is critical", "server.unknown",
           _extension("server", _UNKNOWN), "path.unknown-critical-extension", "server"),
    _fault("the device CA's signature is damaged", "device_ca.signature",
           _change("device_ca", damage=flip_signature_bit), "path.signature-invalid", "device-ca"),
    _fault("the server's signature is damaged", "server.signature",
           _change("server", damage=flip_signature_bit), "path.signature-invalid", "server"),
    _fault("the order is wrong", "order", _arranged(_swap), "chain.wrong-order", "server"),
    _fault("the device CA is sent twice", "copies",
           _arranged(_twice),
           "chain.duplicate-certificate", "device-ca"),
    _fault("a stranger stands in the chain", "strangers",
           _arranged(lambda presented: [presented[0], _stranger(), *presented[1:]]),
           "chain.unrelated-certificate", "other"),
    _fault("the intermediate is missing", "missing",
           _arranged(lambda presented: [c for c in presented if c.spec.role != "intermediate"]),
           "chain.missing-issuer", "device-ca"),
    _fault("the root is not trusted", "trust", _other_root, "trust.root-not-trusted", "root"),
    _fault("the intermediate begins in 1950", "intermediate.begin",
           _change("intermediate", not_before=datetime(1950, 1, 1, tzinfo=UTC)),
           "validity.before-1970", "intermediate"),
    _fault("the device CA file is named with two slashes", "configured.files",
           _device(certificates={"device_ca_cert": "file://etc/ca.pem", "device_ca_pk": "/ca.key",
                                 "trusted_ca_certs": "/root.pem"}),
           "configuration.uri-two-slashes", None),
    _fault("the configuration has a byte order mark", "configuration",
           _device(configuration_files={"/etc/iotedge/config.yaml": {"byte_order_mark": True}}),
           "configuration.stray-characters", None),
    _fault("the trust bundle lacks the root", "bundle",
           lambda setup: replace(setup, bundle=(_stranger(),)),
           "trust.bundle-without-root", "root"),
    _fault("the intermediate's basicConstraints are not critical", "intermediate.bc",
           _extension("intermediate", basic_constraints(True, critical=False)),
           "extension.basic-constraints-not-critical", "intermediate"),
    _fault("the intermediate has no keyUsage", "intermediate.ku",
           _lost("intermediate", "keyUsage"), "extension.no-key-usage", "intermediate"),
    _fault("the device CA has no key identifier", "device_ca.ski",
           _lost("device_ca", "subjectKeyIdentifier"),
           "extension.no-subject-key-id", "device-ca"),
    _fault("the intermediate does not name its issuer's key", "intermediate.aki",
           _lost("intermediate", "authorityKeyIdentifier"),
           "extension.no-authority-key-id", "intermediate"),
    _fault("the intermediate names another key", "intermediate.aki",
           _extension("intermediate", authority_key_id(b"x" * 20)),
           "chain.key-identifier-mismatch", "intermediate"),
    _fault("the server certificate may sign certificates", "server.ku",
           _extension("server", key_usage("digitalSignature", "keyAgreement", "keyCertSign")),
           "extension.cert-sign-without-ca", "server"),
    _fault("the server must staple", "server.staple",
           _extension("server", raw_extension("1.3.6.1.5.5.7.1.24", b"\x30\x03\x02\x01\x05")),
           "extension.must-staple", "server"),
    _fault("the root has a weak key", "root.key", _change("root", key="rsa1024-1"),
           "algorithm.weak-rsa-key", "root"),
    _fault("the intermediate is signed with SHA-1", "intermediate.algorithm root.key",
           _change("intermediate", signature="sha1_ecdsa"),
           "algorithm.weak-signature", "intermediate"),
    _fault("the intermediate's key is on an uncommon curve", "intermediate.key",
           _change("intermediate", key="secp256k1-1"), "algorithm.curve", "intermediate"),
    _fault("the intermediate ends before it begins", "intermediate.begin intermediate.end",
           _change("intermediate", not_before=AT, not_after=AT - timedelta(days=400)),
           "encoding.validity-inverted", "intermediate"),
    _fault("the intermediate's serial number is negative", "intermediate.serial",
           _change("intermediate", serial=-5), "encoding.serial-not-positive", "intermediate"),
    _fault("the device CA's serial number is too long", "device_ca.serial",
           _change("device_ca", serial=1 << 200), "encoding.serial-too-long", "device-ca"),
    _fault("the intermediate has a length that is not DER", "intermediate.serial",
           _change("intermediate", damage_tbs=edits.edited(edits.SERIAL, edit=edits.longer)),
           "encoding.not-der", "intermediate"),
    _fault("the configured name is another one", "configured", _device(hostname="old.local"),
           "hostname.stale", "server"),
    _fault("the device CA ends in minutes", "device_ca.begin device_ca.end",
           _change("device_ca", not_after=AT + timedelta(seconds=200)),
           "validity.ends-in-minutes", "device-ca"),
    _fault("the server certificate lives for three years", "server.end",
           _change("server", not_after=AT + timedelta(days=1000)),
           "validity.over-825-days", "server"),
    _fault("the device CA file is named with a query", "configured.files",
           _device(certificates={"device_ca_cert": "file:///etc/ca.pem?pin=1",
                                 "device_ca_pk": "/ca.key", "trusted_ca_certs": "/root.pem"}),
           "configuration.uri-query", None),
    _fault("the server certificate has nameConstraints", "server.nc",
           _extension("server", name_constraints(permitted={"dns": ["local"]})),
           "extension.name-constraints-without-ca", "server"),
    _fault("the root is of version 1", "root.version", _change("root", version=1),
           "extension.version-not-3", "root"),
    _fault("the intermediate permits other names", "server.san intermediate.nc",
           _extension("intermediate", name_constraints(permitted={"dns": ["plant8.local"]})),
           "path.name-constraints", "server"),
]  # fmt: skip


def roots_of(report: edgecheck.Report) -> set[Found]:
    """Findings that nothing else explains, but for the note that the root is presented."""
    return {
        (finding.rule.id, finding.role)
        for finding in report.findings
        if finding.caused_by is None and finding.rule.id != "chain.root-presented"
    }

"""All that a rule may look at: what was said, what was read, and what was rebuilt."""

from collections.abc import Iterator
from itertools import chain, pairwise

from edgecheck.device import Version
from edgecheck.expected import Expected
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.roles import WORDS, Role, common_name
from edgecheck.reading.certificate import Certificate, Origin, Unreadable, moment
from edgecheck.reading.inputs import Problem
from edgecheck.reading.text import safe
from edgecheck.rules.engine.rule import Need, Severity


class Case:
    """One run's facts. Made once, read by every rule."""

    __slots__ = ("device", "expected", "hierarchy", "known", "origins", "problems")

    def __init__(
        self,
        expected: Expected,
        hierarchy: Hierarchy,
        origins: dict[Certificate, list[Origin]],
        problems: tuple[Problem, ...],
    ) -> None:
        """Keep them, and note for each need of rules whether it is met."""
        self.expected = expected
        self.hierarchy = hierarchy
        self.origins = origins
        self.problems = problems
        device = self.device = expected.device
        hostname_told = expected.hostname is not None
        downstream_told = bool(device.gateway_host_names)
        server_known = hierarchy.server is not None
        configured_told = device.hostname is not None
        edge_ca_told = device.edge_ca is not None
        device_ca_told = edge_ca_told or device.certificates is not None
        others = device.provisioning, device.cert_issuance, device.trust_bundle_cert
        settings_told = device_ca_told or others != (None, None, None)
        files_told = device.configuration_files is not None
        self.known = (  # in the order of `Need`
            hostname_told,
            bool(expected.trust),
            server_known,
            hostname_told or downstream_told or server_known or configured_told,
            hostname_told or downstream_told,
            downstream_told,
            configured_told,
            expected.trust_bundle is not None,
            expected.device_ca_file is not None,
            hierarchy.runtime is not None,
            device.machine_name is not None,
            settings_told,
            edge_ca_told,
            device_ca_told,
            settings_told or files_told,
            files_told,
            device.registration is not None,
            bool(device.keys and device.keys.get("edge_ca.pk")),
            expected.os_trust is not None,
            expected.cached_workload_ca is not None,
        )

    @property
    def missing(self) -> frozenset[Need]:
        """The needs of rules that are not met."""
        return frozenset(n for n, known in zip(Need, self.known, strict=True) if not known)

    @property
    def everybody(self) -> Iterator[Certificate]:
        """Certificates on the path, presented, or in the device's files; some of them twice."""
        expected, hierarchy = self.expected, self.hierarchy
        path = hierarchy.path
        return chain(
            path.certificates if path else (),
            hierarchy.unused,
            expected.device_ca_file or (),
            expected.trust_bundle or (),
            expected.identity_certificate or (),
            expected.cached_workload_ca or (),
        )

    @property
    def presented_or_on_path(self) -> tuple[Certificate, ...]:
        """Those that a client has to do with; some of them twice."""
        path = self.hierarchy.path
        return (*self.hierarchy.sequence, *(path.certificates if path else ()))

    def within(self, low: Version, high: Version) -> bool | None:
        """Whether the runtime is one of these versions; None where that is not known."""
        runtime = self.hierarchy.runtime
        return None if runtime is None else runtime.within(low, high)

    def bound(self, severity: Severity, low: Version, high: Version) -> Severity | None:
        """The severity of what concerns only these versions of the runtime.

        None where the runtime is another one; one level lower where it is not known.
        """
        concerned = self.within(low, high)
        if concerned is None:
            return severity.lowered
        return severity if concerned else None

    def role(self, certificate: Certificate) -> Role:
        """The certificate's role."""
        return self.hierarchy.role(certificate)

    def named(self, certificate: Certificate) -> str:
        """`the device CA "iotgateway.ca"`: role and name, safe to print."""
        role = self.role(certificate)
        if role is Role.SERVER and self.expected.validation.purpose == "client":
            return f"the device's certificate {shown_name(certificate)}"
        if role is Role.SERVER and self.hierarchy.service:
            return f"the server certificate {shown_name(certificate)}"
        return f"the {WORDS[role]} {shown_name(certificate)}"

    def issued(self, issuer: Certificate) -> Certificate | None:
        """The certificate below this one on the path."""
        path = self.hierarchy.path
        certificates = path.certificates if path else ()
        for child, parent in pairwise(certificates):
            if parent is issuer:
                return child
        return None

    def issuer(self, child: Certificate) -> Certificate | None:
        """The certificate above this one on the path."""
        path = self.hierarchy.path
        certificates = path.certificates if path else ()
        for below, above in pairwise(certificates):
            if below is child:
                return above
        return None


def shown_name(certificate: Certificate) -> str:
    """The common name in quotes, else the whole subject, safe to print."""
    name = common_name(certificate)
    if name is None:
        try:
            name = str(certificate.subject)
        except Unreadable:
            return "with an unreadable subject"
    return f'"{safe(name, 80)}"' if name else "with an empty subject"


def shown_time(seconds: int) -> str:
    """A moment as `2026-11-23 08:13:48Z`."""
    return moment(seconds).strftime("%Y-%m-%d %H:%M:%SZ") if seconds > -6e10 else str(seconds)

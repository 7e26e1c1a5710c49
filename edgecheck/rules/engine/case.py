"""All that a rule may look at: what was said, what was read, and what was rebuilt."""

from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.view import View
from edgecheck.device import UNKNOWN, Version
from edgecheck.expected import Expected
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.roles import WORDS, Role, common_name
from edgecheck.reading.certificate import Certificate, Origin, Unreadable, written
from edgecheck.reading.problems import Problem, trailing
from edgecheck.reading.text import safe
from edgecheck.rules.engine.rule import Need, Severity

if TYPE_CHECKING:
    from edgecheck.reading.transcript_verdicts import Spoken

_EDGE_HUB = frozenset({Refuser.DOTNET})

FILES_OF_THE_RUNTIME = ("device_ca_file", "trust_bundle", "identity_certificate")
"""Fields of `edgecheck.Device` that hold files which the runtime reads."""


class Case:
    """One run's facts. Made once, read by every rule."""

    __slots__ = (
        "_faulty_files",
        "_names",
        "_sent",
        "_view",
        "device",
        "expected",
        "hierarchy",
        "needs",
        "origins",
        "problems",
        "role",
        "spoken",
    )

    def __init__(
        self,
        expected: Expected,
        hierarchy: Hierarchy,
        origins: dict[Certificate, list[Origin]],
        problems: tuple[Problem, ...],
        spoken: "tuple[Spoken, ...]" = (),
    ) -> None:
        """Keep them, and note for each need of rules whether it is met."""
        self.expected = expected
        self.hierarchy = hierarchy
        self.role: Callable[[Certificate], Role] = hierarchy.role
        self.origins = origins
        self.problems = problems
        self._view: View | None = None
        self._sent: frozenset[bytes] | None = None
        self._faulty_files: frozenset[tuple[str, str]] | None = None
        self._names: dict[bytes, str] = {}
        self.spoken = spoken
        self.device = expected.device
        self.needs = _met(self)

    def is_presented(self, certificate: Certificate) -> bool:
        """Whether it is among what was presented."""
        if self._sent is None:
            self._sent = frozenset(one.der for one in self.hierarchy.sequence)
        return certificate.der in self._sent

    @property
    def given(self) -> str:
        """How the certificates that were given are there: of an audit's nobody presents any yet."""
        return "presented" if self.hierarchy.predicted is None else "in the gateway's files"

    def has_in_a_file(self, kind: str, source: str) -> bool:
        """Whether one of the gateway's own files, by its name, has a problem of this kind."""
        if self._faulty_files is None:
            self._faulty_files = frozenset(
                (problem.kind, problem.source)
                for problem in self.problems
                if problem.within in FILES_OF_THE_RUNTIME
            )
        return (kind, source) in self._faulty_files

    def met(self, need: Need) -> bool:
        """Whether what rules need is known."""
        return self.needs[need]

    @property
    def matter(self) -> frozenset[Refuser] | None:
        """The kinds of the clients that were said to matter; None: those of tier 1 do.

        What a device presents, edgeHub judges, which is built on .NET, and no client does.
        """
        if self.of_device:
            return _EDGE_HUB
        if self.expected.clients is None:
            return None
        # Imported where clients were named: the records of all are many modules.
        from edgecheck.behaviour.records import BY_ID

        return frozenset(kind for each in self.expected.clients for kind in BY_ID[each].kinds)

    @property
    def of_device(self) -> bool:
        """Whether a downstream device presents it, to log in; else a gateway does."""
        return self.expected.validation.purpose == "client"

    @property
    def view(self) -> View:
        """What clients get to see, without a host name: rules look at chains with it.

        Where no trust was given, the anchor that serves for the diagnosis stands for it. Only where
        certificates were presented.
        """
        if self._view is None:
            hierarchy, trust = self.hierarchy, self.expected.trust
            anchor = hierarchy.anchor
            self._view = View(
                hierarchy.sequence,
                trust or ((anchor,) if anchor is not None else ()),
                None,
                self.expected.at_seconds,
                hierarchy.sequence[0],
                hierarchy.pool.signatures.known,
                trailing(self.problems),
            )
        return self._view

    @property
    def missing(self) -> frozenset[Need]:
        """The needs of rules that are not met."""
        return frozenset(need for need, met in self.needs.items() if not met)

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

    def named(self, certificate: Certificate) -> str:
        """`the device CA "iotgateway.ca"`: role and name, safe to print."""
        found = self._names.get(certificate.der)
        if found is None:
            role = self.role(certificate)
            is_public = role is Role.SERVER and self.hierarchy.service
            words = "server certificate" if is_public else WORDS[role]
            found = self._names[certificate.der] = f"the {words} {shown_name(certificate)}"
        return found

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
    return written(seconds, "%Y-%m-%d %H:%M:%SZ")


def _met(case: Case) -> dict[Need, bool]:
    """Whether each need of rules is met."""
    expected, hierarchy, device = case.expected, case.hierarchy, case.device
    hostname = expected.hostname is not None
    server = hierarchy.server is not None
    met = _NONE_MET.copy()
    met[Need.HOSTNAME] = met[Need.ASKED] = hostname
    met[Need.TRUST] = bool(expected.trust)
    met[Need.SERVER] = server
    met[Need.NAME] = hostname or server
    met[Need.RUNTIME] = hierarchy.runtime is not None
    if device is not UNKNOWN:  # as it is for nearly all who ask about a chain alone
        _tell_of_device(met, expected)
    return met


_NONE_MET = dict.fromkeys(Need, False)


def _tell_of_device(met: dict[Need, bool], expected: Expected) -> None:
    """Note which needs the description of the device meets."""
    device = expected.device
    downstream = bool(device.gateway_host_names)
    edge_ca = device.edge_ca is not None
    authority = edge_ca or device.certificates is not None
    others = device.provisioning, device.cert_issuance, device.trust_bundle_cert
    settings = authority or others != (None, None, None)
    files = device.configuration_files is not None
    met[Need.NAME] |= downstream or device.hostname is not None
    met[Need.ASKED] |= downstream
    met[Need.GATEWAY_HOST_NAMES] = downstream
    met[Need.CONFIGURED_HOSTNAME] = device.hostname is not None
    met[Need.TRUST_BUNDLE] = expected.trust_bundle is not None
    met[Need.DEVICE_CA_FILE] = expected.device_ca_file is not None
    met[Need.MACHINE_NAME] = device.machine_name is not None
    met[Need.SETTINGS] = settings
    met[Need.EDGE_CA] = edge_ca
    met[Need.DEVICE_CA_SETTINGS] = authority
    met[Need.CONFIGURATION] = settings or files
    met[Need.CONFIGURATION_FILES] = files
    met[Need.REGISTRATION] = device.registration is not None
    met[Need.DEVICE_CA_KEY] = bool(device.keys and device.keys.get("edge_ca.pk"))
    met[Need.KEYS] = bool(device.keys)
    met[Need.FILES] = device.files is not None
    met[Need.APPLIED] = device.differences is not None
    met[Need.CONNECTION_STRINGS] = device.connection_strings is not None
    met[Need.FOLDERS] = device.folders is not None
    met[Need.OS_TRUST] = expected.os_trust is not None
    met[Need.CACHED_WORKLOAD_CA] = expected.cached_workload_ca is not None

"""Who one client is; nothing else in this project says it. All of them: `records`."""

from collections.abc import Hashable

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.values import frozen

RECORDED, DERIVED = "recorded", "derived"


@frozen
class Record:
    """One client of one version.

    Attributes:
        id: as in the recordings.
        name: what people call it.
        label: its short name in reports.
        family: the group that stands for it in reports where all of the group are meant.
        version: of the client, and of the library that decides.
        library: what decides.
        tier: 1 for what IoT Edge deployments run (`docs/severity.md`), else 2.
        stands_for: what it stands for among SDKs, leaf devices, modules and nested gateways.
        kinds: by which findings call it in `refused_by`, the plainest first.
        settings: what a model needs to know of this caller of its library.
        basis: "recorded" where recordings confirm its model, "derived" from source alone.
        platform: where else than here it may decide otherwise: the one that this is about.
        asked_without_name: it was recorded without being given a host name to compare.
        one_sentence: it says the same whatever is wrong.
        also_called: further names by which users mean it among others.
    """

    id: str
    name: str
    label: str
    family: str
    version: str
    library: Library
    tier: int
    stands_for: str
    kinds: tuple[Refuser, ...]
    settings: Hashable = None
    basis: str = RECORDED
    platform: str = ""
    asked_without_name: bool = False
    one_sentence: bool = False
    also_called: tuple[str, ...] = ()

    @property
    def known_as(self) -> tuple[str, ...]:
        """Its kinds as findings print them."""
        return tuple(kind.value for kind in self.kinds)

    @property
    def shown(self) -> str:
        """Its short name, with the platform where that decides."""
        return f"{self.label} on {self.platform}" if self.platform else self.label

    @property
    def called(self) -> frozenset[str]:
        """All that a user may call it, lower case: id, names, family, kinds and further names."""
        names = (self.id, self.name, self.label, self.shown, self.family)
        every = (*names, *self.known_as, *self.also_called)
        return frozenset(name.casefold() for name in every)

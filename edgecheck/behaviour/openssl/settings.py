"""What differs between the callers of OpenSSL."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from edgecheck.behaviour.host import Host
from edgecheck.behaviour.openssl.names import matches, settable
from edgecheck.behaviour.openssl.times import short
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.values import frozen

if TYPE_CHECKING:
    from edgecheck.behaviour.view import View

Matcher = Callable[[Certificate, Host], bool]

V1_0_2 = (1, 0, 2)
V1_1_0 = (1, 1, 0)
V1_1_1 = (1, 1, 1)
V3_0 = (3, 0)
V3_4 = (3, 4)
V3_5 = (3, 5)
V3_6 = (3, 6)
V4_0 = (4, 0)


def _as_it_is(host: Host) -> Host:
    return host


@frozen
class Settings:
    """One caller's way of using OpenSSL.

    Attributes:
        version: of OpenSSL.
        level: its security level, 0 to 5, by which keys and digests are too weak.
        strict: X509_V_FLAG_X509_STRICT.
        partial: X509_V_FLAG_PARTIAL_CHAIN.
        names: OpenSSL compares the host name itself (X509_VERIFY_PARAM_set1_host, set1_ip).
        asks: what it makes of the host name before it asks for it.
        matches: how it compares it; whether `my*.local` may match.
        goes_on: the verify callback always returns 1, so that the last error counts.
        purpose: OpenSSL checks that the chain is for servers.
        checks_root: X509_V_FLAG_CHECK_SS_SIGNATURE: a root's own signature is verified too.
        boring: it is BoringSSL, which kept the ways of 1.0.2 but for what the models name.
        wire: the certificates come in a handshake, not from PEM files.
        keeps_trust: where one of the trusted certificates cannot be decoded, it goes on with those
            that stand before; any other caller ends there.
    """

    version: tuple[int, ...] = V3_0
    level: int = 2
    strict: bool = False
    partial: bool = False
    names: bool = True
    asks: Callable[[Host], Host] = _as_it_is
    matches: Matcher = matches
    goes_on: bool = False
    purpose: bool = True
    checks_root: bool = False
    boring: bool = False
    wire: bool = True
    keeps_trust: bool = False

    @property
    def oldest(self) -> bool:
        """Whether it is OpenSSL 1.0.2 itself."""
        return self.version < V1_1_0 and not self.boring

    def bearing(self, view: "View") -> "Settings":
        """Return what of this bears on the verdict about a view: with the oldest version like it.

        Between 3.0 and 4.0 only decoding differs of a time that is too short (3.4), and what name
        can be asked for (4.0).
        """
        version = self.version
        if version >= V4_0 and not (self.names and asks_in_vain(view)):
            version = V3_4
        if V3_0 < version < V4_0:
            version = V3_4 if _has_short_time(view) else V3_0
        return self if version == self.version else _of_version(self, version)


@lru_cache(maxsize=256)
def _of_version(settings: Settings, version: tuple[int, ...]) -> Settings:
    """Return settings with another version; there are few, and all views ask for them."""
    return replace(settings, version=version)


def asks_in_vain(view: "View") -> bool:
    """Whether the host is a name for which OpenSSL cannot be asked since 4.0."""
    host = view.host
    return host is not None and host.address is None and not settable(host.name)


def _has_short_time(view: "View") -> bool:
    """Whether d2i_X509 refuses a time since 3.4; also where that cannot be told."""
    found: bool | None = view.kept.get(_has_short_time)
    if found is None:
        try:
            found = any(short(each) is not None for each in (*view.presented, *view.trust))
        except Unreadable:
            found = True
        view.kept[_has_short_time] = found
    return found


@dataclass(slots=True, eq=False, repr=False)
class Errors:
    """The errors of one run in order: (number, depth)."""

    goes_on: bool
    found: list[tuple[int, int]] = field(default_factory=list)

    def add(self, number: int, depth: int) -> None:
        """Note an error; ends the run unless it goes on.

        Raises:
            Stop: the caller's callback returned 0.
        """
        self.found.append((number, depth))
        if not self.goes_on:
            raise Stop


class Stop(Exception):
    """Verification ends here."""

"""The programs that use rustls."""

from collections.abc import Callable

from edgecheck.behaviour.host import Host
from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.webpki.names import matches, rtls_matches
from edgecheck.reading.certificate import Certificate
from edgecheck.values import frozen


@frozen
class Settings:
    """Programs differ in what they take for a trust anchor.

    Attributes:
        only_roots: what is trusted, but not self-issued, only helps to build.
        matches: how they compare the host name.
    """

    only_roots: bool = False
    matches: Callable[[Certificate, Host], bool] = matches


DENO = Record(
    id="deno2.9.8-rustls",
    name="Deno",
    label="Deno",
    family="rustls",
    version="2.9.8, rustls",
    library=Library.RUSTLS,
    tier=2,
    stands_for="devices in JavaScript on Deno",
    kinds=(Refuser.RUSTLS,),
    settings=Settings(),
)
UV = Record(
    id="uv0.13.9-rustls",
    name="uv",
    label="uv",
    family="rustls",
    version="0.13.9, rustls",
    library=Library.RUSTLS,
    tier=2,
    stands_for="programs in Rust",
    kinds=(Refuser.RUSTLS,),
    settings=Settings(),
)
RTLS = Record(
    id="rustls-rtls",
    name="rtls",
    label="rustls (rtls)",
    family="rustls",
    version="2026.9.21, rustls",
    library=Library.RUSTLS,
    tier=2,
    stands_for="programs in Python that use rustls",
    kinds=(Refuser.RUSTLS, Refuser.RUSTLS_RTLS),
    settings=Settings(only_roots=True, matches=rtls_matches),
)

RECORDS = (DENO, UV, RTLS)

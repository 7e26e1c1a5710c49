"""Finding a gateway's configuration: config.toml, the daemons' own files, config.yaml."""

import errno
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgecheck.adapters.files import Refused
from edgecheck.adapters.files import read as read_file
from edgecheck.adapters.reasons import reading, unread
from edgecheck.adapters.several import PLACES, gateways_below
from edgecheck.adapters.tree import Archive, Folder, Tree, Way, is_zip, way
from edgecheck.configuring.compare import differences
from edgecheck.configuring.daemons import DAEMONS, of_daemons
from edgecheck.configuring.schema import TOML, YAML, later, unknown
from edgecheck.configuring.tables import HOMES, Fields, misfit, of_toml, of_yaml
from edgecheck.configuring.texts import (
    Broken,
    NoYaml,
    characters,
    is_yaml,
    mended,
    merged,
    repeated,
    stray,
    table_of,
)
from edgecheck.device import Version
from edgecheck.reading.text import safe
from edgecheck.settings import ConfigurationFile

_MOST = 4 * 1024 * 1024
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf")
"""How gzip, bzip2, xz, zstd and 7z begin."""
_SUPER, _OLD = "config.toml", "config.yaml"
_LAST_1_1 = (1, 1, 99)
_OF_A_BUNDLE = ("check.json", "logs")
_BUNDLE = (
    "`iotedge support-bundle` leaves it out; put the gateway's etc/aziot (up to 1.1 etc/iotedge), "
    "and the files that it names, beside what is there"
)
_NONE = "give the path of config.toml or config.yaml, or the folder that they are in"


@dataclass
class Found:
    """A gateway's configuration.

    Attributes:
        tree: in which the files that it names are.
        yaml: whether it is one of IoT Edge up to 1.1.
        fields: what it says, as fields of `edgecheck.Device`.
        ways: how the configuration's own files were reached.
    """

    tree: Tree
    yaml: bool = False
    fields: Fields = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)


def found(path: str, root: str | None, runtime: Version | None) -> Found:
    """Return what a gateway's configuration says.

    Args:
        path: of config.toml, config.yaml, a folder or a zip with them; on this machine, or on the
            gateway where it is not there.
        root: a folder or a zip with the gateway's files; None: the folder that has the etc in which
            the configuration is, else the machine itself.
        runtime: which of two configurations counts.

    Raises:
        Refused: there is none, or it cannot be read; the text says what to do.
    """
    tree, place = _opened(path, root)
    made = Found(tree)
    files = dict(_files(made, place))
    if not files:
        if any(not way(tree, f"/{name}").wrong for name in _OF_A_BUNDLE):
            raise Refused(f"no configuration in {_shown(path)}: {_BUNDLE}")
        hint = gateways_below(path) if root is None else ""
        raise Refused(f"no configuration of IoT Edge in {_shown(path)}; {hint or _instead(tree)}")
    _tell(made, files, runtime)
    return made


class _Outside:
    """One file that stands in no tree: its text, under the name that the user gave."""

    def __init__(self, name: str) -> None:
        self.name = name


def _opened(path: str, root: str | None) -> tuple[Tree, str | _Outside]:
    """The tree, and where in it the configuration is, or that it is a file outside of it."""
    if not path:
        raise Refused(f"an empty path; {_NONE}")
    try:
        if root is not None:
            tree = _tree(root)
            return tree, _placed(tree, path)
        if not Path(path).exists():
            before = _above(path) or ""
            in_etc = any(f"{place}/" in f"{path}/" for place in PLACES)
            hint = _instead(Folder(before or "/"), before) if in_etc else _NONE
            raise Refused(f"no such file: {path}; {hint}")
        if (above := _above(path)) is not None:
            tree = Folder(above)
            return tree, _placed(tree, path)
        if Path(path).is_file():
            if is_zip(path):
                return _tree(path), "/"
            return Folder("/"), os.path.realpath(path)
        here = Folder(path)
        if any(way(here, each).is_folder for each in PLACES):
            return here, "/"
        return Folder("/"), here.path
    except (OSError, ValueError) as wrong:
        named = str(getattr(wrong, "filename", None) or path)
        raise Refused(f"cannot read {_shown(named)}: {reading(wrong)}") from None


def _above(path: str) -> str | None:
    """What stands for / where a path is in an etc of a gateway that is not this machine's own."""
    absolute = os.path.abspath(path)  # noqa: PTH100
    if Path(path).is_file() and is_zip(path):
        return None
    for place in PLACES:
        above, found, _ = f"{absolute}/".partition(f"{place}/")
        if found and above:
            return above
    above, name = os.path.split(absolute)
    within = any(Path(f"{above}{place}").is_dir() for place in PLACES)
    return above if name == "etc" and above != "/" and within else None


def _tree(root: str) -> Tree:
    if not root:
        raise Refused("--root: an empty name; name a folder that has the gateway's etc in it")
    there = Path(root)
    if there.is_dir():
        return Folder(root)
    if not there.exists():
        raise Refused(f"--root {root}: no such folder; name one that has the gateway's etc in it")
    if there.is_file():
        if not zipfile.is_zipfile(root) and is_zip(root):
            raise Refused(f"{_shown(root)}: the zip is cut off or damaged; copy it once more")
        with suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError):
            return Archive(root)
    raise Refused(f"--root {root}: it is no folder and no zip; unpack it first")


def _placed(tree: Tree, path: str) -> str | _Outside:
    """Where a path is in a tree: as one of this machine below the root, or as the gateway's own."""
    if path == tree.name or (isinstance(tree, Folder) and os.path.realpath(path) == tree.path):
        return "/"
    if isinstance(tree, Folder) and Path(path).exists():
        real = Path(path).resolve()
        for each in (Path(os.path.abspath(path)), real):  # noqa: PTH100
            if each.is_relative_to(tree.path):
                return "/" + each.relative_to(tree.path).as_posix()
    inner = path if path.startswith("/") else f"/{path}"
    there = way(tree, inner)
    if not there.wrong:
        return inner
    if there.shut:
        raise Refused(unread(_shown(inner), there.wrong, tree.live))
    if Path(path).is_file():
        return _Outside(path)
    told = f"no such file: {path}, neither here nor below {tree.name}"
    raise Refused(f"{told}; {_instead(tree)}")


def _instead(tree: Tree, above: str = "") -> str:
    """Return what to name where nothing was found: the folder of other versions, if there is one.

    `above`: what stands before it in the name that the user has to give.
    """
    for folder in PLACES:
        for name in (_SUPER, _OLD):
            if way(tree, f"{folder}/{name}").is_file:
                return _shown(f"there is {above}{folder}/{name}; name {above}{folder}")
    return _NONE


def _files(made: Found, place: str | _Outside) -> Iterator[tuple[str, bytes]]:
    """The files of the configuration by the names under which reports speak of them."""
    if isinstance(place, _Outside):
        yield place.name, _like_a_configuration(place.name, read_file(place.name, _MOST).data)
        return
    there = way(made.tree, place)
    if there.is_file:
        if (home := _home_of(place)) is not None:  # one of a daemon's own: with the others
            yield from _of_daemons(made, home)
            return
        yield place, _text(made, place, there)
        if place.endswith(f"/{_SUPER}"):
            yield from _of_daemons(made, place.rpartition("/")[0] or "/")
        return
    for folder in dict.fromkeys(_folders(place)):
        for name in (_SUPER, _OLD):
            path = f"{folder.rstrip('/')}/{name}"
            if _is_there(one := way(made.tree, path)):
                yield path, _text(made, path, one)
        yield from _of_daemons(made, folder)


def _is_there(one: Way) -> bool:
    """Whether there is something by a name, maybe no file, or one that may not be read."""
    return not one.wrong or bool(one.shut) or one.wrong == os.strerror(errno.ELOOP)


def _folders(place: str) -> Iterator[str]:
    """Where a configuration may be below a folder: in it, in its etc, or in it as that etc."""
    yield place
    for each in PLACES:
        yield f"{place.rstrip('/')}{each}"
        if place.endswith("/etc"):
            yield f"{place}{each.removeprefix('/etc')}"


def _of_daemons(made: Found, folder: str) -> Iterator[tuple[str, bytes]]:
    """What the daemons read, in their order: config.toml, then those of config.d by name.

    A link in config.d is passed over, as they do (`read_config` in config-common/src/lib.rs).
    """
    for daemon in DAEMONS:
        home = f"{folder.rstrip('/')}/{daemon}"
        paths = [f"{home}/{_SUPER}"]
        linked: set[str] = set()
        listed = way(made.tree, f"{home}/config.d")
        if listed.is_folder:
            try:
                names = made.tree.names(listed.real)
            except OSError as wrong:
                raise Refused(unread(safe(f"{home}/config.d"), wrong, made.tree.live)) from None
            paths += [f"{home}/config.d/{name}" for name in sorted(names) if name.endswith(".toml")]
            linked = {path for path in paths[1:] if _is_link(made.tree, listed, path)}
        for path in paths:
            there = way(made.tree, path)
            if path not in linked and _is_there(there):
                yield path, _text(made, path, there)


def _is_link(tree: Tree, folder: Way, path: str) -> bool:
    found = tree.entry(f"{folder.real.rstrip('/')}/{path.rpartition('/')[2]}")
    return found is not None and stat.S_ISLNK(found[0].mode)


def _home_of(path: str) -> str | None:
    """The folder in which all daemons have theirs, from one of their files; None: it is none."""
    daemon = _daemon(path)
    return None if daemon is None else path.rpartition(f"/{daemon}/")[0] or "/"


def _text(made: Found, path: str, there: Way) -> bytes:
    made.ways.append(there)
    if not there.is_file:
        told = there.wrong or "it is no file"
        raise Refused(unread(safe(path), told, made.tree.live))
    try:
        data = made.tree.read(there.real, _MOST)
    except OSError as wrong:
        raise Refused(unread(safe(path), wrong, made.tree.live)) from None
    return _like_a_configuration(path, data)


def _like_a_configuration(path: str, data: bytes) -> bytes:
    """Refuse what is no text, before a parser says so in words that help nobody."""
    if len(data) > _MOST:
        raise Refused(f"{safe(path)} is too large for a configuration; {_NONE}")
    if data.startswith(_PACKED) or data[257:262] == b"ustar":
        raise Refused(f"{safe(path)} is an archive, and no zip; unpack it, and name the folder")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"{safe(path)} is UTF-16; save it as UTF-8, and run this again")
    if b"\0" in data:
        raise Refused(f"{safe(path)} is no text; {_NONE}")
    return data


def _tell(made: Found, files: dict[str, bytes], runtime: Version | None) -> None:
    """Take apart the configuration that counts, and note what is wrong with each file."""
    facts = {path: characters(path, data) for path, data in files.items()}
    tables: dict[str, dict[str, Any]] = {}
    broken: dict[str, str] = {}
    for path, data in files.items():
        try:
            tables[path] = table_of(path, data)
        except Broken as wrong:
            broken[path] = str(wrong)
        except NoYaml:
            raise Refused(
                f"{safe(path)} is YAML, and the package that reads it is not installed: "
                "pip install 'edgecheck-iot[cli]'"
            ) from None
    chosen = _chosen(list(files), runtime)
    made.yaml = is_yaml(chosen)
    for path in broken:
        counts = path == chosen or not (made.yaml or is_yaml(path))
        if not counts:
            continue  # nothing reads it
        if b"-----BEGIN " in files[path]:
            raise Refused(
                f"{safe(path)} holds certificates or keys, and no configuration; judge "
                "certificates with edgecheck check"
            )
        facts[path]["broken"] = broken[path]
        if stray(facts[path], path) and (table := mended(path, files[path])) is not None:
            tables[path] = table  # what else is wrong shows at once
    if not made.yaml and _daemon(chosen) is None and (why := misfit(tables.get(chosen, {}))):
        facts[chosen].setdefault("broken", why)
        del tables[chosen]
    by_daemon = _by_daemon([path for path in files if path in tables])
    applied = {name: merged([tables[p] for p in paths]) for name, paths in by_daemon.items()}
    if made.yaml:
        made.fields = of_yaml(tables.get(chosen, {})) if chosen in tables else _unknown(True)
    elif _daemon(chosen) is None and chosen in tables:
        made.fields = of_toml(tables[chosen])
    else:  # the daemons run on with what was applied before a file was broken
        made.fields = of_daemons(applied) if applied else _unknown(False)
    if _daemon(chosen) is None and not made.yaml and chosen in tables and applied:
        last = {name: paths[-1] for name, paths in by_daemon.items()}
        fields = {**of_daemons(applied), "edged_hostname": applied.get("edged", {}).get("hostname")}
        made.fields["differences"] = differences(made.fields, fields, last)
        made.fields["folders"] = of_daemons(applied)["folders"]
    for path, table in tables.items():
        facts[path]["token_library"] = bool(_table(table, "aziot_keys").get("pkcs11_lib_path"))
        if _daemon(path) is None:
            _keys(facts[path], table, is_yaml(path), runtime)
            facts[path]["repeated"] = repeated(files[path]) if is_yaml(path) else {}
    made.fields["configuration_files"] = _relevant(facts, chosen)


def _keys(
    facts: ConfigurationFile, table: dict[str, Any], yaml: bool, runtime: Version | None
) -> None:
    """Note the keys that the runtime does not know."""
    facts["unknown"] = [safe(name, 120) for name in unknown(table, YAML if yaml else TOML)]
    facts["later"] = {} if yaml else later(table, runtime)


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _relevant(facts: dict[str, ConfigurationFile], chosen: str) -> dict[str, ConfigurationFile]:
    """All files but a config.yaml that was left behind, which nothing reads any more."""
    return {p: f for p, f in facts.items() if p == chosen or not is_yaml(p)}


def _chosen(paths: list[str], runtime: Version | None) -> str:
    """Which file counts: config.toml before the daemons' own, and config.yaml up to 1.1 alone."""
    old = [path for path in paths if is_yaml(path)]
    new = [path for path in paths if not is_yaml(path)]
    top = [path for path in new if _daemon(path) is None]
    if old and (not new or (runtime is not None and runtime <= _LAST_1_1)):
        return old[0]
    return (top or new)[0]


def _daemon(path: str) -> str | None:
    """Whose own file it is; None of config.toml and config.yaml."""
    parts = path.split("/")
    for at in (-2, -3):
        if len(parts) >= -at and parts[at] in DAEMONS:
            return parts[at]
    return None


def _by_daemon(paths: list[str]) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for path in paths:
        if (daemon := _daemon(path)) is not None:
            made.setdefault(daemon, []).append(path)
    return made


def _unknown(yaml: bool) -> Fields:
    """What is known of a configuration that cannot be read: where its runtime keeps things."""
    return {"folders": ("/var/lib/iotedge",) if yaml else HOMES}


def _shown(path: str) -> str:
    return safe(path)

"""A gateway's files below a root: nothing above it, links as the gateway follows them, zips."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from edgecheck.adapters.access import Access, users_of
from edgecheck.adapters.tree import Archive, Entry, Folder, way


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("above")
    here = tmp_path / "gw"
    (here / "etc" / "aziot").mkdir(parents=True)
    (here / "etc" / "aziot" / "ca.pem").write_text("inside")
    return here


def read(root: Path, path: str) -> str | None:
    tree = Folder(str(root))
    there = way(tree, path)
    return tree.read(there.real, 100).decode() if there.is_file else None


@pytest.mark.parametrize(
    ("link", "target", "path", "found"),
    [
        ("etc/link", "aziot/ca.pem", "/etc/link", "inside"),
        ("etc/link", "/etc/aziot/ca.pem", "/etc/link", "inside"),
        ("etc/link", "../../../../etc/aziot/ca.pem", "/etc/link", "inside"),
        ("etc/folder", "/etc/aziot", "/etc/folder/ca.pem", "inside"),
        ("etc/folder", "aziot/./..//aziot", "/etc/folder/../aziot/ca.pem", "inside"),
        ("etc/link", "../../secret", "/etc/link", None),
        ("etc/link", "/secret", "/etc/link", None),
        ("etc/link", "link", "/etc/link", None),
        ("etc/link", "nowhere", "/etc/link", None),
        ("etc/link", "aziot/ca.pem/x", "/etc/link", None),
    ],
)
def test_links_are_followed_within_the_root(
    root: Path, link: str, target: str, path: str, found: str | None
) -> None:
    (root / link).symlink_to(target)
    assert read(root, path) == found


def test_nothing_above_the_root_is_reached(root: Path) -> None:
    """Neither by dots nor by a link to a folder of this machine."""
    (root / "out").symlink_to(root.parent)
    for path in ("/../secret", "/etc/../../secret", "/out/secret", f"{root.parent}/secret"):
        assert read(root, path) is None


def test_a_pipe_or_a_device_is_no_file(root: Path) -> None:
    """It is not opened, which would wait for ever."""
    os.mkfifo(root / "etc" / "pipe")
    there = way(Folder(str(root)), "/etc/pipe")
    assert not there.wrong and not there.is_file
    assert way(Folder(str(root)), "/etc").is_folder


def test_a_bound_is_kept(root: Path) -> None:
    (root / "large").write_bytes(bytes(1000))
    assert len(Folder(str(root)).read("/large", 10)) == 11


def archive(folder: Path, entries: dict[str, tuple[bytes, int]]) -> Archive:
    path = folder / "gw.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, (data, mode) in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            made.writestr(info, data)
    return Archive(str(path))


@pytest.mark.parametrize("above", ["", "gw/", "support_bundle_2026/gw/"])
def test_a_zip_is_read_whatever_folder_it_begins_with(tmp_path: Path, above: str) -> None:
    tree = archive(
        tmp_path,
        {
            f"{above}etc/aziot/config.toml": (b"a = 1", stat.S_IFREG | 0o600),
            f"{above}etc/aziot/ca.pem": (b"/srv/ca.pem", stat.S_IFLNK | 0o777),
            f"{above}srv/ca.pem": (b"inside", 0),
            f"{above}../evil": (b"x", 0),
        },
    )
    there = way(tree, "/etc/aziot/ca.pem")
    assert tree.read(there.real, 100) == b"inside"
    assert there.real == "/srv/ca.pem"
    assert stat.S_IMODE(way(tree, "/etc/aziot/config.toml").entries[-1].mode) == 0o600
    assert tree.names("/etc/aziot") == ["ca.pem", "config.toml"]
    assert way(tree, "/etc").is_folder
    assert way(tree, "/evil").wrong
    assert len(tree.read("/srv/ca.pem", 2)) == 3, "no more is unpacked than is asked for"


PASSWD = "root:x:0:0::/root:/bin/sh\naziotcs:x:998:997::/:/x\naziotks:x:996:996::/:/x\n"
GROUP = "root:x:0:\naziotcs:x:997:\ncerts:x:500:aziotks,pi\naziotks:x:996:\n"


def entry(path: str, mode: int, uid: int | None = 0, gid: int | None = 0) -> Entry:
    kind = stat.S_IFREG if path.endswith(".pem") else stat.S_IFDIR
    return Entry(path, kind | mode, uid, gid, b"")


@pytest.mark.parametrize(
    ("way_there", "user", "able", "shut"),
    [
        ([entry("/etc", 0o755), entry("/etc/ca.pem", 0o644)], "aziotcs", True, ""),
        ([entry("/etc", 0o755), entry("/etc/ca.pem", 0o600)], "aziotcs", False, "/etc/ca.pem"),
        ([entry("/etc", 0o755), entry("/etc/ca.pem", 0o600, 998, 997)], "aziotcs", True, ""),
        ([entry("/etc", 0o755), entry("/etc/ca.pem", 0o640, 0, 997)], "aziotcs", True, ""),
        ([entry("/etc", 0o755), entry("/k.pem", 0o640, 0, 500)], "aziotks", True, ""),
        (
            [entry("/etc", 0o755), entry("/k.pem", 0o640, 0, 500)],
            "aziotcs",
            False,
            "/k.pem",
        ),
        ([entry("/srv", 0o711), entry("/srv/ca.pem", 0o644)], "aziotcs", True, ""),
        ([entry("/srv", 0o744), entry("/srv/ca.pem", 0o644)], "aziotcs", False, "/srv"),
        ([entry("/srv", 0o700, 998), entry("/srv/ca.pem", 0o644)], "aziotcs", True, ""),
        ([entry("/etc", 0o755), entry("/etc/ca.pem", 0o044, 998)], "aziotcs", False, "/etc/ca.pem"),
    ],
)
def test_whoever_is_known_is_judged_as_the_kernel_does(
    root: Path, way_there: list[Entry], user: str, able: bool, shut: str
) -> None:
    """Owner, then group, then all others; a folder has to be entered, not listed."""
    (root / "etc" / "passwd").write_text(PASSWD)
    (root / "etc" / "group").write_text(GROUP)
    tree = Folder(str(root))
    seen = [*way_there, entry("/var/lib/aziot/certd.pem", 0o600, 998, 997)]
    access = Access(tree, users_of(tree), seen)
    whole = (entry("/", 0o700), *way_there)
    assert access.allows(user, whole) == (able, shut)


def test_of_a_tree_that_lost_its_owners_only_modes_tell(root: Path) -> None:
    """Nobody knows whose 0600 was; a person's home that is shut keeps the runtime out."""
    access = Access(Folder(str(root)), users_of(Folder(str(root))), [])

    def able(*entries: Entry) -> bool | None:
        return access.allows("aziotcs", (entry("/", 0o700), *entries))[0]

    assert able(entry("/etc", 0o755), entry("/etc/ca.pem", 0o600, 1000, 1000)) is None
    assert able(entry("/etc", 0o755), entry("/etc/ca.pem", 0o000)) is False
    assert able(entry("/etc", 0o755), entry("/etc/ca.pem", 0o604)) is True
    home = entry("/home", 0o755)
    assert able(home, entry("/home/pi", 0o700), entry("/home/pi/ca.pem", 0o644)) is False
    assert able(home, entry("/home/pi", 0o750), entry("/home/pi/ca.pem", 0o644)) is False
    assert able(home, entry("/home/pi", 0o755), entry("/home/pi/ca.pem", 0o644)) is True
    assert able(entry("/srv", 0o700), entry("/srv/ca.pem", 0o644)) is None


def test_of_a_tree_that_lost_its_modes_nothing_is_said(root: Path) -> None:
    """Where nobody may enter /etc, no system would have started."""
    seen = [entry("/etc", 0o700)]
    access = Access(Folder(str(root)), users_of(Folder(str(root))), seen)
    assert (
        access.allows("aziotcs", (entry("/", 0o700), *seen, entry("/etc/a.pem", 0o000)))[0] is None
    )


def acl(*entries: tuple[int, int, int]) -> bytes:
    """An access control list as the kernel writes it."""
    made = (2).to_bytes(4, "little")
    for tag, permissions, id in entries:
        made += tag.to_bytes(2, "little") + permissions.to_bytes(2, "little")
        made += id.to_bytes(4, "little")
    return made


NOBODY = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("list_", "able"),
    [
        (acl((1, 6, NOBODY), (2, 4, 998), (4, 0, NOBODY), (16, 4, NOBODY), (32, 0, NOBODY)), True),
        (acl((1, 6, NOBODY), (2, 4, 998), (4, 0, NOBODY), (16, 0, NOBODY), (32, 0, NOBODY)), False),
        (acl((1, 6, NOBODY), (2, 4, 996), (4, 0, NOBODY), (16, 4, NOBODY), (32, 0, NOBODY)), False),
        (acl((1, 6, NOBODY), (4, 0, NOBODY), (8, 4, 997), (16, 4, NOBODY), (32, 0, NOBODY)), True),
        (b"nonsense", None),
    ],
)
def test_access_control_lists_count(root: Path, list_: bytes, able: bool | None) -> None:
    """A user's entry, then groups, both within the mask (acl(5))."""
    (root / "etc" / "passwd").write_text(PASSWD)
    tree = Folder(str(root))
    access = Access(tree, users_of(tree), [entry("/x.pem", 0o600, 998)])
    file = entry("/etc/ca.pem", 0o640)._replace(acl=list_)
    assert access.allows("aziotcs", (entry("/", 0o755), entry("/etc", 0o755), file))[0] is able


@pytest.mark.parametrize(
    ("modes", "alike"),
    [
        ([0o644, 0o644, 0o644], True),
        ([0o755, 0o755], True),
        ([0o644, 0o600], False),
        ([0o600, 0o600], False),
        ([], False),
    ],
)
def test_one_mode_for_all_by_which_everybody_reads_is_the_copys(
    modes: list[int], alike: bool
) -> None:
    """What a checkout or an archive without modes gives; folders do not count."""
    files = [entry(f"/srv/{number}.pem", mode) for number, mode in enumerate(modes)]
    assert Access.alike([*files, entry("/srv", 0o711)]) is alike

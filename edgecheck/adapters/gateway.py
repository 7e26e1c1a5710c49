"""A gateway's configuration and the files that it names, read below one root.

Only these are opened: the configuration, what it names, what the runtime made in their place, and
for whom they are (/etc/passwd, /etc/group, /etc/hostname). Of a key nothing is kept but facts.
"""

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from edgecheck.adapters.access import RUNTIME, Access, users_of
from edgecheck.adapters.configuration import Found
from edgecheck.adapters.files import Refused
from edgecheck.adapters.reasons import unread
from edgecheck.adapters.tree import Entry, Tree, Way, way
from edgecheck.configuring.certificates import facts_of_certificates, without_keys
from edgecheck.configuring.daemons import EDGE_CA, issued_file
from edgecheck.configuring.keys import facts_of_key
from edgecheck.configuring.named import Named, named
from edgecheck.device import Device, Version
from edgecheck.reading.sources import Source
from edgecheck.reading.text import safe
from edgecheck.settings import FileFacts, KeyFacts

_MOST = 16 * 1024 * 1024
_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
)
"""What systems keep all the certificates in that they trust."""
_HELD = {"edge_ca.cert": "device_ca_file", "trust_bundle_cert": "trust_bundle"}
_WORKLOAD_CA = ("iotedged-workload-ca", "iotedged_workload_ca", "iotedgedworkloadca")
_READERS = {True: "aziotks", False: "aziotcs"}
"""Who reads keys, and who certificates, from 1.2 on; up to 1.1 the daemon reads both."""


@dataclass
class _Gathered:
    """What was read so far, as fields of `Device`."""

    files: dict[str, FileFacts] = field(default_factory=dict)
    keys: dict[str, KeyFacts] = field(default_factory=dict)
    held: dict[str, Source] = field(default_factory=dict)


def gathered(found: Found, runtime: Version | None) -> tuple[Device, list[str]]:
    """Return what is known of a gateway from its configuration and the files that this names.

    Also what whoever runs this may not read, in words; what rests on it is not decided.

    Raises:
        Refused: the device CA file cannot be read by whoever runs this.
    """
    tree, yaml = found.tree, found.yaml
    settings = Device(**found.fields)
    listed = list(named(settings, yaml))
    ways = {one.file: there for one in listed if (there := _way(tree, one)) is not None}
    issued = _issued(tree, settings, yaml)
    seen: list[Entry] = [entry for each in (*ways.values(), *found.ways) for entry in each.entries]
    lasts = [each.entries[-1] for each in (*ways.values(), *found.ways) if each.is_file]
    alike = bool(ways and found.ways) and Access.alike(lasts)
    access = Access(tree, users_of(tree), seen, lost=alike)
    if not yaml:
        access.shut = _for_one_alone(listed, ways)
    made, notes = _Gathered(), []
    for one in listed:
        if one.file not in ways:
            if one.is_key and one.uri.strip().lower().startswith("pkcs11:"):
                made.keys[one.file] = KeyFacts(form="PKCS#11")
            continue
        note = _look(one, ways[one.file], tree, access, yaml, made)
        notes += [note] if note else []
    for name, path in issued.items():
        there = way(tree, path)
        if there.is_file and name not in made.held:
            made.held[name] = Source(path, without_keys(_read(tree, there, path)))
    hostname = _hostname(tree)
    fields: dict[str, Any] = {**found.fields, **made.held}
    fields |= {"files": made.files, "keys": made.keys, "machine_name": hostname}
    if not yaml:
        if fields.get("hostname") is None:
            fields["hostname"] = hostname  # as `iotedge config apply` does; not for an empty one
        if not settings.trust_bundle_cert:
            fields["trust_bundle"] = ()
    if settings.parent_hostname and (store := _store(tree)) is not None:
        fields["os_trust"] = store
    return Device(**fields), notes


def _way(tree: Tree, one: Named) -> Way | None:
    """The way to a file; to the one that was meant, if it is there, where the URI is wrong."""
    if (path := one.path) is not None:
        return way(tree, path)
    there = None if one.meant is None else way(tree, one.meant)
    return there if there is not None and there.is_file else None


def _for_one_alone(listed: list[Named], ways: dict[str, Way]) -> frozenset[str]:
    """Folders that only their owner may enter, on the way to keys and to certificates.

    keyd and certd are two users, so that one of them is kept out, whoever the owner is.
    """
    private: dict[bool, set[str]] = {True: set(), False: set()}
    for one in listed:
        for entry in ways[one.file].entries[1:-1] if one.file in ways else ():
            if stat.S_ISDIR(entry.mode) and not entry.mode & 0o011 and not entry.acl:
                private[one.is_key].add(entry.path)
    return frozenset(private[True] & private[False])


def _look(
    one: Named, there: Way, tree: Tree, access: Access, yaml: bool, made: _Gathered
) -> str | None:
    """Note facts about one file; returns what may not be read, in words."""
    path = one.path or one.meant or ""
    if one.symmetric and there.wrong and not tree.live:
        return None  # who copies a gateway rightly leaves that away
    facts = _facts(path, there, access, "iotedge" if yaml else _READERS[one.is_key])
    if one.is_key:
        made.keys[one.file] = kept = cast(KeyFacts, facts)
    else:
        made.files[one.file] = kept = cast(KeyFacts, facts)
    if not there.is_file or one.symmetric:
        return f"{safe(path)}: {facts['told']}" if there.shut else None
    try:
        data = tree.read(there.real, _MOST)
    except OSError as wrong:
        kept["told"] = wrong.strerror or "it cannot be read"
        if one.file == "edge_ca.cert" and facts.get("readable_by") != ():
            raise Refused(unread(safe(path), wrong, tree.live)) from None
        return f"{safe(path)}: {kept['told']}"
    if one.is_key:
        kept.update(facts_of_key(data))
        return None
    facts.update(facts_of_certificates(data))
    held = _HELD.get(one.file)
    if held is None and one.key.startswith("provisioning.") and one.key.count(".") == 2:
        held = "identity_certificate"
    if held is not None:
        made.held[held] = Source(path, without_keys(data))
    return None


def _facts(path: str, there: Way, access: Access, reader: str) -> FileFacts:
    """What the file system says of a file, and whether the runtime can read it."""
    facts = FileFacts(path=path, told=there.wrong)
    if there.shut:
        return facts  # whether it is there cannot be told
    facts["exists"] = not there.wrong
    if there.wrong:
        return facts
    last = there.entries[-1]
    if not there.is_file:
        facts["told"] = "it is a folder" if there.is_folder else "it is no regular file"
        return facts
    if not access.lost:
        facts["mode"] = stat.S_IMODE(last.mode)
    if last.uid is not None and access.owners:
        facts["owner"] = access.users.names.get(last.uid, str(last.uid))
        facts["group"] = access.users.groups.get(last.gid or 0, str(last.gid))
    allowed = {name: access.allows(name, there.entries) for name in (reader, *RUNTIME)}
    can, shut = allowed[reader]
    if can is not None:
        facts["readable_by"] = tuple(sorted(name for name, (able, _) in allowed.items() if able))
    if can is False:
        facts["shut"] = shut
    return facts


def _issued(tree: Tree, settings: Device, yaml: bool) -> dict[str, str]:
    """Where the runtime keeps the certificates that it made itself, by fields of `Device`."""
    homes = settings.folders or ()
    if yaml:
        folder = f"{homes[0].rstrip('/')}/hsm/certs"
        found = {}
        for name in _names(tree, folder):
            if name.endswith(".cert.pem") and name.startswith("device_ca_alias"):
                if not (settings.certificates or {}).get("device_ca_cert"):
                    found["device_ca_file"] = f"{folder}/{name}"
            elif name.endswith(".cert.pem") and name.startswith(_WORKLOAD_CA):
                found["cached_workload_ca"] = f"{folder}/{name}"
        return found
    if (settings.edge_ca or {}).get("cert") and "method" not in (settings.edge_ca or {}):
        return {}
    return {"device_ca_file": issued_file(homes[0], EDGE_CA)}


def _names(tree: Tree, folder: str) -> Iterator[str]:
    there = way(tree, folder)
    if there.is_folder:
        try:
            yield from tree.names(there.real)
        except OSError:
            return


def _read(tree: Tree, there: Way, path: str) -> bytes:
    try:
        return tree.read(there.real, _MOST)
    except OSError as wrong:
        raise Refused(unread(safe(path), wrong, tree.live)) from None


def _hostname(tree: Tree) -> str | None:
    """What the system calls itself, where it keeps that in a file."""
    there = way(tree, "/etc/hostname")
    if not there.is_file:
        return None
    try:
        text = tree.read(there.real, 4096).decode("utf-8", "replace")
    except OSError:
        return None
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), None)


def _store(tree: Tree) -> Source | None:
    """What the gateway's system trusts, of which nested gateways have need."""
    for path in _STORES:
        there = way(tree, path)
        if there.is_file:
            return Source(path, _read(tree, there, path))
    return None

"""All names of a gateway beside one another, and how they fit its server certificate."""

from typing import NamedTuple

from edgecheck.hierarchy.roles import common_name
from edgecheck.hierarchy.target import is_named
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.report.answers import Answers


class Name(NamedTuple):
    """One name: what it is, the name, and what is to be said of it; empty where nothing is."""

    what: str
    name: str
    told: str = ""


def names(report: Answers) -> list[Name]:
    """Return the names that clients and modules ask for, and those that certificates carry."""
    device, hierarchy = report.expected.device, report.hierarchy
    server, whose = hierarchy.server, "server" if hierarchy.presents_server else "server to be"
    found = []
    names = tuple(dict.fromkeys(device.gateway_host_names or ()))
    asked = report.expected.hostname
    said = (*names, device.hostname)
    for what, name in (
        *(("GatewayHostName", each) for each in names),
        ("asked for", asked if asked not in said else ""),
        ("hostname", device.hostname),
    ):
        if name:
            found.append(Name(what, name, _fits(name, report, what)))
    if device.machine_name:
        found.append(Name("machine", device.machine_name))
    if device.parent_hostname:
        found.append(Name("parent_hostname", device.parent_hostname))
    if device.device_id:
        found.append(Name("device id", device.device_id))
    if server is not None:
        found.append(Name(f"{whose}, common name", common_name(server) or ""))
        found += [Name(f"{whose}, alternative name", each) for each in _alternative(server)]
    if hierarchy.device_ca is not None:
        name = common_name(hierarchy.device_ca) or ""
        same = bool(device.hostname) and name.lower() == (device.hostname or "").lower()
        found.append(Name("device CA", name, "the same as the host name" if same else ""))
    return found


def _fits(name: str, report: Answers, what: str) -> str:
    """What is to be said of a name that clients may ask for."""
    hierarchy, hostname = report.hierarchy, report.expected.device.hostname
    server = hierarchy.server
    if hierarchy.presents_server:
        return "" if server and is_named(server, name) else "not in the server certificate"
    if what != "hostname" and hostname and name.lower() != hostname.lower():
        return "not the configured host name"
    return "not as clients look for it" if server and not is_named(server, name) else ""


def _alternative(server: Certificate) -> list[str]:
    try:
        held = server.alt_names
    except Unreadable:
        return []
    return [*held.dns, *map(str, held.ip)] if held is not None else []

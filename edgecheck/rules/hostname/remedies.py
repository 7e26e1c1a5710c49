"""What to do about a name that does not match."""

from typing import Any

from edgecheck.hierarchy.rfc5280.identity import is_for
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import ONE_NAME, THE_NAME, Object, setting


def to_match(told: str, asked: str, server: Certificate, case: Case) -> dict[str, Any]:
    """Return remedy and object where no name of a server certificate matches.

    `told` is the message; what has to change is the name that clients ask for, the gateway's, its
    runtime, or the certificate.
    """
    shown, configured = safe(asked, 80), case.device.hostname
    if case.expected.validation.purpose == "client":
        remedy = f'Have the device\'s certificate reissued with the name "{shown}".'
        return {"remedy": remedy, "changes": server}
    for sign, remedy, changes in _BY_SIGN:
        if sign in told:
            return {"remedy": remedy, "changes": changes or server}
    if asked == case.device.parent_hostname and (name := _own_name(server)):
        return {
            "remedy": f'Write `parent_hostname = "{safe(name, 80)}"` in the child\'s config.toml.',
            "changes": setting("parent_hostname"),
        }
    if configured and is_for(server, configured):
        told = (
            f'Use "{safe(configured, 80)}" on the clients, as GatewayHostName or as the child\'s '
        )
        told += "`parent_hostname`: that is the gateway's `hostname`, which the certificate is for."
        return {"remedy": told, "changes": THE_NAME}
    return {
        "remedy": f'Use one and the same name everywhere: "{shown}", if that is the right one, as '
        "`hostname` in the gateway's configuration, in DNS, and as GatewayHostName on the clients. "
        "After a change of `hostname` remove the containers (`docker rm -f edgeAgent edgeHub`) and "
        "apply the configuration: a container that stays keeps the old name.",
        "how": ONE_NAME,
    }


def _own_name(server: Certificate) -> str:
    """The first name of a server certificate that is not the module's."""
    names = server.alt_names.dns if server.alt_names else ()
    return next((n for n in names if n.lower().removeprefix("$") != "edgehub"), "")


_BY_SIGN: tuple[tuple[str, str, Object | None], ...] = (
    (
        "the dot at the end is no part",
        "Leave out the dot at the end of the name on the clients.",
        THE_NAME,
    ),
    (
        "1.3.0 writes the module's id as it is",
        "Update IoT Edge to 1.4 or later, which write `edgeHub`; edgeHub gets a new certificate "
        "when it starts.",
        setting("runtime"),
    ),
    (
        "as a DNS name, not as an IP address",
        "Give the gateway a DNS name, as `hostname` in its configuration and as GatewayHostName on "
        "the clients; or update to IoT Edge 1.2 or later, which write addresses as such.",
        setting("hostname"),
    ),
    (
        "an asterisk stands for a whole label",
        "Let the runtime make the server certificate, or have it reissued for the whole name:\n\n"
        "    subjectAltName = DNS:<hostname>",
        None,
    ),
)
"""What to do, by what the message says; without an object it is the certificate."""

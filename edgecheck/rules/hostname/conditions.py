"""What is unusual about the names of the server, and those that somebody asks for."""

from edgecheck.device import UNKNOWN
from edgecheck.reading.hostnames import HOST_NAME
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import PathLook

LOOK = PathLook()
ASKED_OTHERWISE = LOOK.condition(
    "Somebody asks for a name that is not, letter by letter, common name and DNS name of the "
    "server, or that is no host name."
)
ODD_ALTERNATIVES = LOOK.condition("The server's names have an IP address or an asterisk.")
NO_MODULE_NAME = LOOK.condition("The server's names lack that of the module.")
DESCRIBED = LOOK.condition("Something was said of how the gateway is set up.")


@LOOK.by
def _look(case: Case) -> int:
    server = case.hierarchy.server
    bits = 0 if case.device is UNKNOWN else DESCRIBED.bit
    if server is None:
        return bits
    names = server.alt_names
    dns = names.dns if names is not None else ()
    if names is not None:
        if names.ip or "*" in "".join(dns):
            bits |= ODD_ALTERNATIVES.bit
        if "edgehub" not in dns and "edgeHub" not in dns:
            bits |= NO_MODULE_NAME.bit
    name = server.subject.common_name
    for asked in (case.expected.hostname, *(case.device.gateway_host_names or ())):
        if asked is not None and (
            asked != name or asked not in dns or not HOST_NAME.fullmatch(asked)
        ):
            bits |= ASKED_OTHERWISE.bit
    return bits

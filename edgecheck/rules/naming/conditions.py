"""What is unusual about the names of the CAs on a path."""

from edgecheck.reading.names import folded
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import PathLook

LOOK = PathLook()
EQUAL_NAMES = LOOK.condition("Two certificates of the path may have the same name.")
GATEWAY_AS_CA = LOOK.condition(
    "The device CA's common name is the server's, or one that somebody asks for."
)
INTERMEDIATE_NAME = LOOK.condition("The device CA calls itself an intermediate.")


@LOOK.by
def _look(case: Case) -> int:
    hierarchy, bits = case.hierarchy, 0
    certificates = hierarchy.path.certificates if hierarchy.path is not None else ()
    # Names that are equal have as many common names, and the same one if it is one.
    named = [certificate.subject.common_names for certificate in certificates]
    if len({folded(names[0]) if len(names) == 1 else "" for names in named}) < len(named):
        bits |= EQUAL_NAMES.bit
    if hierarchy.device_ca is None:
        return bits
    name = (hierarchy.device_ca.subject.common_name or "").lower()
    if "intermediate" in name:
        bits |= INTERMEDIATE_NAME.bit
    server, device = hierarchy.server, case.device
    other = server.subject.common_name if server is not None else None
    known = (case.expected.hostname, other, device.hostname, *(device.gateway_host_names or ()))
    for text in known:
        if text is not None and text.lower() == name:
            bits |= GATEWAY_AS_CA.bit
    return bits

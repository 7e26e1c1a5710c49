"""The rule about a device CA that was replaced, and is in use all the same."""

from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.shapes import (
    LAST_1_1,
    OLDEST,
    QUICKSTART_CA,
    made_by_certd,
    made_by_libiothsm,
)
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.names import same_name
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name, shown_time
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, issue

_MODULE = frozenset(("edgehub", "$edgehub"))
"""As which module the server certificate is issued, in any version."""
_NEW = """Let the runtime take the device CA that is configured, and edgeHub a certificate from it:

    sudo iotedge config apply
    sudo iotedge restart edgeHub"""
_OLD = """Restart the daemon, which then makes everything anew:

    sudo systemctl restart iotedge"""

_RESTART_NEW = "apply the gateway's configuration and restart edgeHub"
_RESTART_OLD = "restart the gateway's daemon"
_RESTART = f"{_RESTART_NEW} (up to 1.1: {_RESTART_OLD})"


@rule(
    "edge.former-device-ca",
    title="The gateway still presents what another device CA than the configured one issued",
    severity=WARNING,
    over=Over.HIERARCHY,
    purpose="server",
    act=Act.CONFIGURE,
    changes="containers",
    needs=[Need.DEVICE_CA_FILE],
    follows=["edge.quickstart-certificates"],
    references=[
        edge("edgelet/edgelet-http-workload/src/edge_ca.rs", "1.4.0"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_hsm_client_store.c"),
        issue("Azure/iotedge", 6854),
    ],
    symptoms=[
        "Did not find issuer certificate in certificate",
        "Obtaining workload CA failed. Triggering reconfiguration",
    ],
)
def former_device_ca(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The device CA's file was replaced, and edgeHub has not been started anew since.

    edgeHub keeps the server certificate that it got at its start, and asks for another only
    when that ends. So what clients see is still below the former device CA: they will see the
    new one all at once at the next restart, and whatever is wrong with the new one stays hidden
    until then. Where the former CA has ended, or clients trust the new root alone, they do not
    connect. Then this is an error, and what is wrong with the former CA, and with those above
    it that the new one is not below, follows from it. None of it is to be repaired, nor to be
    trusted.

    Remedy:
    Apply the configuration and restart edgeHub: `sudo iotedge config apply`, then
    `sudo iotedge restart edgeHub` (up to 1.1: `sudo systemctl restart iotedge`).
    """
    file, server, path = case.expected.device_ca_file or (), hierarchy.server, hierarchy.path
    if not file or server is None or path is None or file[0] in path.certificates:
        return None
    configured, used = file[0], hierarchy.device_ca
    if not _of_the_runtime(server, used, configured):
        return None  # somebody's own certificate, which no device CA of the gateway issued
    if used is None and not _by_another(server, configured, hierarchy):
        return None
    if used is not None and QUICKSTART_CA.match(used.subject.common_name or ""):
        return None  # edge.quickstart-certificates
    issuer = server.issuer.common_name or "" if used is None else ""
    if QUICKSTART_CA.match(issuer):
        return None
    told = f'"{safe(issuer, 80)}"' if used is None else shown_name(used)
    if used is not None and same_name(used.subject_raw, configured.subject_raw):
        told += _which(used, configured)
    else:
        told += f", and not by {shown_name(configured)}"
    old = case.within(OLDEST, LAST_1_1)
    replaced = _replaced(file, server, hierarchy)
    broken = any(v.counts and v.certificate in replaced for v in path.violations)
    return Violation(
        f"what is presented was issued by {told}, which is configured: edgeHub has not been "
        "restarted since",
        wanted=configured.sha256,
        found=used.sha256 if used is not None else issuer,
        certificates=(used if used is not None else server, configured),
        severity=ERROR if broken and hierarchy.valid is False else WARNING,
        remedy=None if old is None else _OLD if old else _NEW,
        where=(case.expected.file("device_ca_file"), None, None),
        explains=replaced,
        how=_RESTART if old is None else _RESTART_OLD if old else _RESTART_NEW,
    )


def _replaced(
    file: tuple[Certificate, ...], server: Certificate, hierarchy: Hierarchy
) -> tuple[Certificate, ...]:
    """Return the CAs, presented or on the path, that are no more after a restart.

    Those stay that are in the configured device CA's file, or may have issued one that is. The
    server's certificate is none of them: what is wrong with its names may come again.
    """
    path = hierarchy.path.certificates if hierarchy.path else ()
    return tuple(
        each
        for each in dict.fromkeys((*path, *hierarchy.sequence))
        if each != server and each not in file and not _is_above(each, file, hierarchy)
    )


def _is_above(
    certificate: Certificate, file: tuple[Certificate, ...], hierarchy: Hierarchy
) -> bool:
    """Whether it may have issued a certificate of the file, by name and signature."""
    below = (c for c in file if same_name(c.issuer_raw, certificate.subject_raw))
    check = hierarchy.pool.signatures.check
    return any(check(each, certificate).state is not State.INVALID for each in below)


def _which(used: Certificate, configured: Certificate) -> str:
    """What tells two certificates of one name apart, in words."""
    if used.not_before != configured.not_before:
        told = f" that began at {shown_time(used.not_before)}"
        return f"{told}, and not by that of {shown_time(configured.not_before)}"
    if used.not_after != configured.not_after:
        told = f" that ends at {shown_time(used.not_after)}"
        return f"{told}, and not by the one that ends at {shown_time(configured.not_after)}"
    told = f" with the SHA-256 {used.sha256[:8].upper()}..."
    return f"{told}, and not by {configured.sha256[:8].upper()}..."


def _of_the_runtime(server: Certificate, used: Certificate | None, configured: Certificate) -> bool:
    """Whether the runtime issued a server certificate, by its form, its names or its issuer.

    What a proxy strips, or a laboratory signs anew, has another form: then it counts that it is for
    the module edgeHub too, or that the CA above it is a device CA of this gateway, by its name.
    """
    if made_by_certd(server) or made_by_libiothsm(server):
        return True
    try:
        if server.alt_names and any(n.lower() in _MODULE for n in server.alt_names.dns):
            return True
        return used is not None and same_name(used.subject_raw, configured.subject_raw)
    except Unreadable:
        return False


def _by_another(server: Certificate, configured: Certificate, hierarchy: Hierarchy) -> bool:
    """Whether a server certificate that came alone is not from this CA, by name or signature."""
    if not same_name(server.issuer_raw, configured.subject_raw):
        return True
    return hierarchy.pool.signatures.check(server, configured).state is State.INVALID

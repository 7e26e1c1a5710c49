"""Rules about the CA that issues on the gateway itself."""

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import NEWEST
from edgecheck.reading.text import safe
from edgecheck.rules.configuration.edge_ca import FIRST_WITH_METHOD, method
from edgecheck.rules.device.whose import place
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, identity_service, rfc

_FILE = "cert_issuance.local_ca.cert"


@rule(
    "configuration.local-ca",
    title="The local CA that is to issue the device CA may not issue CAs",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="cert_issuance",
    needs=[Need.EDGE_CA, Need.FILES],
    runtime="1.2.5 and later",
    references=[
        rfc(5280, "6.1.4"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        edge("edgelet/iotedge/src/config/super_config.rs", "1.3.0"),
    ],
    symptoms=[
        "path length constraint exceeded",
        "x509: too many intermediates for path length constraint",
    ],
)
def local_ca(device: Device, case: Case) -> Violation | None:
    """The device CA comes from the local CA, and issues server certificates in its turn.

    So the local CA has to be a CA (`cA = TRUE`), and to allow one more CA below it: with
    `pathLenConstraint = 0` it does not. certd asks for neither and signs; clients refuse what comes
    of it, once it is issued.

    Remedy:
    Have the local CA issued with `basicConstraints = critical, CA:TRUE, pathlen:1`, or without a
    length.
    """
    facts = (device.files or {}).get(_FILE, {})
    if method(device.edge_ca or {}) != "local_ca":
        return None
    if facts.get("is_ca") is False:
        told, found = "is no CA", "no CA"
    elif facts.get("path_length") == 0:
        told, found = "allows no CA below it (pathLenConstraint 0)", "pathLenConstraint 0"
    else:
        return None
    severity = case.bound(ERROR, FIRST_WITH_METHOD, NEWEST)
    if severity is None:
        return None
    name = safe(facts.get("common_name", ""), 80)
    return Violation(
        f'the local CA "{name}", which issues the device CA, {told}',
        wanted="a CA that allows one more CA below it",
        found=found,
        severity=severity,
        where=place(_FILE, facts),
    )

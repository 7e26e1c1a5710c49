"""Rules about the file of the device CA."""

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, issue


@rule(
    "chain.device-ca-file-without-root",
    title="The device CA file does not contain the root",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.EDIT,
    changes="edge_ca.cert",
    needs=[Need.DEVICE_CA_FILE],
    runtime="1.0.0 to 1.1.19",
    references=[
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        issue("Azure/iotedge", 6340),
    ],
)
def device_ca_file_without_root(device: Device, case: Case) -> Violation | None:
    """No self-signed certificate stands in the configured device CA file.

    Up to 1.1 the daemon verifies its cached workload CA, at every start but the first, against
    this file and the system's store. Without the root it says "Could not verify certificate",
    "Obtaining workload CA failed. Triggering reconfiguration" and removes all modules (read
    from the source, not seen). From 1.2 on nothing fails, and it is a note: the contents of
    this file are served to the modules as part of their trust bundle, so a root in it is one
    that they trust.

    Remedy:
    Append the root to the device CA file, behind the last intermediate, and apply the
    configuration:

        cat root.pem >> FILE
    """
    certificates = case.expected.device_ca_file or ()
    if not certificates or any(certificate.is_self_issued for certificate in certificates):
        return None
    severity = case.bound(WARNING, OLDEST, LAST_1_1)
    last = certificates[-1]
    count = len(certificates)
    return Violation(
        f"the device CA file holds {count} certificate{'' if count == 1 else 's'} and no root; "
        f'the last names "{safe(str(last.issuer), 120)}" as its issuer',
        wanted=str(last.issuer),
        found=[str(certificate.subject) for certificate in certificates[:8]],
        certificates=(last,),
        severity=severity or INFO,
        where=(case.expected.file("device_ca_file"), None, None),
    )

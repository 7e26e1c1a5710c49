"""Rules about the trust bundle, by which modules verify the gateway."""

from edgecheck.device import Device
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import FIRST_1_2, NEWEST
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.names import same_name
from edgecheck.reading.sources import file_bytes
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name, shown_time
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import (
    ARTICLE,
    edge,
    identity_service,
    issue,
    measured,
    rfc,
)
from edgecheck.rules.trust.shared import topmost


@rule(
    "trust.bundle-without-root",
    title="The gateway's trust bundle does not contain the root of its own chain",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    act=Act.CONFIGURE,
    changes="trust_bundle_cert",
    needs=[Need.TRUST_BUNDLE],
    follows=["edge.quickstart-certificates"],
    references=[
        ARTICLE,
        edge("edgelet/iotedge/src/config/apply.rs", "1.2.10"),
        issue("Azure/iotedge", 6340),
    ],
)
def bundle_without_root(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Whoever gets trust from this bundle alone cannot verify edgeHub: mostly the modules.

    The runtime serves `trust_bundle_cert` (`trusted_ca_certs` up to 1.1) to its modules, from
    1.2 on behind the contents of the device CA file. Where neither holds the root, modules say
    "TLS authentication error" or "The remote certificate is invalid", while leaf devices with
    their own trust connect. An intermediate or the device CA in the bundle is not enough for
    modules that build on OpenSSL or .NET (`trust.no-root`). Where from 1.2 on only the device
    CA file holds the root, and the trust bundle a root of the same name with another key, one
    of the two was left behind when the CAs were made again. Modules connect, and whatever was
    given the trust bundle's root does not. That is a warning.

    Remedy:
    Put the root certificate into the file that `trust_bundle_cert` (`trusted_ca_certs` up to
    1.1) names, and apply the configuration.
    """
    path = hierarchy.path
    if path is None or path.ended is Ending.LOOP or path.ended is Ending.BUDGET:
        return None
    if path.ended is Ending.NO_ISSUER and case.expected.trust:
        return None  # `chain.missing-issuer`: nobody knows which root is above the gap
    spoiled = any(problem.within == "trust_bundle" for problem in case.problems)
    if spoiled and not case.expected.trust_bundle:
        return None  # a rule about the input says why nothing could be read from it
    top = topmost(path.certificates[-1], hierarchy)
    if hierarchy.is_predicted(top):
        return None  # what the runtime makes for itself, it serves
    bundle = own = case.expected.trust_bundle or ()
    if case.within(FIRST_1_2, NEWEST) is not False:
        bundle += case.expected.device_ca_file or ()
    named, file = case.named(top), case.expected.file("trust_bundle")
    called = "the trust bundle" if file.startswith("<") else f"the trust bundle ({safe(file, 120)})"
    if top.is_self_issued:
        if case.role(top) is Role.OTHER:
            named = f"the root {shown_name(top)}"
        wanted, told = top.sha256, f"{named} is not in {called}"
        if any(c.spki == top.spki and same_name(c.subject_raw, top.subject_raw) for c in bundle):
            return _of_another_generation(top, own, called, named)
    else:
        wanted = f"the root above {safe(str(top.subject), 120)}"
        told = f"no root that issued {named} is in {called}"
        if any(c.is_self_issued and _issued(c, top, hierarchy) for c in bundle):
            return None
    return Violation(
        f"{told}, so modules on the gateway cannot verify edgeHub",
        wanted=wanted,
        found=[certificate.sha256 for certificate in bundle[:8]],
        certificates=(top,),
    )


def _of_another_generation(
    root: Certificate, bundle: tuple[Certificate, ...], called: str, named: str
) -> Violation | None:
    """What is wrong where the bundle itself has the root's name alone, with another key."""
    alike = [c for c in bundle if c.is_self_issued and same_name(c.subject_raw, root.subject_raw)]
    if not alike or any(c.spki == root.spki for c in alike):
        return None
    return Violation(
        f"{named} is in the device CA file alone; {called} has one of the same name with another "
        "key, so devices that were given that one cannot verify edgeHub",
        wanted=root.sha256,
        found=[certificate.sha256 for certificate in alike[:8]],
        certificates=(root, *alike[:8]),
        severity=WARNING,
        remedy=_ONE_GENERATION,
    )


_ONE_GENERATION = """\
Put the root of the present device CA into the trust bundle, and give it to every device. Where \
the trust bundle has the newer one, install the device CA that it issued, with its chain and its \
key. This tells when each was made:

    openssl x509 -noout -startdate -fingerprint -sha256 -in FILE"""


@rule(
    "trust.bundle-join-without-newline",
    title="The device CA file lacks its last line end, and the trust bundle is joined to it",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.EDIT,
    changes="edge_ca.cert",
    needs=[Need.DEVICE_CA_FILE, Need.TRUST_BUNDLE],
    runtime="1.2.0 or later",
    references=[
        identity_service("cert/aziot-certd/src/lib.rs"),
        edge("edgelet/iotedge/src/config/apply.rs", "1.2.10"),
        measured("OpenSSL reads no certificate from joined markers, Go and Java neither"),
    ],
)
def bundle_join_without_newline(device: Device, case: Case) -> Violation | None:
    """From 1.2 on certd serves both files as one, byte behind byte, with nothing in between.

    Where the first does not end with a line end, its last line and the first of the other
    become "-----END CERTIFICATE----------BEGIN CERTIFICATE-----". OpenSSL, and what builds on it,
    does not recognise that and loses certificates: "no start line".

    Remedy:
    End the device CA file with a line end, and apply the configuration:

        echo >> FILE
    """
    text = file_bytes(device.device_ca_file)
    severity = case.bound(ERROR, FIRST_1_2, NEWEST)
    if device.trust_bundle == ():
        return None  # none is configured, so nothing is put behind it
    if severity is None or not text or text.endswith((b"\n", b"\r")) or b"-----" not in text:
        return None
    return Violation(
        "the device CA file does not end with a line end, and the trust bundle is put behind it",
        wanted="a line end",
        found="no line end",  # never what stands there, which may be a piece of a key
        severity=severity,
        where=(case.expected.file("device_ca_file"), None, None),
    )


@rule(
    "trust.bundle-expired-member",
    title="A certificate in the gateway's trust bundle has expired",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="trust_bundle_cert",
    needs=[Need.TRUST_BUNDLE],
    follows=["validity.expired"],
    references=[identity_service("aziotctl/src/internal/check/checks/certs_preloaded.rs")],
)
def bundle_expired_member(device: Device, case: Case) -> list[Violation] | None:
    """Modules can verify nothing with it any more.

    `aziotctl check` looks at the first certificate of the file alone, and says that it "expired
    at" its end: that is a warning. Any further one is a note; nobody looks at it.

    Remedy:
    Remove the certificate from the file that `trust_bundle_cert` (`trusted_ca_certs` up to 1.1)
    names, put its successor there, and apply the configuration.
    """
    at = case.expected.at_seconds
    found = [
        Violation(
            f"{shown_name(certificate)}, number {place} of the trust bundle, expired at "
            f"{shown_time(certificate.not_after)}",
            wanted="certificates that are valid",
            found=shown_time(certificate.not_after),
            certificates=(certificate,),
            severity=WARNING if place == 1 else INFO,
            where=(case.expected.file("trust_bundle"), None, None),
        )
        for place, certificate in enumerate(case.expected.trust_bundle or (), 1)
        if certificate.not_after < at
    ]
    return found or None


@rule(
    "trust.bundle-without-ca",
    title="Nothing in the gateway's trust bundle can serve as trust",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="trust_bundle_cert",
    needs=[Need.TRUST_BUNDLE],
    follows=["trust.bundle-without-root"],
    references=[rfc(5280, "4.2.1.9"), edge("edgelet/iotedge/src/config/apply.rs", "1.2.10")],
)
def bundle_without_ca(device: Device, case: Case) -> Violation | None:
    """The file holds certificates of servers or devices alone, which issue nothing.

    Often it is the gateway's server certificate, or the identity that it logs in with. Nobody can
    verify anything with such a one; from 1.2 on modules have the certificates of the device CA file
    beside it. One that signs itself can be trusted as it is, and is not meant.

    Remedy:
    Put the root certificate into the file that `trust_bundle_cert` (`trusted_ca_certs` up to 1.1)
    names, and apply the configuration.
    """
    bundle = case.expected.trust_bundle or ()
    if not bundle or any(each.is_ca or each.is_self_issued or each.version < 3 for each in bundle):
        return None
    return Violation(
        f"the trust bundle holds {shown_name(bundle[0])}, which is no CA, and no CA beside it",
        wanted="the root certificate",
        found=[str(each.subject) for each in bundle[:8]],
        certificates=bundle[:1],
        where=(case.expected.file("trust_bundle"), None, None),
    )


def _issued(issuer: Certificate, child: Certificate, hierarchy: Hierarchy) -> bool:
    """Whether one certificate issued another: name and signature."""
    if not same_name(issuer.subject_raw, child.issuer_raw):
        return False
    return hierarchy.pool.signatures.check(child, issuer).state is not State.INVALID

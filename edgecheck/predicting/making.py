"""The certificates that a version of the runtime makes from a device CA, or without one.

Source: libiothsm up to 1.1 (Azure/iotedge 1.1.15, `edge_pki_openssl.c`, `edge_hsm_client_store.c`,
`iotedged/src/lib.rs`); from 1.2 on edged's requests (`edgelet-http-workload/src/module/cert`) and
certd, which signs them (Azure/iot-identity-service, `cert/aziot-certd/src/lib.rs`).
"""

from typing import NamedTuple

from cryptography.hazmat.primitives.serialization import load_der_public_key

from edgecheck.device import Version
from edgecheck.hierarchy.predicted import Predicted
from edgecheck.hierarchy.shapes import (
    LAST_1_1,
    LAST_1_2,
    LIBIOTHSM_SERVER_KEY_USAGE,
    QUICKSTART_1_1_ROOT,
)
from edgecheck.hierarchy.signatures import vouch
from edgecheck.predicting import names, stand_ins, writing
from edgecheck.predicting.lives import DAY, QUICKSTART_DAYS, SERVER_DAYS, SERVER_DAYS_1_1
from edgecheck.predicting.stand_ins import NotSigning
from edgecheck.predicting.writing import COMMON_NAME, SHORT, Content
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import DIGITAL_SIGNATURE, KEY_CERT_SIGN, SERVER_AUTH
from edgecheck.reading.loading import load

_CA_USAGE = DIGITAL_SIGNATURE | KEY_CERT_SIGN
_LONGEST_COPIED = 128
"""Octets of a field that libiothsm copies (MAX_SUBJECT_VALUE_SIZE without its end)."""
_OWNER_LENGTH, _DEVICE_LENGTH, _WORKLOAD_LENGTH, _EDGE_CA_LENGTH = 3, 2, 0, 0
"""Path lengths of the CAs that the runtime makes."""


class Wanted(NamedTuple):
    """What the runtime is configured with.

    Attributes:
        version: of the runtime.
        hostname: `hostname` of its configuration.
        module: the id of the module that the server certificate is for.
        device_id: the device's id; it names the quickstart CA from 1.3 on.
        at: when it makes them, in seconds since 1970.
        quickstart_days: how long a CA lives that it makes for itself.
    """

    version: Version
    hostname: str
    module: str
    device_id: str | None
    at: int
    quickstart_days: int = QUICKSTART_DAYS


def make(wanted: Wanted, file: tuple[Certificate, ...]) -> Predicted:
    """Return what the runtime makes; `file`: the device CA's, empty for a quickstart.

    The first certificate of the file is the device CA to the runtime, whatever it is. What makes
    the runtime refuse is for rules to say, but for a key that cannot be used or read.
    """
    made = Predicted(wanted.version, wanted.module)
    try:
        old = wanted.version <= LAST_1_1
        above = [] if file else _quickstart_1_1(wanted) if old else [_quickstart(wanted)]
        below = [_workload_ca(wanted, file[0] if file else above[0])] if old else []
        issuer = (*below, *above, *file)[0]
        server = _server_1_1(wanted, issuer) if old else _server(wanted, issuer)
    except NotSigning as kind:
        return made._replace(unknown=f"the runtime signs nothing with a {kind}")
    except (Unreadable, Malformed) as missing:
        return made._replace(unknown=str(missing))
    return made._replace(certificates=(server, *below, *above))


def _server_1_1(wanted: Wanted, workload_ca: Certificate) -> Certificate:
    name = names.server_name(wanted.hostname, wanted.version)
    alternatives = names.alt_names(wanted.hostname, wanted.module, wanted.version)
    extensions = (
        writing.basic_constraints(None),
        writing.key_usage(LIBIOTHSM_SERVER_KEY_USAGE),
        writing.extended_key_usage(SERVER_AUTH),
        *((writing.subject_alt_name(alternatives),) if alternatives else ()),
    )
    seed = _seed(wanted, workload_ca, "server")
    spki = stand_ins.like(workload_ca.public_key, 2048, seed)
    ends = wanted.at + SERVER_DAYS_1_1 * DAY
    return _of_libiothsm(wanted, workload_ca, name, extensions, spki, ends, seed)


def _workload_ca(wanted: Wanted, device_ca: Certificate) -> Certificate:
    """The CA of path length 0 that ends with the device CA."""
    extensions = _ca_1_1(_WORKLOAD_LENGTH)
    seed = _seed(wanted, device_ca, "workload ca")
    spki = stand_ins.like(device_ca.public_key, 4096, seed)
    name, ends = names.WORKLOAD_CA, device_ca.not_after
    return _of_libiothsm(wanted, device_ca, name, extensions, spki, ends, seed)


def _quickstart_1_1(wanted: Wanted) -> list[Certificate]:
    """The device CA and the owner CA that libiothsm makes where none is configured."""
    ends, seed = wanted.at + wanted.quickstart_days * DAY, _seed(wanted, None, "owner ca")
    spki = stand_ins.rsa_key(4096, seed)
    identifier, serial = writing.key_identifier(spki), stand_ins.serial(seed)
    own = writing.name([(COMMON_NAME, QUICKSTART_1_1_ROOT)])
    extensions = (
        *_ca_1_1(_OWNER_LENGTH),
        writing.subject_key_id(identifier),
        writing.authority_key_id(identifier, own, serial),
    )
    root = _made(Content(serial, own, wanted.at, ends, own, spki, extensions), None)
    seed = _seed(wanted, root, "device ca")
    spki, extensions = stand_ins.rsa_key(4096, seed), _ca_1_1(_DEVICE_LENGTH)
    name = names.QUICKSTART_CA_1_1
    return [_of_libiothsm(wanted, root, name, extensions, spki, ends, seed), root]


def _ca_1_1(path_length: int) -> tuple[bytes, ...]:
    return writing.basic_constraints(path_length), writing.key_usage(_CA_USAGE)


def _of_libiothsm(
    wanted: Wanted,
    issuer: Certificate,
    common_name: str,
    extensions: tuple[bytes, ...],
    spki: bytes,
    ends: int,
    seed: bytes,
) -> Certificate:
    """generate_evp_certificate: C, ST, L, O and OU are the issuer's, and key identifiers follow."""
    authority = writing.authority_key_id(
        issuer.subject_key_id or b"", issuer.issuer_raw, issuer.serial
    )
    content = Content(
        stand_ins.serial(seed),
        issuer.subject_raw,
        wanted.at,
        min(ends, issuer.not_after),
        writing.name(
            [
                *_copied(issuer),
                (COMMON_NAME, _as_latin_1(common_name.encode("utf-8", "surrogatepass"))),
            ]
        ),
        spki,
        (*extensions, writing.subject_key_id(writing.key_identifier(spki)), authority),
    )
    return _made(content, issuer)


def _copied(issuer: Certificate) -> list[tuple[str, str]]:
    """Return the first C, ST, L, O and OU of the issuer's subject (X509_NAME_get_text_by_NID)."""
    found: dict[str, bytes] = {}
    for rdn in issuer.subject.parts:
        for kind, _, content in rdn:
            found.setdefault(der.oid_text(kind), content)
    texts = {short: found[short] for short in SHORT.values() if short in found}
    cut = {kind: text[:_LONGEST_COPIED].partition(b"\0")[0] for kind, text in texts.items()}
    return [(kind, _as_latin_1(text)) for kind, text in cut.items() if text]


def _as_latin_1(octets: bytes) -> str:
    """Return what MBSTRING_ASC makes of octets: each is a character."""
    return octets.decode("latin-1")


def _server(wanted: Wanted, edge_ca: Certificate) -> Certificate:
    """What edged asks for, and certd signs: serial number 0, 30 days at most."""
    hostname, version = wanted.hostname, wanted.version
    spki = stand_ins.rsa_key(2048, _seed(wanted, edge_ca, "server"))
    extensions = [
        writing.extended_key_usage(SERVER_AUTH),
        writing.subject_alt_name(names.alt_names(hostname, wanted.module, version)),
    ]
    if version > LAST_1_2:
        extensions.append(writing.subject_key_id(writing.key_identifier(spki)))
        if edge_ca.subject_key_id is not None:  # certd leaves it out without a word
            extensions.append(writing.authority_key_id(edge_ca.subject_key_id))
    content = Content(
        0,
        edge_ca.subject_raw,
        wanted.at,
        min(wanted.at + SERVER_DAYS * DAY, edge_ca.not_after),
        writing.name([(COMMON_NAME, names.server_name(hostname, version))]),
        spki,
        tuple(extensions),
    )
    return _made(content, edge_ca)


def _quickstart(wanted: Wanted) -> Certificate:
    """The edge CA that certd signs with the CA's own key where none is configured."""
    name = names.quickstart_name(wanted.hostname, wanted.device_id, wanted.version)
    own = writing.name([(COMMON_NAME, name)])
    spki = stand_ins.rsa_key(2048, _seed(wanted, None, "edge ca"))
    extensions = [writing.key_usage(_CA_USAGE), writing.basic_constraints(_EDGE_CA_LENGTH)]
    if wanted.version > LAST_1_2:  # no authorityKeyIdentifier: there is nothing yet to copy
        extensions.append(writing.subject_key_id(writing.key_identifier(spki)))
    ends = wanted.at + wanted.quickstart_days * DAY
    return _made(Content(0, own, wanted.at, ends, own, spki, tuple(extensions)), None)


def _made(content: Content, issuer: Certificate | None) -> Certificate:
    """Return the certificate, vouched for in the name of its issuer's key; None: of its own."""
    spki = content.spki if issuer is None else issuer.spki
    key = load_der_public_key(spki) if issuer is None else issuer.public_key
    algorithm = stand_ins.signed_with(key)
    octets = stand_ins.signature(key, writing.to_be_signed(content, algorithm))
    read = load(writing.certificate(content, algorithm, octets))
    if isinstance(read, str):  # the issuer's name cannot be written again
        raise Malformed(read)
    vouch(read, spki)
    return read


def _seed(wanted: Wanted, issuer: Certificate | None, what: str) -> bytes:
    """Return what all that is drawn at random in the runtime is made of here."""
    said = f"{what}|{wanted.version}|{wanted.hostname}|{wanted.module}|{wanted.device_id}"
    return said.encode("utf-8", "surrogatepass") + (issuer.der if issuer else b"")

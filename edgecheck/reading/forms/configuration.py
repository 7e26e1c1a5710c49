"""A configuration of the runtime that was given in the place of certificates: what it names.

Only what options of `check` take is read, line by line: `config.toml` of 1.2 and later, and
`config.yaml` up to 1.1. Both hold secrets (connection strings, keys), of which nothing is kept.
"""

from __future__ import annotations

import re
from typing import Final

from edgecheck.reading.late import late

MOST_BYTES: Final = 256 * 1024  # of it that are looked at; a template has 12,000

_SIGNS = late(
    rb"^[ \t]*+(?:"
    rb"\[[ \t]*(provisioning|edge_ca|agent|aziot_keys|preloaded_keys|preloaded_certs|cert_issuance"
    rb"|connect|listen|moby_runtime|watchdog|image_garbage_collection)[\w. ]*\]"
    rb"|(trust_bundle_cert|auto_reprovisioning_mode|homedir_path)[ \t]*="
    rb"|(provisioning|agent|connect|listen|moby_runtime|certificates|watchdog|homedir)[ \t]*:"
    rb"|(device_ca_cert|device_ca_pk|trusted_ca_certs|device_connection_string)[ \t]*:"
    rb"|(hostname|parent_hostname)[ \t]*[:=])",
    re.MULTILINE,
)
_LEAST_SIGNS: Final = 2  # different ones, of which one is no `hostname`
_LINE = late(
    rb"^[ \t]*+(?:\[[ \t]*([\w. ]{1,64})\][ \t]*|([\w.]{1,64})[ \t]*[:=][ \t]*"
    rb"(?:\"([^\"\n]{1,512})\"|'([^'\n]{1,512})'|([^\s\"'{\[#|>&][^\n#]{0,512}))?)",
    re.MULTILINE,
)
_PERCENT = late(rb"%([0-9A-Fa-f]{2})")
_OPTIONS: Final = {
    "edge_ca.cert": "--device-ca-file",
    "certificates.device_ca_cert": "--device-ca-file",
    "trust_bundle_cert": "--trust-bundle",
    "certificates.trusted_ca_certs": "--trust-bundle",
    "provisioning.attestation.identity_cert": "--identity-certificate",
    "provisioning.authentication.identity_cert": "--identity-certificate",
    "hostname": "--device-hostname",
    "parent_hostname": "--parent-hostname",
}
"""Options of `edgecheck check` by the settings that they are about."""
_FILES: Final = ("--device-ca-file", "--trust-bundle", "--identity-certificate")


def configuration_in(data: bytes) -> dict[str, str] | None:
    """Return what a configuration says, by the option of `check` that takes it.

    None where *data* is no configuration of the runtime. Values are anybody's text, of at most 512
    characters; of files, paths. Keys and secrets are not among them.
    """
    data = data[:MOST_BYTES].replace(b"\r\n", b"\n")
    signs = {sign for found in _SIGNS.finditer(data) for sign in found.groups() if sign}
    if len(signs) < _LEAST_SIGNS or signs <= {b"hostname", b"parent_hostname"}:
        return None
    said: dict[str, str] = {}
    sections: list[tuple[int, str]] = []  # of YAML, each with its indentation; of TOML, one
    for found in _LINE.finditer(data):
        table, key, *values = (each or b"" for each in found.groups())
        depth = found.start(2) - found.start()
        if table:
            sections = [(-1, table.replace(b" ", b"").decode("ascii", "replace"))]
            continue
        sections = [section for section in sections if section[0] < depth]
        name = ".".join([*(name for _, name in sections), key.decode("ascii", "replace")])
        value = b"".join(values).strip()
        if not value:
            sections.append((depth, key.decode("ascii", "replace")))
        elif (option := _OPTIONS.get(name)) is not None:
            path = _path(value) if option in _FILES else value.decode("utf-8", "replace")
            if path:
                said.setdefault(option, path)
    return said


def _path(uri: bytes) -> str:
    """The path of a file's URI; empty for a key in a module, and for a table."""
    scheme, colon, rest = uri.partition(b":")
    if not colon or len(scheme) == 1:  # a path, maybe of Windows
        return uri.decode("utf-8", "replace")
    if scheme.lower() != b"file":
        return ""
    rest = rest.removeprefix(b"//").removeprefix(b"localhost")
    path = _PERCENT.sub(lambda found: bytes((int(found[1], 16),)), rest)
    return path.decode("utf-8", "replace")

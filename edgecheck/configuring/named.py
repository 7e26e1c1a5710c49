"""Which files a configuration names, and where they are."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from edgecheck.device import Device
from edgecheck.reading.late import late
from edgecheck.reading.text import masked, safe

SCHEME = late(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
FILE = late(r"\s*file:(?://([^/\\?#]*))?([^?#]*)", re.IGNORECASE)
_ENCODED = late(r"(?:%[0-9A-Fa-f]{2})+")
QUOTES = late("[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb]")
"""Quotation marks that a word processor writes."""
_OF_YAML = {
    "device_ca_cert": "edge_ca.cert",
    "device_ca_pk": "edge_ca.pk",
    "trusted_ca_certs": "trust_bundle_cert",
}
"""Settings of config.yaml by their names in config.toml, which facts go by."""
_LONGEST = 4096
"""Octets of a path, on Linux."""


class Named(NamedTuple):
    """One setting that names a file or a key."""

    key: str
    """As the configuration has it."""
    uri: str
    is_key: bool
    yaml: bool
    """Up to 1.1, whose configuration takes paths too."""
    paths: bool
    """Whether a path will do in place of a URI."""
    file: str
    """What facts about the file go by: the key of config.toml, with every runtime."""
    symmetric: bool = False
    """Whether it is a key that is shared with the cloud, of which nothing is ever looked at."""

    @property
    def shown(self) -> str:
        """Setting and value, safe to print."""
        return f'{self.key} = "{safe(masked(self.uri), 120)}"'

    @property
    def path(self) -> str | None:
        """The absolute path that the runtime opens; None where it opens no file."""
        return file_path(self.uri, self.paths)

    @property
    def meant(self) -> str | None:
        """The path that whoever wrote it means, where the runtime does not take it as one.

        That of a path where a URI is needed, of `file://etc/ca.pem` with its two slashes, and of
        either with a typographic quotation mark around it.
        """
        text = QUOTES.sub("", self.uri).strip()
        match = FILE.match(text)
        if match is not None and match[1]:
            text = f"/{match[1]}{match[2]}"
        return file_path(text, paths=True)


def named(device: Device, old: bool) -> Iterator[Named]:
    """Every setting that was told and names a file or a key; `old`: the runtime is 1.1 at most."""
    for key, file in _OF_YAML.items():
        value = (device.certificates or {}).get(key)
        if isinstance(value, str) and value:
            yield Named(f"certificates.{key}", value, key.endswith("_pk"), True, True, file)
    provisioning: Mapping[str, Any] = device.provisioning or {}
    for part in ("authentication", "attestation"):
        yield from _table(f"provisioning.{part}", provisioning.get(part), old)
    yield from _table("edge_ca", device.edge_ca, False)
    issuance: Mapping[str, Any] = device.cert_issuance or {}
    yield from _table("cert_issuance.local_ca", issuance.get("local_ca"), False)
    est: Mapping[str, Any] = issuance.get("est") or {}
    yield from _table("cert_issuance.est", est, False)
    yield from _table("cert_issuance.est.auth", est.get("auth"), False)
    for number, uri in enumerate(est.get("trusted_certs", ()), 1):
        file = f"cert_issuance.est.trusted_certs.{number}"
        yield Named("cert_issuance.est.trusted_certs", uri, False, False, False, file)
    if device.trust_bundle_cert:
        uri = device.trust_bundle_cert
        yield Named("trust_bundle_cert", uri, False, False, False, "trust_bundle_cert")


def _table(name: str, table: Mapping[str, Any] | None, yaml: bool) -> Iterator[Named]:
    for key, value in (table or {}).items():
        if key in ("device_id_pk", "symmetric_key") and isinstance(value, Mapping):
            if isinstance(uri := value.get("uri"), str) and uri:
                yield Named(f"{name}.{key}.uri", uri, True, yaml, False, f"{name}.{key}", True)
        elif key.rpartition("_")[2] in ("cert", "pk"):
            if isinstance(value, str) and value and key != "device_id_pk":
                yield Named(
                    f"{name}.{key}", value, key.endswith("pk"), yaml, False, f"{name}.{key}"
                )
            elif isinstance(value, Mapping):
                yield from _table(f"{name}.{key}", value, yaml)


def file_path(uri: str, paths: bool = False) -> str | None:
    """Return the path that a `file:` URI names, as the runtime's parser of URLs makes it.

    It decodes `%XX`, takes a host that is empty or `localhost`, leaves query and fragment away,
    and resolves `.` and `..` (`Url::to_file_path` of the crate url 2). `paths`: a path is taken
    as it is (`convert_to_path` in edgelet-core/src/settings.rs at 1.1.15). None: it is no file.
    """
    text = uri.strip()
    if paths and text.startswith("/"):
        return _plain(text)
    match = FILE.match(text)
    if match is None or (match[1] or "").lower() not in ("", "localhost"):
        return None
    path = match[2].replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    return _plain(decoded("/" + path.lstrip("/") if not path.startswith("/") else path))


def decoded(text: str) -> str:
    """A text with the bytes that `%XX` stands for; what is no UTF-8 is kept as Python keeps it."""

    def of(run: re.Match[str]) -> str:
        return bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "surrogateescape")

    return _ENCODED.sub(of, text)


def _plain(path: str) -> str | None:
    """A path without empty parts, `.` and `..`; None where no system has such a path."""
    if "\0" in path or len(path) > _LONGEST:
        return None
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)

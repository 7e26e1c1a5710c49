"""What this machine trusts: the store that programs here use which are told nothing else."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from edgecheck.adapters.files import Refused, read
from edgecheck.reading.late import late
from edgecheck.reading.sources import Source

SYSTEM = "system"
"""The word that stands for it where a file is asked for; a file of that name is `./system`."""
_TOLD = f"--trust {SYSTEM}"
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep it whatever this Python was built for (Go, crypto/x509/root_linux.go,
root_bsd.go)."""
_HASHED = late(r"[0-9a-f]{8}\.\d+")
"""Names by which OpenSSL finds certificates in a directory (`openssl rehash`)."""
_SERVER_AUTH = "1.3.6.1.5.5.7.3.1"


def system_trust(most: int, environment: Mapping[str, str] = os.environ) -> Source:
    """Return the roots that this machine trusts, as PEM or DER.

    On Windows the store `ROOT`, those for servers; elsewhere the file and the directory of
    OpenSSL (SSL_CERT_FILE and SSL_CERT_DIR), else the bundle of the system.

    Args:
        most: bytes of each file that are read.
        environment: of the process.

    Raises:
        Refused: none is found here.
    """
    data = b"".join(_of_windows() if sys.platform == "win32" else _of_files(most, environment))
    if b"-----BEGIN" not in data and not data[:1] == b"0":
        raise Refused(
            f"--trust {SYSTEM}: no store of trusted roots is found on this machine; name a file"
        )
    return Source(SYSTEM, data)


def _of_windows() -> Iterator[bytes]:
    """Certificates that Windows trusts for servers (CertEnumCertificatesInStore)."""
    import ssl

    for data, encoding, purposes in ssl.enum_certificates("ROOT"):  # type: ignore[attr-defined]
        if encoding == "x509_asn" and (purposes is True or _SERVER_AUTH in purposes):
            yield data


def _of_files(most: int, environment: Mapping[str, str]) -> Iterator[bytes]:
    """The file, and what in the directory is not in it; each file of certificates once."""
    import ssl  # for this alone, and it takes as long as a check

    paths = ssl.get_default_verify_paths()
    file = environment.get(paths.openssl_cafile_env) or paths.openssl_cafile
    folder = environment.get(paths.openssl_capath_env) or paths.openssl_capath
    found = b""
    if Path(file).is_file():
        found = read(file, most, _TOLD).data + b"\n"
        yield found
    listed: list[Path] = []
    for one in folder.split(os.pathsep):
        with suppress(OSError):
            listed += sorted(each for each in Path(one).iterdir() if _HASHED.fullmatch(each.name))
    for path in listed:
        if path.is_file() and (data := read(str(path), most, _TOLD).data).strip() not in found:
            yield data + b"\n"
    said = any(environment.get(n) for n in (paths.openssl_cafile_env, paths.openssl_capath_env))
    if not (found or listed or said):
        bundle = next((each for each in _BUNDLES if Path(each).is_file()), None)
        yield read(bundle, most, _TOLD).data if bundle else b""

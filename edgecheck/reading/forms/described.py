"""What holds no certificate and was meant to: descriptions of it, archives, pictures, logs.

Each with the command that gets at the certificates themselves.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from edgecheck.reading.late import late
from edgecheck.reading.secrets import without_keys

MOST_BYTES: Final = 256 * 1024  # that are looked at
LOG: Final = "a log"
NAMES_FILES: Final = "text that names "
_MOST_FILES: Final = 3


class Described(NamedTuple):
    """What it is, and what to do about it; FILE in a command is the input's name."""

    words: str
    advice: str
    command: str


_BINARY: Final[dict[bytes, Described]] = {
    b"PK\x03\x04": Described("a zip archive", "Unpack it", "unzip -p FILE | edgecheck check -"),
    b"\x1f\x8b": Described("packed by gzip", "Unpack it", "gunzip -c FILE | edgecheck check -"),
    b"7z\xbc\xaf\x27\x1c": Described("a 7z archive", "Unpack it", "7z e -so FILE"),
    b"\x89PNG": Described("a picture (PNG)", *(_PICTURE := ("Ask for the text instead", ""))),
    b"\xff\xd8\xff": Described("a picture (JPEG)", *_PICTURE),
    b"GIF8": Described("a picture (GIF)", *_PICTURE),
    b"%PDF-": Described("a PDF document", *_PICTURE),
    b"\xd0\xcf\x11\xe0": Described("a document of Office", *_PICTURE),
    b"SQLite format 3": Described(
        "a database, as the store cert9.db of Firefox is",
        "Export the certificates by their names",
        "certutil -L -d sql:FOLDER -n NAME -a",
    ),
    **dict.fromkeys(
        (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\n\r\r\n"),
        Described(
            "a capture of packets",
            "Take the certificates out (up to TLS 1.2; later they are encrypted)",
            "tshark -r FILE -T fields -e tls.handshake.certificate | edgecheck check -",
        ),
    ),
}
"""By how they begin."""

_TEXTS: Final[tuple[tuple[re.Pattern[bytes], Described], ...]] = (
    (
        late(rb"^[ \t>]*+Certificate:[ \t]*+\n[ \t>]*+Data:[ \t]*+$", re.MULTILINE),
        Described(
            "the text of `openssl x509 -text` without the certificate itself",
            "Print the certificate",
            "openssl x509 -in CERTIFICATE",
        ),
    ),
    (
        late(rb"^[ \t]*+\d++:d=\d++[ \t]++hl=", re.MULTILINE),
        Described(
            "the text of `openssl asn1parse` without the certificate itself",
            "Print the certificate",
            "openssl x509 -in CERTIFICATE",
        ),
    ),
    (
        late(
            rb"^[ \t]*+Certificate fingerprints:|^[ \t]*+Certificate chain length: ", re.MULTILINE
        ),
        Described(
            "the text of `keytool -list -v` without the certificates themselves",
            "Print the certificates",
            "keytool -list -rfc -keystore STORE",
        ),
    ),
    (
        late(rb"^[ \t]*+Cert Hash\(sha1\): ", re.MULTILINE),
        Described(
            "the text of `certutil` without the certificates themselves",
            "Print the certificates",
            "certutil -encode CERTIFICATE.cer certificate.pem",
        ),
    ),
    (
        late(rb"^(?:Thumbprint|RawData|EnhancedKeyUsageList|PSParentPath)[ \t]*+: ", re.MULTILINE),
        Described(
            "what PowerShell shows of a certificate, without the certificate itself",
            "Print the certificate",
            "[Convert]::ToBase64String($certificate.RawData)",
        ),
    ),
    (
        late(rb"<Buffer (?:[0-9a-f]{2} ){2,50}\.\.\. "),
        Described(
            "what Node shows of bytes, which is their beginning",
            "Print them all",
            "console.log(socket.getPeerCertificate(true).raw.toString('base64'))",
        ),
    ),
    (
        late(rb"['\"](?:issuer|subject)['\"]: \(\(\("),
        Described(
            "what `getpeercert()` of Python returns, without the certificate itself",
            "Print the certificate",
            "print(ssl.DER_cert_to_PEM_cert(connection.getpeercert(True)))",
        ),
    ),
    (
        late(rb"^[\w.-]+\.(?:crt|pem|key|cer):[ \t]++\d++ bytes$", re.MULTILINE),
        Described(
            "the sizes of a Secret's values, as `kubectl describe` shows them",
            "Print the values",
            "kubectl get secret NAME -o yaml | edgecheck check -",
        ),
    ),
    (
        late(rb"^\* ++Server certificate:", re.MULTILINE),
        Described(
            "what `curl -v` says of a certificate, without the certificate itself",
            "Capture the certificates",
            "openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null "
            "| edgecheck check -",
        ),
    ),
    (
        late(
            rb"(?i)\A\s*+(?:(?:sha-?(?:1|256)|md5)[ \w]{0,20}(?:fingerprint)?[ \t]*+[=:]?[ \t]*+)?"
            rb"(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{2}(?:[: ][0-9a-f]{2}){19}"
            rb"|[0-9a-f]{2}(?:[: ][0-9a-f]{2}){31})\s*+\Z"
        ),
        Described(
            "the fingerprint of a certificate",
            "A certificate cannot be made from it; capture what the gateway presents",
            "openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null "
            "| edgecheck check -",
        ),
    ),
)

_TIMED = late(
    rb"^(?:<\d>[ \t]?)?\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d"
    rb"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d\d:\d\d:\d\d[ .,]|\d{10}: |[EWI] \(\d+\) )",
    re.MULTILINE,
)
_LEAST_TIMED: Final = 0.3  # of the lines that say something; the others belong to those before
_FILE = late(rb"(?<![\w/.])(?:/|[A-Za-z]:\\)[\w./\\ -]{0,120}?\.(?:pem|crt|cer|der|p7b|pfx|p12)\b")
_KEY = late(r"(?i)key|private|pkcs8")


def described(data: bytes) -> str:
    """Return what *data*, without a certificate, is: words for a sentence; empty if not known."""
    data = data[:MOST_BYTES]
    for magic, known in _BINARY.items():
        if data.startswith(magic):
            return known.words
    if b"\0" in data:
        return "a tar archive" if data[257:262] == b"ustar" else ""
    text = data.replace(b"\r\n", b"\n")
    for pattern, known in _TEXTS:
        if pattern.search(text) is not None:
            return known.words
    lines = sum(not line.isspace() for line in text.split(b"\n") if line)
    if lines and len(_TIMED.findall(text)) >= lines * _LEAST_TIMED:
        return LOG
    files = dict.fromkeys(found[0].decode("ascii", "replace") for found in _FILE.finditer(text))
    shown = [file for file in files if _KEY.search(file) is None and without_keys(file) == file]
    return NAMES_FILES + ", ".join(shown[:_MOST_FILES]) if shown else ""


def advice(words: str) -> tuple[str, str]:
    """Return what to do about what `described` names, and a command; empty if not known."""
    return _ADVICE.get(words, ("", ""))


_ADVICE: Final = {
    known.words: (known.advice, known.command)
    for known in (*_BINARY.values(), *(known for _, known in _TEXTS))
} | {"a tar archive": ("Unpack it", "tar -xOf FILE | edgecheck check -")}

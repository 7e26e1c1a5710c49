"""Plain English: what programs say that have no table, or words of their own.

Likely at most, never certain; and heard only where no table knows anything of the line.
"""

import re

from edgecheck.explaining.rows import Row, Said, rows, said
from edgecheck.explaining.tables.alerts import name_of, symptom
from edgecheck.rules.engine.rule import Reference

_CERTIFICATES = Reference(
    "RFC 5280, section 6: what a certificate can be refused for; RFC 9525, section 6: names",
    "https://www.rfc-editor.org/rfc/rfc5280#section-6",
)
_HANDSHAKE = Reference(
    "RFC 8446, section 6.2: what a handshake can end with",
    "https://www.rfc-editor.org/rfc/rfc8446#section-6.2",
)
_SYSTEM = Reference(
    "POSIX: error numbers, and what getaddrinfo returns",
    "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/errno.h.html",
)
_NOT = r"(?:does not|doesn't|do not|don't|did not|didn't)"
_CERT = r"(?:cert\w*(?:\(s\))?|chain|CA|issuer|root)"
_FILE = r"(?:cert\w*|key|crt|pem|bundle|trust ?store|key ?store)"


def _alert(match: re.Match[str]) -> Said | None:
    """An alert by name; who sent it is not told."""
    name = name_of(match[1])
    return Said((symptom(name),), False, None) if name is not None else None


def _maybe(*ids: str, by: str | None = None) -> Said:
    return said(*ids, certain=False, by=by)


_PLAIN = [
    *rows(
        _CERTIFICATES,
        [
            (
                rf"host ?name.{{0,60}}{_NOT} match"
                rf"|{_NOT} match.{{0,40}}\b(?:host|domain|peer) ?name"
                r"|\b(?:host|server|domain|common|subject) ?name mismatch"
                r"|cert\w*\b.{0,40}(?:valid|issued) for (?:a |an )?(?:different|another|other)",
                _maybe("hostname.not-in-san"),
            ),
            (
                rf"\b{_CERT}\b.{{0,60}}\b(?:has|have|is|was|already) expired"
                rf"|\bexpired (?:\w+ )?cert|\b{_CERT}\b.{{0,40}}\bout of date",
                _maybe("validity.expired", "validity.not-yet-valid"),
            ),
            (
                rf"\b{_CERT}\b.{{0,60}}not yet (?:been )?(?:valid|active|activated)"
                r"|valid in the future",
                _maybe("validity.not-yet-valid"),
            ),
            (
                rf"\b{_CERT}\b.{{0,40}}(?:\b(?:not|never) (?:been )?trusted"
                r"|isn't trusted|untrusted)"
                rf"|\buntrusted (?:\w+ )?{_CERT}\b|\bnot a trusted (?:\w+ )?{_CERT}\b",
                _maybe("trust.root-not-trusted", "chain.missing-issuer"),
            ),
            (
                r"\bunknown (?:ca|issuer|authority|certificate authority|root)\b"
                r"|issuer (?:is |was )?(?:unknown|not found|missing)"
                r"|(?:incomplete|broken) (?:certificate )?chain|chain is (?:incomplete|broken)"
                r"|missing (?:an )?intermediate|intermediate (?:cert\w* )?(?:is )?missing",
                _maybe("chain.missing-issuer", "trust.root-not-trusted"),
            ),
            (
                r"\bself[- ]?signed",
                _maybe("edge.self-signed-server", "trust.root-not-trusted"),
            ),
            (r"\bcert\w*\b.{0,40}\brevoked", _maybe("path.revoked")),
            (
                r"\b(?:crl|ocsp|revocation)\b.{0,60}\b(?:fail|unavailable|offline"
                r"|could not|unable)",
                _maybe("symptom.revocation-not-checked"),
            ),
            (
                r"\bnot (?:a|an) (?:valid )?(?:certificate authority|CA)\b",
                _maybe("ca.not-a-ca"),
            ),
            (
                r"\bcert\w*\b.{0,40}\bsignature\b.{0,30}(?:invalid|fail|wrong|bad)",
                _maybe("path.same-name-other-key", "path.signature-invalid"),
            ),
            (
                r"(?:key usage|purpose|\beku)\b.{0,40}(?:not (?:allowed|permitted)|invalid|mismatch"
                r"|incompatible|unsuitable)",
                _maybe("path.not-for-this-purpose", "extension.server-key-usage"),
            ),
            (
                r"\b(?:key|cert\w*) (?:is )?too (?:small|short|weak)|\bweak (?:key|signature|cert)",
                _maybe("algorithm.weak-rsa-key", "algorithm.weak-signature"),
            ),
            (
                rf"\b{_CERT}\b.{{0,40}}\b(?:could not|cannot|can't) be (?:\w+ )?"
                r"(?:decoded|parsed|read)"
                r"|(?:malformed|corrupt\w*|not a valid|(?:fail\w*|unable|could not|error) "
                r"(?:to )?pars(?:e|ing) ?) ?(?:the |a )?(?:pem|der|x\.?509|cert\w*)",
                _maybe("input.malformed-certificate", "input.not-a-certificate"),
            ),
        ],
    ),
    *rows(
        _HANDSHAKE,
        [
            (
                rf"{_NOT} (?:present|send|provide|supply|offer) (?:a |any |its |the )?"
                r"(?:client |server |valid )?cert"
                r"|\bno (?:client|peer|server) cert\w* (?:was )?(?:present|sent|provided|received)",
                _maybe("symptom.no-certificate-sent", by="the other side"),
            ),
            (
                r"\b(?:unsupported|no common|incompatible) (?:ssl|tls|cipher|protocol version)"
                r"|\b(?:ssl|tls|protocol) version\w* (?:mismatch|not supported|unsupported)",
                _maybe("symptom.protocol-version"),
            ),
            (
                r"(?:expected|not) (?:an? )?(?:ssl|tls) (?:record|handshake|message)"
                r"|\bhttp request (?:on|to) (?:an? )?(?:https|tls|ssl)",
                _maybe("symptom.not-tls"),
            ),
            (
                r"closed (?:unexpectedly|abruptly)|(?:unexpectedly|abruptly) closed"
                r"|\bclosed by (?:the )?(?:remote|peer|foreign|server)"
                r"|reset by (?:the )?(?:peer|remote|server)",
                _maybe("symptom.closed-in-handshake", by="the other side"),
            ),
            (
                r"\bunauthori[sz]ed\b|\bnot authori[sz]ed|\b(?:bad|invalid|incorrect|wrong) "
                r"(?:credentials|user ?name)|\bauthentication (?:failure|failed)(?!, see inner)",
                _maybe("symptom.login-refused", "symptom.cloud-refused", by="the other side"),
            ),
        ],
    ),
    Row(r"\balert\W{1,4}([a-z]+(?: [a-z]+){0,2})", _alert, _HANDSHAKE),
    *rows(
        _SYSTEM,
        [
            (
                rf"\bkey\b.{{0,40}}{_NOT} (?:match|belong|correspond)"
                rf"|\bcert\w* and (?:the )?(?:\w+ )?key {_NOT} match",
                _maybe("device.key-mismatch"),
            ),
            (
                rf"\b{_FILE}\b.{{0,200}}(?:{_NOT} exist|not found|is missing)",
                _maybe("symptom.file-not-found", "symptom.file-not-readable"),
            ),
            (
                r"\b(?:group or world access|world[- ]readable|unprotected private key)"
                r"|\bpermissions\b.{0,40}(?:too open|too permissive|should be)",
                _maybe("device.key-permissions", "symptom.file-not-readable"),
            ),
            (
                r"\b(?:wrong|incorrect|invalid|bad) pass(?:word|phrase)\b.{0,60}\b(?:key|cert|store"
                r"|pfx|p12|pkcs)|\b(?:key|store|pfx|p12|pkcs)\w*.{0,60}(?:wrong|incorrect|invalid|bad)"
                r" pass(?:word|phrase)",
                _maybe("symptom.wrong-password"),
            ),
            (
                r"\b(?:handshake|negotiation|connect\w*|read|network|server|socket)\b.{0,40}"
                r"\b(?:timeout|time-out|timed out|failed to occur within)",
                _maybe("symptom.timed-out"),
            ),
            (
                r"\bserver misbehaving|\b(?:cannot|could not|couldn't|failed to|unable to) (?:be )?"
                r"(?:resolve|look ?up)"
                r"|\bdns (?:lookup|resolution|query|error)\b.{0,30}(?:fail|error)"
                r"|\bhost(?:name)? (?:not found|could not be (?:found|resolved)|lookup failed)"
                r"|\bunknown host\b",
                _maybe("symptom.name-not-resolved"),
            ),
            (
                r"\b1970-01-01\b|\bclock (?:is )?(?:wrong|skew|not set|drift)|\bclock skew"
                r"|\b(?:wrong|incorrect) (?:system )?(?:time|date|clock)\b",
                _maybe("symptom.clock-wrong"),
            ),
        ],
    ),
]

ROWS = [
    *(Row(row.pattern, row.reads, row.source, plain=True) for row in _PLAIN),
    *rows(
        _HANDSHAKE,
        [
            (
                r"\b(?:ssl|tls) connection error",
                _maybe("symptom.refused-without-reason", "symptom.closed-in-handshake"),
            ),
            (
                r"\bcert\w* (?:validation|verification) (?:failed|error|failure)"
                r"|\b(?:invalid|bad) certificate\b",
                _maybe("symptom.refused-without-reason"),
            ),
        ],
        vague=True,
    ),
]

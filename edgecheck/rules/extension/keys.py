"""Whether what keyUsage lists is something that the key can do."""

from edgecheck.hierarchy.shapes import made_by_libiothsm
from edgecheck.reading.certificate import EXT_KEY_USAGE, Certificate
from edgecheck.reading.extensions import (
    CRL_SIGN,
    DATA_ENCIPHERMENT,
    DECIPHER_ONLY,
    DIGITAL_SIGNATURE,
    ENCIPHER_ONLY,
    KEY_AGREEMENT,
    KEY_CERT_SIGN,
    KEY_ENCIPHERMENT,
    NON_REPUDIATION,
    key_usage_text,
)
from edgecheck.reading.keys import key_text
from edgecheck.rules.algorithm.kinds import DSA, EC, RSA, RSA_PSS, known
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import INFO, WARNING, Act, Over, Violation, rule
from edgecheck.rules.extension.conditions import RARE_KEY_USAGE
from edgecheck.rules.references import measured, rfc

_SIGNS = DIGITAL_SIGNATURE | NON_REPUDIATION | KEY_CERT_SIGN | CRL_SIGN
_ENCIPHERS = KEY_ENCIPHERMENT | DATA_ENCIPHERMENT
_AGREES = KEY_AGREEMENT | ENCIPHER_ONLY | DECIPHER_ONLY
_ED25519, _ED448, _X25519, _X448 = "1.3.101.112", "1.3.101.113", "1.3.101.110", "1.3.101.111"
_CAN = {
    RSA: _SIGNS | _ENCIPHERS,  # RFC 3279, section 2.3.1
    RSA_PSS: _SIGNS,  # RFC 4055, section 1.2
    EC: _SIGNS | _AGREES,  # RFC 8813, section 3
    DSA: _SIGNS,  # RFC 3279, section 2.3.2
    _ED25519: _SIGNS,  # RFC 9295, section 3
    _ED448: _SIGNS,
    _X25519: _AGREES,
    _X448: _AGREES,
}
"""What each kind of key can be used for."""
_COMMON = {RSA: KEY_AGREEMENT, EC: _ENCIPHERS}
"""What is written so often, that every client was seen to take it."""


@rule(
    "extension.key-usage-beyond-key",
    title="The keyUsage lists what this kind of key cannot do",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[RARE_KEY_USAGE],
    act=Act.REISSUE,
    references=[
        rfc(8813, "3"),
        rfc(3279, "2.3"),
        rfc(9295, "3"),
        rfc(4055, "1.2"),
        rfc(5280, "4.2.1.3"),
        measured(
            "keyEncipherment with an EC key and keyAgreement with an RSA key, as IoT Edge up to "
            "1.1 writes them: all 38 clients accept the chain"
        ),
    ],
)
def key_usage_beyond_key(certificate: Certificate, case: Case) -> Violation | None:
    """An extension file for one kind of key was used for another.

    Only RSA keys encipher, and only keys of Diffie-Hellman's kind, such as EC keys, agree on a
    secret; Ed25519 and RSA-PSS keys sign, and do nothing else. The RFCs forbid to list what the
    key cannot do, and encipherOnly or decipherOnly without keyAgreement mean nothing. No client
    is known that refuses it. keyEncipherment with an EC key and keyAgreement with an RSA key
    are notes, since many a template writes all bits for every kind of key. Anything else is a
    warning, since linters of CAs and strict readers will not pass it. IoT Edge up to 1.1 writes
    five bits into every server certificate, whatever its key: of those nothing is said.

    Remedy:
    Have the certificate reissued with usages that fit its key: `digitalSignature` for an EC or
    Ed25519 key, also `keyEncipherment` for an RSA key, and `keyCertSign,cRLSign` for a CA.
    """
    usage = certificate.key_usage
    if usage is None or made_by_libiothsm(certificate):
        return None
    kind = known(certificate)[0]
    can = _CAN.get(kind)
    if can is None:
        return None
    beyond = usage & ~can
    if not usage & KEY_AGREEMENT:
        beyond |= usage & (ENCIPHER_ONLY | DECIPHER_ONLY)
    if not beyond:
        return None
    common = not beyond & ~_COMMON.get(kind, 0)
    return Violation(
        f"the keyUsage of {case.named(certificate)} lists {key_usage_text(beyond)}, which its key "
        f"({key_text(certificate)}) cannot do",
        wanted=f"among {key_usage_text(can)}",
        found=key_usage_text(usage),
        certificates=(certificate,),
        severity=INFO if common else WARNING,
        remedy=_REMEDY.format(_written(_left(usage & ~beyond, can, certificate))),
        because_of=_cause(certificate),
    )


_REMEDY = """Have the certificate reissued without what its key cannot do:

    keyUsage = critical,{}"""


def _written(usage: int) -> str:
    """As OpenSSL's extension files have it."""
    return key_usage_text(usage).replace(", ", ",")


def _left(usage: int, can: int, certificate: Certificate) -> int:
    """What the keyUsage ought to be: the rest of it, or what the certificate is for."""
    if usage:
        return usage
    if certificate.is_ca:
        return KEY_CERT_SIGN | CRL_SIGN
    return DIGITAL_SIGNATURE if can & DIGITAL_SIGNATURE else KEY_AGREEMENT


def _cause(certificate: Certificate) -> tuple[str, Certificate]:
    """The finding that this follows from, if there is one: of bits that are none, or too few."""
    written = certificate.extensions[EXT_KEY_USAGE]
    if written[-1] & (1 << written[2]) - 1:
        return "encoding.not-der", certificate
    return "extension.server-key-usage", certificate

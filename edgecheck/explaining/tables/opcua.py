"""OPC UA: status codes about certificates, as OPC Publisher and other modules print them."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "OPC Foundation: UA-Nodeset, StatusCode.csv; Part 4, 6.1.3: Determining if a Certificate is "
    "Trusted",
    "https://github.com/OPCFoundation/UA-Nodeset/blob/latest/Schema/StatusCode.csv",
)

ROWS = [
    *rows(
        _SOURCE,
        [
            (
                r"\bBad_?Certificate(?:Issuer)?TimeInvalid\b",
                said("validity.expired", "validity.not-yet-valid", certain=False, by=None),
            ),
            (r"\bBad_?CertificateHostNameInvalid\b", said("hostname.not-in-san", by=None)),
            (r"\bBad_?CertificateUseNotAllowed\b", said("path.not-for-this-purpose", by=None)),
            (
                r"\bBad_?CertificateIssuerUseNotAllowed\b",
                said("ca.no-cert-sign", "ca.not-a-ca", certain=False, by=None),
            ),
            (
                r"\bBad_?CertificateUntrusted\b",
                said("trust.root-not-trusted", by=None),
            ),
            (
                r"\bBad_?Certificate(?:Issuer)?RevocationUnknown\b",
                said("symptom.revocation-not-checked", by=None),
            ),
            (r"\bBad_?Certificate(?:Issuer)?Revoked\b", said("path.revoked", by=None)),
            (
                r"\bBad_?CertificateChainIncomplete\b|Certificate chain validation incomplete",
                said("chain.missing-issuer", "trust.root-not-trusted", certain=False, by=None),
            ),
            (
                r"\bBad_?CertificateInvalid\b",
                said("input.malformed-certificate", certain=False, by=None),
            ),
        ],
    ),
    *rows(
        _SOURCE,
        [(r"\bBad_?SecurityChecksFailed\b", said("symptom.refused-without-reason", by=None))],
        vague=True,
    ),
]

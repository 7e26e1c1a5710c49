"""Addresses in extensions that nobody can follow."""

from edgecheck.reading.addresses import addresses
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import WARNING, Act, Over, Violation, rule
from edgecheck.rules.extension.conditions import UNUSUAL_EXTENSION
from edgecheck.rules.references import measured, rfc

_MOST = 20
"""Addresses that are listed."""


@rule(
    "extension.address-without-scheme",
    title="An address of a CRL, an issuer or a policy has no scheme such as http",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.6"),
        rfc(5280, "4.2.1.13"),
        rfc(5280, "4.2.2.1"),
        rfc(3986, "3.1"),
        measured("no client refuses it, and .NET does not look for an issuer there"),
    ],
)
def address_without_scheme(certificate: Certificate, case: Case) -> Violation | None:
    r"""An address stands there as people write it, and not as a URI.

    `pki.contoso.example/ca.crl` is a relative reference, which RFC 5280 forbids, as there is
    nothing that it could be relative to. Who wants to follow it, for a CRL, an OCSP answer or the
    issuer that is missing, finds nothing: a check of revocation that is switched on later fails,
    and .NET does not fetch the issuer. The path of a file is no better.

    Remedy:
    Have the certificate reissued with whole addresses:

        crlDistributionPoints = URI:http://pki.contoso.example/ca.crl
        authorityInfoAccess = caIssuers;URI:http://pki.contoso.example/ca.cer

    The template of the CA has to be changed, or the next certificate has the same fault. Where
    nobody looks at the address, the extension can be left out.
    """
    wrong = [each for each in addresses(certificate) if not each.has_scheme]
    if not wrong:
        return None
    first = wrong[0]
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    shown = f'the address "{safe(first.text, 120)}"' if first.text else "an empty address"
    return Violation(
        f"the extension {first.extension} of {case.named(certificate)} has {shown}"
        f"{', which has no scheme' if first.text else ''}{more}",
        wanted="addresses that begin with http:// (or ldap://)",
        found=[safe(each.text, 120) for each in wrong[:_MOST]],
        certificates=(certificate,),
        evidence={"extensions": list(dict.fromkeys(each.extension for each in wrong))},
    )

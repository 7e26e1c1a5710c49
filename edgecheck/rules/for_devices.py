"""What rules say where a downstream device's certificate is judged, and not a gateway's.

Their own explanations and remedies are about gateways: how these are set up, and which clients
refuse them. What a device presents to log in, edgeHub judges (`CertificateHelper.cs` and
`DeviceScopeCertificateAuthenticator.cs` of Azure/iotedge, alike in 1.0.6 to 1.6.1), and IoT Hub.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """Why it matters and what to do; an empty one is the rule's own."""

    remedy: str = ""
    why: str = ""


_REISSUE_CA = """Have the CA's certificate reissued, from the same key and with the same subject,
with {}:

    {}

Then put it in the place of the old one: into the files of the devices below it, and into the
gateway's trust bundle where it is there. A certificate below that names the serial number of its
issuer has to be reissued too."""
_AS_SERVED = """Take the text as it was before it was shortened, or give the device's own file: its
certificate first, then each CA above it."""
_PEM = """    openssl x509 -in device.pem -out fixed.pem"""

FOR_DEVICES: Mapping[str, Words] = {
    "algorithm.curve": Words(
        why="Of the many curves that exist, TLS libraries know three: P-256, P-384 and P-521."
    ),
    "algorithm.large-rsa-key": Words(
        why="Small devices and some libraries have room for RSA keys of at most 4096 bits."
    ),
    "ca.no-cert-sign": Words(
        _REISSUE_CA.format(
            "these OpenSSL extension lines",
            "basicConstraints = critical,CA:TRUE\n"
            "    keyUsage = critical,digitalSignature,keyCertSign,cRLSign",
        )
    ),
    "ca.not-a-ca": Words(
        _REISSUE_CA.format(
            "these OpenSSL extension lines",
            "basicConstraints = critical,CA:TRUE\n"
            "    keyUsage = critical,digitalSignature,keyCertSign,cRLSign",
        )
    ),
    "ca.path-length-exceeded": Words(
        _REISSUE_CA.format(
            "a larger path length or without one", "basicConstraints = critical,CA:TRUE"
        )
    ),
    "chain.duplicate-certificate": Words("Remove the copy from the device's file."),
    "chain.issuer-loop": Words(
        """Replace the certificate of one of these CAs, in the device's file, by the one that a
root (or another CA outside the circle) issued to the same CA."""
    ),
    "chain.key-identifier-mismatch": Words(
        """Have the certificate reissued by the issuer as it is in use now, with

    authorityKeyIdentifier = keyid:always

or give the device the issuer's certificate from which it was issued. A root has to be made
again, and trusted, without that extension."""
    ),
    "chain.key-in-several-roles": Words(
        """Make a new key for the lower of the two, and have its certificate reissued:

    openssl req -new -newkey rsa:2048 -nodes -keyout new.key.pem -out new.csr"""
    ),
    "chain.missing-issuer": Words(
        """Give the device one PEM file with its certificate first, then the CA that issued it,
then each issuer in turn; or put the missing CA into the gateway's trust bundle:

    cat device.pem intermediate.pem > device-chain.pem

Where the chain is complete but for the root, it is the root that is missing in the trust bundle
(`trust_bundle_cert` in config.toml).""",
        "The chain breaks off before it reaches a certificate of the gateway's trust bundle.",
    ),
    "chain.server-not-first": Words(
        """Put the device's certificate first, then each issuer in turn, and remove what does not
belong to the chain.""",
        "Another certificate stands before the device's. In TLS the first is the one that counts.",
    ),
    "chain.unrelated-certificate": Words(
        "Remove it from the device's file.",
        "No path from the device's certificate upwards leads through it.",
    ),
    "chain.wrong-order": Words(
        "Order the file from the bottom up: the device's certificate, then each issuer."
    ),
    "encoding.alternative-name": Words(
        "Reissue the certificate with each name by itself, or without subjectAltName: a device is "
        "known by its common name or its thumbprint.",
        "The names in subjectAltName have a form each, and one of them has another.",
    ),
    "encoding.extension-undecodable": Words(
        """Have the certificate reissued with the extension in the words of the software that
issues it (in OpenSSL's, `crlDistributionPoints = URI:http://...`), or without it: nobody needs it
here.""",
        "Libraries decode some extensions although they need nothing of them, each in its way.",
    ),
    "encoding.serial-not-positive": Words("Reissue the certificate with a positive serial number."),
    "extension.basic-constraints-not-critical": Words(
        _REISSUE_CA.format("this OpenSSL extension line", "basicConstraints = critical,CA:TRUE")
    ),
    "extension.cert-sign-without-ca": Words(
        """Have the device's certificate reissued with the key usage of one that logs in:

    keyUsage = critical,digitalSignature"""
    ),
    "extension.empty-subject": Words(
        "Have the certificate reissued with a subject; that of a device is `CN = DEVICE-ID`."
    ),
    "extension.internet-resources": Words(
        "Have the certificate reissued without `sbgp-ipAddrBlock` and `sbgp-autonomousSysNum`."
    ),
    "extension.must-be-critical": Words(
        why="Constraints may be ignored by software that does not know them."
    ),
    "extension.name-constraints-without-ca": Words(
        "Have the device's certificate reissued without nameConstraints."
    ),
    "extension.no-authority-key-id": Words(
        "Reissue the certificate with `authorityKeyIdentifier = keyid:always`."
    ),
    "extension.no-key-usage": Words(
        _REISSUE_CA.format(
            "this OpenSSL extension line",
            "keyUsage = critical,digitalSignature,keyCertSign,cRLSign",
        )
    ),
    "extension.no-subject-key-id": Words(
        _REISSUE_CA.format("this OpenSSL extension line", "subjectKeyIdentifier = hash")
    ),
    "extension.path-length-without-ca": Words(
        """Have the device's certificate reissued without a path length:

    basicConstraints = CA:FALSE"""
    ),
    "input.certificates-cut-out": Words(_AS_SERVED),
    "input.der": Words(
        """Convert each certificate to PEM, where the device's software reads nothing else:

    openssl x509 -inform DER -in device.cer -out device.pem"""
    ),
    "input.header-lines": Words(
        why="Between BEGIN and the base64 stand lines like `friendlyName: sensor-17`."
    ),
    "input.locked-container": Words(
        """Give its password: in the first line of a file, so that it does not show in the list
of processes,

    edgecheck check device.pfx --purpose client --password-file password.txt

or in Python as `edgecheck.check(..., password="...")`. Whether it is the right one shows

    openssl pkcs12 -info -noout -in device.pfx"""
    ),
    "input.malformed-certificate": Words(
        """Have the certificate issued anew, by other software; no change to the file
can repair what is signed. If only bytes behind the certificate are wrong, writing it anew is
enough:

"""
        + _PEM
    ),
    "input.mismatched-end": Words(
        """Give the END line the label of the BEGIN line, `-----END CERTIFICATE-----`. Where two
files were joined wrongly, join the originals anew:

    cat device.pem intermediate.pem > device-chain.pem"""
    ),
    "input.no-certificate": Words(
        "Give the file that holds the device's certificate, and the CAs above it behind it."
    ),
    "input.configuration": Words(
        "Give the file that holds the device's certificate, and the CAs above it behind it.",
        why="What was given is a configuration, which names files of certificates and holds none.",
    ),
    "input.other-form": Words(
        """Write it as PEM where the device's software reads nothing else: each certificate as
base64 in lines of its own, between

    -----BEGIN CERTIFICATE-----
    -----END CERTIFICATE-----""",
        why="The certificates are read here in whatever form; most software reads PEM or DER.",
    ),
    "input.other-label": Words(
        """Write each certificate under its usual label:

"""
        + _PEM
    ),
    "input.pkcs12": Words(
        """Take certificates and key out, into two files (with `-legacy` where OpenSSL 3 says
"unsupported"), where the device's software reads nothing but PEM:

    openssl pkcs12 -in device.pfx -nokeys -out device-chain.pem
    openssl pkcs12 -in device.pfx -nocerts -nodes -out device.key.pem"""
    ),
    "input.pkcs7": Words(
        """Take the certificates out before the device uses them (with `-inform DER` where the
file is not text), and order them from the lowest to the root:

    openssl pkcs7 -print_certs -in chain.p7b -out chain.pem"""
    ),
    "input.trailing-data": Words(
        """Write the certificate anew, which drops what follows:

    openssl x509 -inform DER -in device.cer -out device.pem"""
    ),
    "input.transcript-without-certificates": Words(_AS_SERVED),
    "input.unopened-container": Words(
        """Export it anew, and see what is in it:

    openssl pkcs7 -print_certs -noout -in chain.p7b
    openssl pkcs12 -info -noout -in device.pfx"""
    ),
    "naming.one-name-for-two-keys": Words(
        why="Two certificates of the chain share one subject, but not one key."
    ),
    "path.name-constraints": Words(
        """Have the CA reissued with constraints that permit the names, or the device's
certificate with names that are permitted."""
    ),
    "path.not-for-this-purpose": Words(
        """Have the device's certificate reissued with this OpenSSL extension line, or without
extKeyUsage. A CA certificate is best reissued without extKeyUsage; else the same line serves there
too, with what else the CA is for.

    extendedKeyUsage = clientAuth""",
        "An extKeyUsage that does not list clientAuth is for something else than logging in.",
    ),
    "path.policy": Words(
        """Have the CA that requires a policy reissued without policyConstraints, or the device's
certificate issued by another CA. Where the certificates are one's own, list the policy in each of
them:

    certificatePolicies = 2.999.1"""
    ),
    "path.profile": Words(
        """Have the certificate reissued as the sections named demand; or ask for the profile
`iot-edge`.""",
        "Who asks for the profile `rfc5280` or `web-pki` asks for more than edgeHub does.",
    ),
    "path.revoked": Words(
        """Replace the certificate. After a compromise that means a new key too, and for a CA
certificate that all below it is issued anew. A certificate on hold (certificateHold) can be
released by its issuer in the next CRL."""
    ),
    "path.same-name-other-key": Words(
        """Give the device and the gateway's trust bundle root and intermediates of one
generation. The authority key identifier of a certificate is the subject key identifier of its
issuer; this shows both:

    openssl x509 -in FILE -noout -ext subjectKeyIdentifier,authorityKeyIdentifier"""
    ),
    "path.signature-invalid": Words(
        """Compare the certificate with the one that its issuer has on record. Where they differ,
give the device that one. Where they are equal, the CA was made again: use root and intermediates
of one generation, and have what is older reissued."""
    ),
    "path.too-deep": Words(
        why="From the device's certificate to what is trusted it is further than `max_depth`."
    ),
    "path.undecided": Words(
        """See what could not be decided. Where a certificate is damaged, or signed by an
algorithm that nobody knows, have it reissued. Where a CRL cannot be used, give one that can, or
none. Where a bound was spent, present fewer certificates, or raise the bound in
`Validation.limits`."""
    ),
    "trust.not-given": Words(
        """none, because the input is not at fault: check again with the gateway's trust bundle,
by which edgeHub judges devices (`--trust trust-bundle.pem`, or `trust=`).""",
        "Whether edgeHub knows a device's CA depends on the gateway's trust bundle, and that was "
        "not given.",
    ),
    "trust.root-not-trusted": Words(
        """Put this root, or a CA between it and the device, into the gateway's trust bundle
(`trust_bundle_cert` in config.toml), and apply that. Where the trust bundle has the newer root,
have the device's certificate reissued below that. IoT Hub has to know the same CA."""
    ),
    "validity.after-3100": Words(
        "Reissue the certificate with an end that it will live to see: a certificate without an "
        "end can never be got rid of."
    ),
    "validity.expired": Words(
        """Renew the certificate and give it to the device; a CA's goes into the files of all
devices below it, and a root into the gateway's trust bundle too. For a registration by thumbprint
register the new one first, as the secondary one."""
    ),
    "validity.expires-soon": Words(
        """Have the certificate renewed, with the same key or another, and give it to the device.
For a registration by thumbprint register the new one first, as the secondary one. Of a root, put
the new one into the gateway's trust bundle beside the old one before anything is issued from it.
`--expires-within DAYS` or `ROLE=DAYS` (in Python `Validation(expires_within=...)`) sets how long
before the end it is a warning."""
    ),
    "validity.not-yet-valid": Words(
        """Compare the clocks of the gateway, which judges it, and of the machine that issued the
certificate. Where the clocks are right, reissue the certificate with an earlier notBefore."""
    ),
    "validity.outlives-issuer": Words(
        "Renew the issuer before it ends, or reissue the certificate so that it ends with it."
    ),
}

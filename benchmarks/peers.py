"""Others that judge the same bytes, each by its own interface; and the floor below all of them.

A peer is a function that makes what may be made once, or raises `Missing`, and returns what is
timed: from bytes to its verdict, which must be that it accepts.
"""

from __future__ import annotations

import importlib
from binascii import a2b_base64
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.verification import PolicyBuilder, Store

from benchmarks.chains import AT, Chain

Ask: TypeAlias = Callable[[Chain], object]


class Missing(Exception):
    """It is not installed; the text says what would install it."""


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise Missing(f"{package} is not installed: pip install 'edgecheck-iot[bench]'") from None


def cryptography(chain: Chain) -> None:
    """Judge as a server, by name, time and purpose; the library that edgecheck itself rests on."""
    certificates = x509.load_pem_x509_certificates(chain.presented)
    store = Store(x509.load_pem_x509_certificates(chain.trust))
    verifier = PolicyBuilder().store(store).time(AT)
    verifier.build_server_verifier(x509.DNSName(chain.hostname)).verify(
        certificates[0], certificates[1:]
    )


def pyopenssl() -> Ask:
    """Return what asks OpenSSL through pyOpenSSL: the path alone, without a name or purpose."""
    crypto = _imported("OpenSSL.crypto")

    def loaded(pem: bytes) -> list[Any]:
        end = b"-----END CERTIFICATE-----\n"
        blocks = pem.split(end)[:-1]
        return [crypto.load_certificate(crypto.FILETYPE_PEM, block + end) for block in blocks]

    def ask(chain: Chain) -> None:
        store = crypto.X509Store()
        for each in loaded(chain.trust):
            store.add_cert(each)
        store.set_time(AT)
        target, *others = loaded(chain.presented)
        crypto.X509StoreContext(store, target, others).verify_certificate()

    return ask


def pyhanko() -> Ask:
    """Return what asks pyhanko-certvalidator: path and extended key usage, without a name.

    Nothing is fetched, so that it never waits: it is run without an event loop, which would cost
    it more.
    """
    library = _imported("pyhanko_certvalidator")
    pem, asn1 = _imported("asn1crypto.pem"), _imported("asn1crypto.x509")

    def loaded(text: bytes) -> list[Any]:
        return [asn1.Certificate.load(der) for _, _, der in pem.unarmor(text, multiple=True)]

    def ask(chain: Chain) -> None:
        target, *others = loaded(chain.presented)
        context = library.ValidationContext(
            trust_roots=loaded(chain.trust),
            other_certs=others,
            moment=AT,
            time_tolerance=timedelta(0),
            allow_fetching=False,
        )
        validator = library.CertificateValidator(target, validation_context=context)
        usage = validator.async_validate_usage(set(), extended_key_usage={"server_auth"})
        try:
            usage.send(None)
        except StopIteration:
            return
        raise SystemExit("pyhanko-certvalidator waits for something")

    return ask


def pkilint() -> Ask:
    """Return what has pkilint look at each certificate that is presented, by RFC 5280.

    It verifies no path; what it does instead is the other half of what edgecheck does.
    """
    load = _imported("pkilint.loader").RFC5280CertificateDocumentLoader().load_der_document
    certificate = _imported("pkilint.pkix.certificate")
    name, extension = _imported("pkilint.pkix.name"), _imported("pkilint.pkix.extension")
    validator = certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(
            name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS
        ),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )

    def ask(chain: Chain) -> None:
        for der in decoded(chain.presented):
            validator.validate(load(der, "benchmark").root)

    return ask


PEERS: dict[str, Callable[[], Ask]] = {
    "cryptography": lambda: cryptography,
    "pyopenssl": pyopenssl,
    "pyhanko": pyhanko,
    "pkilint": pkilint,
}


# --- the floor ------------------------------------------------------------------------------------


def decoded(pem: bytes) -> list[bytes]:
    """Return the DER of each block, without asking whether it is one."""
    blocks = pem.split(b"-----END CERTIFICATE-----\n")[:-1]
    return [a2b_base64(block.partition(b"-----BEGIN CERTIFICATE-----\n")[2]) for block in blocks]


def loaded(ders: list[bytes]) -> list[x509.Certificate]:
    """Return them as `cryptography` has them."""
    return list(map(x509.load_der_x509_certificate, ders))


def with_keys(certificates: list[x509.Certificate]) -> list[tuple[x509.Certificate, Any]]:
    """Return each but the last with the key that signed it: they are in order, the root is last."""
    return [(child, issuer.public_key()) for child, issuer in pairwise(certificates)]


def verified(pairs: list[tuple[x509.Certificate, Any]]) -> None:
    """Verify each signature; nothing else is asked."""
    for child, key in pairs:
        digest = child.signature_hash_algorithm
        assert digest is not None
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(child.signature, child.tbs_certificate_bytes, padding.PKCS1v15(), digest)
        else:
            key.verify(child.signature, child.tbs_certificate_bytes, ec.ECDSA(digest))


def everything(chain: Chain) -> list[bytes]:
    """Return the DER from the server to the root, each once."""
    return list(dict.fromkeys(decoded(chain.presented) + decoded(chain.trust)))


def floor(chain: Chain) -> None:
    """Do what nobody can do without who judges a chain: base64, loading, keys, signatures."""
    verified(with_keys(loaded(everything(chain))))

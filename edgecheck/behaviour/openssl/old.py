"""How OpenSSL 1.0.2 builds its chain, and BoringSSL, which kept that way.

Mimics X509_verify_cert of crypto/x509/x509_vfy.c at OpenSSL_1_0_2-stable. What came over the wire
is used first, and it is the whole list: the server certificate itself may be taken for an
issuer. Where that leads to no trust, issuers in the store are sought further down.
"""

from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.chain import DEPTH, Chain
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.reading.certificate import Certificate


def build_1_0_2(chain: Chain, settings: Settings) -> None:
    """Extend by what was sent, then by the store; with alternatives for the latter."""
    view, certificates = chain.view, chain.certificates
    left = list(view.presented)
    store = list(dict.fromkeys(view.trust))
    if chain.boring:  # whose store is sorted, and compares what has one name by its bytes
        store.sort(key=lambda certificate: certificate.der)
    while len(certificates) <= DEPTH and not chain.signs_itself(certificates[-1]):
        if chain.boring and chain.issuer_of(certificates[-1], store, True) is not None:
            break  # X509_V_FLAG_TRUSTED_FIRST
        issuer = chain.issuer_of(certificates[-1], left, True, first=True)
        if issuer is None:
            break
        left.remove(issuer)
        certificates.append(issuer)
    chain.untrusted = tried = len(certificates)
    put_aside: Certificate | None = None
    reported = False
    while True:
        last = certificates[-1]
        if chain.signs_itself(last):
            if len(certificates) == 1:
                known = chain.issuer_of(last, store, True)
                if known is None or known.der != last.der:
                    reported = True
                    chain.errors.add(e.SELF_SIGNED_LEAF, 0)
                else:
                    chain.untrusted = 0
            else:
                put_aside = certificates.pop()
                chain.untrusted -= 1
                tried -= 1
        while len(certificates) <= DEPTH and not chain.signs_itself(certificates[-1]):
            issuer = chain.issuer_of(certificates[-1], store, True, settings.oldest)
            if issuer is None:
                break
            certificates.append(issuer)
        if _trusted(chain, settings):
            return
        shorter = None if chain.boring else _alternative(chain, store, tried)
        if shorter is None:
            break
        del certificates[shorter:]
        chain.untrusted = tried = shorter
    if reported:
        return
    if put_aside is not None and chain.likely_issued(put_aside, certificates[-1]):
        certificates.append(put_aside)
        chain.untrusted = len(certificates)
        chain.errors.add(e.SELF_SIGNED_IN_CHAIN, len(certificates) - 1)
    elif chain.untrusted >= len(certificates):
        chain.errors.add(e.NO_LOCAL_ISSUER, len(certificates) - 1)
    else:
        chain.errors.add(e.NO_ISSUER, len(certificates) - 1)


def _trusted(chain: Chain, settings: Settings) -> bool:
    """check_trust: a self-signed certificate of the store is on the chain."""
    trusted = chain.certificates[chain.untrusted :]
    return any(settings.partial or chain.signs_itself(c) for c in trusted)


def _alternative(chain: Chain, store: list[Certificate], tried: int) -> int | None:
    """How many certificates to keep, where one further down has an issuer in the store."""
    for count in range(tried - 1, 0, -1):
        if chain.issuer_of(chain.certificates[count - 1], store, True) is not None:
            return count
    return None

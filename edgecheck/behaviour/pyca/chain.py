"""Which chain the installed cryptography settles on, asked itself (x509.verification)."""

import warnings

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import PolicyBuilder, Store, Subject

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate, moment


def count(view: View) -> None:
    """Count what verifying costs. It writes the subject of a certificate that it refuses out whole.

    Raises:
        work.Spent: it costs more than the bound on work allows.
    """
    work.spend(sum(len(certificate.subject_raw) for certificate in view.presented))


def verified(view: View, subject: Subject) -> list[x509.Certificate]:
    """Return the chain that it takes, target first; load everything, then verify.

    Raises `VerificationError`, and whatever loading or the policy raise.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of serial numbers that are not positive
        trust = [x509.load_der_x509_certificate(c.der) for c in view.trust]
        chain = [
            x509.load_der_x509_certificate(c.der + b"\0" * (c.der in view.trailing))
            for c in view.presented
        ]
        policy = PolicyBuilder().store(Store(trust)).time(moment(view.at))
        return policy.build_server_verifier(subject).verify(chain[0], chain[1:])


def taken(view: View) -> Taken:
    """The chain that passes, asked for a name that the server certificate has.

    Where none passes, or there is no name to ask for, nothing is settled.
    """
    leaf = view.leaf
    name = _own_name(leaf)
    count(view)
    try:
        if name is None or not view.trust:
            raise ValueError("nothing to ask for")
        found = verified(view, x509.DNSName(name))
    except Exception as wrong:  # what it refuses to load is its own to say
        return Taken((leaf,), Ended.GIVEN_UP, (Objection(leaf, str(wrong)),))
    known = {c.der: c for c in (*view.presented, *view.trust)}
    ders = [one.public_bytes(Encoding.DER) for one in found]
    return Taken(tuple(known[der] for der in ders if der in known), Ended.TRUSTED)


def _own_name(certificate: Certificate) -> str | None:
    """A name that its subjectAltName is sure to match, without a wildcard if there is one."""
    names = [value for tag, value in raw.alt_names(certificate) or () if tag == raw.DNS]
    for value in sorted(filter(bytes.isascii, names), key=lambda each: b"*" in each):
        if b"*" not in value.removeprefix(b"*."):
            return value.decode("ascii").replace("*", "x")
    return None

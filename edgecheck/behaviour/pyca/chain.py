"""Which chain the installed cryptography settles on, asked itself (x509.verification)."""

import warnings

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, Subject

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import vouched_by
from edgecheck.reading.certificate import Certificate, moment


def count(view: View) -> None:
    """Count what verifying costs. It writes the subject of a certificate that it refuses out whole.

    Raises:
        work.Spent: it costs more than the bound on work allows.
    """
    work.spend(sum(len(certificate.subject_raw) for certificate in view.presented))


def verified(view: View, subject: Subject) -> tuple[Certificate, ...]:
    """Return the chain that it takes, target first; load everything, then verify.

    Where a certificate is synthetic, twins of all of them are verified in their place.

    Raises `VerificationError`, and whatever loading or the policy raise.
    """
    made = _twins(view) if has_synthetic(view) else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of serial numbers that are not positive
        trust = [x509.load_der_x509_certificate(made.get(c.der, c.der)) for c in view.trust]
        chain = [
            x509.load_der_x509_certificate(
                made.get(c.der, c.der) + b"\0" * (c.der in view.trailing)
            )
            for c in view.presented
        ]
        policy = PolicyBuilder().store(Store(trust)).time(moment(view.at))
        found = policy.build_server_verifier(subject).verify(chain[0], chain[1:])
    known = dict(zip((*chain, *trust), (*view.presented, *view.trust), strict=True))
    return tuple(known[one] for one in found)


def has_synthetic(view: View) -> bool:
    """Whether a synthetic certificate is among what is presented or trusted."""
    return any(
        vouched_by(certificate) is not None for certificate in (*view.presented, *view.trust)
    )


def _twins(view: View) -> dict[bytes, bytes]:
    from edgecheck.behaviour.pyca.twins import twins  # which needs keys, and writers of keys

    return twins(view)


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
    return Taken(found, Ended.TRUSTED)


def _own_name(certificate: Certificate) -> str | None:
    """A name that its subjectAltName is sure to match, without a wildcard if there is one."""
    names = [value for tag, value in raw.alt_names(certificate) or () if tag == raw.DNS]
    for value in sorted(filter(bytes.isascii, names), key=lambda each: b"*" in each):
        if b"*" not in value.removeprefix(b"*."):
            return value.decode("ascii").replace("*", "x")
    return None

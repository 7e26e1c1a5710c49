"""How each kind of client lets name constraints forbid a certificate (`constraints.py` asks them).

They are apart from it since they take long to import, and sound chains need none.
"""

from collections.abc import Callable, Mapping

from edgecheck.behaviour import raw
from edgecheck.behaviour.botan import names as botan
from edgecheck.behaviour.gnutls import names as gnutls
from edgecheck.behaviour.gnutls.constraints import Constraints
from edgecheck.behaviour.golang import names as golang
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.jsse import names as jsse
from edgecheck.behaviour.nss import names as nss
from edgecheck.behaviour.openssl.extensions import decodes
from edgecheck.behaviour.openssl.subtrees import has_common_name_alone, violated
from edgecheck.behaviour.refusers import NSS, OPENSSL, Refuser
from edgecheck.behaviour.webpki import names as webpki
from edgecheck.behaviour.wolfssl import names as wolfssl
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, Certificate

R = Refuser
Forbids = Callable[[Certificate, Certificate, bool, raw.Constraints], bool]
"""A certificate, one above it, whether the former is the server's, and what of the constraints of
the latter counts."""


def whole(above: Certificate) -> raw.Constraints:
    """The constraints of a certificate; none where it has none."""
    return raw.constraints(above) or raw.Constraints()


def _openssl(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    """Constraints that it cannot decode are none, up to 1.1.0; later nobody comes to them."""
    return decodes(above, EXT_NAME_CONSTRAINTS) and violated(below, held, is_leaf) != 0


def _without_common_name(
    below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints
) -> bool:
    """OpenSSL 1.0.2."""
    return _openssl(below, above, False, held)


def _boringssl(
    below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints
) -> bool:
    """Whatever the constraints are, a common name does not do."""
    nameless = is_leaf and has_common_name_alone(below)
    return nameless or _without_common_name(below, above, is_leaf, held)


def _nss(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    return not nss.within(held, nss.constrained(below, is_leaf))


def _gnutls(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    if not is_leaf:
        return False
    constraints = Constraints()
    constraints.append(held)
    return not constraints.allow(below, gnutls.for_server(below))


def _old_go(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    """The names of authorities are compared with their own constraints alone."""
    if not is_leaf:
        return False
    unfit = golang.without_domain(below, whole(above))
    return unfit is not None or golang.violated(below, held, V1_19) is not None


def _go(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    """A URI without a host stops it, and a DNS name that is no domain, whatever is asked about."""
    constraints = whole(above)
    if golang.incomparable(below, constraints) or golang.without_domain(below, constraints):
        return True
    return golang.violated(below, held, V1_27) is not None


def _java(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    """It stumbles at an empty dNSName, whatever form is asked about."""
    try:
        jsse.allowed(below, whole(above))
        return not jsse.allowed(below, held)
    except jsse.EmptyBase:
        return True


def _botan(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    return held == whole(above) and botan.constrains(above) and not botan.allows(above, below)


def _rustls(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    return webpki.violated(below, held) is not None


def _wolfssl(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    return held == whole(above) and not wolfssl.permitted(below, above)


FORBIDS: Mapping[Refuser, Forbids] = {
    **dict.fromkeys(sorted(OPENSSL | {R.DOTNET, R.OPENSSL_1_1_0}), _openssl),
    R.OPENSSL_1_0_2: _without_common_name,
    R.BORINGSSL: _boringssl,
    R.JAVA: _java,
    R.GO: _go,
    R.GO_1_19: _old_go,
    R.GNUTLS: _gnutls,
    **dict.fromkeys(sorted(NSS), _nss),
    R.RUSTLS: _rustls,
    R.WOLFSSL: _wolfssl,
    R.BOTAN: _botan,
}

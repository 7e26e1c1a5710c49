"""Who lets name constraints forbid a certificate, by the names that findings use for clients.

Libraries differ in the names to which they apply constraints: beside the subject and the
alternative names, an e-mail address within the subject, or a common name where a DNS name is
missing.
"""

from collections.abc import Callable, Collection, Mapping

from edgecheck.behaviour import raw, work
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
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.plainly import plainly

R = Refuser
Forbids = Callable[[Certificate, Certificate, bool, raw.Constraints], bool]
"""A certificate, one above it, whether the former is the server's, and what of the constraints of
the latter counts."""
FORMS = (raw.EMAIL, raw.DIRECTORY, raw.URI)
"""The forms of constraints that clients bring on names which RFC 5280 leaves out."""


def _whole(above: Certificate) -> raw.Constraints:
    return raw.constraints(above) or raw.Constraints()


def _held(above: Certificate, forms: Collection[int]) -> raw.Constraints:
    """Its constraints of these forms."""
    return raw.Constraints(*(tuple(b for b in group if b[0] in forms) for group in _whole(above)))


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
    return is_leaf and golang.violated(below, held, V1_19) is not None


def _go(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    """A URI without a host stops it, whatever form is asked about."""
    unfit = golang.incomparable(below, _whole(above))
    return unfit is not None or golang.violated(below, held, V1_27) is not None


def _java(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    """It stumbles at an empty dNSName, whatever form is asked about."""
    try:
        jsse.allowed(below, _whole(above))
        return not jsse.allowed(below, held)
    except jsse.EmptyBase:
        return True


def _botan(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    whole = held == _whole(above)
    return whole and botan.constrains(above) and not botan.allows(above, below)


def _rustls(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    return webpki.violated(below, held) is not None


def _wolfssl(below: Certificate, above: Certificate, is_leaf: bool, held: raw.Constraints) -> bool:
    return held == _whole(above) and not wolfssl.permitted(below, above)


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

ONLY_BELOW_THE_ROOT = frozenset({R.JAVA})
"""Who leaves a trusted root's own constraints alone."""
ONLY_OF_THE_ISSUER = frozenset({R.WOLFSSL})
"""Who looks at the constraints of the direct issuer alone."""


def versions_of_go(found: set[Refuser]) -> frozenset[Refuser]:
    """The kinds that were found, of Go by the name that stands for those versions alone."""
    new, old = R.GO in found, R.GO_1_19 in found
    told = R.GO if old else R.GO_1_24
    others = found - {R.GO, R.GO_1_19}
    return frozenset(others | {told} if new else others | {R.GO_1_19} if old else others)


def forbids(
    refuser: Refuser,
    below: Certificate,
    above: Certificate,
    is_leaf: bool,
    forms: Collection[int] | None = FORMS,
) -> bool:
    """Whether a kind of client lets the constraints of one forbid the other.

    `forms`: the tags of the forms of constraints that count; None: all.

    Raises `Unreadable` or `Malformed` where a name or the constraints cannot be read.
    """
    work.begin()
    try:
        held = _held(above, forms) if forms is not None else _whole(above)
        return FORBIDS[refuser](below, above, is_leaf, held)
    except work.Spent as spent:
        raise Malformed(work.TOLD) from spent
    except (Unreadable, Malformed):
        raise
    except (ValueError, LookupError) as damaged:
        raise Malformed(plainly(damaged)) from damaged

"""Why an oracle and edgecheck may differ: each class has a predicate on facts, and a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl import extensions, resources
from edgecheck.behaviour.undecodable import undecodable
from edgecheck.hierarchy.links import KeyIds, key_ids
from edgecheck.hierarchy.rfc5280.constraints import EMAIL_ADDRESS, Outcome
from edgecheck.hierarchy.rfc5280.steps import KNOWN_CRITICAL
from edgecheck.hierarchy.rfc5280.violations import (
    ConstraintViolation,
    ContentsViolation,
    Kind,
    PathViolation,
    Undecidable,
)
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, Certificate, Unreadable
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE, KEY_CERT_SIGN, SERVER_AUTH
from tests.oracles.asked import CRYPTOGRAPHY, OPENSSL, PYHANKO, Compared, could_differ

FIXTURES, GENERATED, LONG = "fixtures", "generated", "all 5,000 generated"


@dataclass(frozen=True)
class Stricter:
    """The oracle refuses what we accept, where this holds of the path."""

    name: str
    oracle: str
    where: frozenset[str]
    holds: Callable[[Compared], bool]
    source: str


@dataclass(frozen=True)
class Laxer:
    """The oracle accepts what we refuse: this is what it makes of one violation."""

    name: str
    oracle: str
    where: frozenset[str]
    holds: Callable[[Compared, PathViolation], bool]
    source: str


def _seen(words: str) -> frozenset[str]:
    known = {"f": FIXTURES, "g": GENERATED, "l": LONG}
    return frozenset(known[word] for word in words)


def _decoded_by_openssl(compared: Compared) -> bool:
    errors: list[int] = []
    resources.validate(list(compared.path), lambda number, _: errors.append(number))
    return bool(errors) or any(
        extensions.unreadable(one, True) or extensions.is_proxy(one) for one in compared.path
    )


_UNREAD = (Kind.UNDECIDED, Kind.UNPROCESSABLE)


def _told(violation: PathViolation) -> str:
    """What is wrong with something that cannot be read."""
    if isinstance(violation, Undecidable):
        return violation.because
    return violation.told if isinstance(violation, ContentsViolation) else ""


def _undecodable(compared: Compared, violation: PathViolation) -> bool:
    return violation.kind in (Kind.UNDECIDED, Kind.PROFILE) and bool(
        undecodable(violation.certificate)
    )


def _not_now(compared: Compared) -> bool:
    anchor = compared.anchor
    return not anchor.not_before <= compared.report.expected.at_seconds <= anchor.not_after


def _names_no_key(certificate: Certificate) -> bool:
    return certificate.authority_key_id is None


def _no_authority(certificate: Certificate) -> bool:
    constraints, usage = certificate.basic_constraints, certificate.key_usage
    lacks = certificate.version == 3 if constraints is None else not constraints.ca
    return lacks or (usage is not None and not usage & KEY_CERT_SIGN)


def _too_long(compared: Compared) -> bool:
    """More than the anchor's own path length allows."""
    constraints = compared.anchor.basic_constraints
    if constraints is None or constraints.path_length is None:
        return False
    between = [c for c in compared.below[1:] if not c.is_self_issued]
    return len(between) > constraints.path_length


def _purpose_of_anchor(compared: Compared) -> bool:
    usages = compared.anchor.extended_key_usage
    return usages is not None and not {SERVER_AUTH, ANY_EXTENDED_KEY_USAGE} & set(usages)


def _any_purpose(compared: Compared) -> bool:
    usages = compared.target.extended_key_usage or ()
    return ANY_EXTENDED_KEY_USAGE in usages and SERVER_AUTH not in usages


def _other_key_ids(compared: Compared) -> bool:
    anchor, links = compared.anchor, compared.links
    own = anchor.is_self_issued and key_ids(anchor, anchor) is KeyIds.MISMATCH
    return own or any(link.key_ids is KeyIds.MISMATCH for link in links)


def _renewed_and_trusted(compared: Compared) -> bool:
    """Whether one of two certificates of one name and key is trusted, and the other is sent."""
    pool = compared.report.hierarchy.pool
    named = {(c.subject_raw, c.spki): c.der for c in pool.everybody if c.der in pool.trusted}
    return any(named.get((c.subject_raw, c.spki), c.der) != c.der for c in compared.path)


def _own_name(compared: Compared) -> bool:
    target = compared.target
    return len(compared.path) > 1 and target.is_self_issued and target.authority_key_id is None


def _beyond_ascii(compared: Compared) -> bool:
    """An issuer's name whose bytes differ from the issuer's own, and that is not all ASCII."""
    return any(
        child.issuer_raw != issuer.subject_raw and not str(child.issuer).isascii()
        for child, issuer in pairwise(compared.path)
    )


def _constrained_common_name(compared: Compared) -> bool:
    names = compared.target.alt_names
    constrains = any(facts.EXT_NAME_CONSTRAINTS in c.extensions for c in compared.path[1:])
    return constrains and not (names and names.dns) and bool(compared.target.subject.common_names)


def _constrained_address(compared: Compared) -> bool:
    """An e-mail address in the subject, beside alternative names, below constraints."""
    target = compared.target
    kinds = {kind for rdn in target.subject.rdns for kind, _, _ in rdn}
    constrains = any(facts.EXT_NAME_CONSTRAINTS in c.extensions for c in compared.path[1:])
    return constrains and EMAIL_ADDRESS in kinds and target.alt_names is not None


def _looping(compared: Compared) -> bool:
    """A self-signed certificate that is not trusted, and a choice between issuers."""
    pool, trust = compared.report.hierarchy.pool.everybody, compared.report.expected.trust
    roots = [c for c in pool if c.is_self_issued and c not in trust]
    return bool(roots) and could_differ(compared.path, pool)


def _same_serial(compared: Compared) -> bool:
    pool = compared.report.hierarchy.pool.everybody
    return len({(c.issuer_raw, c.serial) for c in pool}) < len(pool)


def _choice(compared: Compared) -> bool:
    return could_differ(compared.path, compared.report.hierarchy.pool.everybody)


def _permits_the_empty_name(compared: Compared) -> bool:
    held = [raw.constraints(c) for c in compared.path if EXT_NAME_CONSTRAINTS in c.extensions]
    return any((raw.DNS, b"") in each.permitted for each in held if each is not None)


def _spans_excluded(violation: PathViolation) -> bool:
    if not isinstance(violation, ConstraintViolation):
        return False
    return violation.breach.outcome is Outcome.EXCLUDED and violation.breach.name.startswith("*.")


def _step(violation: PathViolation, step: str) -> bool:
    return violation.kind is Kind.PROFILE and violation.step == step


def _of_authority(compared: Compared, violation: PathViolation) -> bool:
    return violation.certificate is not compared.target


_IDENTIFIERS = {facts.EXT_SUBJECT_KEY_ID, facts.EXT_AUTHORITY_KEY_ID}


def _other_key(compared: Compared) -> bool:
    """A key of another kind than RSA and elliptic curves."""
    kinds = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)
    return any(not isinstance(c.public_key, kinds) for c in compared.path)


def _weak_hash(compared: Compared) -> bool:
    made = (algorithm(c.signature_algorithm).hash for c in compared.below)
    return any(each is not None and each.name in ("md5", "sha1") for each in made)


def _short_key(compared: Compared) -> bool:
    keys = (c.public_key for c in compared.path[1:])
    return any(isinstance(key, rsa.RSAPublicKey) and key.key_size < 2048 for key in keys)


_X509_VFY = "OpenSSL crypto/x509/x509_vfy.c"
_EXTENSION_RS = "cryptography src/rust/cryptography-x509-verification/src/policy/extension.rs"

STRICTER = [
    Stricter(
        "an anchor that is no root",
        OPENSSL,
        _seen("fg"),
        lambda c: not c.anchor.is_self_issued,
        "X509_VERIFY_PARAM_set_flags(3): X509_V_FLAG_PARTIAL_CHAIN is off by default; "
        "RFC 5280 6.1.1 (d): any name and key may be an anchor",
    ),
    Stricter(
        "names beyond ASCII",
        OPENSSL,
        _seen("f"),
        _beyond_ascii,
        "RFC 5280 7.1 compares with case folded, after RFC 4518; OpenSSL crypto/x509/x_name.c: "
        "asn1_string_canon() folds ASCII letters alone",
    ),
    Stricter(
        "the anchor's own validity",
        OPENSSL,
        _seen("fg"),
        _not_now,
        f"RFC 5280 6.1.1 (d): an anchor has no validity; {_X509_VFY}: internal_verify() looks at "
        "every certificate",
    ),
    Stricter(
        "an anchor that is no authority",
        OPENSSL,
        _seen("fg"),
        lambda c: _no_authority(c.anchor),
        f"RFC 5280 6.1.4 (k) and (n) begin below the anchor; {_X509_VFY}: check_extensions() does "
        "not",
    ),
    Stricter(
        "the anchor's path length",
        OPENSSL,
        _seen("fg"),
        _too_long,
        f"RFC 5280 6.1.4 (m) begins below the anchor; {_X509_VFY}: check_extensions() does not",
    ),
    Stricter(
        "the anchor's critical extensions",
        OPENSSL,
        _seen("g"),
        lambda c: bool(c.anchor.critical - KNOWN_CRITICAL),
        f"RFC 5280 6.1.4 (o) begins below the anchor; {_X509_VFY}: check_extensions() does not",
    ),
    Stricter(
        "critical extensions that it does not know",
        OPENSSL,
        _seen("fg"),
        lambda c: any(p.critical & _IDENTIFIERS for p in c.path),
        "OpenSSL crypto/x509/v3_purp.c: X509_supported_extension() has no key identifiers; RFC "
        "5280 6.1.4 (o) leaves open what is recognized, and 4.2.1.2 (never critical) is not "
        "part of section 6.1",
    ),
    Stricter(
        "the anchor's name constraints",
        OPENSSL,
        _seen("g"),
        lambda c: facts.EXT_NAME_CONSTRAINTS in c.anchor.extensions,
        f"RFC 5280 6.1.4 (g) begins below the anchor; {_X509_VFY}: check_name_constraints() does "
        "not; RFC 5937 is what would apply them",
    ),
    Stricter(
        "key identifiers must match",
        OPENSSL,
        _seen("fg"),
        _other_key_ids,
        "RFC 5280 6.1.3 (a) compares names and keys alone, RFC 4158 3.5.12 calls key identifiers "
        "hints; OpenSSL crypto/x509/v3_purp.c: X509_check_issued()",
    ),
    Stricter(
        "the first issuer found is kept",
        OPENSSL,
        _seen("g"),
        _choice,
        f"RFC 4158 2.4 wants backtracking; {_X509_VFY}: build_chain() takes one issuer and only "
        "looks for an alternative among trusted ones",
    ),
    Stricter(
        "name constraints on a common name",
        OPENSSL,
        _seen("l"),
        _constrained_common_name,
        "RFC 5280 4.2.1.10: constraints on DNS names are for subjectAltName; OpenSSL "
        "crypto/x509/v3_ncons.c: NAME_CONSTRAINTS_check_CN()",
    ),
    Stricter(
        "name constraints on an e-mail address in the subject",
        OPENSSL,
        _seen("f"),
        _constrained_address,
        "RFC 5280 4.2.1.10: they bear on it where there is no subjectAltName; OpenSSL "
        "crypto/x509/v3_ncons.c: NAME_CONSTRAINTS_check()",
    ),
    Stricter(
        "a target that has its issuer's name is taken as self-signed",
        OPENSSL,
        _seen("f"),
        _own_name,
        "OpenSSL crypto/x509/v3_purp.c: EXFLAG_SS is set where names are equal and no key "
        "identifier speaks against it; RFC 5280 6.1 calls that self-issued",
    ),
    Stricter(
        "an extension that OpenSSL decodes for itself",
        OPENSSL,
        _seen("f"),
        _decoded_by_openssl,
        "RFC 5280 4.2 lets what is not critical be ignored; OpenSSL crypto/x509/v3_purp.c: "
        "x509v3_cache_extensions(), and v3_addr.c: X509v3_addr_validate_path()",
    ),
    Stricter(
        "the algorithm outside differs from the one inside",
        OPENSSL,
        _seen("f"),
        lambda c: any(p.signature_algorithm != p.tbs_signature_algorithm for p in c.path),
        "RFC 5280 4.1.1.2, which section 6.1 does not check; OpenSSL crypto/x509/x_all.c: "
        "X509_verify()",
    ),
    Stricter(
        "key identifiers must match",
        PYHANKO,
        _seen("g"),
        _other_key_ids,
        "RFC 5280 6.1.3 (a) compares names and keys alone, RFC 4158 3.5.12 calls key identifiers "
        "hints; pyhanko_certvalidator registry.py: find_potential_issuers()",
    ),
    Stricter(
        "an authority is trusted in a certificate other than that sent",
        PYHANKO,
        _seen("f"),
        _renewed_and_trusted,
        "RFC 5280 6.1 takes any path; seen of pyhanko_certvalidator registry.py, LazyPathIterator",
    ),
    Stricter(
        "two certificates with one issuer and serial number",
        PYHANKO,
        _seen("l"),
        _same_serial,
        "RFC 5280 4.1.2.2 forbids it and section 6.1 does not ask; pyhanko_certvalidator "
        "registry.py: SimpleCertificateStore keeps one certificate of each",
    ),
    Stricter(
        "names are compared by their bytes",
        CRYPTOGRAPHY,
        _seen("g"),
        lambda c: any(link.child.issuer_raw != link.issuer.subject_raw for link in c.links),
        "RFC 5280 7.1 folds case; cryptography src/rust/cryptography-x509-verification/src/lib.rs: "
        "potential_issuers() looks names up by their bytes",
    ),
    Stricter(
        "critical extensions that it does not know",
        CRYPTOGRAPHY,
        _seen("g"),
        lambda c: any(p.critical & {facts.EXT_POLICY_CONSTRAINTS} for p in c.path),
        f"RFC 5280 4.2 wants policyConstraints recognized; {_EXTENSION_RS}: permits() knows "
        "nothing of policies",
    ),
    Stricter(
        "a target that is its own issuer must name its issuer's key",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c: c.anchor.is_self_issued and c.anchor == c.target and _names_no_key(c.target),
        f"RFC 5280 4.2.1.1 lets self-signed certificates do without; {_EXTENSION_RS}: "
        "ee::authority_key_identifier()",
    ),
    Stricter(
        "anyExtendedKeyUsage is not enough for a server",
        CRYPTOGRAPHY,
        _seen("g"),
        _any_purpose,
        f"RFC 5280 4.2.1.12 lets applications choose; {_EXTENSION_RS}: ee::extended_key_usage() "
        "follows 7.1.2.7.10 of the baseline",
    ),
    Stricter(
        "other keys than RSA and elliptic curves",
        CRYPTOGRAPHY,
        _seen("f"),
        _other_key,
        "section 6.1 has no list of keys; cryptography policy/mod.rs: "
        "WEBPKI_PERMITTED_SPKI_ALGORITHMS",
    ),
    Stricter(
        "signatures with SHA-1 or MD5",
        CRYPTOGRAPHY,
        _seen("f"),
        _weak_hash,
        "section 6.1 has no list of hashes; cryptography policy/mod.rs: "
        "WEBPKI_PERMITTED_SIGNATURE_ALGORITHMS",
    ),
    Stricter(
        "critical names beside a subject",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c: facts.EXT_SUBJECT_ALT_NAME in c.target.critical,
        f"RFC 5280 4.2.1.6: SHOULD NOT; {_EXTENSION_RS}: ee::subject_alternative_name()",
    ),
    Stricter(
        "a target that is an authority",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c: c.target.is_ca,
        f"RFC 5280 6.1.5 does not ask; {_EXTENSION_RS}: ee::basic_constraints()",
    ),
    Stricter(
        "signatures with SHA-1 or MD5",
        PYHANKO,
        _seen("f"),
        _weak_hash,
        "section 6.1 has no list of hashes; pyhanko_certvalidator policy_decl.py",
    ),
    Stricter(
        "short RSA keys",
        PYHANKO,
        _seen("f"),
        _short_key,
        "section 6.1 has no list of sizes; pyhanko_certvalidator policy_decl.py",
    ),
    Stricter(
        "the empty DNS name among those permitted",
        PYHANKO,
        _seen("f"),
        _permits_the_empty_name,
        'RFC 5280 4.2.1.10: any name that adds labels to "" satisfies it; pyhanko_certvalidator '
        "name_trees.py finds no label to compare",
    ),
    Stricter(
        "the anchor's purposes",
        CRYPTOGRAPHY,
        _seen("g"),
        _purpose_of_anchor,
        f"RFC 5280 6.1.1 (d): an anchor has no purpose; {_EXTENSION_RS}: ca::extended_key_usage()",
    ),
    Stricter(
        "the anchor's key usage",
        CRYPTOGRAPHY,
        _seen("g"),
        lambda c: c.anchor.key_usage is None,
        f"RFC 5280 6.1.1 (d): an anchor is a name and a key; {_EXTENSION_RS}: ca::key_usage()",
    ),
    Stricter(
        "a bound on signatures that loops spend",
        CRYPTOGRAPHY,
        _seen("l"),
        _looping,
        "RFC 4158 5.2 cuts loops; cryptography src/rust/cryptography-x509-verification/src/lib.rs: "
        "Budget",
    ),
]

_SPANNED = (
    "RFC 5280 4.2.1.10: an excluded name must not be certified, and the wildcard stands for it "
    "(RFC 9525 6.3); Go took it as a vulnerability (CVE-2025-61727)"
)

LAXER = [
    Laxer(
        "a wildcard that spans an excluded name",
        OPENSSL,
        _seen("l"),
        lambda c, v: _spans_excluded(v),
        f"{_SPANNED}; OpenSSL crypto/x509/v3_ncons.c: nc_dns() compares text",
    ),
    Laxer(
        "a wildcard that spans an excluded name",
        PYHANKO,
        _seen("l"),
        lambda c, v: _spans_excluded(v),
        f"{_SPANNED}; pyhanko_certvalidator name_trees.py compares text",
    ),
    Laxer(
        "policies are not asked for",
        OPENSSL,
        _seen("g"),
        lambda c, v: v.kind is Kind.POLICY,
        "RFC 5280 6.1.5 (g); X509_VERIFY_PARAM_set_flags(3): X509_V_FLAG_POLICY_CHECK is off by "
        "default",
    ),
    *(
        Laxer(
            "a domain with a leading period among the constraints",
            oracle,
            _seen("f"),
            lambda c, v: v.kind is Kind.UNPROCESSABLE and v.step == "4.2.1.10",
            "RFC 5280 4.2.1.10: what cannot be processed is rejected, and a dNSName has no such "
            "form; OpenSSL crypto/x509/v3_ncons.c: nc_dns() takes it for what is below",
        )
        for oracle in (OPENSSL, PYHANKO)
    ),
    *(
        Laxer(
            "a critical policy with a qualifier that is not known",
            oracle,
            _seen("f"),
            lambda c, v: v.kind is Kind.UNPROCESSABLE and v.step == "4.2.1.4",
            "RFC 5280 4.2.1.4: a critical extension is interpreted with its qualifiers, or the "
            "certificate rejected; nobody looks at them",
        )
        for oracle in (OPENSSL, PYHANKO)
    ),
    Laxer(
        "what is not DER",
        OPENSSL,
        _seen("f"),
        lambda c, v: v.kind is Kind.UNDECIDED and v.certificate.loaded is None,
        "RFC 5280 4.1 demands DER and one of three versions; d2i_X509(3) takes BER, and nothing "
        "looks at the version",
    ),
    Laxer(
        "what is not DER",
        PYHANKO,
        _seen("f"),
        lambda c, v: v.kind is Kind.UNDECIDED and v.certificate.loaded is None,
        "RFC 5280 4.1 demands DER and one of three versions; asn1crypto takes BER",
    ),
    Laxer(
        "an extension that is there twice",
        PYHANKO,
        _seen("f"),
        lambda c, v: v.kind in _UNREAD and bool(v.certificate.duplicate_extensions),
        "RFC 5280 4.2: more than one is forbidden; pyhanko_certvalidator takes the last",
    ),
    Laxer(
        "a path length below zero",
        PYHANKO,
        _seen("f"),
        lambda c, v: "a negative path length" in _told(v),
        "RFC 5280 4.2.1.9: pathLenConstraint is 0 or more; pyhanko_certvalidator validate.py: a "
        "path is too long where what is left of it is 0",
    ),
    Laxer(
        "names that are not the one that is asked",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c, v: _step(v, "4.2.1.6"),
        f"RFC 5280 4.2.1.6; {_EXTENSION_RS}: ee::subject_alternative_name() looks for one name",
    ),
    Laxer(
        "names of an authority",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c, v: (
            isinstance(v, Undecidable) and _of_authority(c, v) and "subjectAltName" in v.because
        ),
        f"RFC 5280 4.2.1.6; {_EXTENSION_RS} looks at the names of end entities alone",
    ),
    Laxer(
        "a version 1 authority with basicConstraints",
        OPENSSL,
        _seen("g"),
        lambda c, v: v.kind is Kind.NOT_A_CA and v.certificate.version == 1,
        "RFC 5280 6.1.4 (k) demands version 3; OpenSSL crypto/x509/v3_purp.c: check_ca()",
    ),
    Laxer(
        "a version 1 authority with basicConstraints",
        PYHANKO,
        _seen("g"),
        lambda c, v: v.kind is Kind.NOT_A_CA and v.certificate.version == 1,
        "RFC 5280 6.1.4 (k) demands version 3; pyhanko_certvalidator validate.py looks at the "
        "extension alone",
    ),
    Laxer(
        "a serial number that is not positive",
        CRYPTOGRAPHY,
        _seen("fg"),
        lambda c, v: _step(v, "4.1.2.2") and v.certificate.serial <= 0,
        "RFC 5280 4.1.2.2; cryptography warns, and counts octets alone (policy/mod.rs)",
    ),
    Laxer(
        "policyConstraints that are not critical",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c, v: _step(v, "4.2.1.11"),
        f"RFC 5280 4.2.1.11; {_EXTENSION_RS}: permits() asks nothing of extensions without a rule",
    ),
    Laxer(
        "a serial number of 21 octets",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c, v: _step(v, "4.1.2.2") and v.certificate.serial.bit_length() in range(160, 168),
        "RFC 5280 4.1.2.2; cryptography's policy/mod.rs lets one octet of zeros pass",
    ),
    Laxer(
        "an authority without a key identifier of its issuer",
        CRYPTOGRAPHY,
        _seen("g"),
        lambda c, v: _step(v, "4.2.1.1") and _of_authority(c, v),
        f"RFC 5280 4.2.1.1; {_EXTENSION_RS}: ca::authority_key_identifier() explains why not",
    ),
    Laxer(
        "constraints that are not critical",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c, v: _step(v, "4.2.1.10"),
        f"RFC 5280 4.2.1.10; {_EXTENSION_RS}: either criticality will do",
    ),
    Laxer(
        "a path length of a target that is no authority",
        CRYPTOGRAPHY,
        _seen("f"),
        lambda c, v: _step(v, "4.2.1.9") and v.certificate is c.target,
        f"RFC 5280 4.2.1.9; {_EXTENSION_RS}: ee::basic_constraints() looks at CA alone",
    ),
    Laxer(
        "an authority without a key identifier",
        CRYPTOGRAPHY,
        _seen("g"),
        lambda c, v: _step(v, "4.2.1.2"),
        "RFC 5280 4.2.1.2; cryptography policy/mod.rs: subject_key_identifier may be there",
    ),
    *(
        Laxer(
            "an extension that cannot be decoded",
            oracle,
            _seen("f"),
            _undecodable,
            "RFC 5280 4.2; the oracle does not look into it as long as it needs nothing of it",
        )
        for oracle in (OPENSSL, PYHANKO, CRYPTOGRAPHY)
    ),
]


def stricter(compared: Compared) -> list[Stricter]:
    """The first class that holds."""
    for entry in STRICTER:
        try:
            if entry.oracle == compared.oracle and entry.holds(compared):
                return [entry]
        except Unreadable:
            continue
    return []


def laxer(compared: Compared) -> list[Laxer]:
    """A class for each violation of some path; nothing where every path has one without."""
    known = [entry for entry in LAXER if entry.oracle == compared.oracle]
    for violations in compared.violations:
        found = [
            next((entry for entry in known if entry.holds(compared, violation)), None)
            for violation in violations
        ]
        classes = [entry for entry in found if entry is not None]
        if classes and len(classes) == len(found):
            return classes
    return []

"""The contents of extensions, as far as RFC 5280, section 4.2, has MUSTs about them."""

import re
from collections.abc import Iterator

from edgecheck.reading import certificate as facts
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.distribution_points import (
    ALL_REASONS,
    EXT_FRESHEST_CRL,
    distribution_points,
)
from edgecheck.reading.extensions import GeneralNames, general_names, subject_alt_name
from edgecheck.reading.late import late
from edgecheck.reading.name_constraints import Form, mailbox, name_constraints
from edgecheck.reading.names import name
from edgecheck.reading.policies import (
    ANY_POLICY,
    CPS,
    READERS,
    USER_NOTICE,
    policy_mappings,
    qualifiers,
)

Broken = tuple[str, str]

EMPTY_NAME = b"\x30\x00"
EXT_AUTHORITY_INFO_ACCESS = bytes.fromhex("2b06010505070101")
EXT_SUBJECT_INFO_ACCESS = bytes.fromhex("2b0601050507010b")
_LABEL = late(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_URI = late(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?://(?P<authority>[^/?#]*))?(?P<rest>[\w.~:/?#\[\]@!$&'()*+,;=%-]*)",
    re.ASCII,
)
_AUTHORITY = late(r"(?:[^@\[\]]*@)?(?:\[[0-9A-Fa-f:.]+\]|(?P<host>[^:@\[\]]+))(?::[0-9]*)?")
_LITERAL = late(r"\[[!-Z^-~]+\]")
_REGISTERED_ID = 8
_EXT_DIRECTORY_ATTRIBUTES = bytes.fromhex("551d09")
_POLICY_SECTIONS = {
    facts.EXT_POLICIES: "4.2.1.4",
    facts.EXT_POLICY_MAPPINGS: "4.2.1.5",
    facts.EXT_POLICY_CONSTRAINTS: "4.2.1.11",
    facts.EXT_INHIBIT_ANY_POLICY: "4.2.1.14",
}
_CONSTRAINED = (Form.DNS, Form.EMAIL, Form.URI, Form.IP, Form.DIRECTORY)
"""The forms of names that section 4.2.1.10 has rules for."""


def contents(certificate: Certificate) -> Iterator[Iterator[Broken]]:
    """What each extension breaks by its contents.

    Raises:
        Unreadable: while it is iterated: an extension that cannot be decoded.
        Malformed: likewise.
    """
    yield _alternative_names(certificate)
    yield _issuer_names(certificate)
    yield _policies(certificate)
    yield _qualifiers(certificate)
    yield _name_constraints(certificate)
    yield _key_usage(certificate)
    yield _basic_constraints(certificate)
    yield _not_empty(certificate)
    yield _distribution_points(certificate)
    yield _information_access(certificate)


def _alternative_names(certificate: Certificate) -> Iterator[Broken]:
    """What section 4.2.1.6 demands of subjectAltName."""
    names = certificate.alt_names
    critical = facts.EXT_SUBJECT_ALT_NAME in certificate.critical
    named = certificate.subject_raw != EMPTY_NAME or (names is not None and critical)
    if not named and not certificate.is_ca:
        yield "4.1.2.6", "the subject is empty, and no critical subjectAltName is there"
    if names is not None:
        for told in _wrong(names):
            yield "4.2.1.6", told


def _issuer_names(certificate: Certificate) -> Iterator[Broken]:
    """IssuerAltName is encoded as subjectAltName is (section 4.2.1.7)."""
    value = certificate.extensions.get(facts.EXT_ISSUER_ALT_NAME)
    if value == b"\x30\x00":
        yield "4.2.1.7", "issuerAltName is empty"
    elif value is not None:
        for told in _wrong(subject_alt_name(value, "issuerAltName")):
            yield "4.2.1.7", told


def _wrong(names: GeneralNames) -> Iterator[str]:
    """What is wrong with single names, by section 4.2.1.6."""
    yield from names.wrong
    for text in names.dns:
        if not is_dns_name(text):
            yield f"dNSName {text!r} is not in the preferred name syntax"
    for text in names.email:
        if not _is_mailbox(text):
            yield f"rfc822Name {text!r} is not a mailbox"
    for text in names.uri:
        if not _is_uri(text):
            yield f"the URI {text!r} is not absolute, or has no host"
    for raw in names.directory:
        if raw == EMPTY_NAME:
            yield "a directoryName is empty"
        name(raw)
    for number, content in names.others:
        if not content:
            yield f"a name of form [{number}] is empty"
        elif number == _REGISTERED_ID:
            der.oid_text(content)


def _policies(certificate: Certificate) -> Iterator[Broken]:
    """All four extensions can be read, which section 6.1 does not ask of the anchor's."""
    for identifier, section in _POLICY_SECTIONS.items():
        value = certificate.extensions.get(identifier)
        if value is None:
            continue
        what, read = READERS[identifier]
        try:
            read(value)
        except der.Malformed as wrong:
            yield section, f"{what} cannot be read: {str(wrong).removeprefix(f'{what}: ')}"
            continue
        if identifier == facts.EXT_POLICY_MAPPINGS and any(
            ANY_POLICY in pair for pair in policy_mappings(value)
        ):
            yield section, "policyMappings has anyPolicy in it"


def _qualifiers(certificate: Certificate) -> Iterator[Broken]:
    """Qualifiers of policies (section 4.2.1.4)."""
    value = certificate.extensions.get(facts.EXT_POLICIES)
    if value is None:
        return
    must_know = facts.EXT_POLICIES in certificate.critical
    for _, first, last in der.elements(value, *der.only(value, der.SEQUENCE, "policies")):
        policy, *more = der.elements(value, first, last) or [(0, first, first)]
        is_any = value[policy[1] : policy[2]] == ANY_POLICY
        for _, start, end in more:
            if start == end:
                yield "4.2.1.4", "a policy has an empty list of qualifiers"
            for tag, at, stop in der.elements(value, start, end):
                parts = der.elements(value, at, stop) if tag == der.SEQUENCE else []
                if len(parts) != 2 or parts[0][0] != der.OID:
                    yield "4.2.1.4", "a qualifier is not an identifier and its value"
                elif value[parts[0][1] : parts[0][2]] in (CPS, USER_NOTICE):
                    continue
                elif must_know:
                    yield "4.2.1.4", "a critical policy has a qualifier that is not known"
                elif is_any:
                    yield "4.2.1.4", "anyPolicy has a qualifier other than CPS and user notice"


def has_unknown_qualifier(certificate: Certificate) -> bool:
    """Whether a critical policy has a qualifier that nobody knows.

    Section 4.2.1.4: whoever validates must be able to interpret a critical extension, qualifiers
    included, or reject the certificate. False where the extension cannot be read.
    """
    if facts.EXT_POLICIES not in certificate.critical:
        return False
    try:
        found = qualifiers(certificate.extensions[facts.EXT_POLICIES])
    except der.Malformed:
        return False
    return any(kind not in (CPS, USER_NOTICE) for _, kind in found)


def _name_constraints(certificate: Certificate) -> Iterator[Broken]:
    """Each subtree can be used, whether or not a name of its form is below (section 4.2.1.10)."""
    value = certificate.extensions.get(facts.EXT_NAME_CONSTRAINTS)
    if value is None:
        return
    try:
        subtrees = name_constraints(value)
    except der.Malformed as wrong:
        told = str(wrong).removeprefix("nameConstraints: ")
        yield "4.2.1.10", f"nameConstraints cannot be read: {told}"
        return
    for subtree in subtrees.permitted + subtrees.excluded:
        told = subtree.unusable
        if not told and subtree.form is Form.URI and b"." not in subtree.contents:
            told = "not a fully qualified domain name"
        if told and subtree.form in _CONSTRAINED:
            yield "4.2.1.10", f"the subtree {subtree.form} {subtree.text!r} cannot be used: {told}"


def _key_usage(certificate: Certificate) -> Iterator[Broken]:
    """A list of named bits ends with the last one that is set (X.690, 11.2)."""
    if certificate.key_usage is None:
        return
    value = certificate.extensions[facts.EXT_KEY_USAGE]
    start, end = der.only(value, der.BIT_STRING, "keyUsage")
    unused, *octets = value[start:end]
    if not octets:
        return
    if octets[-1] & ((1 << unused) - 1):
        yield "4.1", "keyUsage is not in DER: a bit is set that is not used"
    if not octets[-1] >> unused & 1:
        yield "4.1", "keyUsage is not in DER: it ends in bits that are not set"


def _basic_constraints(certificate: Certificate) -> Iterator[Broken]:
    """DER leaves out what has its default (X.690, 11.5)."""
    constraints = certificate.basic_constraints
    if constraints is None or constraints.ca:
        return
    value = certificate.extensions[facts.EXT_BASIC_CONSTRAINTS]
    start, end = der.only(value, der.SEQUENCE, "basicConstraints")
    if any(tag == der.BOOLEAN for tag, _, _ in der.elements(value, start, end)):
        yield "4.1", "basicConstraints is not in DER: CA:FALSE is spelled out"


def _not_empty(certificate: Certificate) -> Iterator[Broken]:
    """A key identifier and a list of directory attributes have something in them."""
    if certificate.subject_key_id == b"":
        yield "4.2.1.2", "subjectKeyIdentifier is empty"
    value = certificate.extensions.get(_EXT_DIRECTORY_ATTRIBUTES)
    if value is not None:
        start, end = der.only(value, der.SEQUENCE, "subjectDirectoryAttributes")
        if start == end:
            yield "4.2.1.8", "subjectDirectoryAttributes is empty"


def _distribution_points(certificate: Certificate) -> Iterator[Broken]:
    value = certificate.extensions.get(facts.EXT_CRL_DISTRIBUTION_POINTS)
    if value is not None:
        points = distribution_points(value)
        if all(point.reasons not in (None, ALL_REASONS) for point in points):
            yield "4.2.1.13", "no distribution point is for all reasons"
    value = certificate.extensions.get(EXT_FRESHEST_CRL)
    if value is not None:
        distribution_points(value, "freshestCRL")


def _information_access(certificate: Certificate) -> Iterator[Broken]:
    """AuthorityInfoAccess and subjectInfoAccess list access methods and locations."""
    for identifier, what in (
        (EXT_AUTHORITY_INFO_ACCESS, "authorityInfoAccess"),
        (EXT_SUBJECT_INFO_ACCESS, "subjectInfoAccess"),
    ):
        value = certificate.extensions.get(identifier)
        if value is None:
            continue
        start, end = der.only(value, der.SEQUENCE, what)
        if start == end:
            raise der.Malformed(f"{what}: empty")
        for tag, first, last in der.elements(value, start, end):
            parts = der.elements(value, first, last)
            if tag != der.SEQUENCE or len(parts) != 2 or parts[0][0] != der.OID:
                raise der.Malformed(f"{what}: an entry that is no method and location")
            general_names(value, parts[0][2], last)
    yield from ()


def _is_mailbox(text: str) -> bool:
    """`Local-part@Domain` as RFC 2821, section 4.1.2, has it, without a phrase or brackets."""
    local, _, host = text.rpartition("@")
    if mailbox(f"{local}@host") is None:
        return False
    return bool(_LITERAL.fullmatch(host)) or (is_dns_name(host) and "*" not in host)


def _is_uri(text: str) -> bool:
    """An absolute URI of RFC 3986; if it has an authority, then with a host."""
    parts = _URI.fullmatch(text)
    if parts is None:
        return False
    if parts["authority"] is None:
        return bool(parts["rest"])
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        return False
    host = authority["host"]
    return host is None or (is_dns_name(host.removesuffix(".")) and "*" not in host)


def is_dns_name(text: str) -> bool:
    """Whether a dNSName is in the preferred name syntax of RFC 1034 and 1123.

    A `*` as the whole left-most label is let through: RFC 5280 leaves wildcards to others.
    """
    labels = text.split(".")
    if labels[0] == "*" and len(labels) > 1:
        labels = labels[1:]
    return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels)

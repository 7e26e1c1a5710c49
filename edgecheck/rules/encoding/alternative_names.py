"""The names in subjectAltName: what they may hold."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from edgecheck.behaviour.golang.records import V1_19, V1_24, V1_27
from edgecheck.behaviour.host_names import refusing_as_read
from edgecheck.behaviour.jsse.parse import refusing_undecodable
from edgecheck.behaviour.openssl import extensions as openssl
from edgecheck.behaviour.refusers import OPENSSL, Refuser
from edgecheck.reading import der
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate, Unreadable
from edgecheck.reading.extensions import GeneralNames
from edgecheck.reading.text import safe
from edgecheck.rules.encoding.conditions import ODD_ALTERNATIVE_NAME
from edgecheck.rules.encoding.controls import controlled
from edgecheck.rules.encoding.structure import severity
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.objects import setting
from edgecheck.rules.engine.rule import WARNING, Act, Over, Reference, Violation, rule
from edgecheck.rules.hostname.devices import OF_THE_CONFIGURED
from edgecheck.rules.references import measured, rfc

R = Refuser
_GO = frozenset({R.GO})
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:[^@/?#\[\] ]*@)?"
    r"(?:\[[0-9A-Fa-f:.]+\]|[^:@/?#\[\]\x00-\x20\x7f\"<>\\^`{|}]*)(?::[0-9]*)?(?=[/?#]|$)|(?!//))"
    r"(?:[^%\x00-\x20\x7f]|%[0-9A-Fa-f]{2})*+"
)
_MARKS = (
    ("://", "is a URI, not a name"),
    ("/", "has a slash in it"),
    (",", "has a comma in it: several names as one"),
    (":", "has a colon in it: a port, or the kind of the name"),
    ("@", "has an @ in it"),
    ("..", "has an empty label"),
)


class Odd(NamedTuple):
    """One name that is odd."""

    told: str
    refused_by: frozenset[Refuser] = frozenset()


@rule(
    "encoding.alternative-name",
    title="A name in subjectAltName is not written as such names are",
    severity=WARNING,
    over=Over.EACH_PRESENTED,
    when=[ODD_ALTERNATIVE_NAME],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.6"),
        rfc(1034, "3.5"),
        Reference(
            "Go 1.23, src/crypto/x509/parser.go (parseSANExtension)",
            "https://github.com/golang/go/blob/go1.23.0/src/crypto/x509/parser.go",
        ),
        measured(
            "Go refuses a certificate with an iPAddress that has not 4 or 16 bytes, with names "
            "that are not ASCII, and with URIs that it cannot parse. GnuTLS refuses empty names. "
            "Java 21 and 25 refuse addresses of other lengths, and URIs that they cannot parse"
        ),
    ],
)
def alternative_name(certificate: Certificate, case: Case) -> Violation | None:
    """A dNSName is a bare host name in ASCII, an iPAddress 4 or 16 bytes, a URI absolute.

    Blanks, a URI or a port in a dNSName, or several names in one: no client refuses them, and
    no client ever finds its host in them, so the gateway has one name less than its certificate
    seems to have. Addresses of another length (an address with its mask, or written as text)
    and bytes outside ASCII make Go refuse the certificate as a whole, whichever certificate of
    the chain it is. Java 21 and later refuse a server's certificate with such an address, and
    with a URI that is relative or none. Java 17 does as if it had no such names, and refuses it
    where the common name is not that of the gateway either. Names with umlauts are written in
    ASCII, as `xn--...`.

    Remedy:
    Have the certificate reissued with each name by itself, in OpenSSL's words; an address stands
    behind `IP:`:

        subjectAltName = DNS:<hostname>,DNS:edgehub
    """
    names = certificate.alt_names
    if names is None:
        return None
    odd = [*_wrong(names), *_dns(names), *_others(names, certificate.is_self_issued)]
    if not odd:
        return None
    in_java = _in_java(certificate, case)
    refused_by = in_java.union(*(one.refused_by for one in odd))
    odd.sort(key=lambda one: not one.refused_by)
    more = f", and {len(odd) - 1} more" if len(odd) > 1 else ""
    return Violation(
        f"in the subjectAltName of the certificate {shown_name(certificate)} "
        f"{safe(odd[0].told, 160)}{more}",
        wanted="names as RFC 5280, section 4.2.1.6, describes them",
        found=[safe(one.told, 160) for one in odd[:20]],
        certificates=(certificate,),
        severity=severity(refused_by),
        remedy=_with(names, certificate),
        refused_by=refused_by,
        also=(lambda *_: in_java) if certificate is case.hierarchy.server else None,
        changes=setting("hostname") if case.hierarchy.is_predicted(certificate) else None,
        explained_by=OF_THE_CONFIGURED if case.hierarchy.is_predicted(certificate) else frozenset(),
        evidence={"field": "extensions: subjectAltName"},
    )


def _in_java(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Which versions refuse it: 17 where the common name, which is left to it, is another one."""
    by = refusing_undecodable(certificate, EXT_SUBJECT_ALT_NAME)
    asked = case.expected.hostname
    if by and asked is not None and certificate is case.hierarchy.server:
        with suppress(Unreadable):
            return refusing_as_read(asked, certificate) & {R.JAVA} or by
    return by


def _with(names: GeneralNames, certificate: Certificate) -> str:
    """With the names that are right; a CA needs none."""
    good = [f"DNS:{text}" for text in names.dns if not _not_a_name(text) and ":" not in text]
    good = [word for word in good if re.fullmatch(r"[A-Za-z0-9.:*_-]+", word)]
    good += [f"IP:{address}" for address in names.ip]
    if certificate.is_ca and not good:
        return "Have the CA certificate reissued without subjectAltName, which a CA does not need."
    line = f"subjectAltName = {','.join(good[:20] or ['DNS:<hostname>'])}"
    return (
        "Have the certificate reissued with names that are well-formed, each by itself; what is "
        f"missing in this line is to be added in its right form:\n\n    {line}"
    )


def _wrong(names: GeneralNames) -> Iterator[Odd]:
    """What could not be read as the kind of name that it says it is."""
    for told in names.wrong:
        by = _GO | ({R.GNUTLS} if "of 0 bytes" in told else set())
        yield Odd(f"there is an {told}" if told[0] in "iaeou" else f"there is a {told}", by)


def _dns(names: GeneralNames) -> Iterator[Odd]:
    for text in names.dns:
        told = _not_a_name(text)
        if told:
            by = frozenset[Refuser]() if text else frozenset({R.GNUTLS})
            yield Odd(f'the dNSName "{text}" {told}', by)


def _not_a_name(text: str) -> str:
    if not text:
        return "is empty"
    if controlled(text):
        return ""  # encoding.control-characters
    if " " in text:
        return "has blanks in it"
    for mark, told in _MARKS:
        if mark in text:
            return told
    if text.startswith("."):
        return "begins with a dot"
    if text.endswith("."):
        return "ends with a dot"
    if any(len(label) > 63 for label in text.split(".")):
        return "has a label of more than 63 characters"
    if len(text) > 253:
        return f"has {len(text)} characters, more than 253"
    return ""


def _others(names: GeneralNames, is_own: bool) -> Iterator[Odd]:
    for kind, texts in (("URI", names.uri), ("rfc822Name", names.email)):
        for text in texts:
            if not text:
                yield Odd(f"a {kind} is empty", frozenset({R.GNUTLS}))
    for text in names.uri:
        by = _not_for_go(text)
        if by or (text and _URI.fullmatch(text) is None):
            relative = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) is None and " " not in text
            told = "relative" if relative and not by else "no URI"
            yield Odd(f'the URI "{text}" is {told}', by)
    for text in names.email:
        local, _, host = text.partition("@")
        if text and (not local or not host or " " in text or "<" in text):
            yield Odd(f'the rfc822Name "{text}" is no mailbox')
    for content in names.directory:
        if content == b"\x30\0":
            yield Odd("a directoryName is empty")
    for number, content in names.others:
        if not content:
            by = frozenset({R.GNUTLS})
            if openssl.undecodable(EXT_SUBJECT_ALT_NAME, _alone(number)) is not None:
                by |= OPENSSL | {R.DOTNET}
            if number in _OF_CRYPTOGRAPHY and not is_own:
                by |= {R.CRYPTOGRAPHY}
            yield Odd(f"a name of the form [{number}] is empty", by)


_OF_CRYPTOGRAPHY = (0, 8)
"""The forms into which cryptography's verifier looks, in certificates that are not trusted."""


def _alone(number: int) -> bytes:
    """A subjectAltName with nothing but an empty name of a form."""
    return bytes([der.SEQUENCE, 2, number | (0xA0 if number != _REGISTERED else 0x80), 0])


_REGISTERED = 8


def _not_for_go(uri: str) -> frozenset[Refuser]:
    """The versions of Go that cannot take it apart."""
    from edgecheck.behaviour.golang import parse as golang  # sound chains need none of it

    new, mid, old = (golang.wrong_uri(uri, version) for version in (V1_27, V1_24, V1_19))
    if new is None:
        return frozenset({R.GO_1_19} if old is not None else ())
    if old is not None:
        return frozenset({R.GO})
    return frozenset({R.GO_1_24 if mid is not None else R.GO_1_27})

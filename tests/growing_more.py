"""More that may grow: forms of names, lists in extensions, and whatever stands around the PEM."""

from __future__ import annotations

from collections.abc import Callable

from edgecheck import Device
from fixtures import der
from tests.growing import (
    HOST,
    Builder,
    Made,
    authority,
    certificate,
    chain,
    constraining,
    directory,
    dns,
    extension,
    link,
    listed,
    mail,
    named,
    pem,
    root,
    server,
)

_EMAIL, _URI = 0x81, 0x86
_UTF8, _IA5 = 0x0C, 0x16


# --- names


def _one(contents: bytes, tag: int, *bases: bytes) -> Made:
    """A server with one more name below a CA with constraints."""
    return chain(server([der.tlv(tag, contents)]), authority(more=[constraining(bases)]))


def a_link_of_many_labels(size: int) -> Made:
    return _one(b"https://" + b"a." * size + b"b/", _URI, der.tlv(_URI, b".example"))


def an_escaped_link(size: int) -> Made:
    return _one(b"https://u" + b"%41" * size, _URI, der.tlv(_URI, b".example"))


def a_mail_address_of_many_dots(size: int) -> Made:
    return _one(b"a." * size + b"b@plant.example", _EMAIL, mail(1))


def a_quoted_mail_address(size: int) -> Made:
    return _one(b'"' + b"\\a" * size + b'"@plant.example', _EMAIL, mail(1))


def many_mail_addresses(size: int) -> Made:
    return chain(server(map(mail, range(size))), authority())


def many_links(size: int) -> Made:
    return chain(server(map(link, range(size))), authority())


def _user(number: int) -> bytes:
    return der.tlv(0xA0, der.tlv(_UTF8, b"u%d" % number))


def many_other_names(size: int) -> Made:
    kind = der.oid("1.3.6.1.4.1.311.20.2.3")
    return chain(server(der.tlv(0xA0, kind, _user(n)) for n in range(size)), authority())


def many_registered_names(size: int) -> Made:
    identifiers = (der.oid(f"1.3.6.1.4.1.99999.{number}")[2:] for number in range(size))
    return chain(server(der.tlv(0x88, each) for each in identifiers), authority())


def a_name_in_pieces(size: int) -> Made:
    """BER may cut a string into pieces, which DER forbids."""
    return chain(server([der.tlv(0xA2, der.tlv(4, b"a") * size)]), authority())


def a_common_name_in_pieces(size: int) -> Made:
    pair = der.sequence(der.oid("2.5.4.3"), der.tlv(0x20 | _UTF8, der.tlv(4, b"a") * size))
    return chain(server(subject=der.sequence(der.tlv(0x31, pair))), authority())


def relative_names(size: int, kind: str = "2.5.4.11", tag: int = _UTF8, form: str = "u{}") -> bytes:
    """A Name of as many relative names."""
    values = (form.format(number).encode() for number in range(size))
    pairs = (der.sequence(der.oid(kind), der.tlv(tag, value)) for value in values)
    return der.sequence(*(der.tlv(0x31, pair) for pair in pairs))


def many_relative_names(size: int) -> Made:
    return chain(server(subject=relative_names(size)), authority())


def many_mail_addresses_in_the_subject(size: int) -> Made:
    subject = relative_names(size, "1.2.840.113549.1.9.1", _IA5, "u{}@plant.example")
    return chain(server(subject=subject), authority(more=[constraining([mail(0)])]))


def an_issuer_of_many_relative_names(size: int) -> Made:
    name = relative_names(size)
    own = (
        extension("2.5.29.19", bytes.fromhex("30030101ff"), True),
        extension("2.5.29.15", bytes.fromhex("03020106"), True),
    )
    names = extension("2.5.29.17", der.sequence(der.tlv(0x82, HOST.encode())))
    return chain(
        certificate(named("gw"), name, "p256-3", "p256-2", [names]),
        certificate(name, named("Root"), "p256-2", "p256-1", own, 2),
    )


# --- extensions


def extensions_twice(critical: bool) -> Builder:
    """Each extension is there a second time."""

    def made(size: int) -> Made:
        kinds = (f"1.3.6.1.4.1.99999.{number // 2}" for number in range(size))
        more = (extension(kind, b"\5\0", critical) for kind in kinds)
        return chain(server(more=more), authority())

    return made


def with_list(
    kind: str, one: Callable[[int], bytes], around: Callable[[bytes], bytes] = bytes
) -> Builder:
    """A server with an extension of as many elements; `around`: what is put around its SEQUENCE."""

    def made(size: int) -> Made:
        value = around(der.sequence(*map(one, range(size))))
        return chain(server(more=[extension(kind, value)]), authority())

    return made


def _point(number: int) -> bytes:
    return der.sequence(der.tlv(0xA0, der.tlv(0xA0, _address(number))))


def _address(number: int) -> bytes:
    return der.tlv(_URI, b"http://c.example/%d" % number)


def _place(number: int) -> bytes:
    return der.sequence(der.oid("1.3.6.1.5.5.7.48.5"), _address(number))


def _qualifier(number: int) -> bytes:
    statement = der.tlv(_IA5, b"http://p.example/%d" % number)
    return der.sequence(der.oid("1.3.6.1.5.5.7.2.1"), statement)


def _prefix(number: int) -> bytes:
    return der.tlv(3, b"\0\x0a" + number.to_bytes(3))


def many_names_of_one_point(size: int) -> Made:
    point = der.sequence(der.tlv(0xA0, der.tlv(0xA0, *map(_address, range(size)))))
    return chain(server(more=[extension("2.5.29.31", der.sequence(point))]), authority())


def many_names_of_the_issuer(size: int) -> Made:
    above = der.sequence(der.tlv(0xA1, *map(directory, range(size))), der.tlv(0x82, b"\1"))
    return chain(server(more=[extension("2.5.29.35", above)]), authority())


def a_netscape_type_in_pieces(size: int) -> Made:
    value = der.tlv(0x23, der.tlv(3, b"\0a") * size)
    return chain(server(more=[extension("2.16.840.1.113730.1.1", value)]), authority())


def a_key_identifier_in_pieces(size: int) -> Made:
    value = der.tlv(0x24, der.tlv(4, b"a") * size)
    return chain(server(more=[extension("2.5.29.14", value)]), authority())


# --- input


def before(one: bytes, end: bytes = b"\n") -> Builder:
    """Something again and again, and then the chain."""

    def made(size: int) -> Made:
        return Made(one * size + end + pem(server(), authority()), pem(root()))

    return made


def after_der(one: bytes) -> Builder:
    """A certificate in DER, and something again and again."""
    return lambda size: Made(server() + one * size, pem(root()))


def in_der(size: int) -> Made:
    return Made((server() + authority()) * size, pem(root()))


def on_one_line(size: int) -> Made:
    """As in JSON: the ends of lines are written out."""
    return Made(pem(server(), authority()).replace(b"\n", b"\\n") + b"\\n" * size, pem(root()))


def many_headers(size: int) -> Made:
    first, rest = pem(server(), authority()).split(b"\n", 1)
    return Made(first + b"\n" + b"a: b\n" * size + b"\n" + rest, pem(root()))


def many_links_of_a_transcript(size: int) -> Made:
    lines = (b" %d s:CN = a%d\n   i:CN = a%d\n" % (n, n, n + 1) for n in range(size))
    begin = b"CONNECTED(00000003)\n---\nCertificate chain\n"
    return Made(begin + b"".join(lines) + pem(server(), authority()), pem(root()))


def after_a_list(one: bytes) -> Builder:
    """A CRL in DER, and something again and again."""
    return lambda size: Made(pem(server(), authority()), pem(root()), (listed(3) + one * size,))


def a_damaged_list(size: int) -> Made:
    damaged = b"-----BEGIN X509 CRL-----\n" + b"QUJD" * size + b"\n-----END X509 CRL-----\n"
    return Made(pem(server(), authority()), pem(root()), (damaged,))


def a_long_host_name(size: int) -> Made:
    told = Device(gateway_host_names=("a." * size + "b",), hostname="a." * size + "c")
    return Made(pem(server(), authority()), pem(root()), more={"device": told})


MORE_KINDS: dict[str, tuple[Builder, int]] = {
    "a link of many labels": (a_link_of_many_labels, 20_000),
    "an escaped link": (an_escaped_link, 20_000),
    "a mail address of many dots": (a_mail_address_of_many_dots, 20_000),
    "a quoted mail address": (a_quoted_mail_address, 20_000),
    "mail addresses": (many_mail_addresses, 4000),
    "links": (many_links, 4000),
    "other names": (many_other_names, 2000),
    "registered names": (many_registered_names, 2000),
    "a name in pieces": (a_name_in_pieces, 20_000),
    "a common name in pieces": (a_common_name_in_pieces, 20_000),
    "relative names": (many_relative_names, 1000),
    "mail addresses in the subject": (many_mail_addresses_in_the_subject, 1000),
    "an issuer of many relative names": (an_issuer_of_many_relative_names, 1000),
    "extensions twice": (extensions_twice(critical=False), 1000),
    "critical extensions twice": (extensions_twice(critical=True), 1000),
    "names of one distribution point": (many_names_of_one_point, 1000),
    "names of the issuer": (many_names_of_the_issuer, 1000),
    "qualifiers of one policy": (
        with_list(
            "2.5.29.32",
            _qualifier,
            lambda whole: der.sequence(der.sequence(der.oid("2.23.140.1.2.1"), whole)),
        ),
        1000,
    ),
    "names of who issued it": (with_list("2.5.29.18", dns), 2000),
    "freshest lists": (with_list("2.5.29.46", _point), 1000),
    "places of the subject": (with_list("1.3.6.1.5.5.7.1.11", _place), 1000),
    "blocks of addresses": (
        with_list(
            "1.3.6.1.5.5.7.1.7",
            _prefix,
            lambda whole: der.sequence(der.sequence(der.tlv(4, b"\0\1"), whole)),
        ),
        2000,
    ),
    "numbers of networks": (
        with_list(
            "1.3.6.1.5.5.7.1.8",
            lambda number: der.integer(number + 70_000),
            lambda whole: der.sequence(der.tlv(0xA0, whole)),
        ),
        2000,
    ),
    "a Netscape type in pieces": (a_netscape_type_in_pieces, 20_000),
    "a key identifier in pieces": (a_key_identifier_in_pieces, 20_000),
    "hexadecimal": (before(b"00 "), 50_000),
    "XML": (before(b"<a>"), 50_000),
    "JSON": (before(b"\\n"), 50_000),
    "YAML": (before(b"  tls.crt: QUJD\n", b""), 5000),
    "names of a transcript": (before(b"subject=CN = a\nissuer=CN = b\n"), 2000),
    "attributes of a bag": (before(b"Bag Attributes\n    localKeyID: 01\n"), 2000),
    "quotation marks": (before(b'"'), 100_000),
    "dashes": (before(b"-"), 100_000),
    "ends of lines": (before(b"\r\n"), 50_000),
    "zeros": (before(b"\0"), 100_000),
    "links of a transcript": (many_links_of_a_transcript, 2000),
    "headers": (many_headers, 5000),
    "one line": (on_one_line, 50_000),
    "DER": (in_der, 400),
    "heads after DER": (after_der(b"\x30"), 100_000),
    "numbers after DER": (after_der(b"\x02\1\1"), 20_000),
    "heads after a list": (after_a_list(b"\x30\x80"), 50_000),
    "a damaged list": (a_damaged_list, 50_000),
    "a long host name": (a_long_host_name, 20_000),
}
"""Each with a size at which it takes a moment."""

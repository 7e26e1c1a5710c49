"""Chains that grow: of each kind of thing that somebody may put many of, as many as are wanted.

What is verified and read is real; only the numbers are out of the ordinary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fixtures import der
from fixtures.private_keys import algorithm_der, public_key_der, sign, usual_signature

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOST = "gw.plant.example"
_ROOT, _CA, _SERVER, _OTHER = "p256-1", "p256-2", "p256-3", "p256-4"
_SIGNATURE = usual_signature(_ROOT)
_DNS, _EMAIL, _URI, _IP = 0x82, 0x81, 0x86, 0x87
_SERVER_AUTH = der.sequence(der.oid("1.3.6.1.5.5.7.3.1"))
_CA_TRUE = bytes.fromhex("30030101ff")
_SIGNS = bytes.fromhex("03020106")


@dataclass(frozen=True)
class Made:
    """What is given to `check()`."""

    presented: bytes
    trust: bytes
    crls: tuple[bytes, ...] = ()
    hostname: str = HOST
    more: dict[str, object] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all of it, and characters of what is told of the device's names."""
        names: tuple[str, ...] = getattr(self.more.get("device"), "gateway_host_names", None) or ()
        told = sum(map(len, names))
        return len(self.presented) + len(self.trust) + sum(map(len, self.crls)) + told


def extension(identifier: str, value: bytes, critical: bool = False) -> bytes:
    """One Extension."""
    flag = b"\x01\x01\xff" if critical else b""
    return der.sequence(der.oid(identifier), flag, der.tlv(4, value))


def named(*common: str) -> bytes:
    """A Name of common names."""
    return der.name_der([("CN", each) for each in common])


def certificate(
    subject: bytes,
    issuer: bytes,
    key: str,
    signer: str,
    extensions: Iterable[bytes] = (),
    serial: int = 5,
) -> bytes:
    """A certificate that holds from 2026 to 2036."""
    algorithm = algorithm_der(_SIGNATURE)
    tbs = der.sequence(
        der.tlv(0xA0, der.integer(2)),
        der.integer(serial),
        algorithm,
        issuer,
        der.sequence(der.tlv(0x17, b"260101000000Z"), der.tlv(0x17, b"361231235959Z")),
        subject,
        public_key_der(key),
        der.tlv(0xA3, der.sequence(*extensions)),
    )
    return der.sequence(tbs, algorithm, der.bit_string(sign(signer, _SIGNATURE, tbs)))


def authority(
    subject: str = "CA",
    issuer: str = "Root",
    key: str = _CA,
    signer: str = _ROOT,
    more: Iterable[bytes] = (),
    serial: int = 2,
) -> bytes:
    """A CA."""
    own = (extension("2.5.29.19", _CA_TRUE, True), extension("2.5.29.15", _SIGNS, True))
    return certificate(named(subject), named(issuer), key, signer, (*own, *more), serial)


def root(more: Iterable[bytes] = ()) -> bytes:
    """What is trusted."""
    return authority("Root", "Root", _ROOT, _ROOT, more, 1)


def server(
    names: Iterable[bytes] = (),
    more: Iterable[bytes] = (),
    subject: bytes | None = None,
    serial: int = 3,
) -> bytes:
    """The server's certificate; `names`: whole GeneralNames beside its own."""
    whole = der.sequence(der.tlv(_DNS, HOST.encode()), *names)
    own = (extension("2.5.29.17", whole), extension("2.5.29.37", _SERVER_AUTH))
    name = named("gw") if subject is None else subject
    return certificate(name, named("CA"), _SERVER, _CA, (*own, *more), serial)


def constraining(permitted: Iterable[bytes] = (), excluded: Iterable[bytes] = ()) -> bytes:
    """A nameConstraints extension of whole GeneralNames."""
    groups = [
        der.tlv(tag, *(der.sequence(base) for base in bases))
        for tag, bases in ((0xA0, tuple(permitted)), (0xA1, tuple(excluded)))
        if bases
    ]
    return extension("2.5.29.30", der.sequence(*groups), True)


def pem(*certificates: bytes) -> bytes:
    """In PEM."""
    from base64 import encodebytes

    return b"".join(
        b"-----BEGIN CERTIFICATE-----\n" + encodebytes(each) + b"-----END CERTIFICATE-----\n"
        for each in certificates
    )


def chain(*presented: bytes, trust: bytes | None = None, **more: object) -> Made:
    """Certificates below the root."""
    return Made(pem(*presented), pem(trust or root()), more=more)


# --- names


def dns(number: int, form: str = "h{}.plant.example") -> bytes:
    return der.tlv(_DNS, form.format(number).encode())


def address(number: int) -> bytes:
    return der.tlv(_IP, bytes((10, *number.to_bytes(3))))


def network(number: int) -> bytes:
    return der.tlv(_IP, bytes((10, *number.to_bytes(3))) + b"\xff" * 4)


def mail(number: int) -> bytes:
    return der.tlv(_EMAIL, f"u{number}@plant.example".encode())


def link(number: int) -> bytes:
    return der.tlv(_URI, f"https://u{number}.plant.example/".encode())


def directory(number: int) -> bytes:
    return der.tlv(0xA4, named(f"d{number}"))


def many_names(size: int) -> Made:
    return chain(server(map(dns, range(size))), authority())


def many_addresses(size: int) -> Made:
    return chain(server(map(address, range(size))), authority())


def many_directory_names(size: int) -> Made:
    return chain(server(map(directory, range(size))), authority())


def one_long_name(size: int) -> Made:
    return chain(server([der.tlv(_DNS, b"a" * size)]), authority())


def one_name_of_many_labels(size: int) -> Made:
    return chain(server([der.tlv(_DNS, b"a." * size + b"b")]), authority())


def many_stars(size: int) -> Made:
    return chain(server([der.tlv(_DNS, b"*." * size + b"b")]), authority())


def many_common_names(size: int) -> Made:
    names = named(*(f"n{number}.plant.example" for number in range(size)))
    return chain(server(subject=names), authority())


def one_long_common_name(size: int) -> Made:
    return chain(server(subject=named("a" * size)), authority())


def many_constraints(size: int) -> Made:
    held = constraining([der.tlv(_DNS, b"plant.example"), *map(dns, range(size))])
    return chain(server(), authority(more=[held]))


def names_and_constraints(one: Callable[[int], bytes], base: Callable[[int], bytes]) -> Builder:
    """As many names as constraints, of which the last one permits the last name."""

    def made(size: int) -> Made:
        bases = [*map(base, range(size)), der.tlv(_DNS, HOST.encode())]
        return chain(server(map(one, range(size))), authority(more=[constraining(bases)]))

    return made


def names_and_exclusions(one: Callable[[int], bytes], base: Callable[[int], bytes]) -> Builder:
    """As many names as constraints, of which none excludes one."""

    def made(size: int) -> Made:
        bases = [base(number + 1_000_000) for number in range(size)]
        held = constraining(excluded=bases)
        return chain(server(map(one, range(size))), authority(more=[held]))

    return made


Builder = Callable[[int], Made]


# --- certificates


def of_one_name(size: int) -> Made:
    """Certificates of the issuer's name, of which the last one is the issuer."""
    others = (authority(key=_OTHER, serial=10 + number) for number in range(size))
    return chain(server(), *others, authority())


def of_one_name_and_key(size: int) -> Made:
    others = (authority(serial=10 + number) for number in range(size))
    return chain(server(), *others)


def strangers(size: int) -> Made:
    """Certificates without a name in common."""
    others = (authority(f"s{n}", f"t{n}", _OTHER, _OTHER, (), n + 9) for n in range(size))
    return chain(server(), authority(), *others)


def strangers_with_one_key_id(size: int) -> Made:
    own = extension("2.5.29.14", der.tlv(4, b"k" * 20))
    above = extension("2.5.29.35", der.sequence(der.tlv(0x80, b"k" * 20)))
    others = (authority(f"s{n}", f"t{n}", _OTHER, _OTHER, (own, above), n + 9) for n in range(size))
    return chain(server(more=[above]), *others)


def servers(size: int) -> Made:
    return chain(*(server(serial=number + 9) for number in range(size)), authority())


def copies(size: int) -> Made:
    return chain(server(), *(authority(),) * size)


def a_long_chain(size: int) -> Made:
    links = [
        authority(
            f"CA{number}" if number else "CA",
            f"CA{number + 1}" if number + 1 < size else "Root",
            signer=_CA if number + 1 < size else _ROOT,
            serial=number + 9,
        )
        for number in range(size)
    ]
    return chain(server(), *links)


def a_mesh(size: int) -> Made:
    """Each CA is signed by each, and no way leads to what is trusted."""
    keys = [f"CA{number}" if number else "CA" for number in range(size)]
    pairs = [(one, other) for one in keys for other in keys if one != other]
    made = (
        authority(one, other, _CA, _CA, (), number + 9) for number, (one, other) in enumerate(pairs)
    )
    return chain(server(), *made)


def many_roots(size: int) -> Made:
    trusted = (authority("Root", "Root", _OTHER, _OTHER, (), n + 9) for n in range(size))
    return Made(pem(server(), authority()), pem(*trusted, root()))


def many_roots_of_another_key(size: int) -> Made:
    """As above, and the right one is not among them."""
    trusted = (authority("Root", "Root", _OTHER, _OTHER, (), n + 9) for n in range(size))
    return Made(pem(server(), authority()), pem(*trusted))


def many_roots_of_two_keys(size: int) -> Made:
    """Of one name, one after the other with the right key and with another one."""
    keys = (_OTHER, _ROOT)
    trusted = (authority("Root", "Root", keys[n % 2], keys[n % 2], (), n + 9) for n in range(size))
    return Made(pem(server(), authority()), pem(*trusted, root()))


def many_other_roots(size: int) -> Made:
    trusted = (authority(f"R{n}", f"R{n}", _OTHER, _OTHER, (), n + 9) for n in range(size))
    return Made(pem(server(), authority()), pem(*trusted, root()))


# --- within one certificate


def many_extensions(size: int) -> Made:
    more = (extension(f"1.3.6.1.4.1.99999.{number}", b"\x05\0") for number in range(size))
    return chain(server(more=more), authority())


def many_critical_extensions(size: int) -> Made:
    more = (extension(f"1.3.6.1.4.1.99999.{number}", b"\x05\0", True) for number in range(size))
    return chain(server(more=more), authority())


def one_extension_again(size: int) -> Made:
    return chain(server(more=[extension("2.5.29.14", b"\x04\x01a")] * size), authority())


def many_usages(size: int) -> Made:
    usages = der.sequence(
        *(der.oid(f"1.3.6.1.4.1.99999.{number}") for number in range(size)),
        der.oid("1.3.6.1.5.5.7.3.1"),
    )
    names = extension("2.5.29.17", der.sequence(der.tlv(_DNS, HOST.encode())))
    own = (names, extension("2.5.29.37", usages))
    return chain(certificate(named("gw"), named("CA"), _SERVER, _CA, own), authority())


def policies(size: int, twice: bool = False) -> bytes:
    written = (
        der.sequence(der.oid(f"1.3.6.1.4.1.99999.{0 if twice else number}"))
        for number in range(size)
    )
    return extension("2.5.29.32", der.sequence(*written))


def many_policies(size: int) -> Made:
    return chain(server(more=[policies(size)]), authority(more=[policies(size)]))


def one_policy_again(size: int) -> Made:
    return chain(server(more=[policies(size, True)]), authority(more=[policies(size, True)]))


def many_mappings(size: int) -> Made:
    pairs = (
        der.sequence(der.oid(f"1.3.6.1.4.1.99999.{a}"), der.oid(f"1.3.6.1.4.1.99999.{a + 1}"))
        for a in range(size)
    )
    mapped = extension("2.5.29.33", der.sequence(*pairs))
    return chain(server(more=[policies(size)]), authority(more=[policies(size), mapped]))


def many_points(size: int) -> Made:
    points = (
        der.sequence(der.tlv(0xA0, der.tlv(0xA0, der.tlv(_URI, b"http://c.example/%d" % number))))
        for number in range(size)
    )
    return chain(server(more=[extension("2.5.29.31", der.sequence(*points))]), authority())


def many_places(size: int) -> Made:
    places = (
        der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), der.tlv(_URI, b"http://o.example/%d" % number))
        for number in range(size)
    )
    more = extension("1.3.6.1.5.5.7.1.1", der.sequence(*places))
    return chain(server(more=[more]), authority())


def a_long_identifier(size: int) -> Made:
    whole = der.sequence(der.tlv(6, b"\x2a" + b"\xff" * size + b"\x7f"), der.tlv(4, b"\x05\0"))
    return chain(server(more=[whole]), authority())


def an_identifier_of_many_numbers(size: int) -> Made:
    whole = der.sequence(der.tlv(6, b"\x2a" + b"\x01" * size), der.tlv(4, b"\x05\0"))
    return chain(server(more=[whole]), authority())


def a_long_usage(size: int) -> Made:
    whole = der.sequence(der.tlv(6, b"\x2a" + b"\xff" * size + b"\x7f"))
    names = extension("2.5.29.17", der.sequence(der.tlv(_DNS, HOST.encode())))
    own = (names, extension("2.5.29.37", whole))
    return chain(certificate(named("gw"), named("CA"), _SERVER, _CA, own), authority())


def a_long_type_in_a_name(size: int) -> Made:
    pair = der.sequence(der.tlv(6, b"\x2a" + b"\xff" * size + b"\x7f"), der.tlv(0x0C, b"x"))
    return chain(server(subject=der.sequence(der.tlv(0x31, pair))), authority())


def a_large_serial(size: int) -> Made:
    return chain(server(serial=1 << 8 * size), authority())


def a_deep_extension(size: int) -> Made:
    heads = b""
    length = 0
    for _ in range(size):
        head = der.tlv(0x30, b"")[:1] + _length(length)
        heads = head + heads
        length += len(head)
    return chain(server(more=[extension("1.3.6.1.4.1.99999.1", heads)]), authority())


def a_deep_name(size: int) -> Made:
    heads = b""
    length = 0
    for _ in range(size):
        head = b"\x30" + _length(length)
        heads = head + heads
        length += len(head)
    return chain(server([der.tlv(0xA4, heads)]), authority())


def _length(size: int) -> bytes:
    return der.tlv(4, bytes(size))[1 : -size or None]


def many_values_in_one_rdn(size: int) -> Made:
    pairs = (
        der.sequence(der.oid("2.5.4.3"), der.tlv(0x0C, b"n%07d" % number)) for number in range(size)
    )
    return chain(server(subject=der.sequence(der.tlv(0x31, *pairs))), authority())


# --- input


def many_damages(size: int) -> Made:
    good = pem(server(), authority())
    bad = b"-----BEGIN CERTIFICATE-----\nMIIB!!!!\n-----END CERTIFICATE-----\n" * size
    return Made(good + bad, pem(root()))


def many_beginnings(size: int) -> Made:
    return Made(pem(server(), authority()) + b"-----BEGIN CERTIFICATE-----\n" * size, pem(root()))


def many_half_lines(size: int) -> Made:
    return Made(pem(server(), authority()) + b"-----BEGIN " * size, pem(root()))


def many_keys(size: int) -> Made:
    key = b"-----BEGIN PRIVATE KEY-----\nMIIBAAAA\n-----END PRIVATE KEY-----\n"
    return Made(pem(server(), authority()) + key * size, pem(root()))


def much_text(size: int) -> Made:
    return Made(b"some text without sense\n" * size + pem(server(), authority()), pem(root()))


def one_long_line(size: int) -> Made:
    return Made(b"A" * size + b"\n" + pem(server(), authority()), pem(root()))


def many_spaces(size: int) -> Made:
    whole = pem(server(), authority()).replace(b"\n", b" " * size + b"\n", 3)
    return Made(whole, pem(root()))


def many_verdicts(size: int) -> Made:
    lines = b"depth=0 CN = gw\nverify error:num=20:unable to get local issuer certificate\n"
    return Made(b"CONNECTED(00000003)\n" + lines * size + pem(server(), authority()), pem(root()))


def listed(size: int) -> bytes:
    """A CRL with many entries."""
    algorithm = algorithm_der(_SIGNATURE)
    when = der.tlv(0x17, b"260601000000Z")
    entries = (der.sequence(der.integer(number + 1000), when) for number in range(size))
    tbs = der.sequence(
        der.integer(1),
        algorithm,
        named("CA"),
        der.tlv(0x17, b"261101000000Z"),
        der.tlv(0x17, b"261231000000Z"),
        der.sequence(*entries),
    )
    return der.sequence(tbs, algorithm, der.bit_string(sign(_CA, _SIGNATURE, tbs)))


def many_revoked(size: int) -> Made:
    return Made(pem(server(), authority()), pem(root()), (listed(size),))


def many_lists(size: int) -> Made:
    return Made(pem(server(), authority()), pem(root()), tuple(listed(n % 3) for n in range(size)))


KINDS: dict[str, tuple[Builder, int]] = {
    "names": (many_names, 4000),
    "addresses": (many_addresses, 4000),
    "directory names": (many_directory_names, 2000),
    "a long name": (one_long_name, 200_000),
    "a name of many labels": (one_name_of_many_labels, 20_000),
    "a name of many stars": (many_stars, 20_000),
    "common names": (many_common_names, 1000),
    "a long common name": (one_long_common_name, 200_000),
    "constraints": (many_constraints, 2000),
    "names and constraints on DNS": (names_and_constraints(dns, dns), 500),
    "names and constraints on addresses": (names_and_constraints(address, network), 500),
    "names and constraints on mail": (names_and_constraints(mail, mail), 500),
    "names and constraints on links": (
        names_and_constraints(link, lambda n: der.tlv(_URI, f"u{n}.plant.example".encode())),
        500,
    ),
    "names and constraints on directory names": (
        names_and_constraints(directory, directory),
        500,
    ),
    "names and exclusions of DNS": (names_and_exclusions(dns, dns), 500),
    "names and exclusions of addresses": (names_and_exclusions(address, network), 500),
    "names and exclusions of mail": (names_and_exclusions(mail, mail), 500),
    "names and exclusions of directory names": (names_and_exclusions(directory, directory), 500),
    "certificates of one name": (of_one_name, 400),
    "certificates of one name and key": (of_one_name_and_key, 400),
    "strangers": (strangers, 400),
    "strangers with one key identifier": (strangers_with_one_key_id, 400),
    "servers": (servers, 400),
    "copies": (copies, 400),
    "a long chain": (a_long_chain, 100),
    "a mesh": (a_mesh, 10),
    "roots of one name": (many_roots, 400),
    "roots of one name and another key": (many_roots_of_another_key, 400),
    "roots of one name and two keys": (many_roots_of_two_keys, 400),
    "roots": (many_other_roots, 400),
    "extensions": (many_extensions, 1000),
    "critical extensions": (many_critical_extensions, 1000),
    "one extension again": (one_extension_again, 1000),
    "usages": (many_usages, 1000),
    "policies": (many_policies, 500),
    "one policy again": (one_policy_again, 500),
    "mappings": (many_mappings, 300),
    "distribution points": (many_points, 1000),
    "places": (many_places, 1000),
    "a long identifier": (a_long_identifier, 20_000),
    "an identifier of many numbers": (an_identifier_of_many_numbers, 20_000),
    "a long usage": (a_long_usage, 20_000),
    "a long type in a name": (a_long_type_in_a_name, 20_000),
    "a large serial number": (a_large_serial, 20_000),
    "a deep extension": (a_deep_extension, 2_000),
    "a deep name": (a_deep_name, 2_000),
    "values in one relative name": (many_values_in_one_rdn, 1000),
    "damages": (many_damages, 1000),
    "beginnings": (many_beginnings, 5000),
    "half lines": (many_half_lines, 5000),
    "keys": (many_keys, 1000),
    "text": (much_text, 10_000),
    "a long line": (one_long_line, 200_000),
    "spaces": (many_spaces, 50_000),
    "verdicts": (many_verdicts, 2000),
    "revoked": (many_revoked, 5000),
    "lists": (many_lists, 100),
}
"""Each with a size at which it takes a moment."""

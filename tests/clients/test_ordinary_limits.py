"""Each fact that makes a chain ordinary, at its limit: just inside, and just outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from edgecheck.clients.ordinary import ordinary
from fixtures import der
from fixtures.pki import (
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    generalized_time,
    key_usage,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tests.ordinary_chains import AT, DAY, SECOND, Draft, Given, of_stock

SERVER, DEVICE_CA, INTERMEDIATE, ROOT = range(4)
STOCK = of_stock("1.4", "ec")
HOST = STOCK.hostname
SENT = STOCK.given("stock")
BOTH = ("digitalSignature", "keyEncipherment")
LATER = datetime(2035, 1, 1, tzinfo=UTC)
POLICIES = raw_extension("certificatePolicies", der.sequence(der.sequence(der.oid("1.2.3"))))


def is_ordinary(made: Draft | Given) -> bool:
    given = made.given("") if isinstance(made, Draft) else made
    return ordinary(given.view()) is not None


def named(*names: str) -> Draft:
    """The first name is asked for, and the server's common name."""
    made = STOCK.put(SERVER, subject_alt_name(dns=names), subject=names[0])
    return replace(made, hostname=names[0])


INSIDE: dict[str, Draft | Given] = {
    "stock": STOCK,
    "root sent": replace(STOCK, shows_root=True),
    "ends in more than a day": STOCK.put(SERVER, not_after=AT + DAY + SECOND),
    "begun more than a day ago": STOCK.put(SERVER, not_before=AT - DAY - SECOND),
    "as many below as are allowed": STOCK.put(INTERMEDIATE, basic_constraints(True, path_length=1)),
    "a path length that one octet holds": STOCK.put(ROOT, basic_constraints(True, path_length=127)),
    "an end in 2049": STOCK.put(ROOT, not_after=datetime(2049, 12, 31, tzinfo=UTC)),
    "a name of two letters": named("gw"),
    "a name of 63 letters": named("g" * 63),
    "eight names": named(HOST, *(f"name-{number}" for number in range(7))),
    "signature and encipherment": STOCK.put(
        SERVER, key_usage("digitalSignature", "keyEncipherment")
    ),
    "issuer and serial number": STOCK.put(SERVER, authority_key_id(issuer_and_serial=True)),
    "a long serial number": STOCK.put(DEVICE_CA, serial=(1 << 159) - 1),
    "4096 bits": STOCK.put(ROOT, key="rsa4096-1"),
}
OUTSIDE: dict[str, Draft | Given] = {
    "ends in a day": STOCK.put(SERVER, not_after=AT + DAY),
    "begun a day ago": STOCK.put(DEVICE_CA, not_before=AT - DAY),
    "root ends in a day": STOCK.put(ROOT, not_after=AT + DAY),
    "more below than are allowed": STOCK.put(INTERMEDIATE, basic_constraints(True, path_length=0)),
    "a path length of two octets": STOCK.put(ROOT, basic_constraints(True, path_length=128)),
    "a GeneralizedTime": STOCK.put(ROOT, not_after=generalized_time(LATER)),
    "the year 1999": STOCK.put(ROOT, not_before=datetime(1999, 12, 31, tzinfo=UTC)),
    "a clock in 2038": replace(STOCK.put(SERVER, not_after=datetime(2040, 1, 1, tzinfo=UTC)),
                               at=datetime(2038, 1, 2, tzinfo=UTC)),
    "a name of one letter": named("g"),
    "a name of 64 letters": named("g" * 64),
    "nine names": named(HOST, *(f"name-{number}" for number in range(8))),
    "an asterisk beside": named(HOST, "*.local"),
    "an address as a name beside": named(HOST, "10.0.0.1"),
    "an underscore beside": named(HOST, "gw_1"),
    "an address as a name": named("10.0.0.1"),
    "an A-label": named("xn--mnchen-3ya.de"),
    "capital letters": named("GW.local"),
    "two hyphens": named("gw--1.local"),
    "another name": replace(STOCK, hostname="edgehub"),
    "no name": replace(SENT, hostname=None),
    "signature alone": STOCK.put(SERVER, key_usage("digitalSignature")),
    "encipherment alone": STOCK.put(SERVER, key_usage("keyEncipherment")),
    "a keyUsage that is not critical": STOCK.put(
        SERVER, key_usage(*BOTH, critical=False)
    ),
    "for clients too": STOCK.put(SERVER, extended_key_usage("serverAuth", "clientAuth")),
    "a critical purpose": STOCK.put(SERVER, extended_key_usage("serverAuth", critical=True)),
    "a CA for a purpose": STOCK.put(DEVICE_CA, extended_key_usage("serverAuth")),
    "a CA for encipherment": STOCK.put(DEVICE_CA, key_usage("keyCertSign", "keyEncipherment")),
    "a CA that is not critical": STOCK.put(DEVICE_CA, basic_constraints(True, critical=False)),
    "no CA": STOCK.put(DEVICE_CA, basic_constraints(False)),
    "no key identifier": STOCK.without(DEVICE_CA, "subjectKeyIdentifier"),
    "a short key identifier": STOCK.put(DEVICE_CA, subject_key_id(bytes(19))),
    "an issuer that is not named": STOCK.without(DEVICE_CA, "authorityKeyIdentifier"),
    "another issuer's key": STOCK.put(SERVER, authority_key_id(bytes(20))),
    "another issuer's number": STOCK.put(SERVER, authority_key_id(issuer_and_serial=("x", 1))),
    "one more extension": STOCK.put(SERVER, raw_extension("1.2.3.4.5", b"\x05\0")),
    "policies": STOCK.put(
        DEVICE_CA, POLICIES
    ),
    "version 1": STOCK.put(ROOT, version=1, extensions=()),
    "a long serial number": STOCK.put(DEVICE_CA, serial=1 << 159),
    "a CA with serial number 0": STOCK.put(DEVICE_CA, serial=0),
    "one serial number of one issuer": STOCK.put(INTERMEDIATE, serial=9).put(ROOT, serial=9),
    "one key": STOCK.put(INTERMEDIATE, key="p256-1"),
    "one common name": STOCK.put(INTERMEDIATE, subject="contoso root ca"),
    "no common name": STOCK.put(INTERMEDIATE, subject=[("O", "Contoso")]),
    "two common names": STOCK.put(INTERMEDIATE, subject=[("CN", "a"), ("CN", "b")]),
    "an e-mail address": STOCK.put(ROOT, subject=[("CN", "a"), ("emailAddress", "a@b.example")]),
    "P-384": STOCK.put(ROOT, key="p384-1"),
    "1024 bits": STOCK.put(DEVICE_CA, key="rsa1024-1"),
    "SHA-384": STOCK.put(SERVER, signature="sha384_ecdsa"),
    "another signer": STOCK.put(SERVER, signer="p256-8"),
    "an explicit FALSE": STOCK.put(
        SERVER,
        basic_constraints(False, critical=True),
        damage_tbs=lambda tbs: tbs.replace(b"\x55\x1d\x13\1\1\xff", b"\x55\x1d\x13\1\1\0"),
    ),
    "two trusted": replace(SENT, trust=(*SENT.trust, SENT.presented[-1])),
    "an intermediate trusted": replace(SENT, trust=(SENT.presented[-1],)),
    "another order": replace(SENT, presented=SENT.presented[::-1]),
    "twice": replace(SENT, presented=(*SENT.presented, SENT.presented[-1])),
    "one missing": replace(SENT, presented=SENT.presented[:1]),
    "octets behind": replace(SENT, trailing=frozenset({SENT.presented[1]})),
    "another's key": replace(SENT, key_of=SENT.presented[1]),
}  # fmt: skip


@pytest.mark.parametrize("made", INSIDE.values(), ids=INSIDE)
def test_a_chain_is_ordinary_up_to_the_limit(made: Draft | Given) -> None:
    assert is_ordinary(made)


@pytest.mark.parametrize("made", OUTSIDE.values(), ids=OUTSIDE)
def test_a_chain_is_not_ordinary_beyond_it(made: Draft | Given) -> None:
    """Whether or not a client minds: it is asked."""
    assert not is_ordinary(made)

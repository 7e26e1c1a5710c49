"""What can be changed in the certificates of a chain that is made at random, by topic.

Each change takes what it needs from the draft's own chance, and says what it did. Changes meet
in any combination, so none takes for granted what another may have taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fixtures import der
from fixtures.pki import (
    Extension,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    generalized_time,
    key_usage,
    name_constraints,
    netscape_cert_type,
    raw_extension,
    raw_time,
    subject_key_id,
    utc_time,
)
from tests.at_random.draft import AT, ROOT, SERVER, Draft

Change = Callable[[Draft], str]
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
PAST, FUTURE = AT - 20 * DAY, AT + 20 * DAY
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


# --- times ----------------------------------------------------------------------------------------


def _ends(draft: Draft) -> str:
    role = draft.role()
    end = draft.pick([PAST, PAST, AT, AT - SECOND, AT + SECOND, AT + timedelta(minutes=4)])
    draft.change(role, not_after=end)
    return f"{role} ends {end:%Y-%m-%d %H:%M:%S}"


def _begins(draft: Draft) -> str:
    role = draft.role()
    begin = draft.pick([FUTURE, AT, AT + SECOND, datetime(1969, 1, 1, tzinfo=UTC)])
    draft.change(role, not_before=begin)
    return f"{role} begins {begin:%Y-%m-%d %H:%M:%S}"


def _ends_late(draft: Draft) -> str:
    role = draft.role()
    end = draft.pick([datetime(y, 1, 2, tzinfo=UTC) for y in (2029, 2039, 2050, 9999)])
    draft.change(role, not_after=end)
    return f"{role} ends {end.year}"


def _asked_later(draft: Draft) -> str:
    draft.at = draft.pick([AT + 400 * DAY, AT - 5 * DAY, AT + 20 * DAY, AT + 3000 * DAY])
    return f"asked {draft.at:%Y-%m-%d}"


def _written_otherwise(draft: Draft) -> str:
    role = draft.role()
    when = datetime(2029, 1, 2, tzinfo=UTC)
    time, what = draft.pick(
        [
            (generalized_time(when), "as GeneralizedTime before 2050"),
            (utc_time(datetime(2051, 1, 1, tzinfo=UTC)), "2051 as UTCTime"),
            (raw_time(der.tlv(0x17, b"2901020000Z"), when), "without seconds"),
            (raw_time(der.tlv(0x17, b"290102000000+0100"), when), "with a zone"),
            (raw_time(der.tlv(0x18, b"20290102000000.5Z"), when), "with a fraction"),
            (raw_time(der.tlv(0x17, b"291302000000Z")), "with month 13"),
            (raw_time(der.tlv(0x17, b"290102000060Z")), "with second 60"),
        ]
    )
    draft.change(role, not_after=time)
    return f"{role}'s end {what}"


# --- authorities ----------------------------------------------------------------------------------

_UNKNOWN = raw_extension("1.3.6.1.4.1.99999.1", b"\x05\x00", critical=True)
_INHIBIT_ANY = raw_extension("2.5.29.54", b"\x02\x01\x00", critical=True)
_POLICY_WANTED = raw_extension("2.5.29.36", bytes.fromhex("3003800100"), critical=True)
_ANY = "anyExtendedKeyUsage"

Put = Callable[[Draft, str], None]


def _with(new: Extension) -> Put:
    return lambda draft, role: draft.put(role, new)


def _without(name: str) -> Put:
    return lambda draft, role: draft.lose(role, name)


UNFIT: dict[str, Put] = {
    "CA:FALSE": _with(basic_constraints(False)),
    "no basicConstraints": _without("basicConstraints"),
    "no keyCertSign": _with(key_usage("digitalSignature", "cRLSign")),
    "for clients": _with(extended_key_usage("clientAuth")),
    "an unknown critical extension": _with(_UNKNOWN),
    "constraints to other names": _with(name_constraints({"dns": ["fabrikam.example"]})),
    "path length 0": _with(basic_constraints(True, 0)),
    "expired": lambda draft, role: draft.change(role, not_after=PAST),
    "not yet valid": lambda draft, role: draft.change(role, not_before=FUTURE),
    "version 1": lambda draft, role: draft.change(role, version=1, extensions=()),
}
"""What makes an authority one that may not have issued what it issued."""
ODD: dict[str, Put] = {
    "basicConstraints not critical": _with(basic_constraints(True, critical=False)),
    "no keyUsage": _without("keyUsage"),
    "keyUsage not critical": _with(key_usage("keyCertSign", critical=False)),
    "for servers": _with(extended_key_usage("serverAuth")),
    "for anything": _with(extended_key_usage(_ANY)),
    "for code, critical": _with(extended_key_usage("codeSigning", critical=True)),
    "path length 1": _with(basic_constraints(True, 1)),
    "path length 2": _with(basic_constraints(True, 2)),
    "a policy is wanted": _with(_POLICY_WANTED),
    "any policy is inhibited": _with(_INHIBIT_ANY),
    "version 1 with extensions": lambda draft, role: draft.change(role, version=1),
    "nsCertType of a server": _with(netscape_cert_type("server")),
    "nsCertType of a CA": _with(netscape_cert_type("sslCA")),
}


def _unfit(draft: Draft) -> str:
    role, what = draft.ca(), draft.pick(list(UNFIT))
    UNFIT[what](draft, role)
    return f"{role}: {what}"


def _odd(draft: Draft) -> str:
    role, what = draft.ca(), draft.pick(list(ODD))
    ODD[what](draft, role)
    return f"{role}: {what}"


def _constrained(draft: Draft) -> str:
    role = draft.ca()
    domain = draft.hostname.partition(".")[2] or draft.hostname
    critical = draft.chance(0.7)
    what = draft.pick(
        [
            ({"dns": [domain, "edgehub", draft.hostname]}, None),
            ({"dns": [domain]}, None),
            ({"dns": ["." + domain, "edgehub"]}, None),
            ({"dns": ["other.example"]}, None),
            (None, {"dns": [domain]}),
            (None, {"dns": ["edgehub"]}),
            (None, {"dns": ["other.example"]}),
            ({"ip": ["192.168.0.0/16"]}, None),
            (None, {"ip": ["192.168.0.0/16"]}),
            ({"email": ["plant7.example"]}, None),
            (None, {"email": ["plant7.example"]}),
            ({"uri": [".plant7.example"]}, None),
            ({"dns": [""]}, None),
            (None, {"dns": [""]}),
        ]
    )
    draft.put(role, name_constraints(what[0], what[1], critical))
    return f"{role} permits {what[0]}, excludes {what[1]}, critical {critical}"


def _fewer_levels(draft: Draft) -> str:
    role = draft.middle()
    if len(draft.gateway) <= 3 or draft.later:  # which may be about this very role
        return "nothing"
    draft.gateway = draft.gateway.without(role)
    return f"no {role}"


def _more_levels(draft: Draft) -> str:
    number = draft.random.choice([1, 1, 2, 8])
    spec = draft.gateway[draft.middle()]
    for at in range(number):
        level = spec.with_(subject=f"Contoso Level {at} CA", key=f"p256-{1 + at % 6}", serial=None)
        draft.gateway = draft.gateway.insert(f"level_{at}", level, below=ROOT)
    return f"{number} more"


# --- the server's certificate ---------------------------------------------------------------------


def _server(draft: Draft) -> str:
    what, put = draft.pick(
        [
            ("CA:TRUE", _with(basic_constraints(True))),
            ("path length without CA", _with(basic_constraints(False, 0))),
            ("no basicConstraints", _without("basicConstraints")),
            ("no extKeyUsage", _without("extendedKeyUsage")),
            ("for clients", _with(extended_key_usage("clientAuth"))),
            ("for anything", _with(extended_key_usage(_ANY))),
            ("for servers, critical", _with(extended_key_usage("serverAuth", critical=True))),
            ("no keyUsage", _without("keyUsage")),
            ("keyUsage keyEncipherment", _with(key_usage("keyEncipherment"))),
            ("keyUsage keyAgreement", _with(key_usage("keyAgreement"))),
            ("keyUsage cRLSign", _with(key_usage("cRLSign"))),
            ("keyUsage keyCertSign", _with(key_usage("digitalSignature", "keyCertSign"))),
            ("an unknown critical extension", _with(_UNKNOWN)),
            ("nsCertType of a client", _with(netscape_cert_type("client"))),
            ("has constraints", _with(name_constraints({"dns": ["local"]}))),
            ("no subject", lambda draft, role: draft.change(role, subject=b"\x30\x00")),
            ("version 1", lambda draft, role: draft.change(role, version=1, extensions=())),
        ]
    )
    put(draft, SERVER)
    return what


# --- identifiers ----------------------------------------------------------------------------------


def _identifiers(draft: Draft) -> str:
    role = draft.role()
    what, put = draft.pick(
        [
            ("no subjectKeyIdentifier", _without("subjectKeyIdentifier")),
            ("no authorityKeyIdentifier", _without("authorityKeyIdentifier")),
            ("another subjectKeyIdentifier", _with(subject_key_id(b"\x07" * 20))),
            ("another authorityKeyIdentifier", _with(authority_key_id(b"\x08" * 20))),
            ("issuer and serial", _with(authority_key_id(True, True))),
            ("issuer and serial alone", _with(authority_key_id(False, True))),
            ("another serial", _with(authority_key_id(True, ("Contoso Root CA", 99)))),
            ("an empty subjectKeyIdentifier", _with(subject_key_id(b""))),
            ("a critical authorityKeyIdentifier", _with(authority_key_id(critical=True))),
        ]
    )
    put(draft, role)
    return f"{role}: {what}"


def _serial(draft: Draft) -> str:
    role = draft.role()
    number = draft.pick([0, -5, 1, 1 << 159, 1 << 200, b"\x00\x00\x05", b""])
    draft.change(role, serial=number)
    return f"{role}'s serial number {number!r}"


# --- keys and signatures --------------------------------------------------------------------------

KEYS = (
    *("rsa1024-1", "rsa2048-7", "rsa4096-3", "rsa2048-e34-1"),
    *("p256-8", "p384-1", "p521-1", "secp256k1-1", "ed25519-1", "ed448-1"),
)
_RSA = ("md5_rsa", "sha1_rsa", "sha224_rsa", "sha384_rsa", "sha512_rsa", "sha256_pss")


def _key(draft: Draft) -> str:
    role, key = draft.role(), draft.pick(KEYS)
    draft.change(role, key=key, signature=None)
    if role != SERVER:
        draft.change(draft.below(role), signature=None)
    return f"{role} has {key}"


def _signature(draft: Draft) -> str:
    role = draft.role()
    signer = role if role == ROOT else list(draft.gateway)[list(draft.gateway).index(role) + 1]
    key = draft.gateway[signer].key
    if key.startswith("rsa"):
        name = draft.pick(_RSA)
    elif key.startswith("ed"):
        return "nothing"
    else:
        name = draft.pick(["sha1_ecdsa", "sha384_ecdsa"])
    draft.change(role, signature=name)
    return f"{role} is signed with {name}"


TOPICS: dict[str, tuple[int, tuple[Change, ...]]] = {
    "times": (4, (_ends, _ends, _begins, _ends_late, _asked_later, _written_otherwise)),
    "authorities": (6, (_unfit, _unfit, _odd, _constrained, _fewer_levels, _more_levels)),
    "server": (3, (_server,)),
    "identifiers": (3, (_identifiers, _identifiers, _serial)),
    "keys": (3, (_key, _signature)),
}

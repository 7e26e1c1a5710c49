"""What can be changed in what is presented and trusted, by topic: see `certificates.py`.

Most is done once all certificates are issued, so that it is about the chain as it will be.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core

from fixtures import edits, private_keys, stock
from fixtures.pki import (
    Issued,
    Spec,
    basic_constraints,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tests.at_random.certificates import END, PAST, UNFIT, Change
from tests.at_random.draft import ROOT, SERVER, Draft

RENEWED = datetime(2026, 10, 1, tzinfo=UTC)
NEW_KEY, STRANGER_KEY = "p256-7", "p256-8"
_POINT = private_keys.public_key_der("p256-5")
NOT_ON_CURVE = _POINT[:-1] + bytes([_POINT[-1] ^ 1])
_MAIL = name_constraints(None, {"email": ["plant7.example"]})


# --- several issuers of one name ------------------------------------------------------------------

_PLACES = ("before", "before", "behind", "last", "instead", "trusted first", "trusted last")


def _insert(draft: Draft, role: str, other: Issued, where: str) -> None:
    """Put a second certificate of a role somewhere."""
    at = draft.place(role)
    match where:
        case "before":
            draft.presented.insert(at, other)
        case "behind":
            draft.presented.insert(at + 1, other)
        case "last":
            draft.presented.append(other)
        case "instead":
            draft.presented[at : at + 1] = [other]
        case "trusted first":
            draft.trust.insert(0, other)
        case "trusted last":
            draft.trust.append(other)
        case _:
            draft.trust = [other]


def _twin(draft: Draft) -> str:
    """A second certificate of an authority's name, fit or not, that may be taken for the first."""
    role, where = draft.ca(), draft.pick(_PLACES)
    what = draft.pick(["sound", "with constraints on e-mail", *UNFIT])
    has_key, hides = draft.chance(0.65), draft.chance(0.4)
    if hides:
        draft.lose(draft.below(role), "authorityKeyIdentifier")

    def later(draft: Draft) -> None:
        other = Draft(draft.random, draft.gateway, draft.hostname)
        if what in UNFIT:
            UNFIT[what](other, role)
        elif what != "sound":
            other.put(role, _MAIL)
        spec = other.gateway[role].with_(serial=0x7001, signature=None)
        if not has_key:
            spec = spec.with_(key=NEW_KEY)
        _insert(draft, role, issue(spec, draft.issuer(role)), where)

    draft.later.append(later)
    key = "the same key" if has_key else "another key"
    return f"a second {role} with {key}, {what}, {where}" + ("; no key id tells" if hides else "")


def _renewed(draft: Draft) -> str:
    """An authority made anew, after what it has issued: the old one is over, or not yet."""
    role = draft.ca()
    same_key, is_over, same_id = draft.chance(0.7), draft.chance(0.5), draft.chance(0.7)
    where = draft.pick(["before", "behind", "instead", "trusted first", "trusted alone"])
    if is_over:
        draft.change(role, not_after=PAST)

    def later(draft: Draft) -> None:
        spec = draft.gateway[role].with_(not_before=RENEWED, not_after=END, serial=0x7002)
        if not same_key:
            spec = spec.with_(key=NEW_KEY, signature=None)
        elif not same_id:
            spec = spec.with_extension(subject_key_id(b"\x11" * 20))
        _insert(draft, role, issue(spec, draft.issuer(role)), where)

    draft.later.append(later)
    said = [f"{role} renewed", "same key" if same_key else "new key", f"the new one {where}"]
    return ", ".join([*said, "the old one is over" if is_over else "the old one goes on"])


def _cross_signed(draft: Draft) -> str:
    """An authority certified by another root as well."""
    role = draft.ca()
    trusts = draft.pick(["the other root", "both, the other first", "both", "its own root"])
    where = draft.pick(["before", "before", "behind", "last", "instead"])
    is_over, shows_root = draft.chance(0.3), draft.chance(0.3)

    def later(draft: Draft) -> None:
        old = draft.gateway[ROOT].with_(subject="Contoso Old Root CA", key="p256-6", issuer=None)
        root = issue(old.with_(signature=None, serial=0x7003))
        spec = draft.gateway[role].with_(issuer=None, signature=None, signer=None, serial=0x7004)
        other = issue(spec.with_(not_after=PAST) if is_over else spec, root)
        _insert(draft, role, other, where)
        if shows_root:
            draft.presented.append(root)
        own = draft.trust
        draft.trust = {"the other root": [root], "both, the other first": [root, *own]}.get(
            trusts, [*own, root] if trusts == "both" else own
        )

    draft.later.append(later)
    ended = ", over" if is_over else ""
    return f"{role} by another root too{ended}, presented {where}; trusted: {trusts}"


def _circle(draft: Draft) -> str:
    """The device CA certifies what is above it."""
    role = draft.pick(list(draft.gateway)[2:])

    def later(draft: Draft) -> None:
        below = draft.gateway.issued(draft.below(role))
        spec = draft.gateway[role].with_(serial=0x7005, signature=None, issuer=None)
        draft.presented.insert(draft.place(role), issue(spec, below))

    draft.later.append(later)
    return f"{role} also certified by what it issues"


# --- trust ----------------------------------------------------------------------------------------


def _partial_trust(draft: Draft) -> str:
    """Authorities that are no roots are trusted, with or without what is above them."""
    role = draft.pick(list(draft.gateway)[:-1])
    above = draft.pick(["alone", "alone", "with the root", "with all above", "after the root"])
    damaged = draft.pick(["", "", *UNFIT]) if role != SERVER else ""
    whose = draft.pick([role, *list(draft.gateway)[list(draft.gateway).index(role) + 1 :]])
    if damaged:
        UNFIT[damaged](draft, whose)

    def later(draft: Draft) -> None:
        own, root = draft.gateway.issued(role), draft.gateway.issued(ROOT)
        roles = list(draft.gateway)
        everything = [draft.gateway.issued(each) for each in roles[roles.index(role) :]]
        choices = {"with the root": [own, root], "after the root": [root, own]}
        draft.trust = choices.get(above, everything if above == "with all above" else [own])

    draft.later.append(later)
    return f"{role} is trusted {above}" + (f"; {whose}: {damaged}" if damaged else "")


def _other_trust(draft: Draft) -> str:
    what = draft.pick(["a stranger", "a stranger too", "a root of its name", "the chain's own"])

    def later(draft: Draft) -> None:
        stranger = issue(draft.gateway[ROOT].with_(subject="Fabrikam Root CA", key=STRANGER_KEY))
        match what:
            case "a stranger":
                draft.trust = [stranger]
            case "a stranger too":
                draft.trust = [stranger, *draft.trust]
            case "a root of its name":
                draft.trust = [draft.again(ROOT, key=STRANGER_KEY, signature=None)]
            case _:
                draft.trust = list(draft.presented)

    draft.later.append(later)
    return f"trusted: {what}"


# --- what is served -------------------------------------------------------------------------------


def _served(draft: Draft) -> str:
    """In another order, more or less than belongs there."""
    what = draft.pick(list(_SERVED))
    draft.later.append(_SERVED[what])
    return what


def _kept(*roles: str) -> Callable[[Draft], None]:
    def later(draft: Draft) -> None:
        draft.presented = [draft.gateway.issued(role) for role in roles if role in draft.gateway]

    return later


def _ca_first(draft: Draft) -> None:
    role = "device_ca" if "device_ca" in draft.gateway else ROOT
    draft.presented.sort(key=lambda one: one is not draft.gateway.issued(role))


def _one_missing(draft: Draft) -> None:
    if len(draft.presented) > 2:
        del draft.presented[draft.random.randrange(1, len(draft.presented))]


def _one_twice(draft: Draft) -> None:
    draft.presented.insert(draft.random.randrange(1, 3), draft.pick(draft.presented))


def _shuffled(draft: Draft) -> None:
    first, *rest = draft.presented
    draft.random.shuffle(rest)
    draft.presented = [first, *rest]


def _stranger(draft: Draft) -> None:
    name = draft.pick([core.UTF8String, core.UTF8String, core.BMPString, core.UniversalString])
    subject = [("O", "Fabrikam"), ("CN", name("Fabrikam Root CA"))]
    spec = draft.gateway[ROOT].with_(subject=subject, issuer=None, key=STRANGER_KEY)
    draft.presented.insert(draft.random.randrange(1, 4), issue(spec.with_(signature=None)))


def _root_first(draft: Draft) -> None:
    draft.presented = [draft.gateway.issued(ROOT), *draft.presented]


_SERVED: dict[str, Callable[[Draft], None]] = {
    "the server's certificate alone": _kept(SERVER),
    "without what is above the device CA": _kept(SERVER, "workload_ca", "device_ca"),
    "the device CA alone": _kept("device_ca"),
    "CAs alone": _kept("device_ca", "intermediate", ROOT),
    "the root alone": _kept(ROOT),
    "the device CA first": _ca_first,
    "the root first": _root_first,
    "one is missing": _one_missing,
    "one twice": _one_twice,
    "in another order": _shuffled,
    "from the last to the first": lambda draft: draft.presented.reverse(),
    "a stranger among them": _stranger,
}


def _self_signed(draft: Draft) -> str:
    """One certificate that signs itself, as `openssl req -x509` makes it."""
    named, is_ca = draft.pick(["in the SAN", "in the CN", "otherwise"]), draft.chance(0.7)
    is_trusted = draft.chance(0.6)

    def later(draft: Draft) -> None:
        host = "other.example" if named == "otherwise" else draft.hostname
        spec = Spec(host[:64], "p256-5", stock.SERVER_ISSUED, END)
        if is_ca:
            spec = spec.with_extension(basic_constraints(True))
        if named == "in the SAN":
            spec = spec.with_extension(subject_alt_name(dns=[host]))
        made = issue(spec)
        draft.presented = [made]
        if is_trusted:
            draft.trust = [made]

    draft.later.append(later)
    return f"self-signed, named {named}, CA {is_ca}, trusted {is_trusted}"


# --- damage ---------------------------------------------------------------------------------------

_BROKEN = (
    *("subjectAltName", "basicConstraints", "keyUsage", "extendedKeyUsage", "nameConstraints"),
    *("subjectKeyIdentifier", "authorityKeyIdentifier", "certificatePolicies", "issuerAltName"),
    *("cRLDistributionPoints", "authorityInfoAccess", "nsCertType", "policyConstraints"),
    *("tlsfeature", "1.3.6.1.5.5.7.1.7", "1.3.6.1.5.5.7.1.14"),
)
_CONTENTS = (
    b"",
    b"\x05\x00",
    b"\x30\x00",
    b"\x30\x03\x02\x01",
    b"\x04\x02\x00",
    b"\x30\x80\x00\x00",
)
_FIELDS = {
    "serial": edits.SERIAL,
    "validity": edits.VALIDITY,
    "issuer": edits.ISSUER,
    "subject": edits.SUBJECT,
    "key": edits.KEY,
    "extensions": edits.EXTENSIONS,
}


def _extension(draft: Draft) -> str:
    role, name, content = draft.role(), draft.pick(_BROKEN), draft.pick(_CONTENTS)
    critical = draft.chance(0.3)
    draft.put(role, raw_extension(name, content, critical))
    return f"{role}: {name} is {content.hex() or 'empty'}" + (", critical" if critical else "")


def _extension_behind(draft: Draft) -> str:
    """Bytes behind what an extension holds, or one that is there twice."""
    role = draft.role()
    have = draft.gateway[role].extensions
    usage = key_usage("digitalSignature", "keyCertSign", "keyEncipherment")
    one = draft.pick(have) if have else usage
    if isinstance(one.value, bytes) and draft.chance(0.5):
        draft.put(role, raw_extension(one.oid, one.value + b"\x05\x00", one.critical))
        return f"{role}: bytes behind {one.name}"
    draft.add(role, one)
    return f"{role}: {one.name} twice"


def _field(draft: Draft) -> str:
    role, name = draft.role(), draft.pick(list(_FIELDS))
    edit, what = draft.pick(
        [
            (edits.longer, "longer length"),
            (edits.indefinite, "indefinite length"),
            (edits.more(b"\x05\x00"), "more within"),
            (edits.content(b""), "nothing within"),
        ]
    )
    has_all = draft.gateway[role].version == 3 and draft.gateway[role].extensions
    if name == "extensions" and not has_all:
        return "nothing"
    place = _FIELDS[name] - (draft.gateway[role].version == 1)
    draft.change(role, damage_tbs=edits.edited(place, edit=edit))
    return f"{role}'s {name}: {what}"


def _signed(draft: Draft) -> str:
    role = draft.role()
    faults: list[tuple[str, dict[str, Any]]] = [
        ("a flipped bit in the signature", {"damage": flip_signature_bit}),
        ("another signer", {"signer": STRANGER_KEY, "signature": None}),
        ("another inner algorithm", {"inner_signature": "sha384_ecdsa"}),
        ("a key that is not on its curve", {"public_key": NOT_ON_CURVE}),
    ]
    what, changes = draft.pick(faults)
    draft.change(role, **changes)
    return f"{role}: {what}"


def _trailing(draft: Draft) -> str:
    """Bytes behind a certificate, or too few of them, as it is sent."""
    place, cut = draft.random.randrange(3), draft.chance(0.3)

    def spoil(sent: list[bytes]) -> None:
        at = min(place, len(sent) - 1)
        sent[at] = sent[at][:-7] if cut else sent[at] + b"\x00\x00"

    draft.damage.append(spoil)
    return f"certificate {place} has {'7 bytes too few' if cut else '2 bytes more'}"


TOPICS: dict[str, tuple[int, tuple[Change, ...]]] = {
    "several issuers": (8, (_twin, _twin, _twin, _renewed, _renewed, _cross_signed, _circle)),
    "trust": (4, (_partial_trust, _partial_trust, _other_trust)),
    "served": (4, (_served, _served, _served, _self_signed)),
    "damage": (4, (_extension, _extension, _extension_behind, _field, _signed, _trailing)),
}

"""What can be changed in the names of a chain that is made at random, by topic."""

from __future__ import annotations

import random

from asn1crypto import core

from fixtures.pki import name_constraints, subject_alt_name
from tests.at_random.certificates import Change
from tests.at_random.draft import ROOT, SERVER, Draft

HOSTNAMES = (
    "gw_3.plant.example",
    "Gw-North.Plant4.example",
    "192.168.1.7",
    "fd00::7",
    "xn--mnchen-3ya.plant.example",
    "edge-gw01",
    "7gw.site.example",
    "gw.a1.b2.c3.d4.site.example",
    "g" * 60 + ".example",
    "gw.plant.example.",
    "a--b.plant.example",
)


def hostname(chosen: random.Random) -> str:
    """What the gateway is called, and its clients ask for: mostly nothing odd."""
    return chosen.choice(HOSTNAMES) if chosen.random() < 0.15 else "iotedgegw.local"


# --- the names of the server, and what is asked for ----------------------------------------------


def _subject_alt_name(draft: Draft) -> str:
    host = draft.hostname
    domain = host.partition(".")[2] or "local"
    alt_name = draft.pick(
        [
            subject_alt_name(dns=[host, "edgehub"], critical=True),
            subject_alt_name(dns=[f"*.{domain}"]),
            subject_alt_name(dns=[f"{host[:2]}*.{domain}"]),
            subject_alt_name(dns=[f"*.{host}"]),
            subject_alt_name(dns=[host.upper()]),
            subject_alt_name(dns=[host + "."]),
            subject_alt_name(dns=[""]),
            subject_alt_name(dns=["other.example"]),
            subject_alt_name(dns=[host, "gw_4.plant.example", "not a name", "192.168.1.7"]),
            subject_alt_name(dns=[host], ip=["192.168.1.7"]),
            subject_alt_name(dns=[host], ip=[b"\x0a\x00\x01"]),
            subject_alt_name(ip=["192.168.1.7"]),
            subject_alt_name(email=["edge@plant7.example"], dns=[host]),
            subject_alt_name(email=["edge@plant7.example"]),
            subject_alt_name(uri=["https://plant8.example/x"], dns=[host]),
            subject_alt_name(dns=["gw\xfc.example".encode("latin-1"), host]),
            subject_alt_name(dns=[f"m{at}.{domain}" for at in range(40)] + [host]),
            subject_alt_name(),
        ]
    )
    draft.put(SERVER, alt_name)
    return f"SAN {alt_name.shown[:90]}"


def _common_name_only(draft: Draft) -> str:
    draft.lose(SERVER, "subjectAltName")
    return "no SAN"


def _asked(draft: Draft) -> str:
    host = draft.hostname
    draft.hostname = draft.pick(
        [
            "other.example",
            "iotedgegw",
            host.upper(),
            host + ".",
            f"sub.{host}",
            "192.168.1.7",
            "edgehub",
            "x.y.local",
        ]
    )
    return f"asked for {draft.hostname!r}"


# --- names of issuers and subjects ---------------------------------------------------------------

_STRINGS = (
    *(core.PrintableString, core.IA5String, core.TeletexString, core.BMPString),
    core.UniversalString,
)


def _rewritten(draft: Draft) -> str:
    """The issuer as the child writes it differs from the subject of the issuer."""
    role = draft.ca()
    subject = draft.gateway[role].subject
    pairs = subject if isinstance(subject, list) else [("O", "Plant 7"), ("CN", "Some CA")]
    draft.change(role, subject=pairs)
    texts = [(short, str(value)) for short, value in pairs]
    what, other = draft.pick(
        [
            ("in upper case", [(s, t.upper()) for s, t in texts]),
            ("with more spaces", [(s, t.replace(" ", "  ")) for s, t in texts]),
            ("with spaces around", [(s, f" {t} ") for s, t in texts]),
            ("with its last letter gone", [*texts[:-1], (texts[-1][0], texts[-1][1][:-1])]),
            *(
                (kind.__name__, [*texts[:-1], (texts[-1][0], kind(texts[-1][1]))])
                for kind in _STRINGS
            ),
        ]
    )
    if role == ROOT and draft.chance(0.5):
        draft.change(ROOT, issuer=other)
        return f"root's own issuer {what}"
    draft.change(draft.below(role), issuer=other)
    return f"{role} as issuer {what}"


def _subject(draft: Draft) -> str:
    role = draft.ca()
    what, subject = draft.pick(
        [
            ("is empty", b"\x30\x00"),
            ("is the host name", draft.hostname),
            ("is a BMPString", [("O", "P"), ("CN", core.BMPString("Some CA"))]),
            ("is a UniversalString", [("CN", core.UniversalString("Some CA"))]),
            ("is a TeletexString", [("CN", core.TeletexString("Plant 7 CA"))]),
            ("has 70 letters", [("O", "Plant"), ("CN", "C" * 70)]),
            ("has an underscore as PrintableString", [("CN", core.PrintableString("CA_1"))]),
            ("has no common name", [("C", "DE"), ("O", "Plant 7"), ("OU", role)]),
            ("has a country of three letters", [("C", "DEU"), ("CN", f"{role} CA")]),
            ("is that of the root", draft.gateway[ROOT].subject),
        ]
    )
    draft.change(role, subject=subject)
    return f"{role}'s subject {what}"


def _email(draft: Draft) -> str:
    role = draft.role()
    mail = draft.pick(["edge@plant7.example", "edge@plant8.example", "edge"])
    host = draft.hostname if role == SERVER else f"{role} CA"
    draft.change(role, subject=[("O", "Plant"), ("CN", host), ("emailAddress", mail)])
    ca = draft.ca()
    permitted = draft.chance(0.5)
    trees = {"email": ["plant7.example"]}
    draft.put(ca, name_constraints(trees) if permitted else name_constraints(None, trees))
    return f"{role} has {mail} as e-mail, {ca} {'permits' if permitted else 'excludes'} plant7"


def _server_subject(draft: Draft) -> str:
    host = draft.hostname
    what, subject = draft.pick(
        [
            ("two common names", [("CN", "edgehub"), ("CN", host)]),
            ("another common name", [("CN", "some gateway")]),
            ("a BMPString", [("CN", core.BMPString(host))]),
            ("a common name of 70 letters", [("CN", "g" * 70)]),
            ("no common name", [("O", "Plant 7")]),
            ("that of its issuer", lambda issuer: issuer.subject if issuer else host),
        ]
    )
    draft.change(SERVER, subject=subject)
    return f"the server's subject: {what}"


TOPICS: dict[str, tuple[int, tuple[Change, ...]]] = {
    "server's names": (5, (_subject_alt_name, _subject_alt_name, _asked, _common_name_only)),
    "names": (4, (_rewritten, _rewritten, _subject, _email, _server_subject)),
}

"""Twenty cases of two causes at once, and of shapes that no single cause has.

A model of a client that has only learned single causes fails here: which of two it names, and
whether the second matters at all, depends on the order of its checks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fixtures.extensions import (
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
)
from tools.recording.cases import Case
from tools.recording.lab import DAY, HOST, Lab

UNKNOWN = raw_extension("1.3.6.1.4.1.99999.1", b"\x05\x00", critical=True)
NO_SIGNING = key_usage("digitalSignature", "cRLSign")


def cases(at: datetime) -> list[Case]:
    """All of them, around this time."""
    lab = Lab(at)
    at = lab.at
    expired, later = {"until": at - DAY}, {"since": at + 3 * DAY}
    other = {"san": subject_alt_name(dns=["other.local"]), "subject": "other.local"}
    direct = {"issuer": "D"}
    stranger = {"like": "R", "subject": "unrelated", "issuer": "X", "key": "rsa2048-x"}

    def case(id: str, description: str, **more: Any) -> Case:
        return lab.case(id, "combination", description, **more)

    return [
        case("expired_and_mismatch", "S expired and for another host", S={**expired, **other}),
        case(
            "expired_and_untrusted", "S expired, root untrusted", S=expired, trust="X", X=stranger
        ),
        case(
            "mismatch_and_untrusted", "another host, root untrusted", S=other, trust="X", X=stranger
        ),
        case(
            "loop_and_expired",
            "D named as S, no key ids, S expired",
            S={**direct, **expired},
            D={"subject": HOST},
            send="S D I R",
            no_key_ids=True,
        ),
        case(
            "loop_and_missing",
            "D named as S, no key ids, I not sent",
            S=direct,
            D={"subject": HOST},
            send="S D",
            no_key_ids=True,
        ),
        case(
            "loop_and_pathlen",
            "W named as S, pathlen 0 on D, no key ids",
            W={"subject": HOST},
            D={"bc": basic_constraints(True, 0)},
            no_key_ids=True,
        ),
        case(
            "pathlen_and_expired",
            "pathlen 0 on D, W expired",
            D={"bc": basic_constraints(True, 0)},
            W=expired,
        ),
        case(
            "notca_and_expired",
            "D is no CA and expired",
            D={"bc": basic_constraints(False), **expired},
        ),
        case(
            "nosign_and_critical",
            "W may not sign, D has an unknown critical extension",
            W={"ku": NO_SIGNING},
            D={"more": (UNKNOWN,)},
        ),
        case(
            "critical_and_mismatch",
            "unknown critical extension on S, another host",
            S={"more": (UNKNOWN,), **other},
        ),
        case(
            "constraint_and_expired",
            "S excluded by I, D expired",
            I={"more": (name_constraints(excluded={"dns": ["local"]}),)},
            D=expired,
        ),
        case(
            "sha1_and_expired", "S signed with SHA-1 and expired", S={"digest": "sha1", **expired}
        ),
        case(
            "weak_key_and_mismatch", "S has RSA 1024, another host", S={"key": "rsa1024", **other}
        ),
        case(
            "client_only_and_later",
            "S for clients only, valid in three days",
            S={"eku": extended_key_usage("clientAuth"), **later},
        ),
        case(
            "two_roots_old_expired",
            "both roots trusted, the old one expired, no key ids",
            R=expired,
            N={"like": "R", "issuer": "N", "until": at + 99 * DAY, "key": "rsa2048"},
            send="S W D I",
            trust="R N",
            no_key_ids=True,
        ),
        case(
            "two_intermediates",
            "the expired I is sent before its successor of the same key",
            I={**expired, "key": "rsa2048-i"},
            J={"like": "I", "key": "rsa2048-i", "until": at + timedelta(days=300)},
            send="S W D I J R",
        ),
        case(
            "partial_and_expired", "trust is D alone, and I above it expired", I=expired, trust="D"
        ),
        case("wrong_order_and_missing", "S I W, D not sent", send="S I W"),
        case(
            "key_id_and_expired",
            "W's AKI is wrong, R expired",
            W={"aki": authority_key_id(b"\7" * 20)},
            R=expired,
        ),
        case(
            "nested_loop",
            "a child gateway: parent's D, W and S share a name, one level deeper, no key ids",
            P={"like": "D", "subject": HOST, "key": "rsa2048-p"},
            D={"subject": HOST, "issuer": "P"},
            W={"subject": HOST},
            send="S W D P I R",
            no_key_ids=True,
        ),
    ]

"""Cases with one cause each, by kind: what certificates of gateways really get wrong, and may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from fixtures import der
from fixtures.extensions import (
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    key_usage,
    subject_alt_name,
    subject_key_id,
)
from tools.recording import contents
from tools.recording.cases import Case
from tools.recording.lab import DAY, HOST, Lab

CA_USE = ("digitalSignature", "keyCertSign", "cRLSign")


def cases(lab: Lab) -> Iterator[Case]:
    """All of them."""
    for kind in (
        presentation,
        trust,
        loops,
        constraints,
        times,
        contents.names,
        contents.usages,
        contents.algorithms,
        contents.oddities,
        edge,
    ):
        yield from kind(lab)


def presentation(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, send: str, **more: Any) -> Case:
        return lab.case(id, "presentation", description, send=send, **more)

    yield case("good_full", "S W D I R presented", "S W D I R")
    yield case("good_no_root", "S W D I", "S W D I")
    yield case("good_noaki", "good, no AKI or SKI anywhere", "S W D I R", no_key_ids=True)
    yield case("missing_intermediate", "I is not sent", "S W D")
    yield case("missing_workload", "W is not sent", "S D I")
    yield case("missing_int_root_sent", "I is not sent, R is", "S W D R")
    yield case("leaf_only", "S alone", "S")
    yield case("reversed", "R I D W S", "R I D W S")
    yield case("reversed_cas", "S R I D W", "S R I D W")
    yield case("swapped_wd", "S D W I R", "S D W I R")
    yield case("leaf_last", "W D I R S", "W D I R S")
    yield case("dup_leaf", "S S W D I", "S S W D I")
    yield case("dup_root", "S W D I R R", "S W D I R R")
    other = {"like": "R", "subject": "unrelated", "issuer": "X", "key": "rsa2048-x"}
    yield case("extra_second", "unrelated after S", "S X W D I R", X=other)
    yield case("extra_unrelated_end", "unrelated at the end", "S W D I R X", X=other)
    for many in (6, 7, 8, 9, 11):
        letters = [f"C{n}" for n in range(many)]
        chain: dict[str, Any] = {
            letter: {"like": "I", "subject": f"sub ca {n}", "issuer": letters[n - 1] if n else "R"}
            for n, letter in enumerate(letters)
        }
        chain["S"] = {"issuer": letters[-1]}
        send = " ".join(["S", *reversed(letters), "R"])
        yield lab.case(f"deep_{many}", "depth", f"{many} CAs between", send=send, **chain)


def trust(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, send: str, trust: str, **more: Any) -> Case:
        return lab.case(id, "trust", description, send=send, trust=trust, **more)

    other = {"like": "R", "subject": "unrelated", "issuer": "X", "key": "rsa2048-x"}
    yield case("root_untrusted", "trust is an unrelated root", "S W D I R", "X", X=other)
    yield case("root_untrusted_noroot", "the same, R not sent", "S W D I", "X", X=other)
    new = {"like": "R", "issuer": "N", "key": "rsa2048-new"}
    yield case("renewed_newkey", "trust has only the new root", "S W D I R", "N", N=new)
    yield case("renewed_newkey_noroot", "the same, no root sent", "S W D I", "N", N=new)
    yield case("renewed_newkey_noaki", "the same", "S W D I", "N", N=new, no_key_ids=True)
    yield case("renewed_both_old_first", "both roots trusted", "S W D I", "R N", N=new)
    yield case("renewed_both_new_first", "both roots trusted", "S W D I", "N R", N=new)
    yield case("renewed_both_noaki_old_first", "both", "S W D I", "R N", N=new, no_key_ids=True)
    yield case("renewed_both_noaki", "both, new first", "S W D I", "N R", N=new, no_key_ids=True)
    same = {"key": "rsa2048-r"}
    again = {"like": "R", "issuer": "N", "since": lab.at - DAY, **same}
    yield case("renewed_samekey", "the new root has the old key", "S W D I", "N", N=again, R=same)
    yield case("partial_int", "trust is I", "S W D I R", "I")
    yield case("partial_device", "trust is D", "S W D I R", "D")
    yield case("partial_workload", "trust is W", "S W D I R", "W")
    yield case("partial_leaf", "trust is S", "S W D I R", "S")
    yield case("partial_leaf_only", "trust is S, S alone is sent", "S", "S")
    yield case("partial_device_short", "trust is D, S W are sent", "S W", "D")
    yield case("partial_int_and_root", "trust is I and R", "S W D", "I R")
    yield case("trust_all", "trust is W D I R, S is sent", "S", "W D I R")
    alone = {"issuer": "S", "aki": None}
    yield case("selfsigned_untrusted", "S signs itself", "S", "R", S=alone)
    yield case("selfsigned_trusted", "S signs itself and is trusted", "S", "S", S=alone)
    yield case(
        "selfsigned_trusted_ca",
        "the same as a CA",
        "S",
        "S",
        S={**alone, "bc": basic_constraints(True), "ku": key_usage(*CA_USE)},
    )
    old = {"like": "R", "subject": "old root", "issuer": "O", "key": "rsa2048-old"}
    same = {"key": "rsa2048-i"}
    cross = {"like": "I", "issuer": "O", **same}
    yield case("cross_only_old", "I by an old root", "S W D C O", "R", O=old, C=cross, I=same)
    yield case("cross_old_first", "and then by R", "S W D C O I", "R", O=old, C=cross, I=same)
    yield case("cross_new_first", "after that by R", "S W D I C O", "R", O=old, C=cross, I=same)
    same = {"key": "rsa2048-r"}
    up = {"O": old, "R": same, "C": {"like": "R", "issuer": "O", "aki": authority_key_id(), **same}}
    yield case("cross_root", "the root, signed by an old one, is sent", "S W D I C", "R", **up)
    yield case("cross_root_old", "the same, the old one is trusted", "S W D I C", "O", **up)


def loops(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, send: str, **more: Any) -> Case:
        return lab.case(id, "cnloop", description, send=send, **more)

    direct, named = {"issuer": "D"}, {"subject": HOST}
    yield case("loop_workload_noaki", "D is named as S", "S W D I R", no_key_ids=True, D=named)
    bare = {**named, "more": ()}
    yield case("loop_direct", "the same, S by D", "S D I R", S=direct, D=bare)
    yield case("loop_direct_noaki", "no AKI or SKI", "S D I R", S=direct, D=named, no_key_ids=True)
    yield case(
        "loop_direct_leaf_noski", "S has no SKI", "S D I R", S={**direct, "ski": None}, D=named
    )
    yield case(
        "loop_direct_leaf_noaki", "S has no AKI", "S D I R", S={**direct, "aki": None}, D=named
    )
    yield case(
        "loop_workload_is_host_noaki", "W is named as S", "S W D I R", W=named, no_key_ids=True
    )
    yield case("loop_root_noaki", "R is named as S", "S W D I R", R=named, no_key_ids=True)
    yield case(
        "same_dn_dev_int_noaki",
        "D is named as I",
        "S W D I R",
        D={"subject": "same"},
        I={"subject": "same"},
        no_key_ids=True,
    )
    yield case(
        "same_dn_work_dev_noaki",
        "W is named as D",
        "S W D I R",
        D={"subject": "same"},
        W={"subject": "same"},
        no_key_ids=True,
    )
    yield case(
        "same_dn_root_int",
        "I is named as R, with AKI",
        "S W D I R",
        R={"subject": "same"},
        I={"subject": "same"},
    )
    yield case(
        "loop_direct_partial",
        "loop, trust D",
        "S D I R",
        S=direct,
        D=named,
        no_key_ids=True,
        trust="D",
    )
    yield case(
        "loop_case_workload",
        "W by upper-case D",
        "S W D I R",
        D={"subject": HOST.upper()},
        no_key_ids=True,
    )
    yield case("cross_loop", "D by I, I by D", "S W D I", I={"issuer": "D"})


def constraints(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, **more: Any) -> Case:
        return lab.case(id, "caconstraints", description, **more)

    for letter, who in (("I", "int"), ("W", "workload"), ("R", "root"), ("D", "device")):
        yield case(f"{who}_no_bc", "no basicConstraints", **{letter: {"bc": None}})
        yield case(f"{who}_ca_false", "CA:FALSE", **{letter: {"bc": basic_constraints(False)}})
        yield case(f"{who}_no_ku", "no keyUsage", **{letter: {"ku": None}})
        no_sign = key_usage("digitalSignature", "cRLSign")
        yield case(f"{who}_no_keycertsign", "no keyCertSign", **{letter: {"ku": no_sign}})
        v1 = {"version": 1}
        yield case(f"{who}_v1", "version 1", **{letter: v1})
    yield case("int_pathlen0", "pathlen 0 on I", I={"bc": basic_constraints(True, 0)})
    yield case("root_pathlen2", "pathlen 2 on R", R={"bc": basic_constraints(True, 2)})
    yield case("root_pathlen3", "pathlen 3 on R", R={"bc": basic_constraints(True, 3)})
    yield case("workload_pathlen0", "pathlen 0 on W", W={"bc": basic_constraints(True, 0)})
    yield case("device_pathlen_neg", "pathlen -1 on D", D={"bc": basic_constraints(True, -1)})
    yield case("leaf_ca_true", "S is a CA", S={"bc": basic_constraints(True)})
    yield case("leaf_no_bc", "S has no basicConstraints", S={"bc": None})
    yield case("leaf_v1", "S is version 1", S={"version": 1})
    yield case("leaf_v2", "S is version 2 with extensions", S={"version": 2})
    yield case("device_v4", "D is version 4", D={"version": 4})
    for name in ("server", "any", "client"):
        purposes = {
            "server": ["serverAuth"],
            "any": ["anyExtendedKeyUsage"],
            "client": ["clientAuth"],
        }
        eku = extended_key_usage(*purposes[name])
        yield case(f"int_eku_{name}", f"EKU {name} on I", I={"eku": eku})
        yield case(f"root_eku_{name}", f"EKU {name} on R", R={"eku": eku})


def times(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, **more: Any) -> Case:
        return lab.case(id, "time", description, **more)

    at = lab.at
    yield case("root_expired", "R expired", R={"until": at - DAY})
    yield case("root_expired_noroot", "R expired, not sent", R={"until": at - DAY}, send="S W D I")
    yield case("root_notyet", "R valid from tomorrow", R={"since": at + DAY})
    yield case("server_notyet", "S valid from tomorrow", S={"since": at + DAY - DAY / 12})
    yield case("workload_notyet_3d", "W valid in 3 days", W={"since": at + 3 * DAY})
    yield case("workload_expired", "W expired", W={"until": at - DAY})
    yield case("all_expired", "all but R expired", **{x: {"until": at - DAY} for x in "SWDI"})
    yield case(
        "reversed_validity", "S ends before it begins", S={"since": at - DAY, "until": at - 2 * DAY}
    )
    for letter, who in (("S", "server"), ("W", "workload"), ("R", "root")):
        far = {
            "nosec": der.raw_time(der.tlv(0x17, b"3611220813Z")),
            "offset": der.raw_time(der.tlv(0x17, b"361122081300+0100")),
            "frac": der.raw_time(der.tlv(0x18, b"20361122081300.5Z")),
            "gentime": der.generalized_time(datetime(2040, 1, 1, tzinfo=UTC)),
            "9999": der.raw_time(der.tlv(0x18, b"99991231235959Z")),
        }
        for what, until in far.items():
            yield case(f"{who}_until_{what}", "notAfter", **{letter: {"until": until}})
    yield case("server_since_1950", "notBefore 1950", S={"since": datetime(1950, 1, 1, tzinfo=UTC)})


def edge(lab: Lab) -> Iterator[Case]:
    certd = {
        "issuer": "D",
        "bc": None,
        "ku": None,
        "ski": None,
        "aki": None,
        "san": subject_alt_name(dns=[HOST, "edgehub"]),
    }
    bare = {"ski": None, "aki": None}

    def case(id: str, description: str, send: str, **more: Any) -> Case:
        return lab.case(id, "iotedge12", description, send=send, **more)

    yield case("edge12_good", "device CA by script, S by certd", "S D I", S=certd)
    yield case("edge12_loop", "device CA named as S", "S D I", S=certd, D={"subject": HOST})
    quick = {"like": "D", "issuer": "D", **bare, "bc": basic_constraints(True, 0)}
    yield case("edge12_quickstart", "self-signed edge CA", "S D", S=certd, D=quick, trust="D")
    yield case(
        "edge12_quickstart_loop",
        "the same, named as S",
        "S D",
        S=certd,
        D={**quick, "subject": HOST},
        trust="D",
    )
    yield case(
        "edge13_good",
        "S has AKI and SKI",
        "S D I",
        S={**certd, "aki": authority_key_id(), "ski": subject_key_id()},
    )
    yield case("edge12_expired", "device CA expired", "S D I", S=certd, D={"until": lab.at - DAY})
    old = {"ku": None, "eku": None, **bare}
    yield lab.case(
        "edge11_good",
        "iotedge11",
        "S and W with basicConstraints alone",
        S=old,
        W={**old, "bc": basic_constraints(True, 0)},
    )
    yield lab.case(
        "edge11_loop",
        "iotedge11",
        "the same, D named as S",
        S=old,
        W={**old, "bc": basic_constraints(True, 0)},
        D={"subject": HOST},
    )
    yield lab.case(
        "edge11_quickstart",
        "iotedge11",
        "D self-signed",
        S=old,
        W=old,
        D={**old, "issuer": "D"},
        send="S W D",
        trust="D",
    )

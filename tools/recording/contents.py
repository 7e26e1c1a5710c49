"""Cases with one cause in what a certificate holds: names, usages, algorithms, oddities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asn1crypto import core

from fixtures import der
from fixtures.extensions import (
    Extension,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
)
from tools.recording.cases import Case
from tools.recording.lab import HOST, Lab

CA_USE = ("digitalSignature", "keyCertSign", "cRLSign")
UNKNOWN = raw_extension("1.3.6.1.4.1.99999.1", b"\x05\x00", critical=True)


def names(lab: Lab) -> Iterator[Case]:
    def case(
        id: str,
        description: str,
        host: str = HOST,
        san: Any = "",
        cn: Any = HOST,
        **more: Any,
    ) -> Case:
        change = {"subject": cn, **({} if san == "" else {"san": san})}
        return lab.case(id, "name", description, host=host, S=change, **more)

    def dns(*values: str) -> Extension:
        return subject_alt_name(dns=values)

    yield case("cn_only", "no SAN", san=None)
    yield case("mismatch", "another name", san=dns("other.local"), cn="other.local")
    yield case("mismatch_two", "two other names", san=dns("a.local", "b.local"))
    yield case("san_other_cn_match", "SAN differs, CN matches", san=dns("other.local"))
    yield case(
        "san_uri_cn_match",
        "SAN has a URI alone",
        san=subject_alt_name(uri=["https://mygateway.local/"]),
    )
    yield case("san_ip_cn_match", "SAN has an address alone", san=subject_alt_name(ip=["10.1.2.3"]))
    yield case(
        "san_email_cn_match",
        "SAN has a mail address alone",
        san=subject_alt_name(email=["a@mygateway.local"]),
    )
    yield case("san_empty", "SAN is empty", san=raw_extension("subjectAltName", der.sequence()))
    yield case("san_critical", "SAN is critical", san=subject_alt_name(critical=True, dns=[HOST]))
    yield case("san_trailing_dot", "SAN ends in a dot", san=dns("mygateway.local."))
    yield case("host_trailing_dot", "host ends in a dot", host="mygateway.local.")
    yield case(
        "no_subject",
        "empty subject, SAN critical",
        san=subject_alt_name(critical=True, dns=[HOST]),
        cn=b"\x30\x00",
    )
    yield case("no_subject_noncrit", "empty subject", cn=b"\x30\x00")
    sub = "gw1.plant.local"
    yield case("wild_ok", "*.plant.local", sub, dns("*.plant.local"), "*.plant.local")
    yield case("wild_partial", "gw*.plant.local", sub, dns("gw*.plant.local"), "x")
    yield case("wild_partial_end", "*1.plant.local", sub, dns("*1.plant.local"), "x")
    yield case("wild_star", "* alone", "mygateway", dns("*"), "x")
    yield case("wild_star_two", "* alone, two labels", sub, dns("*"), "x")
    yield case(
        "wild_deep",
        "*.plant.local for a.b.plant.local",
        "a.b.plant.local",
        dns("*.plant.local"),
        "x",
    )
    yield case("wild_middle", "gw1.*.local", sub, dns("gw1.*.local"), "x")
    yield case(
        "wild_base", "*.plant.local for plant.local", "plant.local", dns("*.plant.local"), "x"
    )
    yield case("wild_cn_only", "CN=*.plant.local, no SAN", sub, None, "*.plant.local")
    yield case("wild_local_cn", "CN=*.local, no SAN", HOST, None, "*.local")
    yield case("underscore", "an underscore", "my_gateway.local", dns("my_gateway.local"), "x")
    yield case("single_label", "one label", "mygateway", dns("mygateway"), "mygateway")
    yield case("digits_label", "begins with a digit", "1gw.local", dns("1gw.local"), "x")
    yield case("ip_san", "address in SAN", "127.0.0.1", subject_alt_name(ip=["127.0.0.1"]), "x")
    yield case(
        "ip_mismatch", "another address", "127.0.0.1", subject_alt_name(ip=["10.0.0.1"]), "x"
    )
    yield case("ip_cn", "address as CN beside a name", "127.0.0.1", dns(HOST), "127.0.0.1")
    yield case(
        "ip_dns_and_ip",
        "both kinds",
        "127.0.0.1",
        subject_alt_name(dns=["127.0.0.1"], ip=["127.0.0.1"]),
        "x",
    )
    yield case("ip_wild", "*.0.0.1", "127.0.0.1", dns("*.0.0.1"), "x")
    long = f"{'a' * 63}.local"
    yield case("long_label", "a label of 63", long, dns(long), "x")
    yield case(
        "idn", "xn-- label", "xn--bcher-kva.plant.local", dns("xn--bcher-kva.plant.local"), "x"
    )
    yield case("san_bytes", "a NUL in the SAN", san=dns("mygateway.local\0.evil.example"))
    yield case("multi_cn", "two CNs, no SAN", san=None, cn=[("CN", "x.local"), ("CN", HOST)])


def usages(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, **server: Any) -> Case:
        return lab.case(id, "usage", description, S=server)

    yield case("no_eku", "no EKU", eku=None)
    yield case("eku_client", "clientAuth alone", eku=extended_key_usage("clientAuth"))
    yield case("eku_any", "anyExtendedKeyUsage", eku=extended_key_usage("anyExtendedKeyUsage"))
    yield case("eku_both", "both", eku=extended_key_usage("serverAuth", "clientAuth"))
    yield case("eku_critical", "critical", eku=extended_key_usage("serverAuth", critical=True))
    yield case("eku_other", "codeSigning", eku=extended_key_usage("codeSigning"))
    yield case("eku_empty", "empty", eku=raw_extension("extendedKeyUsage", der.sequence()))
    yield case("ku_none", "no KU", ku=None)
    yield case("ku_sign", "digitalSignature", ku=key_usage("digitalSignature"))
    yield case("ku_encipher", "keyEncipherment", ku=key_usage("keyEncipherment"))
    yield case("ku_crlsign", "cRLSign", ku=key_usage("cRLSign"))
    yield case("ku_data", "dataEncipherment", ku=key_usage("dataEncipherment"))
    yield case("ku_zero", "no bit", ku=raw_extension("keyUsage", b"\x03\x01\x00", critical=True))
    yield case("ku_all_ca", "as a CA's", ku=key_usage(*CA_USE))


def algorithms(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, **more: Any) -> Case:
        return lab.case(id, "algorithm", description, **more)

    for letter, who in (("S", "server"), ("W", "workload"), ("D", "device"), ("R", "root")):
        yield case(f"sha1_{who}", "signed with SHA-1", **{letter: {"digest": "sha1"}})
        yield case(f"md5_{who}", "signed with MD5", **{letter: {"digest": "md5"}})
        yield case(f"rsa1024_{who}", "RSA 1024", **{letter: {"key": "rsa1024"}})
        yield case(f"pss_{who}", "signed with PSS", **{letter: {"pss": True}})
        for curve in ("p384", "p521", "secp256k1", "ed25519"):
            if (letter, curve) != ("S", "secp256k1"):  # the server could not use it
                yield case(f"{curve}_{who}", f"key {curve}", **{letter: {"key": curve}})
    for curve in ("p256", "p384", "ed25519"):
        yield case(f"{curve}_all", f"all {curve}", **{x: {"key": curve} for x in "RIDWS"})
    yield case("rsa4096_all", "RSA 4096 server", S={"key": "rsa4096"})
    yield case("sha512_all", "SHA-512", **{x: {"digest": "sha512"} for x in "RIDWS"})


def oddities(lab: Lab) -> Iterator[Case]:
    def case(id: str, description: str, **more: Any) -> Case:
        return lab.case(id, "oddity", description, **more)

    for letter, who in (("S", "server"), ("W", "workload"), ("D", "device"), ("R", "root")):
        yield case(
            f"unk_crit_{who}", "unknown critical extension", **{letter: {"more": (UNKNOWN,)}}
        )
        yield case(
            f"trailing_{who}", "4 bytes after", **{letter: {"finished": lambda x: x + b"\0" * 4}}
        )
        yield case(f"corrupt_sig_{who}", "signature", **{letter: {"finished": flip}})
        same = basic_constraints(letter != "S")
        yield case(f"dup_ext_{who}", "basicConstraints twice", **{letter: {"more": (same,)}})
    for id, what in {
        "nc_permitted_ok": name_constraints(permitted={"dns": ["local"]}),
        "nc_permitted_exact": name_constraints(permitted={"dns": [HOST]}),
        "nc_permitted_dot": name_constraints(permitted={"dns": [".local"]}),
        "nc_permitted_other": name_constraints(permitted={"dns": ["other.local"]}),
        "nc_permitted_ip": name_constraints(permitted={"ip": ["10.0.0.0/8"]}),
        "nc_excluded_ip": name_constraints(excluded={"ip": ["10.0.0.0/8"]}),
        "nc_permitted_email": name_constraints(permitted={"email": ["local"]}),
        "nc_excluded_other": name_constraints(excluded={"dns": ["other.local"]}),
        "nc_excluded_exact": name_constraints(excluded={"dns": [HOST]}),
        "nc_permitted_other_noncrit": name_constraints(
            permitted={"dns": ["other.local"]}, critical=False
        ),
    }.items():
        yield case(id, what.shown, I={"more": (what,)})
    empty = name_constraints(permitted={"raw": [der.tlv(0xA4, der.name_der([("O", "Contoso")]))]})
    yield case("nc_permitted_dirname", "directory name", I={"more": (empty,)})
    numbers: dict[str, dict[str, Any]] = {
        "serial_negative_root": {"R": {"serial": -5}},
        "serial_negative_workload": {"W": {"serial": -5}},
        "serial_zero_device": {"D": {"serial": 0}},
        "serial_padded": {"S": {"serial": b"\0\0\0\5"}},
        "serial_empty": {"S": {"serial": b""}},
        "serial_huge_device": {"D": {"serial": b"\x11" * 40}},
        "serial_dup": {x: {"serial": 1} for x in "RIDWS"},
    }
    for id, number in numbers.items():
        yield case(id, "serial number", **number)
    policy = raw_extension("certificatePolicies", der.sequence(der.sequence(der.oid("1.2.3.4"))))
    require = raw_extension("2.5.29.36", der.sequence(der.tlv(0x80, b"\0")), critical=True)
    inhibit = raw_extension("2.5.29.54", der.integer(0), critical=True)
    mapping = raw_extension(
        "2.5.29.33",
        der.sequence(der.sequence(der.oid("1.2.3.4"), der.oid("1.2.3.5"))),
        critical=True,
    )
    yield case("policy_server", "a policy on S", S={"more": (policy,)})
    critical = raw_extension(
        "certificatePolicies", der.sequence(der.sequence(der.oid("1.2.3.4"))), critical=True
    )
    yield case("policy_critical", "a critical policy on S", S={"more": (critical,)})
    yield case("policy_require", "requireExplicitPolicy 0 on I", I={"more": (require,)})
    yield case("policy_inhibit", "inhibitAnyPolicy 0 on I", I={"more": (inhibit,)})
    yield case("policy_mapping", "a critical mapping on I", I={"more": (mapping,)})
    yield case("aki_wrong_device", "D's AKI is wrong", D={"aki": authority_key_id(b"\1" * 20)})
    yield case(
        "aki_wrong_serial",
        "S's AKI serial is wrong",
        S={"aki": authority_key_id(True, ("other", 5))},
    )
    yield case("aki_both", "AKI with issuer and serial", S={"aki": authority_key_id(True, True)})
    yield case("ski_none_device", "D has no SKI", D={"ski": None})
    yield case("dn_mismatch_device", "D names another issuer", D={"issuer_name": "other ca"})
    yield case(
        "wrong_signer_device",
        "D is signed by another key",
        D={"signer": "X"},
        X={"like": "I", "key": "rsa2048-x"},
    )
    printable = [("CN", core.PrintableString("mygateway.ca"))]
    yield case("dn_encoding", "W names D in another string type", W={"issuer_name": printable})
    yield case("dn_space", "W names D with two blanks", W={"issuer_name": "mygateway.ca "})
    yield case("key_shared", "D and W have one key", D={"key": "p256-both"}, W={"key": "p256-both"})


def flip(certificate: bytes) -> bytes:
    """The last bit, which belongs to the signature."""
    return certificate[:-1] + bytes([certificate[-1] ^ 1])

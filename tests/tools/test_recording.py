"""Recording real clients: what must come out, comes out."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import edgecheck
from fixtures.extensions import subject_alt_name
from tools import record_clients
from tools.recording import cases, combinations, commands, kinds, record
from tools.recording.lab import DAY, Lab
from tools.recording.reasons import reason_of

# The laboratory listens on ports of its own, so two of them at once are in each other's way.
pytestmark = pytest.mark.xdist_group("laboratory")

NOW = datetime.now(UTC)

# What a client's name holds -> the programs without which it cannot be run. Whoever has none of a
# client cannot record it either, so that such a test is left out even where all programs are asked
# for; the server, which is in Go, Python, OpenSSL and GnuTLS have to be there.
CLIENTS = {
    "py3": ["python3"],
    "s_client": ["openssl"],
    "node20": ["node"],
    "java": ["java", "javac"],
    "go1": [],
    "gnutls": ["gnutls-cli"],
    "mbedtls": ["cc"],
    "curl": ["curl"],
}
HEADERS = {"mbedtls": Path("/usr/include/mbedtls/ssl.h")}
VERDICTS = {
    "healthy": "accept",
    "expired": "reject",
    "wrong_name": "reject",
    "untrusted": "reject",
}


def small_set(at: datetime, suffix: str = "") -> list[cases.Case]:
    """One sound chain, and three that every client refuses."""
    lab = Lab(at)
    other = {"subject": "other.local", "san": subject_alt_name(dns=["other.local"])}
    stranger = {"like": "R", "subject": "unrelated", "issuer": "X", "key": "rsa2048-x"}
    return [
        lab.case(f"healthy{suffix}", "small", ""),
        lab.case(f"expired{suffix}", "small", "", S={"until": at - DAY}),
        lab.case(f"wrong_name{suffix}", "small", "", S=other),
        lab.case(f"untrusted{suffix}", "small", "", trust="X", X=stranger),
    ]


Recorded = dict[str, dict[str, tuple[str, str]]]
"""By client and case, verdict and reason."""


def recorded(folder: Path, clients: list[str], chosen: list[cases.Case]) -> Recorded:
    file, out = folder / "cases.jsonl.gz", folder / "out.csv"
    cases.write(file, chosen)
    only = [f"--client={client}" for client in clients]
    record_clients.main([str(file), *only, "--out", str(out)])
    said: Recorded = {}
    with out.open() as lines:
        for row in csv.DictReader(lines):
            said.setdefault(row["client"], {})[row["case"]] = (row["verdict"], row["reason"])
    return said


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """The small set as of now, and as of a time at which a real clock would refuse all of it."""
    later = small_set(NOW + timedelta(days=1200), " later")
    # One that is damaged, too: to look for the clients that are here takes longer than to ask them.
    damaged = Lab(NOW).case("trailing", "", "", D={"finished": lambda der: der + b"\0\0\0\0"})
    chosen = [*small_set(NOW), *later, damaged]
    return recorded(tmp_path_factory.mktemp("small"), [*CLIENTS, "-verify"], chosen)


@pytest.mark.go
@pytest.mark.gnutls
@pytest.mark.openssl
@pytest.mark.parametrize("suffix", ["", " later"], ids=["now", "at another time"])
@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_that_is_here_accepts_and_refuses_what_it_must(
    request: pytest.FixtureRequest, client: str, suffix: str
) -> None:
    skip_unless_here(client)
    found = [said for name, said in request.getfixturevalue("small").items() if client in name]
    assert found
    for said in found:
        verdicts = {name: said[f"{name}{suffix}"] for name in VERDICTS}
        assert {name: verdict for name, (verdict, _) in verdicts.items()} == VERDICTS, verdicts


def skip_unless_here(client: str) -> None:
    missing = [program for program in CLIENTS[client] if not shutil.which(program)]
    header = HEADERS.get(client)
    if missing or (header and not header.exists()):
        pytest.skip(f"needs {missing or header}")


@pytest.mark.openssl
def test_a_client_that_only_verifies_needs_no_server(small: Recorded) -> None:
    found = [said for name, said in small.items() if name.endswith("-verify")]
    assert found
    for said in found:
        assert {name: said[name] for name in VERDICTS} == {
            "healthy": ("accept", ""),
            "expired": ("reject", "error 10 at 0 depth lookup: certificate has expired"),
            "wrong_name": ("reject", "error 62 at 0 depth lookup: hostname mismatch"),
            "untrusted": (
                "reject",
                "error 19 at 4 depth lookup: self-signed certificate in certificate chain",
            ),
        }


@pytest.mark.go
@pytest.mark.openssl
def test_damaged_certificates_are_sent_byte_for_byte(small: Recorded) -> None:
    """Bytes after a certificate are what OpenSSL sees on the wire, and only there."""
    found = [said for name, said in small.items() if "s_client" in name]
    assert found
    for said in found:
        assert "cert length mismatch" in said["trailing"][1]


def test_a_file_of_cases_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = small_set(NOW.replace(microsecond=0))
    for name in ("cases.jsonl", "cases.jsonl.gz"):
        cases.write(tmp_path / name, made)
        assert cases.read(tmp_path / name) == made
    cases.write(tmp_path / "open.jsonl", made, with_keys=False)
    assert [case.key for case in cases.read(tmp_path / "open.jsonl")] == [None] * len(made)


def test_every_recipe_can_be_made_and_has_its_own_id() -> None:
    made = [*kinds.cases(Lab(NOW)), *combinations.cases(NOW)]
    assert len({case.id for case in made}) == len(made)
    assert len(combinations.cases(NOW)) == 20


def test_combinations_are_judged_without_an_error_of_our_own() -> None:
    for case in combinations.cases(NOW):
        report = edgecheck.check(list(case.presented), case.hostname, list(case.trust), case.at)
        assert report.predictions, case.id


@pytest.mark.parametrize(
    ("client", "says", "reason"),
    [
        (
            "py311-ssl-ossl3.0.19",
            "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify "
            "failed: certificate has expired (_ssl.c:1006)",
            "certificate has expired",
        ),
        (
            "go1.27.3",
            "x509: certificate has expired or is not yet valid: current time "
            "2026-11-23T08:13:55Z is after 2026-11-22T08:13:48Z",
            "x509: certificate has expired or is not yet valid: current time is after it",
        ),
        (
            "openssl3.0.19-s_client",
            "verify error:num=10:certificate has expired | Verify return code: 10",
            "10: certificate has expired",
        ),
        (
            "openssl3.6.5-s_client",
            "error:1:SSL routines:a:b: | error:2:SSL routines:SSL_shutdown:shutdown while in init:",
            "error:1:SSL routines:a:b: | error:2:SSL routines:SSL_shutdown:shutdown while in init:",
        ),
        ("nss3.87-tstclnt", "tstclnt: SSL_ERROR_BAD_CERT_DOMAIN: x", "SSL_ERROR_BAD_CERT_DOMAIN"),
        ("bearssl0.6", "BR_ERR_X509_EXPIRED", "BR_ERR_X509_EXPIRED"),
        ("node8", ": 139874512:error:1414D17A:x", ": 139874512:error:1414D17A:x"),
        ("node8", ": 139874512345:error:1414D17A:x", ": <n>:error:1414D17A:x"),
    ],
)
def test_what_differs_from_run_to_run_is_masked(client: str, says: str, reason: str) -> None:
    assert reason_of(client, says) == reason


def test_an_address_is_told_from_a_name_and_written_as_urls_have_it() -> None:
    assert [*map(commands.is_address, ("192.0.2.7", "2001:db8::7", "10", "gw.x", "1.2.3"))] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [*map(commands.in_url, ("192.0.2.7", "2001:db8::7"))] == ["192.0.2.7", "[2001:db8::7]"]


@pytest.mark.parametrize(
    ("host", "away"),
    [
        ("10.1.2.3", True),
        ("2001:db8::1", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("gw.local", False),
    ],
)
def test_no_client_leaves_the_machine(host: str, away: bool) -> None:
    """Names are led home; an address of another machine is not connected to."""
    assert record.leads_away(host) is away

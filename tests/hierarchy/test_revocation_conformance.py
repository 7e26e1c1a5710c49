"""Revocation as NIST PKITS and x509-limbo see it.

Agreement is of the outcome of revocation alone with what the case expects. Every failure in
PKITS 4.4, 4.14 and 4.15 is one of revocation; in the other sections BY_OTHER_MEANS says
which are not.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edgecheck.device import Device
from edgecheck.expected import Expected, Validation
from edgecheck.hierarchy.links import Pool, Signatures
from edgecheck.hierarchy.paths import search
from edgecheck.hierarchy.rfc5280.judge import Judge
from edgecheck.hierarchy.rfc5280.revocation import Revocation
from edgecheck.hierarchy.rfc5280.revocation_status import Effect, Status, effects
from edgecheck.reading.certificate import Certificate, moment
from edgecheck.reading.crl import Crl, read_crls
from edgecheck.reading.inputs import Reader
from edgecheck.reading.trusted import Trusted
from tests.suites import NO_VECTORS, absent, suite_file

VECTORS = importlib.util.find_spec("cryptography_vectors")

PKITS_TIME = datetime(2011, 4, 15, tzinfo=UTC)
SECTIONS = ("4.4.", "4.5.", "4.14.", "4.15.")
MORE = {"4.7.4", "4.7.5"}
BY_OTHER_MEANS = {
    "4.5.8": "the certificate that issued the target is a CRL signer's, without keyCertSign",
}
REVOKED = {
    f"{section}.{number}"
    for section, numbers in {
        "4.4": (2, 3, 15, 18, 20),
        "4.5": (2, 5, 7),
        "4.14": (2, 6, 15, 16, 20, 21, 23, 31, 32, 34),
        "4.15": (3, 4, 6, 9),
    }.items()
    for number in numbers
}
"""Cases where a CRL lists a certificate; the other failures are for want of a usable CRL."""


PKITS_FILE, LIMBO_FILE = suite_file("pkits-cases.json"), suite_file("limbo-open.json.gz")


def pkits() -> Iterator[Any]:
    cases = json.loads(PKITS_FILE.read_bytes()) if PKITS_FILE else []
    for position, case in enumerate(cases):
        if case["id"].startswith(SECTIONS) or case["id"] in MORE:
            yield pytest.param(case, id=f"{position}-{case['id']}")


def limbo() -> Iterator[Any]:
    cases = json.loads(gzip.decompress(LIMBO_FILE.read_bytes())) if LIMBO_FILE else {}
    for case in cases.get("testcases", ()):
        if case["id"].startswith("crl::"):
            yield pytest.param(case, id=case["id"])


def test_the_cases_are_here() -> None:
    """What is not run for want of data is said, and where to put the data."""
    if PKITS_FILE is None or LIMBO_FILE is None:
        pytest.skip(absent("pkits-cases.json"))
    if VECTORS is None:
        pytest.skip(NO_VECTORS)
    assert len(list(pkits())) == 21 + 8 + 35 + 10 + 2
    assert len(list(limbo())) >= 3


def certificates(*given: bytes | str) -> list[Certificate]:
    reader = Reader({}, 2**24, 100)
    read = [reader.read(data, "test").sequence for data in given]
    return [certificate for sequence in read for certificate in sequence]


def without_revocation(at: int) -> Expected:
    """The path alone, by RFC 5280, section 6.1."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("hostname", "runtime", "device_ca_file", "trust_bundle", "identity_certificate")
    )
    return Expected(
        at=moment(at),
        at_seconds=at,
        trust=Trusted(),
        device=Device(),
        profile="path",
        validation=Validation(revocation="off"),
        roles={},
        **nothing,
    )


def revocation(
    target: Certificate,
    everybody: list[Certificate],
    anchor: Certificate,
    crls: list[Crl],
    at: int,
    strict: bool = False,
) -> tuple[tuple[Certificate, Status, Effect], ...]:
    """What revocation does to the path of the target, where it is required.

    The path of a CRL issuer is found in the same way as the target's, and must pass as a whole.
    """
    signatures = Signatures({}, 1000)
    pool = Pool(everybody, [anchor], signatures, at)
    judge = Judge(without_revocation(at))

    def judged(certificate: Certificate) -> tuple[bool | None, Any]:
        path = search(certificate, pool, judge).best
        return path.verdict, effects(checker.check(path.certificates), "require")

    def is_valid_crl_issuer(certificate: Certificate) -> bool | None:
        verdict, wrong = judged(certificate)
        return False if wrong else verdict

    checker = Revocation(crls, at, everybody, signatures, is_valid_crl_issuer, strict=strict)
    _, wrong = judged(target)
    assert isinstance(wrong, tuple)
    return wrong


@pytest.mark.skipif(PKITS_FILE is None, reason=absent("pkits-cases.json"))
@pytest.mark.skipif(VECTORS is None, reason=NO_VECTORS)
@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
@pytest.mark.parametrize("case", list(pkits()))
def test_pkits(case: dict[str, Any], strict: bool) -> None:
    """The outcome, and whether it is for an entry or for want of a CRL."""
    assert VECTORS is not None and VECTORS.origin is not None
    data = Path(VECTORS.origin).parent / "x509" / "PKITS_data"
    read = certificates(*((data / "certs" / f"{name}.crt").read_bytes() for name in case["certs"]))
    crls: list[Crl] = []
    for name in case["crls"]:
        some, problems = read_crls((data / "crls" / f"{name}.crl").read_bytes())
        assert problems == ()
        crls += some
    wrong = revocation(read[-1], read, read[0], crls, int(PKITS_TIME.timestamp()), strict)
    if case["should_validate"] or case["id"] in BY_OTHER_MEANS:
        assert wrong == ()
        return
    expected = Effect.REVOKED if case["id"] in REVOKED else Effect.UNDETERMINED
    assert [effect for _, _, effect in wrong] == [expected]


LIMBO = {
    "crl::revoked-certificate-with-crl": (Effect.REVOKED, "key"),
    "crl::crlnumber-missing": (Effect.UNDETERMINED, "no cRLNumber (RFC 5280, 5.2.3)"),
    "crl::issuer-missing-crlsign": (Effect.UNDETERMINED, "keyUsage lacks cRLSign"),
}


@pytest.mark.skipif(LIMBO_FILE is None, reason=absent("limbo-open.json.gz"))
@pytest.mark.parametrize("case", list(limbo()))
def test_limbo(case: dict[str, Any]) -> None:
    """Limbo holds CRLs to the profile, so that one without a number is not believed."""
    trusted = certificates(*case["trusted_certs"])
    others = certificates(*case["untrusted_intermediates"], case["peer_certificate"])
    crls, problems = read_crls("\n".join(case["crls"]).encode())
    assert problems == ()
    at = int(datetime.fromisoformat(case["validation_time"]).timestamp())
    everybody = [*trusted, *others]
    wrong = revocation(others[-1], everybody, trusted[0], list(crls), at, strict=True)
    assert bool(wrong) is (case["expected_result"] == "FAILURE")
    if case["id"] in LIMBO:
        expected, words = LIMBO[case["id"]]
        ((_, status, effect),) = wrong
        assert effect is expected
        if expected is Effect.UNDETERMINED:
            assert words in "; ".join(map(str, status.because))
            assert len(status.because) == 1
    if case["id"] == "crl::crlnumber-missing":
        assert revocation(others[-1], everybody, trusted[0], list(crls), at) == ()

"""cryptography's own verifier: it is asked itself, and what it raises is told in short."""

from __future__ import annotations

import pytest

from edgecheck.clients.pyca import _AROUND
from fixtures.pki import basic_constraints, subject_alt_name
from tests.clients.asked import CA, ROOT, SERVER, SOUND, answer, says, view, where
from tests.hierarchy.chains import AT

PYCA = "cryptography50-x509verify"


def test_it_needs_trust_and_a_host_name() -> None:
    """What is missing first is told."""
    assert says(PYCA, SOUND) == "connects"
    assert says(PYCA, SOUND, trust=[]) == "unknown: what the client trusts was not given"
    assert says(PYCA, SOUND, host=None) == "unknown: no host name was given"
    assert says(PYCA, SOUND, trust=[], host=None) == (
        "unknown: what the client trusts was not given"
    )


def test_the_chain_the_name_and_the_time_are_what_the_client_has() -> None:
    mismatch = "leaf certificate has no matching subjectAltName"
    assert says(PYCA, SOUND, host="x.example") == mismatch
    addressed = SOUND.put(SERVER, subject_alt_name(ip=["10.0.0.1"]))
    assert says(PYCA, addressed, host="10.0.0.1") == "connects"
    assert says(PYCA, addressed, host="10.0.0.2") == mismatch
    assert says(PYCA, SOUND, at=AT.replace(year=2028)) != "connects"
    leaf, ca, root = SOUND.issued()
    assert says(PYCA, [leaf, ca], [root]) == "connects"
    assert says(PYCA, [leaf], [root]).startswith("candidates exhausted")
    assert where(PYCA, [leaf], trust=[root]) == (SERVER, SERVER)
    assert says(PYCA, [leaf], [root, ca]) == "connects"


def test_what_is_wrapped_around_its_text_is_left_out() -> None:
    told = says(PYCA, SOUND.without(SERVER, "authorityKeyIdentifier"))
    assert told == "invalid extension: 2.5.29.35: Certificate is missing required extension"
    no_ca = says(PYCA, SOUND.put(CA, basic_constraints(False)))
    assert no_ca == (
        "candidates exhausted: basicConstraints.cA must be asserted in a CA certificate"
    )
    odd = SOUND.put(SERVER, subject="x\ny").without(SERVER, "authorityKeyIdentifier")
    assert says(PYCA, odd) == told


@pytest.mark.parametrize(
    ("raised", "kept"),
    [
        ("validation failed: a: b (encountered processing <x\ny>)", "a: b"),
        ("validation failed: a: b", "a: b"),
    ],
)
def test_both_forms_of_what_it_raises(raised: str, kept: str) -> None:
    found = _AROUND.fullmatch(raised)
    assert found is not None and found[1] == kept


def test_what_it_does_not_load_is_told_as_a_traceback_has_it() -> None:
    """With the module, where that is not a builtin's."""
    for place in (SERVER, CA, ROOT):
        told = says(PYCA, SOUND.put(place, version=4))
        assert told == "cryptography.x509.base.InvalidVersion: 3 is not a valid X509 version"
    assert says(PYCA, SOUND, trailing=[CA]).startswith("ValueError: error parsing asn1 value")
    assert says(PYCA, SOUND, host="a b") == "ValueError: invalid domain name"
    assert answer(PYCA, view(SOUND, trailing=[CA]))[0].depth == 0


@pytest.mark.filterwarnings("error")
def test_a_serial_number_of_which_it_warns_raises_nothing() -> None:
    assert says(PYCA, SOUND.put(SERVER, serial=0)) == "connects"

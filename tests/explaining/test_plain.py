# ruff: noqa: E501 -- texts stand as programs print them
"""Plain English: likely, and heard only where no table knows the program's words."""

from __future__ import annotations

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import Explanation, explain
from edgecheck.rules import BUILT_IN

REFUSED = "symptom.refused-without-reason"


def meant(text: str) -> Explanation:
    return explain(text, BUILT_IN, predicted())


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("pump.service: peer name does not match the host name of the broker", "hostname.not-in-san"),
        ("cannot start: the certificate of line 4 has expired", "validity.expired"),
        ("our CA is untrusted, says the box", "trust.root-not-trusted"),
        ("bundle /opt/x/ca.pem does not exist", "symptom.file-not-found"),
        ("lookup gw.plant: server misbehaving", "symptom.name-not-resolved"),
        ("the peer did not send a certificate", "symptom.no-certificate-sent"),
        ("key of the press does not match", "device.key-mismatch"),
        ("negotiation with 10.0.0.7 timed out", "symptom.timed-out"),
        ("TLS alert: bad certificate", "symptom.alert-bad-certificate"),
    ],
)  # fmt: skip
def test_plain_english_is_likely_and_never_certain(text: str, id: str) -> None:
    """Whatever program says so, in words of its own."""
    found = meant(text).meanings
    assert found[0].id == id
    if found[0].id not in ("symptom.timed-out", "symptom.alert-bad-certificate"):
        assert not any(meaning.certain for meaning in found)


def test_plain_english_is_not_heard_beside_words_of_a_program() -> None:
    """MbedTLS's sentence names three possible reasons, of which it tells none."""
    text = "X509 - Certificate verification failed, e.g. CRL, CA or signature check failed"
    assert [meaning.id for meaning in meant(text).meanings] == [REFUSED]

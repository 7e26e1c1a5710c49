"""What the benchmarks compare is comparable: the peers accept what is judged, and are asked it."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.x509.verification import VerificationError

from benchmarks import bars, chains, page, peers, run

# A server certificate of a runtime since 1.2 has the serial number 0, of which it warns. pkilint's
# own parts warn of what they use of each other.
pytestmark = [
    pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(pkilint|pyasn1|validators|iso).*"),
]


@pytest.mark.parametrize("shape", chains.SHAPES)
@pytest.mark.parametrize("peer", peers.PEERS)
def test_a_peer_accepts_the_chain_that_is_measured(peer: str, shape: str) -> None:
    try:
        ask = peers.PEERS[peer]()
    except peers.Missing as missing:
        pytest.skip(str(missing))  # peers are the extra `bench`, which no test needs
    ask(chains.chain(shape))


@pytest.mark.parametrize("shape", chains.SHAPES)
def test_gateways_of_plants_are_sound_and_none_comes_twice(shape: str) -> None:
    made = list(chains.of_plants(shape, 30))
    for each in made:
        peers.cryptography(each)
    assert len({each.presented for each in made}) == 30
    assert {each.presented.count(b"BEGIN") for each in made} == {4 if shape[:3] == "1.1" else 3}


def test_a_peer_that_does_not_accept_ends_the_measurement() -> None:
    other = chains.chain("1.4_p256")._replace(hostname="other.example")
    with pytest.raises(VerificationError):
        peers.cryptography(other)
    with pytest.raises(SystemExit):
        chains.check(other)


def test_the_floor_verifies_each_signature_up_to_the_root() -> None:
    sound = chains.chain("1.4_p256")
    certificates = peers.loaded(peers.everything(sound))
    assert len(certificates) == 4  # the root, which the gateway does not show, is among them
    pairs = peers.with_keys(certificates)
    assert len(pairs) == 3
    peers.verified(pairs)
    (server, _), (_, key), _ = pairs
    with pytest.raises(InvalidSignature):
        peers.verified([(server, key)])  # the intermediate's key did not sign it


def test_a_figure_on_its_bar_meets_it() -> None:
    most, least = bars.Bar("x", 1.2), bars.Bar("x", 15, is_most=False)
    assert (most.is_met(1.2), most.is_met(1.21)) == (True, False)
    assert (least.is_met(15), least.is_met(14.9)) == (True, False)


def test_a_bar_that_is_missed_is_told_and_one_that_was_not_measured_is_not() -> None:
    figures = {"process_help_to_cryptography": 0.91, "rows_gain_to_control_2": "not measured: x"}
    assert list(bars.missed(figures)) == [
        "missed process_help_to_cryptography: 0.91, at most 0.9",
    ]
    assert bars.counts(figures)["bars_measured"] == 1


def test_each_figure_is_one_line_of_name_and_value() -> None:
    assert run.line("check_to_peer", 1.75) == "check_to_peer: 1.750"
    assert (
        run.line("pkilint_to_check", "not measured: why") == "pkilint_to_check: not measured: why"
    )


def test_each_group_has_cases_and_no_case_has_the_name_of_another() -> None:
    for group in run.GROUPS:
        assert run.cases(group, 1_000), group


def test_the_page_gets_the_figures_that_were_measured_and_keeps_the_others() -> None:
    written = """\
<!-- figures: fleet_* -->

```text
fleet_old: 1.000
```

<!-- figures: growth_* -->

```text
growth_old: 2.000
```
"""
    assert page.filled(written, {"fleet_a": 1.5, "fleet_b": "not measured: why", "x": 3.0}) == (
        written.replace("fleet_old: 1.000", "fleet_a: 1.500\nfleet_b: not measured: why")
    )


def test_each_block_of_the_page_has_figures() -> None:
    blocks = page.BLOCK.findall(page.PAGE.read_text(encoding="utf-8"))
    assert len(blocks) > 8
    assert all(lines for _, _, lines, _ in blocks)

"""Where libraries stop on purpose, at the last value that they take and at the next one."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.behaviour import message, raw, work
from edgecheck.behaviour.gnutls.constraints import Constraints
from edgecheck.behaviour.golang import names as golang
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.nss import names as nss
from edgecheck.behaviour.openssl import subtrees as openssl
from edgecheck.behaviour.records import RECORDS
from edgecheck.behaviour.webpki import names as webpki
from edgecheck.reading.certificate import Certificate
from edgecheck.report.predictions import Prediction
from tests.growing import NOW, Made, authority, chain, constraining, dns, extension, pem, server

UNSPECIFIED = 1
PADDING = "1.3.6.1.4.1.99999.1"


def judged(made: Made, limits: edgecheck.Limits | None = None) -> edgecheck.Report:
    validation = edgecheck.Validation(limits=limits or edgecheck.Limits())
    return edgecheck.check(made.presented, made.hostname, made.trust, NOW, validation=validation)


def named(count: int) -> Certificate:
    """A certificate with so many alternative names; its subject has one attribute."""
    made = chain(server(map(dns, range(count - 1))), authority())
    (certificate,) = judged(made).certificates[:1]
    return certificate


def held(count: int) -> raw.Constraints:
    """So many constraints, of which the last one permits all of those names."""
    others = tuple((raw.DNS, b"n%d.example" % number) for number in range(count - 1))
    return raw.Constraints((*others, (raw.DNS, b"plant.example")))


def test_openssl_compares_a_million_names_with_constraints_and_no_more() -> None:
    """NAME_CHECK_MAX, for the attributes of the subject too; seen at 3.0.20."""
    certificate = named(1023)
    assert openssl.violated(certificate, held(1024), True) == 0
    assert openssl.violated(certificate, held(1025), True) == UNSPECIFIED


def test_openssl_counts_constraints_of_whatever_form() -> None:
    mail = tuple((raw.EMAIL, b"m%d.example" % number) for number in range(1024))
    constraints = raw.Constraints((), mail)
    assert openssl.violated(named(1023), constraints, True) == 0
    more = raw.Constraints((*mail[:1],), mail)
    assert openssl.violated(named(1023), more, True) == UNSPECIFIED


def test_go_compared_250_000_times_and_no_more_until_it_sorted_constraints() -> None:
    """Seen at 1.19.8, which has no words for it; what is sorted needs no bound."""
    certificate = named(500)
    assert golang.violated(certificate, held(500), V1_19) is None
    assert golang.violated(certificate, held(501), V1_19) == "x509: unknown error"
    assert golang.violated(certificate, held(501), V1_27) is None


def test_gnutls_compares_a_million_alternative_names_and_no_more() -> None:
    """MAX_NC_CHECKS; the subject does not count; seen at 3.7.9-2+deb12u7."""
    certificate = named(1024)
    for count, allowed in ((1024, True), (1025, False)):
        constraints = Constraints()
        constraints.append(held(count))
        assert constraints.allow(certificate, True) is allowed


def test_webpki_compares_250_000_times_and_no_more() -> None:
    """The subject is one of the names."""
    certificate = named(499)
    assert webpki.violated(certificate, held(500)) is None
    exceeded = "MaximumNameConstraintComparisonsExceeded"
    assert webpki.violated(certificate, held(501)) == exceeded


def test_webpki_counts_over_the_whole_search() -> None:
    made = webpki.Comparisons()
    assert webpki.violated(named(249), held(500), made) is None
    assert webpki.violated(named(249), held(500), made) is None
    assert made.left == 0
    assert webpki.violated(named(1), held(1), made) == webpki.TOO_MANY


@pytest.mark.parametrize("bound", message.BOUNDS, ids=lambda bound: str(bound.most))
def test_a_message_is_taken_up_to_the_bound_and_refused_beyond(bound: message.Bound) -> None:
    """To the byte, by the finding as by the models, whatever a client counts."""
    most = bound.most - bound.before - 2 * bound.each  # of two certificates
    for size, refused in ((most, False), (most + 1, True)):
        report = judged(sized(size))
        assert message.size(report._inquiry._shown().presented) == size  # type: ignore[union-attr]
        (large,) = (each for each in report.findings if each.rule.id == "chain.large")
        named = large.evidence.get("refused_by", ())
        asked = {p.client: p for p in report.predictions if p.verdict != "unknown"}
        for record in RECORDS:
            if message.bound(record.kinds) == bound and record.id in asked:
                assert (large.id in asked[record.id].because) is refused, record.id
                assert any(kind in named for kind in record.known_as) is refused, record.id


@pytest.mark.parametrize("in_pem", [False, True], ids=["DER", "PEM"])
@pytest.mark.parametrize("bound", message.BOUNDS[:4], ids=lambda bound: str(bound.most))
def test_a_byte_behind_a_certificate_counts_once(bound: message.Bound, in_pem: bool) -> None:
    """For the finding as for the models, whether it was cut off or stayed with the certificate."""
    most = bound.most - bound.before - 2 * bound.each  # of two certificates
    for size, refused in ((most - 1, False), (most, True)):
        made = sized(size)
        server, ca = (one.der for one in judged(made).certificates[:2])
        sent = (server, ca + b"\0")
        report = edgecheck.check(pem(*sent) if in_pem else sent, made.hostname, made.trust, NOW)
        assert report._inquiry is not None
        assert bool(bound.refused(report._inquiry._shown())) is refused
        (large,) = (each for each in report.findings if each.rule.id == "chain.large")
        named = set(large.evidence.get("refused_by", ()))
        meant = [set(r.known_as) for r in RECORDS if message.bound(r.kinds) == bound]
        assert all(bool(named & kinds) is refused for kinds in meant)


def sized(size: int) -> Made:
    """A chain whose certificates make a message of exactly so many bytes.

    A signature may be a byte shorter or longer, so that some fillings have to be tried.
    """
    ca, padding = authority(), size - 1_000
    for filling in range(250):
        leaf = server(more=[extension(PADDING, bytes([filling]) * padding)])
        found = 3 + len(leaf) + 3 + len(ca) + 3
        if found == size:
            return chain(leaf, ca)
        padding += size - found
    raise AssertionError(size)


def test_clients_say_that_the_message_is_too_large() -> None:
    """Seen with a chain of 120 KiB: Python 3.11, Node.js 20, curl 7.88 and Go 1.19.8."""
    told = said(judged(sized(120 * 1024)).predictions)
    assert told["py311-ssl-ossl3.0.19"] == (
        "ssl.SSLError: [SSL: EXCESSIVE_MESSAGE_SIZE] excessive message size (_ssl.c:1006)"
    )
    assert told["node20-ossl3.0.19"] == "ERR_SSL_EXCESSIVE_MESSAGE_SIZE"
    assert told["curl7.88-ossl3.0"].endswith("error:0A000098:SSL routines::excessive message size")
    assert told["openssl3.0.19-s_client"].startswith("error:0A000098:SSL routines:")
    assert told["go1.19.8"].endswith("bytes exceeds maximum of 65536 bytes")
    assert told["openssl3.0.19-verify"] == ""  # it reads files, and no message


def said(predictions: tuple[Prediction, ...]) -> dict[str, str]:
    return {prediction.client: prediction.says for prediction in predictions}


def test_a_meter_lets_through_what_is_left_and_not_a_step_more() -> None:
    meter = work.Meter(80)
    with work.bounded(meter):
        work.begin()
        work.spend(10)  # an eighth
        with pytest.raises(work.Spent):
            work.spend(1)
        work.begin()
        work.spend(10)
    assert meter.left == 60


def test_without_a_meter_there_is_no_bound() -> None:
    work.begin()
    work.spend(1 << 40)


def test_what_needs_more_work_than_allowed_is_unknown_and_never_accepted() -> None:
    mails = [raw_name(number) for number in range(60)]
    made = chain(server(mails), authority(more=[constraining([*mails, dns(0, "plant.example")])]))
    free = {p.client: p.verdict for p in judged(made).predictions}
    tight = judged(made, edgecheck.Limits(model_steps=8)).predictions
    stopped = [p for p in tight if p.says == work.TOLD]
    assert {p.verdict for p in stopped} == {"unknown"}
    assert "py311-ssl-ossl3.0.19" in {p.client for p in stopped}
    assert all(p.verdict in ("unknown", free[p.client]) for p in tight)


def raw_name(number: int) -> bytes:
    return b"\x81\x0fu%03d@plant.test" % number


def test_nss_has_no_bound_of_its_own_and_spends_the_meter() -> None:
    names = [(raw.EMAIL, b"a@b.example")] * 20
    constraints = raw.Constraints((), ((raw.EMAIL, b"c.example"),) * 20)
    with work.bounded(work.Meter(8 * 100)):
        work.begin()
        with pytest.raises(work.Spent):
            nss.within(constraints, names)
    assert nss.within(constraints, names)

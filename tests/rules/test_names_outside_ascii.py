"""Clients that are told a name as people write it, and a certificate for it as DNS does."""

import pytest

from edgecheck.behaviour.host_names import never_taking
from edgecheck.behaviour.refusers import Refuser
from fixtures.extensions import authority_key_id, subject_alt_name
from fixtures.stock import HOSTNAME, stock_15
from tests.contradictions import contradictions
from tests.test_found_by_fuzzing import checked, found, refused_by, verdicts

R = Refuser
RULE = "hostname.not-a-host-name"


@pytest.mark.parametrize(
    ("asked", "carried"),
    [
        ("b\xfccher.local", "xn--bcher-kva.local"),
        ("iotedg\xadegw.local", HOSTNAME),
        ("\ufeffiotedgegw.local", HOSTNAME),
        ("iotedgegw\uff0elocal", HOSTNAME),
    ],
    ids=["a letter", "a soft hyphen", "a mark of byte order", "a wide dot"],
)
def test_who_does_not_convert_a_name_refuses_the_one_that_dns_has(asked: str, carried: str) -> None:
    """Also where nobody sees that there is a sign in it; the remedy is the name to write."""
    server = subject_alt_name(dns=[carried, "edgehub"])
    report = checked(stock_15("ec").with_extension("server", server), hostname=asked)
    finding = found(report, RULE)
    assert {R.GO, R.NODE_TYPED, R.S_CLIENT} <= refused_by(finding)
    assert not {R.PYTHON, R.DOTNET, R.CURL, R.JAVA} & refused_by(finding)
    assert f'"{carried}"' in str(finding.remedy)
    assert not contradictions(report)


def test_it_is_found_beside_another_error() -> None:
    """Where no net looks for who refuses: Go does not look at the identifier that is wrong."""
    wrong = authority_key_id(bytes(20))
    report = checked(stock_15("ec").with_extension("server", wrong), hostname="iotedg\xadegw.local")
    assert R.GO not in refused_by(found(report, "chain.key-identifier-mismatch"))
    assert R.GO in refused_by(found(report, RULE))
    assert verdicts(report)["go1.27.3"] == "reject"
    assert not contradictions(report)


def test_the_name_of_dns_has_no_finding() -> None:
    """The form with xn-- is a host name like any other."""
    server = subject_alt_name(dns=["xn--bcher-kva.local", "edgehub"])
    gateway = stock_15("ec").with_extension("server", server)
    report = checked(gateway, hostname="xn--bcher-kva.local")
    assert report.ok
    assert RULE not in {each.rule.id for each in report.findings}


def test_an_asterisk_that_some_do_not_take_is_named_beside_the_name() -> None:
    """To write the name otherwise would not help with Python, which takes no *.local."""
    gateway = stock_15("ec").with_extension("server", subject_alt_name(dns=["*.local"]))
    report = checked(gateway, hostname="b\xfccher.local")
    assert R.PYTHON in refused_by(found(report, "hostname.wildcard"))
    assert R.GO in refused_by(found(report, RULE))
    assert R.GO not in refused_by(found(report, "hostname.wildcard"))
    assert verdicts(report)["java17-jsse"] == "accept"
    assert not contradictions(report)


def test_who_converts_a_name_takes_it_from_some_certificate() -> None:
    """So that nobody is named who would take the name of DNS."""
    assert not {R.PYTHON, R.DOTNET, R.CURL, R.JAVA} & never_taking("b\xfccher.local")

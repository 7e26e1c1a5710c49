"""Names in what the runtime makes, by its version: letter case, addresses, modules, order."""

from __future__ import annotations

import pytest

from edgecheck.device import parse_runtime
from edgecheck.predicting.names import DNS, IP, alt_names, quickstart_name, sanitised, server_name

UPPER = "GW-1.Plant7.Local"


def shown(hostname: str, runtime: str, module: str = "$edgeHub") -> list[str]:
    """The alternative names as `DNS:gw` and `IP:0a010203`."""
    names = alt_names(hostname, module, parse_runtime(runtime))
    words = {DNS: lambda value: f"DNS:{value.decode()}", IP: lambda value: f"IP:{value.hex()}"}
    return [words[tag](value) for tag, value in names]


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [
        ("1.0.0", []),
        ("1.0.5", []),
        ("1.0.6", ["DNS:gw-1plant7local", "DNS:edgehub"]),
        ("1.0.6.1", ["DNS:gw-1.plant7.local", "DNS:edgehub"]),
        ("1.0", ["DNS:gw-1.plant7.local", "DNS:edgehub"]),
        ("1.1", ["DNS:gw-1.plant7.local", "DNS:edgehub"]),
        ("1.2.0", ["DNS:edgehub", "DNS:gw-1.plant7.local"]),
        ("1.2.10", ["DNS:edgehub", "DNS:gw-1.plant7.local"]),
        ("1.3.0", ["DNS:GW-1.Plant7.Local", "DNS:$edgeHub"]),
        ("1.4.0", ["DNS:GW-1.Plant7.Local", "DNS:edgeHub"]),
        ("1.5", ["DNS:GW-1.Plant7.Local", "DNS:edgeHub"]),
        ("1.6", ["DNS:GW-1.Plant7.Local", "DNS:edgeHub"]),
    ],
)
def test_each_version_writes_alternative_names_in_its_own_way(
    runtime: str, expected: list[str]
) -> None:
    """None before 1.0.6, lower case up to 1.2, the module first in 1.2 alone."""
    assert shown(UPPER, runtime) == expected


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [
        ("1.1", ["DNS:10.1.2.3", "DNS:edgehub"]),
        ("1.2", ["DNS:edgehub", "IP:0a010203"]),
        ("1.3", ["IP:0a010203", "DNS:$edgeHub"]),
        ("1.5", ["IP:0a010203", "DNS:edgeHub"]),
    ],
)
def test_an_address_is_a_dns_name_up_to_1_1_and_an_address_later(
    runtime: str, expected: list[str]
) -> None:
    assert shown("10.1.2.3", runtime) == expected


def test_an_address_of_ipv6_has_sixteen_octets_and_no_brackets() -> None:
    assert shown("fd00::1", "1.5")[0] == "IP:fd000000000000000000000000000001"
    assert shown("[fd00::1]", "1.5")[0] == "DNS:[fd00::1]"


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [("1.1", "myfilter-2"), ("1.2", "myfilter-2"), ("1.3", "My.Filter-2"), ("1.4", "My.Filter-2")],
)
def test_another_module_is_sanitised_up_to_1_2(runtime: str, expected: str) -> None:
    assert f"DNS:{expected}" in shown("gw", runtime, "My.Filter-2")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("$edgeHub", "edgehub"),
        ("1-gw_7.", "gw7"),
        ("-a-b-", "a-b"),
        ("a" * 64, "a" * 63),
        ("123", ""),
        ("Ä-gw", "gw"),
    ],
)
def test_a_sanitised_name_is_a_label_that_begins_with_a_letter(name: str, label: str) -> None:
    assert sanitised(name) == label


def test_a_module_of_which_nothing_is_left_is_left_out() -> None:
    assert shown("gw.local", "1.1", "$1") == ["DNS:gw.local"]


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [("1.0", "gw"), ("1.1", "gw"), ("1.2.10", "gw"), ("1.3.0", "GW"), ("1.6", "GW")],
)
def test_the_common_name_is_in_lower_case_up_to_1_2(runtime: str, expected: str) -> None:
    assert server_name("GW", parse_runtime(runtime)) == expected


@pytest.mark.parametrize(
    ("runtime", "device_id", "expected"),
    [
        ("1.2", None, "iotedged workload ca gw.local"),
        ("1.3", "edge-7", "aziot-edge CA edge-7"),
        ("1.5", "d" * 60, "aziot-edge CA " + "d" * 50),
    ],
)
def test_the_quickstart_ca_is_called_after_host_or_device(
    runtime: str, device_id: str | None, expected: str
) -> None:
    """From 1.3 on the name ends after 64 characters."""
    assert quickstart_name("GW.local", device_id, parse_runtime(runtime)) == expected

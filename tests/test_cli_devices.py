"""The options of `check` about devices and ends: what is asked of the library, what is refused."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from edgecheck import cli
from edgecheck.adapters.files import Refused
from edgecheck.commands.registration import registration, validation
from fixtures.identity.recipe import INTERMEDIATE, ROOT, device
from fixtures.pki import pem

SHA1, SHA256 = "88d6a00b99ef5ce2527f232a0e47eb256895331a", "ab" * 32
KEY = "c2VjcmV0IGtleSBvZiBhIGRldmljZQ=="
SHOWN: Mapping[str, Any] = {
    "authentication": {
        "symmetricKey": {"primaryKey": KEY, "secondaryKey": KEY},
        "type": "selfSigned",
        "x509Thumbprint": {"primaryThumbprint": SHA1.upper(), "secondaryThumbprint": None},
    },
    "capabilities": {"iotEdge": False},
    "deviceId": "sensor-7",
    "deviceScope": "ms-azure-iot-edge://gw-638",
    "status": "enabled",
}
"""As `az iot hub device-identity show` prints it."""
TWIN: Mapping[str, Any] = {
    "authenticationType": "selfSigned",
    "deviceId": "sensor-7",
    "status": "enabled",
    "x509Thumbprint": {"primaryThumbprint": SHA1, "secondaryThumbprint": SHA256},
}
"""As `az iot hub device-twin show` prints it."""


def told(*words: str) -> Any:
    return registration({"registration": words, "purpose": "client"})


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (["ca"], {"authentication": "certificateAuthority"}),
        (["sas"], {"authentication": "sas"}),
        (["id=sensor-7"], {"device_id": "sensor-7"}),
        (
            ["ca", "id=Sensor 7=x"],
            {"authentication": "certificateAuthority", "device_id": "Sensor 7=x"},
        ),
        (
            [f"thumbprint={SHA1}", f"thumbprint={SHA256}"],
            {"authentication": "selfSigned", "thumbprints": [SHA1, SHA256]},
        ),
        (
            ["thumbprint=" + ":".join(SHA1[at : at + 2] for at in range(0, 40, 2)).upper()],
            {"authentication": "selfSigned", "thumbprints": [SHA1]},
        ),
        ([], None),
    ],
)
def test_words_tell_how_a_device_is_registered(words: Sequence[str], known: Any) -> None:
    """Each may be given more than once; a thumbprint in whichever writing."""
    assert told(*words) == known


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        (
            SHOWN,
            {
                "device_id": "sensor-7",
                "authentication": "selfSigned",
                "thumbprints": [SHA1.upper()],
                "status": "enabled",
            },
        ),
        ([SHOWN], None),
        (
            TWIN,
            {
                "device_id": "sensor-7",
                "authentication": "selfSigned",
                "thumbprints": [SHA1, SHA256],
                "status": "enabled",
            },
        ),
        (
            {
                "deviceId": "x",
                "authentication": {
                    "type": "certificateAuthority",
                    "x509Thumbprint": {"primaryThumbprint": None, "secondaryThumbprint": None},
                },
            },
            {"device_id": "x", "authentication": "certificateAuthority"},
        ),
        (
            {"deviceId": "x", "authentication": {"type": "certificateThumbprint"}},
            {"device_id": "x", "authentication": "selfSigned"},
        ),
        (
            {"deviceId": "x", "authentication": {"type": "tpm"}},
            {"device_id": "x", "authentication": "tpm"},
        ),
        ({"deviceId": "x"}, {"device_id": "x"}),
        ({"deviceId": "x", "moduleId": "m"}, {"device_id": "x", "module_id": "m"}),
    ],
)
def test_a_file_tells_how_a_device_is_registered(
    tmp_path: Path, shown: Any, known: Mapping[str, Any] | None
) -> None:
    """What az prints is taken as it is, a list of one and a byte order mark included."""
    for head in (b"", b"\xef\xbb\xbf"):
        file = tmp_path / "device.json"
        file.write_bytes(head + json.dumps(shown).encode())
        assert told(str(file)) == (told_of(SHOWN, tmp_path) if known is None else known)


def told_of(shown: Any, folder: Path) -> Any:
    file = folder / "other.json"
    file.write_text(json.dumps(shown))
    return told(str(file))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["thumbprint=12"], "40 or 64 hexadecimal digits"),
        (["thumbprint=" + "g" * 40], "40 or 64 hexadecimal digits"),
        (["thumbprint"], "write ca, thumbprint=HEX"),
        (["ca=x"], "write ca, thumbprint=HEX"),
        (["id="], "write ca, thumbprint=HEX"),
        (["nowhere.json"], "write ca, thumbprint=HEX"),
        (["ca", "sas"], "certificateAuthority was said before it"),
        (["ca", f"thumbprint={SHA1}"], "certificateAuthority was said before it"),
        (["id=a", "id=b"], "a was said before it"),
    ],
)
def test_what_is_no_registration_is_refused(words: Sequence[str], why: str) -> None:
    """And says what to write."""
    with pytest.raises(Refused, match=why):
        told(*words)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is not one device's identity"),
        (json.dumps([SHOWN, SHOWN]), "it is not one device's identity"),
        ('{"moduleId": "m"}', "it is not one device's identity"),
        ('{"deviceId": 7}', "it is not one device's identity"),
    ],
)
def test_a_file_that_is_no_identity_is_refused(tmp_path: Path, text: str, why: str) -> None:
    """Its text is not printed: it may hold keys."""
    file = tmp_path / "device.json"
    file.write_text(text)
    with pytest.raises(Refused, match=why) as refused:
        told(str(file))
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "within"),
    [
        ([], ()),
        (["60"], 60),
        (["30", "60"], 60),
        (["root=365"], (("root", 365),)),
        (["root=365", "device-ca=0"], (("root", 365), ("device-ca", 0))),
    ],
)
def test_days_are_for_all_roles_or_for_some(words: Sequence[str], within: Any) -> None:
    """As `Validation` has them."""
    assert validation({"purpose": "server", "expires_within": words}).expires_within == within


def test_a_role_of_its_own_goes_before_days_for_all() -> None:
    """In whichever order they are said."""
    for words in (["60", "root=365"], ["root=365", "60"]):
        found = validation({"purpose": "server", "expires_within": words})
        assert found.days_before("root") == 365
        assert found.days_before("intermediate") == 60


@pytest.mark.parametrize("word", ["soon", "-1", "", "root=", "1e9", "9999999", "²"])
def test_what_is_no_number_of_days_is_refused(word: str) -> None:
    """With an example."""
    with pytest.raises(Refused, match="write days, such as 60, or root=365"):
        validation({"purpose": "server", "expires_within": [word]})


def test_a_role_that_there_is_not_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(Refused, match="no such role; known are server, "):
        validation({"purpose": "server", "expires_within": ["gateway=9"]})


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """A sound certificate of a device, and what to judge it by."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    chain, trust = tmp_path / "device.pem", tmp_path / "root.pem"
    chain.write_bytes(pem(device(), INTERMEDIATE))
    trust.write_bytes(pem(*ROOT))
    return (
        *("check", str(chain), "--trust", str(trust), "--at", "2026-11-23T12:00:00Z"),
        *("--runtime", "1.5"),
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--registration", "ca", "--registration", "id=sensor-7"], 0),
        (["--registration", "ca", "--registration", "id=sensor-8"], 1),
        (["--registration", f"thumbprint={SHA1}"], 1),
        (["--expires-within", "9", "--fail-on", "warning"], 0),
        (["--expires-within", "9999", "--fail-on", "warning"], 1),
    ],
)
def test_the_options_arrive(
    files: tuple[str, ...],
    words: Sequence[str],
    status: int,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The exit status tells."""
    assert cli.main([*files, "--purpose", "client", "--quiet", *words]) == status
    assert capfd.readouterr() == ("", "")


def test_a_registration_is_a_devices(
    files: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    """Without the purpose it would have no effect, so it is a mistake of the call."""
    assert cli.main([*files, "--registration", "ca"]) == 2
    assert "add --purpose client" in capfd.readouterr().err

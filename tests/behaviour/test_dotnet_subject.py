"""What edgeHub takes for a common name: the text that .NET writes, taken apart at commas."""

from __future__ import annotations

import pytest

from edgecheck.behaviour.dotnet.subject import common_name_for_edge_hub
from edgecheck.reading.names import name
from fixtures import der

Parts = list[list[tuple[str, str]]]


def read(*rdns: list[tuple[str, str]]) -> str | None:
    """Of a subject with these relative names, the first one first."""
    return common_name_for_edge_hub(
        name(
            der.sequence(
                *(
                    der.tlv(
                        0x31,
                        *(
                            der.sequence(der.oid(kind), der.tlv(0x0C, value.encode()))
                            for kind, value in rdn
                        ),
                    )
                    for rdn in rdns
                )
            )
        )
    )


CN, ORG = "2.5.4.3", "2.5.4.10"


@pytest.mark.parametrize("value", ["sensor-7", "a b", "x:y", "a.b@c", "Gerät", "50%", "(1)!*?$_'"])
def test_most_names_are_read_as_they_are(value: str) -> None:
    """Also those with the other signs that IoT Hub allows in an id."""
    assert read([(ORG, "Contoso")], [(CN, value)]) == value


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("a,b", '"a'),
        ("a=b", '"a'),
        ("a#b", '"a#b"'),
        ("a;b", '"a;b"'),
        ("a+b", '"a+b"'),
        (" a", '" a"'),
        ('a"b', '"a""b"'),
    ],
)
def test_what_dotnet_quotes_is_read_with_its_quotes_or_in_part(value: str, taken: str) -> None:
    """So no device with such an id is ever known."""
    assert read([(CN, value)]) == taken


def test_of_several_common_names_the_first_counts() -> None:
    """.NET writes the last one first, and edgeHub takes the last that it meets."""
    assert read([(CN, "first")], [(ORG, "x")], [(CN, "last")]) == "first"


@pytest.mark.parametrize(
    ("rdns", "taken"),
    [
        ([[(ORG, "Contoso")]], None),
        ([[(ORG, "x"), (CN, "a")]], None),
        ([[(CN, "a"), (ORG, "x")]], "a + O"),
        ([[(ORG, "x, CN=evil")], [(CN, "a")]], 'evil"'),
    ],
)
def test_where_the_common_name_is_not_by_itself(rdns: Parts, taken: str | None) -> None:
    """Beside another attribute, or in the text of one."""
    assert read(*rdns) == taken

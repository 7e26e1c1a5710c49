"""Texts of configuration: what is read, refused in words without secrets, and merged."""

from __future__ import annotations

import pytest

from edgecheck.configuring.texts import (
    Broken,
    characters,
    mended,
    merged,
    repeated,
    stray,
    table_of,
)

SECRET = "c2VjcmV0IGtleSBvZiBhIGRldmljZQ=="


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("config.toml", f'a = 1\nkey = "{SECRET}', "line 2"),
        ("config.toml", f'a = 1\na = "{SECRET}"', "line 2"),
        ("config.toml", f"[a]\n[b]\n[a]\nkey = '{SECRET}'", "line 3"),
        ("config.toml", f"key = {SECRET}", "line 1"),
        ("config.toml", f"connection_string = “{SECRET}”", "line 1"),
        ("config.yaml", f'a:\n  b: "{SECRET}', "line"),
        ("config.yaml", f"a: {SECRET}: b: c", "line 1"),
        ("config.yaml", f"a:\n\tkey: {SECRET}", "line 2"),
        ("config.yaml", f"- {SECRET}", "line 1"),
        ("config.yaml", f"!!python/object/apply:os.system ['{SECRET}']", "line 1"),
        ("config.yaml", f"a: &a [*a, {SECRET}", "line"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line_and_never_repeated(
    path: str, text: str, line: str
) -> None:
    with pytest.raises(Broken) as told:
        table_of(path, text.encode())
    assert line in str(told.value)
    assert SECRET not in str(told.value)
    assert SECRET[:8] not in str(told.value)


def test_what_is_no_utf_8_is_told_by_its_line() -> None:
    with pytest.raises(Broken, match="line 2: it is not UTF-8"):
        table_of("config.toml", b"a = 1\nb = '\xe4'")


def test_nothing_in_yaml_is_carried_out() -> None:
    with pytest.raises(Broken):
        table_of("config.yaml", b"a: !!python/object/new:os.system [echo]")


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff"])
def test_an_empty_file_has_no_settings(text: str) -> None:
    assert table_of("config.toml", text.encode()) == table_of("config.yaml", text.encode()) == {}


def test_a_byte_order_mark_and_any_line_end_are_passed_over() -> None:
    assert table_of("config.toml", b"\xef\xbb\xbfa = 1\r\nb = 2\r\n") == {"a": 1, "b": 2}


def test_stray_characters_are_found_by_their_lines() -> None:
    """Not in comments, and tabs in YAML alone."""
    data = "a: “x”\n\tb: 1\n# “no”\n \tc: 1 # “no”\n".encode()
    facts = characters("config.yaml", data)
    assert (facts["typographic_quotes"], facts["tabs"]) == ([1], [2, 4])
    assert stray(facts, "config.yaml")
    assert characters("config.toml", data)["tabs"] == []
    plain = characters("config.toml", b"\xef\xbb\xbfa = 1\n\tb = 2\n")
    assert plain["byte_order_mark"] is True
    assert not stray(plain, "config.toml")


def test_daemons_files_are_merged_as_the_daemons_do() -> None:
    """The example of `merge_toml` in config-common/src/lib.rs."""
    base = table_of("a.toml", b'a = "A"\np = { s = "B" }\n[[t]]\nk = "E"\n[t2]\nx = 1\n')
    patch = table_of("b.toml", b'a = "A2"\nn = 1\np = { s = "B2", u = 3 }\n[[t]]\nk = "G"\n')
    assert merged([base, patch]) == {
        "a": "A2",
        "n": 1,
        "p": {"s": "B2", "u": 3},
        "t": [{"k": "E"}, {"k": "G"}],
        "t2": {"x": 1},
    }
    assert merged([]) == {}
    assert base["a"] == "A", "what was read is left as it was"


@pytest.mark.parametrize(
    ("path", "text", "table"),
    [
        ("config.toml", "a = “x”\nb = ‘y’\n", {"a": "x", "b": "y"}),
        ("config.yaml", "a:\n\tb: 1\n", {"a": {"b": 1}}),
        ("config.toml", "a = “x\n", None),
        ("config.yaml", "a: [\n", None),
    ],
)
def test_what_else_a_file_with_stray_characters_says_is_read(
    path: str, text: str, table: dict[str, object] | None
) -> None:
    assert mended(path, text.encode()) == table


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\n", {}),
        ("a: 1\nb: 2\na: 3\n", {"a": 3}),
        ("a:\n  x: 1\n  y: 2\n  x: 3\nb:\n  x: 1\n", {"a.x": 4}),
        ("- a\n- a\n", {}),
        ("a: [1, 1]\n", {}),
        ("[a, b]: 1\n[a, b]: 2\n", {}),
        ("a: b: c", {}),
        ("", {}),
    ],
)
def test_a_key_that_stands_twice(text: str, found: dict[str, int]) -> None:
    """By its whole name, with the line of the last; only in one and the same table."""
    assert repeated(text.encode()) == found


def test_a_table_of_the_configuration_is_named_and_other_names_are_not() -> None:
    """Names that IoT Edge gives are no secrets; whatever else stands there may be one."""
    with pytest.raises(Broken, match=r"line 2: the table \[edge_ca\] stands twice"):
        table_of("config.toml", b"[edge_ca]\n[edge_ca]\n")
    with pytest.raises(Broken, match=r"line 2: cannot declare \.\.\. twice"):
        table_of("config.toml", b"[hunter2]\n[hunter2]\n")

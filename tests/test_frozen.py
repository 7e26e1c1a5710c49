"""Values made by `frozen` are what dataclasses that are frozen and have slots would be."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from edgecheck.values import frozen


@frozen
class Point:
    """What the tests make."""

    x: int
    y: int = 2
    more: list[int] = field(default_factory=list, compare=False)


@frozen
class Named(Point):
    """Further fields below those of the class above."""

    name: str = field(default="", repr=False)


@frozen
class Checked:
    """It says what it accepts, and how it is shown."""

    x: int

    def __post_init__(self) -> None:
        """Refuse what is negative."""
        if self.x < 0:
            raise ValueError("negative")

    def __repr__(self) -> str:
        """Show it in short."""
        return f"<{self.x}>"


@frozen
class Empty:
    """Without a field, as Python allows."""


def test_arguments_and_defaults_go_to_the_fields_of_each_new_value() -> None:
    first, second = Point(1), Point(x=1, y=3, more=[4])
    assert (first.x, first.y, first.more) == (1, 2, [])
    assert (second.x, second.y, second.more) == (1, 3, [4])
    assert Point(1).more is not Point(1).more
    assert Named(1, 2, [], "n").name == "n"


@pytest.mark.parametrize("arguments", [{}, {"x": 1, "z": 2}])
def test_wrong_arguments_are_refused_the_first_time_and_later(arguments: dict[str, Any]) -> None:
    @frozen
    class Fresh:
        """Of which none was made yet."""

        x: int

    for _ in range(2):
        with pytest.raises(TypeError, match=r"__init__\(\)"):
            Fresh(**arguments)


def test_nothing_can_be_changed_nor_added() -> None:
    point = Point(1)
    for name in ("x", "z"):
        with pytest.raises(FrozenInstanceError):
            setattr(point, name, 5)
    with pytest.raises(FrozenInstanceError):
        del point.x  # type: ignore[misc]
    assert not hasattr(point, "__dict__")


def test_equality_and_hash_are_of_the_fields_that_are_compared_and_of_one_class() -> None:
    assert Point(1) == Point(1, 2, [9])
    assert hash(Point(1)) == hash(Point(1, 2, [9]))
    assert Point(1) != Point(2)
    assert Point(1, 2) != Named(1, 2)
    assert Point(1) != (1, 2)
    assert Empty() == Empty()
    assert len({Empty(), Empty()}) == 1


def test_it_is_shown_as_a_dataclass_is() -> None:
    @dataclass(frozen=True, slots=True)
    class Ordinary:
        """The same by the standard library."""

        x: int
        y: int = field(repr=False)

    @frozen
    class Ours:
        """The same by ours."""

        x: int
        y: int = field(repr=False)

    assert repr(Ours(1, 2)) == repr(Ordinary(1, 2)).replace("Ordinary", "Ours")


def test_methods_of_its_own_are_kept() -> None:
    assert repr(Checked(3)) == "<3>"
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)


def test_it_is_copied_pickled_and_replaced_with_equal_values() -> None:
    named = Named(1, 5, [7], "n")
    for again in (copy.copy(named), copy.deepcopy(named), pickle.loads(pickle.dumps(named))):
        assert again == named
        assert (again.more, again.name) == ([7], "n")
    assert pickle.loads(pickle.dumps(Empty())) == Empty()
    assert replace(named, y=6) == Named(1, 6, [7], "n")
    assert [each.name for each in fields(named)] == ["x", "y", "more", "name"]


def test_its_signature_is_that_of_a_dataclass() -> None:
    @dataclass(frozen=True, slots=True)
    class Ordinary:
        """The same by the standard library."""

        x: int
        y: str = "n"
        more: list[int] = field(default_factory=list)

    @frozen
    class Ours:
        """The same by ours."""

        x: int
        y: str = "n"
        more: list[int] = field(default_factory=list)

    assert str(inspect.signature(Ours)) == str(inspect.signature(Ordinary))


def test_a_class_below_it_may_be_an_ordinary_frozen_dataclass() -> None:
    @dataclass(frozen=True)
    class Below(Point):
        """As users of the library may write."""

        name: str = ""

    assert Below(1, name="n") == Below(1, 2, [], "n")


def test_it_is_matched_by_position() -> None:
    match Point(1, 4):
        case Point(x, y):
            assert (x, y) == (1, 4)


def test_a_class_below_it_without_fields_is_a_value_too() -> None:
    """Two of that class are equal where their fields are, and neither equals one from above."""

    class Below(Point):
        """As users of the library may write, with a method or two."""

    assert Below(1) == Below(1)
    assert Below(1) != Below(2)
    assert Below(1) != Point(1)
    assert Point(1) != Below(1)


def test_a_class_below_it_with_its_own_init_shows_that_one() -> None:
    """Documentation tools and `help` ask; those of the class above would be refused."""

    class Below(Point):
        """It takes something else."""

        def __init__(self, name: str) -> None:
            super().__init__(len(name))

    @dataclass(frozen=True)
    class Ordinary(Point):
        """One field more."""

        name: str = ""

    assert str(inspect.signature(Below)) == "(name: str) -> None"
    assert list(inspect.signature(Ordinary).parameters) == ["x", "y", "more", "name"]
    assert list(inspect.signature(Point).parameters) == ["x", "y", "more"]

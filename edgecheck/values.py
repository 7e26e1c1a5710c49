"""Frozen values, which cost nothing until the first one is made.

`@dataclass(frozen=True, slots=True)` compiles six functions for each class as soon as its module
is imported. For all classes of this package that was a tenth of the time of `edgecheck check`,
most of it for classes of which a sound chain needs none. A `frozen` one is a dataclass as well
(`fields()`, `replace()`, `match`); its `__init__` is compiled when the first one is made, and all
else is shared.

Whoever inspects one sees no difference: its signature is that of the compiled `__init__`, and its
parameters say that it is frozen.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
_PARAMS = "__dataclass_params__"


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Return the class as a frozen dataclass with slots; methods that it defines are kept."""
    above = [vars(c)[_PARAMS] for c in cls.__mro__[1:] if _PARAMS in vars(c)]
    for each in above:  # what is frozen may not be inherited by what is not, as this is at first
        each.frozen = False
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    for each in (*above, made.__dataclass_params__):
        each.frozen = True
    every = fields(made)
    compared = _values([each.name for each in every if each.compare])
    hashed = _values([e.name for e in every if (e.compare if e.hash is None else e.hash)])

    def first(self: Any, *args: Any, **named: Any) -> None:
        made.__init__ = _init(made, every)
        made.__init__(self, *args, **named)

    def equal(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:  # which may be a class below, without fields
            return NotImplemented
        return compared(self) == compared(other)

    own = vars(made)
    if "__eq__" not in own:
        made.__eq__ = equal
    if own.get("__hash__") is None:
        made.__hash__ = lambda self: hash(hashed(self))
    for name in _SHARED:
        if name not in own:
            setattr(made, name, vars(_Shared)[name])
    made.__init__ = first
    made.__signature__ = _Signature(made, every)
    return made  # type: ignore[no-any-return]


class _Made:
    """What stands in a signature for a default that is made anew for each instance."""

    def __repr__(self) -> str:
        return "<factory>"


_MADE = _Made()


class _Signature:
    """The signature of a class, worked out when somebody asks (`inspect.signature`, `help`).

    Of a class below it that has an `__init__` of its own, it is the signature of that one.
    """

    def __init__(self, made: type, every: tuple[Field[Any], ...]) -> None:
        """Keep the class and its fields."""
        self.made = made
        self.every = every

    def __get__(self, instance: object, owner: type) -> Any:
        from inspect import signature

        home = next(c for c in owner.__mro__ if "__init__" in vars(c))
        init = _init(owner, self.every) if home is self.made else vars(home)["__init__"]
        of_init = signature(init)
        return of_init.replace(parameters=tuple(of_init.parameters.values())[1:])


class _Shared:
    """The methods that are the same for all values."""

    def __setattr__(self, name: str, to: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    @recursive_repr()
    def __repr__(self: Any) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def __getstate__(self: Any) -> list[Any]:
        return [getattr(self, each.name) for each in fields(self)]

    def __setstate__(self: Any, state: list[Any]) -> None:
        for each, to in zip(fields(self), state, strict=True):
            object.__setattr__(self, each.name, to)


_SHARED = ("__setattr__", "__delattr__", "__repr__", "__getstate__", "__setstate__")


def _values(names: list[str]) -> Callable[[Any], Any]:
    """What of an instance is compared: one value, or a tuple of them."""
    return attrgetter(*names) if names else lambda instance: ()


def _init(made: type, every: tuple[Field[Any], ...]) -> Callable[..., None]:
    """Compile `__init__`, with the defaults of the fields; their names are the only text in it."""
    known: dict[str, Any] = {"_put": object.__setattr__, "_missing": _MADE}
    given, lines = [], []
    for number, each in enumerate(every):
        name, what = each.name, each.name
        known |= {f"_default{number}": each.default, f"_new{number}": each.default_factory}
        if each.default_factory is not MISSING:
            what = f"_new{number}() if {name} is _missing else {name}"
            given.append(f"{name}=_missing")
        else:
            given.append(name if each.default is MISSING else f"{name}=_default{number}")
        lines.append(f" _put(self, {name!r}, {what})")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__(self, {', '.join(given)}):\n" + "\n".join(lines or [" pass"]), known)
    compiled: Callable[..., None] = known["__init__"]
    compiled.__annotations__ = {each.name: each.type for each in every} | {"return": None}
    compiled.__qualname__ = f"{made.__qualname__}.__init__"
    return compiled

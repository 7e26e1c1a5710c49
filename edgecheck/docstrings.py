"""The prose of a function, also where Python was told to leave out docstrings (-OO).

What a rule says to its reader stands in its docstring. `python -OO` and PYTHONOPTIMIZE=2 drop
docstrings from what they run, yet not from the sources beside it: there they are read, when one is
asked for, be it in a folder, in a zip file or in a wheel.
"""

import inspect
from collections.abc import Callable
from typing import Any

REMOVED = "this text was left out when edgecheck was compiled (python -OO, without its sources)"


def docstring(function: Callable[..., Any]) -> str:
    """Return the docstring without its indentation; REMOVED where it is nowhere to be had.

    A function that has none gives an empty text, where Python can tell.
    """
    if function.__doc__ is not None:
        return inspect.cleandoc(function.__doc__)
    if __debug__:
        return ""  # docstrings are there, so this function has none
    return in_source(function)


def in_source(function: Callable[..., Any]) -> str:
    """Return the same from the function's source; REMOVED where there is none."""
    import ast
    import textwrap

    try:
        made = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return REMOVED
    if not isinstance(made, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return REMOVED
    return ast.get_docstring(made) or ""

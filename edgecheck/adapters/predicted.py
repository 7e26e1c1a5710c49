"""Which rules stand behind the texts that clients are predicted to print: shipped as data."""

import json
from functools import cache
from importlib import resources


@cache
def predicted() -> dict[str, tuple[str, ...]]:
    """Return the rules by masked text, the commonest first (`tools/make_predicted.py` made it)."""
    data = resources.files("edgecheck.explaining").joinpath("predicted.json").read_bytes()
    return {text: tuple(rules) for text, rules in json.loads(data).items()}

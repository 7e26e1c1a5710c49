"""What an error text, a log or a forum post means: from lines of programs to rules and symptoms.

`tables/` has what each program says, by its own source; `symptoms` what is no rule's business;
`explain()` takes a text apart and puts the meanings in order.
"""

from edgecheck.explaining.explain import explain
from edgecheck.explaining.meaning import Explanation, Meaning

__all__ = ["Explanation", "Meaning", "explain"]

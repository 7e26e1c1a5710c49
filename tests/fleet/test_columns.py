"""The published description of the tables is the one that the code works by."""

from __future__ import annotations

import json

from edgecheck.arrow.schemas import schema
from edgecheck.fleet.columns import TABLES, described
from tests.conftest import REPO


def test_the_published_description_is_that_of_the_code() -> None:
    published = json.loads((REPO / "edgecheck/fleet/schema/fleet-v1.json").read_text())
    assert published == described()


def test_what_may_be_null_is_said_of_each_column() -> None:
    """Arrow's schemas say the same as the description."""
    for form, columns in TABLES.items():
        for column, field in zip(columns, schema(form), strict=True):
            assert (column.name, column.empty) == (field.name, field.nullable)


def test_the_page_has_the_example_for_spark_as_it_is() -> None:
    job = (REPO / "docs/examples/spark/job.py").read_text()
    assert f"```python\n{job}```" in (REPO / "docs/fleet.md").read_text()
    assert len(job.splitlines()) < 30

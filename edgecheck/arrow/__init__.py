"""Tables of gateways in Arrow's record batches, for Spark, DuckDB, pandas and `edgecheck fleet`.

`check_batches()` takes record batches and returns record batches: `schema()` tells of which form,
`ddl()` the same in the words of Spark. It needs pyarrow: `pip install pyarrow`.
"""

try:
    import pyarrow  # noqa: F401 -- asked for here, so that one sentence says what is missing
except ImportError:
    raise ImportError(
        "edgecheck.arrow needs pyarrow: pip install pyarrow, or pip install 'edgecheck-iot[arrow]'",
        name="pyarrow",
    ) from None

from edgecheck.arrow.batches import check_batches
from edgecheck.arrow.schemas import ddl, schema

__all__ = ["check_batches", "ddl", "schema"]

"""A finished summary read back, in little memory: what its gateways have in common."""

from array import array
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from edgecheck.fleet.overview import MOST_SHARED, Overview, Shared

_COLUMNS = (
    "id",
    "ok",
    "valid",
    "worst",
    "signature",
    "anchor_assumed",
    "first_ca_end",
    "refusing",
    "unpredicted",
)
_ROWS = 2_000


def overview(name: str, at: datetime) -> Overview:
    """Return what the gateways of a summary have in common.

    Certificates that several share are found by the beginnings of their fingerprints, 8 bytes for
    each, in a first reading; in a second one those of most gateways are counted.

    Args:
        name: a file that `edgecheck fleet` wrote.
        at: the moment from which days are counted.
    """
    counted = Overview(at)
    seen: array[int] = array("q")
    for batch in _batches(name, [*_COLUMNS, "certificates"]):
        columns = [
            batch.column(each).cast(pa.int64()) if each == "first_ca_end" else batch.column(each)
            for each in _COLUMNS
        ]
        counted.count(zip(*(column.to_pylist() for column in columns), strict=True))
        _, fingerprints, _ = _authorities(batch)
        seen.extend(_begin(each) for each in fingerprints.to_pylist())
    wanted = _most_frequent(seen)
    for batch in _batches(name, ["ok", "certificates"]) if wanted else ():
        parents, fingerprints, certificates = _authorities(batch)
        ok = batch.column("ok").to_pylist()
        pairs = zip(parents.to_pylist(), fingerprints.to_pylist(), strict=True)
        for place, (row, sha256) in enumerate(pairs):
            if _begin(sha256) not in wanted:
                continue
            known = counted.shared.get(sha256) or _shared(certificates[place].as_py())
            counted.share(known, ok[row])
    once = [name for name, each in counted.shared.items() if each.gateways < 2]
    for name in once:
        del counted.shared[name]
    return counted


def _batches(name: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(name, pre_buffer=False, buffer_size=1 << 20) as file:
        yield from file.iter_batches(_ROWS, columns=columns, use_threads=False)


def _authorities(batch: pa.RecordBatch) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Certificates but for servers': the row of each, its fingerprint, and itself."""
    lists = batch.column("certificates")
    flat, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    above = pc.not_equal(pc.struct_field(flat, "role"), "server")
    flat = flat.filter(above)
    return parents.filter(above), pc.struct_field(flat, "sha256"), flat


def _begin(sha256: str) -> int:
    return int(sha256[:15], 16)


def _most_frequent(seen: "array[int]") -> set[int]:
    """Return what is there more than once; of very many the `MOST_SHARED` most frequent."""
    counts = pc.value_counts(pa.array(seen, pa.int64()))
    counts = counts.filter(pc.greater(counts.field("counts"), 1))
    if len(counts) > MOST_SHARED:
        order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])
        counts = counts.take(order[:MOST_SHARED])
    return set(counts.field("values").to_pylist())


def _shared(found: dict[str, Any]) -> Shared:
    return Shared(found["sha256"], found["role"], found["subject"], found["not_after"])

"""Spark calls `check_batches` as it is: the job of docs/examples on a local cluster."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from edgecheck.arrow import check_batches, schema
from tests.conftest import REPO
from tools import make_fleet

pytestmark = [pytest.mark.java, pytest.mark.spark]
JOB = REPO / "docs" / "examples" / "spark" / "job.py"
COUNT = 60
SESSION = """
import runpy, sys
from pyspark.sql import SparkSession
SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config(
    "spark.sql.shuffle.partitions", "4").config("spark.driver.bindAddress", "127.0.0.1").config(
    "spark.driver.host", "127.0.0.1").getOrCreate()
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_the_job_judges_a_table_as_the_library_does(tmp_path: Path) -> None:
    """Every gateway once, with the same answer as without Spark, in the published columns."""
    make_fleet.main([str(COUNT), str(tmp_path / "in.parquet"), "--trust", str(tmp_path / "root")])
    source, root, target = (str(tmp_path / name) for name in ("in.parquet", "root", "out"))
    ran = subprocess.run(
        [sys.executable, "-c", SESSION, str(JOB), source, root, target],
        env={
            **os.environ,
            "PYTHONPATH": str(REPO),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    table = pq.read_table(target)
    assert table.column_names == schema().names
    got = {row["id"]: row for row in table.to_pylist()}
    assert (table.num_rows, len(got)) == (COUNT, COUNT)
    batches = pq.read_table(source).to_batches()
    for batch in check_batches(batches, Path(root).read_bytes()):
        for row in batch.to_pylist():
            same = got[row["id"]]
            for name in ("ok", "valid", "signature", "first_end_sha256", "undecided"):
                assert same[name] == row[name], row["id"]
            for name in ("sha256", "role", "subject"):
                told = [each[name] for each in same["certificates"]]
                assert told == [each[name] for each in row["certificates"]]
            # Spark's own Parquet has times without a zone, which are in UTC.
            ends = [same["first_end"], row["first_end"]]
            assert len({end and end.strftime("%Y%m%d%H%M%S") for end in ends}) == 1

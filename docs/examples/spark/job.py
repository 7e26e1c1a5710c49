"""Judge a table of gateways on a cluster: `spark-submit job.py GATEWAYS ROOT.pem JUDGED`."""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from edgecheck.arrow import check_batches, ddl


def judged(gateways: DataFrame, root: bytes, at: datetime) -> DataFrame:
    """One row a gateway; those of a plant go to one task, which knows their issuers already."""
    judge = partial(check_batches, trust=root, at=at)
    return gateways.repartition("plant").mapInArrow(judge, ddl())


def main(source: str, root: str, target: str) -> None:
    """On Databricks and Fabric: `judged(spark.table("gateways"), root, at)` in a notebook."""
    spark = SparkSession.builder.getOrCreate()
    table = judged(spark.read.parquet(source), Path(root).read_bytes(), datetime.now(UTC))
    table.write.mode("overwrite").parquet(target)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Time and memory of jobs as one table."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from deepprune.errors import InputError

COLUMNS = ("rule", "name", "format", "sequences", "length", "seconds", "cpu_seconds", "memory_mb")
# The columns of a record that are used
MEASURED = ("s", "cpu_time", "max_rss")
# Rules whose records belong to the item that they are named after, not to a data set
NOT_OF_DATASETS = ("genome", "jaspar", "scan_genome", "table")
# The folder of the records; each value of the option `folder` has one, and so have the shared files.
FOLDER = "benchmarks"
# Snakemake's max_rss is in units of 2**20 bytes, a rule's mem_mb in units of 10**6.
MB = 2**20 / 1e6


def resources(records: Iterable[str | Path], datasets: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each record of a job, in their order, with the COLUMNS.

    records: files that Snakemake's directive `benchmark` wrote, {rule}.tsv or {rule}/{name}.tsv in a FOLDER; name is a
    data set, genome, table or set of motifs, and empty for a rule with one job.  datasets: their summaries, columns
    dataset, format, positives, negatives, length; format, sequences and length (bp) are empty for a job without a data
    set.
    seconds is from start to end, cpu_seconds the sum over threads, memory_mb the largest resident set seen, in millions
    of bytes. Values that were not measured are missing. InputError if a file is no such record.
    """
    table = pd.DataFrame([_record(Path(path)) for path in records], columns=COLUMNS)
    sizes = datasets.assign(sequences=datasets["positives"] + datasets["negatives"]).set_index("dataset")
    of_datasets = ~table["rule"].isin(NOT_OF_DATASETS)
    for column in ("format", "sequences", "length"):
        table[column] = table["name"].map(sizes[column]).where(of_datasets)
    return table.astype({"sequences": "Int64", "length": "Int64"})


def _record(path: Path) -> dict[str, str | float]:
    """Return the last line of a record: a job that ran again is measured by its last run."""
    try:
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        measured = dict(zip(header.split("\t"), lines[-1].split("\t"), strict=True))
        seconds, cpu_seconds, memory = (float(measured[column].replace("NA", "nan")) for column in MEASURED)
    except (ValueError, KeyError, IndexError):
        raise InputError(f"{path} is no record of a job's time and memory; remove it and run again") from None
    alone = path.parent.name == FOLDER
    names = {"rule": path.stem, "name": ""} if alone else {"rule": path.parent.name, "name": path.stem}
    return {**names, "seconds": seconds, "cpu_seconds": cpu_seconds, "memory_mb": round(memory * MB, 1)}

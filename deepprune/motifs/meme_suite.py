"""The MEME Suite's program Tomtom.

https://meme-suite.org/meme/doc/tomtom.html
"""

import dataclasses
import shutil
import subprocess
import tempfile
from io import StringIO
from pathlib import Path

import pandas as pd

from deepprune.errors import InputError
from deepprune.io.motif import UNIFORM, Motif, write_meme

# Columns of the program's table, with their types here
COLUMNS: dict[str, type] = {
    "Query_ID": str,
    "Target_ID": str,
    "Optimal_offset": int,
    "p-value": float,
    "E-value": float,
    "q-value": float,
    "Overlap": int,
    "Query_consensus": str,
    "Target_consensus": str,
    "Orientation": str,
}


def tomtom(queries: list[Motif], targets: list[Motif], evalue: float | None) -> pd.DataFrame:
    """Run the program `tomtom` on PATH; see `deepprune.motifs.tomtom.tomtom`.

    The program compares all pairs and computes its q-values from all of them, whatever the threshold for printing.
    InputError if there is no such program, if it fails, or if its output is not the expected table.
    """
    program = shutil.which("tomtom")
    if program is None:
        raise InputError(
            "tomtom.engine is meme, but the MEME Suite's program tomtom is not on PATH; install the MEME Suite or take "
            "engine memelite"
        )
    # Numbers stand for the names, which may hold any character. The program sorts equal matches by target name, so the
    # numbers follow that order.
    order = sorted(range(len(targets)), key=lambda index: targets[index].name)
    with tempfile.TemporaryDirectory(prefix="deepprune-tomtom-") as folder:
        files = [str(Path(folder) / "queries.meme"), str(Path(folder) / "targets.meme")]
        write_meme(files[0], _numbered(queries), UNIFORM)
        write_meme(files[1], _numbered([targets[index] for index in order]), UNIFORM)
        # E-values are at most the number of targets.
        threshold = repr(float(2 * len(targets) if evalue is None else evalue))
        table = _run([program, "-verbosity", "1", "-text", "-evalue", "-thresh", threshold, *files])
    table["Query_ID"] = [queries[index].name for index in table["Query_ID"]]
    table["Target_ID"] = [targets[order[index]].name for index in table["Target_ID"]]
    return table.astype(COLUMNS)


def best_matches(matches: pd.DataFrame) -> pd.DataFrame:
    """Return the best match of each query: its row, with the query's name as index, and what the match is called.

    matches: as `tomtom` returns them, with a column Target_name, which may be empty.  match: that name, or the
    identifier. Of equal matches the first counts.
    """
    best = matches.sort_values("p-value", kind="stable").drop_duplicates("Query_ID").set_index("Query_ID")
    return best.assign(match=best["Target_name"].replace("", None).fillna(best["Target_ID"]))


def _numbered(motifs: list[Motif]) -> list[Motif]:
    digits = len(str(len(motifs)))
    return [dataclasses.replace(motif, name=f"{index:0{digits}}", alt="") for index, motif in enumerate(motifs)]


def _run(command: list[str]) -> pd.DataFrame:
    """Return the table that the program prints, with identifiers as numbers."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise InputError(f"{command[0]} does not run: {error.strerror}; install the MEME Suite anew") from None
    if done.returncode:
        reason = next((line.strip() for line in done.stderr.splitlines() if line.strip()), "it does not say why")
        raise InputError(f"{command[0]} failed with status {done.returncode}: {reason}")
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith("#")]
    if not lines or lines[0].split("\t") != list(COLUMNS):
        raise InputError(f"{command[0]} printed another table than Tomtom's of MEME Suite 5; install this one")
    types = COLUMNS | dict.fromkeys(["Query_ID", "Target_ID"], int)
    try:
        return pd.read_csv(StringIO("\n".join(lines)), sep="\t", keep_default_na=False).astype(types)
    except ValueError as error:
        raise InputError(f"{command[0]} printed a table that cannot be read: {error}") from None

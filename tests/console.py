"""The console command in tests: run it, read its output, and write files for it."""

import io
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.cli.main import main
from deepprune.io.motif import Motif

COMMAND = [sys.executable, "-c", "import sys; from deepprune.cli.main import main; sys.exit(main())"]
# A sequence with every kind of dinucleotide, and an N.
LONG = "ACGATCAGCTAGGCATTACGAGGCATTCAGNTTACGGACT"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the lines that a command writes."""
    assert main(arguments) == 0
    return capsys.readouterr().out.splitlines()


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """Return the one line of a mistake."""
    assert main([str(argument) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and err.startswith("deepprune: error: ")
    return err.removeprefix("deepprune: error: ").rstrip()


def first_line(*arguments: str) -> bytes:
    """Return the first line that a command writes to a reader that then leaves; it ends at once and quietly."""
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
    return line


def write_fasta(folder: Path, texts: Iterable[str]) -> str:
    """Write sequences s0, s1, ... and return the path of the file."""
    (folder / "s.fa").write_text("".join(f">s{i} further\n{text}\n" for i, text in enumerate(texts)))
    return str(folder / "s.fa")


def table_of(lines: Iterable[str]) -> pd.DataFrame:
    """Return the table that a command wrote."""
    return pd.read_csv(io.StringIO("\n".join(lines)), sep="\t")


def motif_of(name: str, word: str, alt: str = "") -> Motif:
    """Return a motif of 100 sites whose consensus is a word."""
    return Motif(name, alt, np.where(np.array(list("ACGT")) == np.array(list(word))[:, None], 0.91, 0.03), 100)

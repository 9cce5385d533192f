"""The console command in tests: run it, read its output, and write motif files for it."""

import sys
from pathlib import Path

import numpy as np
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


def motif_of(name: str, word: str, alt: str = "") -> Motif:
    """Return a motif of 100 sites whose consensus is a word."""
    return Motif(name, alt, np.where(np.array(list("ACGT")) == np.array(list(word))[:, None], 0.91, 0.03), 100)

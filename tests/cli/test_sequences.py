import argparse
from pathlib import Path

import pytest
from modelled import model

from deepprune.cli.sequences import FORMATS, add_sequences, report_skipped, sequences_of
from deepprune.data import stream
from deepprune.errors import InputError
from deepprune.models.model_file import Use

OWN = model(Use(7))


def options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_sequences(parser)
    return parser.parse_args(arguments)


def test_the_formats_are_those_that_are_read() -> None:
    assert FORMATS == stream.FORMATS


def test_windows_have_the_models_length_or_another() -> None:
    assert sequences_of(options("model", "input"), OWN).width == 40
    given = sequences_of(options("model", "-", "--window", "7", "--genome", "g.fa", "--format", "bed"), OWN)
    assert (given.path, given.width, given.genome, given.format) == ("-", 7, "g.fa", "bed")
    with pytest.raises(InputError, match="--window is 6, but the model's kernels have 7 bp; give at least these"):
        sequences_of(options("model", "input", "--window", "6"), OWN)


def test_peaks_without_a_window_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "g.fa").write_text(f">chr1\n{'ACGT' * 20}\n")
    (tmp_path / "p.bed").write_text("chr1\t30\t31\nchr1\t0\t3\nchrM\t0\t3\n")
    sequences = sequences_of(options("model", str(tmp_path / "p.bed"), "--genome", str(tmp_path / "g.fa")), OWN)
    report_skipped(sequences)
    assert capsys.readouterr().err == ""
    assert [len(chunk.codes) for chunk in sequences] == [1]
    report_skipped(sequences)
    assert capsys.readouterr().err == "deepprune: 2 peaks have no window: beyond_chromosome 1, unknown_contig 1\n"

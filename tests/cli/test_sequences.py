import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest
from modelled import model

from deepprune.cli.sequences import (
    FORMATS,
    add_sequences,
    first_of,
    headed,
    report_lengths,
    report_skipped,
    sequences_of,
)
from deepprune.data import stream
from deepprune.errors import InputError
from deepprune.explain.lengths import Lengths
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


def test_a_header_comes_with_the_first_text() -> None:
    assert list(headed("h\n", iter(["a\n", "b\n"]))) == ["h\na\n", "b\n"]
    assert list(headed("h\n", [])) == ["h\n"]
    assert list(headed("", ["a\n"])) == ["a\n"] and list(headed("", [])) == []


def test_a_mistake_before_the_first_text_leaves_no_header() -> None:
    def failing(number: int) -> Iterator[str]:
        yield from ["a\n"] * number
        raise InputError("line 5")

    for number in (0, 1):
        written: list[str] = []
        with pytest.raises(InputError, match="line 5"):
            written.extend(headed("h\n", failing(number)))
        assert written == ["h\na\n"] * number


def test_files_that_are_swapped_and_files_that_are_wrong(tmp_path: Path) -> None:
    def read(path: str) -> str:
        if Path(path).suffix == ".good":
            return path
        raise InputError(f"{path} is bad")

    for name in ("a.good", "a.bad"):
        (tmp_path / name).touch()
    good, bad = str(tmp_path / "a.good"), str(tmp_path / "a.bad")
    assert first_of(read, good, bad, "thing") == first_of(read, good, good, "thing") == good
    for first in (bad, "-"):
        with pytest.raises(InputError) as caught:
            first_of(read, first, good, "thing")
        assert str(caught.value) == f"{first} is no thing, but {good} is one; swap the two: {good} {first}"
    # Standard input can be read only once, and a file that is missing is not in the other's place.
    for first, second in ((bad, bad), (bad, "-"), (str(tmp_path / "none.bad"), good)):
        with pytest.raises(InputError, match=f"^{first} is bad$"):
            first_of(read, first, second, "thing")


def test_a_warning_of_lengths_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    lengths = Lengths(20)
    lengths.count(3, 10)
    report_lengths(lengths)
    assert capsys.readouterr().err == ""
    lengths.count(2, 41)
    report_lengths(lengths)
    assert capsys.readouterr().err == (
        "deepprune: warning: 2 of 5 sequences have 41 bp, less than half or more than twice the 20 bp that the model "
        "was trained on; predictions for them may be wrong, give sequences of 20 bp\n"
    )

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from console import complaint, first_line, run, table_of, write_fasta
from modelled import hand_model, model, model_path

from deepprune.cli import explain
from deepprune.cli.main import main
from deepprune.data import stream
from deepprune.data.stream import SequenceFile
from deepprune.dna.codes import to_text
from deepprune.explain.windows import COLUMNS, explained, strongest
from deepprune.figures.explained import explained_figure
from deepprune.figures.style import save_figure
from deepprune.models.model_file import Use

OWN = model(Use(7, strands="both", background=4))
TEXTS = to_text(np.random.default_rng(1).integers(0, 4, (30, 40)).astype(np.uint8))


@pytest.fixture
def path(tmp_path: Path) -> str:
    return model_path(tmp_path, OWN)


def test_summands_are_those_of_predict(
    tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CHUNK", 7)
    texts = [text * (1 + i % 3) for i, text in enumerate(TEXTS)]
    predicted = table_of(run(capsys, "predict", path, write_fasta(tmp_path, texts)))
    found = table_of(run(capsys, "explain", path, write_fasta(tmp_path, texts)))
    assert list(found) == COLUMNS and len(found) == 30 * 8
    wide = found.pivot(index="sequence", columns="summand", values="contribution").loc[predicted["sequence"]]
    for name in (*OWN.kernels, "background", "intercept"):
        np.testing.assert_allclose(wide[name], predicted[name], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(wide.sum(axis=1), predicted["logit"], atol=2e-5)
    assert found["sequence"].drop_duplicates().tolist() == predicted["sequence"].tolist()


def test_windows_have_places_in_the_genome(
    tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    genome = "".join(TEXTS)
    (tmp_path / "g.fa").write_text(f">chr1\n{genome}\n")
    peaks = b"chr1\t131\t132\tp\t0\t-\nchr1\t0\t3\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(peaks))))
    assert main(["explain", path, "-", "--genome", str(tmp_path / "g.fa")]) == 0
    out, err = capsys.readouterr()
    found = table_of(out.splitlines()).iloc[:6]
    assert found.iloc[0, :5].tolist() == ["p", "chr1", 111, 151, "-"]
    for row in found.itertuples():
        word = genome[int(row.genome_start) : int(row.genome_end)]
        read = word if row.window_strand == "+" else word[::-1].translate(str.maketrans("ACGT", "TGCA"))
        assert read == row.word and row.window_start == row.genome_start - 111
    assert err == "deepprune: 1 peaks have no window: beyond_chromosome 1\n"


def test_the_figure_shows_the_strongest(
    tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of chunks that are read one after the other, it is the figure of the strongest of all.
    figure, expected = tmp_path / "top.svg", tmp_path / "expected.svg"
    whole = explained(OWN, next(iter(SequenceFile(write_fasta(tmp_path, TEXTS), 40))))
    save_figure(explained_figure(strongest([whole], 3), OWN.kernels), expected)
    monkeypatch.setattr(stream, "CHUNK", 4)
    assert len(run(capsys, "explain", path, write_fasta(tmp_path, TEXTS), "--figure", str(figure), "--top", "3")) == 241
    assert figure.read_bytes() == expected.read_bytes()


def test_mutagenesis_of_one_sequence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [
        "explain",
        model_path(tmp_path, hand_model()),
        write_fasta(tmp_path, ["NNNNN", "ACGNN"]),
        "--mutagenesis",
        "s1",
    ]
    found = table_of(run(capsys, *given, "--figure", str(tmp_path / "m.png")))
    assert len(found) == 3 * 3 + 2 * 4 and set(found["sequence"]) == {"s1"}
    assert found.iloc[0, 5:].tolist() == [0, "A", "C", -2.0, -2.0, 0.0]
    assert found.iloc[9, 5:].tolist() == [3, "N", "A", 0.25, 0.0, 0.25]
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")


def test_mutagenesis_warns_of_the_length_of_its_sequence_alone(
    tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sequences = write_fasta(tmp_path, [TEXTS[0] * 3, TEXTS[0][:19]])
    for name, length in (("s0", 120), ("s1", 19)):
        assert main(["explain", path, sequences, "--mutagenesis", name]) == 0
        assert f"warning: 1 of 1 sequences have {length} bp, less than half" in capsys.readouterr().err


def test_mistakes_are_one_line(tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    sequences = write_fasta(tmp_path, TEXTS)
    assert "is no model file" in complaint(capsys, "explain", sequences, sequences)
    swapped = complaint(capsys, "explain", sequences, path)
    assert swapped == f"{sequences} is no model file, but {path} is one; swap the two: {path} {sequences}"
    assert "--top is 0; give 1 to 100" in complaint(capsys, "explain", path, sequences, "--top", "0")
    for name in ("figure", "figure.tiff", ""):
        assert "give a name that ends in .svg, .png, .pdf" in complaint(
            capsys, "explain", path, sequences, "--figure", name
        )
    assert "there is no folder" in complaint(capsys, "explain", path, sequences, "--figure", tmp_path / "no" / "a.svg")
    assert "--window is 6" in complaint(capsys, "explain", path, sequences, "--window", "6")
    assert "has no sequence called 'x'" in complaint(capsys, "explain", path, sequences, "--mutagenesis", "x")
    figure = tmp_path / "a.svg"
    short = write_fasta(tmp_path, ["ACGTAC"])
    for more in ([], ["--mutagenesis", "s0"]):
        line = complaint(capsys, "explain", path, short, "--figure", figure, *more)
        assert "the sequence 's0' has 6 bp, but the model's kernels have 7" in line
    assert not figure.exists()
    assert "is empty" in complaint(capsys, "explain", path, "/dev/null")


def test_a_reader_that_leaves_early(tmp_path: Path, path: str) -> None:
    assert first_line("explain", path, write_fasta(tmp_path, TEXTS * 300)).startswith(b"sequence\t")


def test_the_suffixes_are_formats_of_figures(tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in explain.SUFFIXES:
        run(capsys, "explain", path, write_fasta(tmp_path, TEXTS[:1]), "--figure", str(tmp_path / f"f{suffix}"))
        assert (tmp_path / f"f{suffix}").stat().st_size > 1000

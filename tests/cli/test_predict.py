import io
import sys
from pathlib import Path

import numpy as np
import pytest
from console import complaint, run, table_of, write_fasta
from modelled import model_path

from deepprune.cli.main import main
from deepprune.data import stream
from deepprune.dna.codes import to_codes, to_text
from deepprune.explain.contributions import contributions
from deepprune.keys import NetworkKey
from deepprune.models.model_file import Model, Use
from deepprune.models.parameters import initial_parameters

KEY = NetworkKey("few_kernel", "deepprune", "loss", 3, 2)
MODEL = Model(initial_parameters(7, 3, np.random.default_rng(0)), KEY, Use(7, strands="both"), 21, ("bound",))
TEXTS = to_text(np.random.default_rng(1).integers(0, 4, (30, 21)).astype(np.uint8))
NUMBERS = ["probability", "logit", "intercept", "background", "seed2_kernel0", "seed2_kernel1", "seed2_kernel2"]


@pytest.fixture
def model(tmp_path: Path) -> str:
    return model_path(tmp_path, MODEL)


def test_rows_are_the_sums_of_the_model(tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = table_of(run(capsys, "predict", model, write_fasta(tmp_path, TEXTS)))
    assert list(found) == ["sequence", "chrom", "start", "end", "strand", *NUMBERS]
    assert found["sequence"].tolist() == [f"s{i}" for i in range(30)] and set(found["chrom"]) == {"."}
    expected = contributions(MODEL, to_codes(TEXTS))
    np.testing.assert_allclose(found["logit"], expected.logits, rtol=1e-5)
    np.testing.assert_allclose(found["probability"], expected.probabilities, rtol=1e-5)
    np.testing.assert_allclose(found[NUMBERS[4:]], expected.kernels, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[NUMBERS[2:]].sum(axis=1), found["logit"], atol=1e-5)


def test_sequences_of_many_lengths_keep_their_order(
    tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [text * (1 + i % 3) for i, text in enumerate(TEXTS)]
    found = table_of(run(capsys, "predict", model, write_fasta(tmp_path, texts)))
    logits = [float(contributions(MODEL, to_codes([text])).logits[0]) for text in texts]
    np.testing.assert_allclose(found["logit"], logits, rtol=1e-5)


def test_peaks_in_a_genome_by_standard_input(
    tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "g.fa").write_text(f">chr1\n{''.join(TEXTS)}\n")
    peaks = b"chr1\t31\t32\tp\t0\t-\nchr1\t0\t3\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(peaks))))
    assert main(["predict", model, "-", "--genome", str(tmp_path / "g.fa")]) == 0
    out, err = capsys.readouterr()
    found = table_of(out.splitlines())
    assert found.iloc[0, :5].tolist() == ["p", "chr1", 21, 42, "-"] and len(found) == 1
    assert found["logit"][0] == pytest.approx(float(contributions(MODEL, to_codes(TEXTS[1:2])).logits[0]), rel=1e-5)
    assert err == "deepprune: 1 peaks have no window: beyond_chromosome 1\n"


def test_mistakes_are_one_line(tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str]) -> None:
    sequences = write_fasta(tmp_path, TEXTS)
    assert "is no model file" in complaint(capsys, "predict", sequences, "x")
    assert complaint(capsys, "predict", sequences, model).endswith(f"swap the two: {model} {sequences}")
    assert "No such file" in complaint(capsys, "predict", model, tmp_path / "none.fa")
    assert "--window is 6, but the model's kernels have 7 bp" in complaint(
        capsys, "predict", model, "x", "--window", "6"
    )
    assert main(["predict", model, write_fasta(tmp_path, ["ACGTAC"])]) == 2
    assert "the sequence 's0' has 6 bp, but the model's kernels have 7" in capsys.readouterr().err
    assert "is empty" in complaint(capsys, "predict", model, "/dev/null")


def test_lengths_far_from_the_window_are_counted_at_the_end(
    tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CHUNK", 2)
    # Half of the window of 21 bp, and twice as much, are 11 and 42 bp.
    texts = [text[:length] for length in (10, 11, 21, 42, 43, 8) for text in (TEXTS[0] * 3, TEXTS[1] * 3)]
    assert main(["predict", model, write_fasta(tmp_path, texts)]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 13 and err.count("\n") == 1
    assert err.startswith(
        "deepprune: warning: 6 of 12 sequences have 8 to 43 bp, less than half or more than twice the 21 bp"
    )
    assert main(["predict", model, write_fasta(tmp_path, texts[2:8])]) == 0
    assert capsys.readouterr().err == ""

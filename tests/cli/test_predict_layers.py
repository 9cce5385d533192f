"""predict with networks of several layers."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from console import COMMAND, complaint, run, table_of, write_fasta
from layered import RECURRENT, TASKS, placed_model, random_model, whole_model

from deepprune.cli.main import main
from deepprune.data import stream
from deepprune.dna.codes import to_codes, to_text
from deepprune.explain import logits
from deepprune.explain.layers import Layers
from deepprune.models.layers_file import LayersModel, save_any_model

pytestmark = pytest.mark.slow

TEXTS = to_text(np.random.default_rng(1).integers(0, 4, (50, 30)).astype(np.uint8))
COLUMNS = [f"probability_{' '.join(task.split())}" for task in TASKS]


def written(folder: Path, own: LayersModel) -> str:
    save_any_model(folder / "m.npz", own)
    return str(folder / "m.npz")


def test_nothing_but_the_table_is_written(tmp_path: Path) -> None:
    arguments = ["predict", written(tmp_path, placed_model()), write_fasta(tmp_path, ["AGGGG", "GGGGA"]), "--logits"]
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    found = table_of(done.stdout.splitlines())
    assert list(found)[5:] == [*COLUMNS, *(column.replace("probability", "logit") for column in COLUMNS)]
    assert found.iloc[:, 7:].to_numpy().tolist() == [[3, 1], [0, -1]]
    np.testing.assert_allclose(found[COLUMNS], 1 / (1 + np.exp([[-3, -1], [0, 1]])), rtol=1e-6)


@pytest.mark.parametrize("own", [random_model(RECURRENT, 30), whole_model(average_strands=True)], ids=["one", "both"])
def test_rows_keep_their_order_whatever_the_batches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own: LayersModel
) -> None:
    monkeypatch.setattr(stream, "CHUNK", 17)
    monkeypatch.setattr(logits, "MOST", 5)
    found = table_of(run(capsys, "predict", written(tmp_path, own), write_fasta(tmp_path, TEXTS), "--logits"))
    assert found["sequence"].tolist() == [f"s{number}" for number in range(50)]
    np.testing.assert_allclose(found.iloc[:, 7:], Layers(own).logits(to_codes(TEXTS)), rtol=1e-4, atol=1e-5)


def test_sequences_of_any_length(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["ACG", "TTACGTT", "C" * 60, "ACG"]
    assert main(["predict", written(tmp_path, whole_model()), write_fasta(tmp_path, texts), "--logits"]) == 0
    out, err = capsys.readouterr()
    assert table_of(out.splitlines())["logit_MAX"].tolist() == [3.5, 3.5, -0.5, 3.5]
    assert err.startswith("deepprune: warning: 1 of 4 sequences have 60 bp, less than half or more than twice the 5 bp")


def test_mistakes_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fixed, sequences = written(tmp_path, placed_model()), write_fasta(tmp_path, ["ACGTA", "ACGTAC"])
    assert "--window is 6 bp, but network placed reads exactly 5 bp; give sequences of 5 bp" in complaint(
        capsys, "predict", fixed, sequences, "--window", "6"
    )
    assert main(["predict", fixed, sequences]) == 2
    line = "the sequence 's1' has 6 bp, but network placed reads exactly 5 bp; give sequences of 5 bp\n"
    assert capsys.readouterr().err == f"deepprune: error: {line}"
    assert complaint(capsys, "predict", sequences, fixed).endswith(f"swap the two: {fixed} {sequences}")
    whole = written(tmp_path, whole_model())
    assert "the sequence 's0' has 2 bp, but network whole needs 3; remove shorter sequences" in complaint(
        capsys, "predict", whole, write_fasta(tmp_path, ["AC"])
    )

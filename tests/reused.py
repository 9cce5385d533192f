"""Models of networks that a run of the workflow trained, used afterwards."""

from pathlib import Path

import numpy as np
import pytest
from console import run, table_of, write_fasta

from deepprune.data.dataset import TEST, Dataset
from deepprune.dna.codes import to_text
from deepprune.evaluation.metrics import auroc
from deepprune.io.table import read_table
from deepprune.models.layers_file import LayersModel, load_any_model


def check_predictions(results: Path, network: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Compare what predict gives for the test sequences of a network's data set with the evaluation in the workflow.

    network: its data set and name, `tasks/cnn`.
    """
    path, data = results / f"networks/{network}.model.npz", Dataset.load(results / f"data/{Path(network).parent}.npz")
    trained, tasks = (read_table(results / f"networks/{network}{suffix}.tsv") for suffix in ("", ".tasks"))
    model, (codes, labels) = load_any_model(path), data.part(TEST)
    seed = model.seed if isinstance(model, LayersModel) else model.key.seed
    assert seed == trained.loc[trained["validation_loss"].idxmin(), "seed"]
    assert model.tasks == data.tasks and model.window == codes.shape[1]
    found = table_of(run(capsys, "predict", str(path), write_fasta(results, to_text(codes)), "--logits"))
    logits = found[[column for column in found if column.startswith("logit")]].to_numpy()
    expected = tasks.loc[tasks["seed"] == seed, "auroc"].to_numpy()
    measured = [auroc(truth, scores) for truth, scores in zip(labels.T, logits.T, strict=True)]
    np.testing.assert_allclose(measured, expected, rtol=0, atol=1e-6)
    probabilities = found[[column for column in found if column.startswith("probability")]].to_numpy()
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-logits)), rtol=1e-5)


def scored_variants(results: Path, network: str, capsys: pytest.CaptureFixture[str]) -> np.ndarray:
    """Return the changes of all tasks by two substitutions and an insertion in a made genome, (3, tasks)."""
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("ACGT"), 300))
    alts = {100: "A" if text[99] != "A" else "C", 150: "G" if text[149] != "G" else "T", 200: f"{text[199]}GA"}
    rows = "".join(f"chr1\t{pos}\t.\t{text[pos - 1]}\t{alt}\n" for pos, alt in alts.items())
    (results / "g.fa").write_text(f">chr1\n{text}\n")
    (results / "v.vcf").write_text(f"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n{rows}")
    arguments = [str(results / name) for name in (f"networks/{network}.model.npz", "v.vcf", "g.fa")]
    found = table_of(run(capsys, "variants", *arguments[:2], "--genome", arguments[2]))
    assert set(found["status"]) == {"scored"}
    return found[[column for column in found if column.startswith("change")]].to_numpy()

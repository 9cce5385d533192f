"""The real workflow with a background, and the study of networks of few kernels, on one small data set."""

from pathlib import Path

import keras
import numpy as np
import pytest
from workflow import OPTIONS, ROWS, checkout, snakemake, write_sheet, write_study

import deepprune.models.export  # noqa: F401 (registers the layers)
from deepprune.data.dataset import TEST, Dataset
from deepprune.dna.codes import one_hot
from deepprune.evaluation.metrics import auroc
from deepprune.io.fasta import read_fasta
from deepprune.io.table import read_table
from deepprune.models.store import load_parameters
from deepprune.studies.few_kernels.variants import VARIANTS

pytestmark = pytest.mark.slow

# The reference, and one that differs from it in every option
SOME = ("paper", "gapped")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the study, whose own networks have a background of words of three letters."""
    folder = checkout(tmp_path_factory.mktemp("few_kernels") / "checkout")
    write_study(folder / "study")
    write_sheet(folder / "study/sheet.tsv", {"fasta": ROWS["fasta"] | {"target": "FOS"}})
    few = {"study": "few_kernels", "seeds": [0], "methods": ["deepprune"], "prune": {"start": 8, "criteria": ["loss"]}}
    few |= {"train": OPTIONS["train"] | {"max_epochs": 10}}
    few["model"] = OPTIONS["model"] | {"strands": "one", "background": 3}
    few["motifs"] = OPTIONS["motifs"] | {"threshold": 0}
    planned = snakemake(folder, "--dry-run", options=OPTIONS | few).output
    assert all(f"results/variants/{name}/auc/fasta.tsv" in planned for name in VARIANTS)
    train_only_some(folder)
    done = snakemake(folder, "--cores", "2", options=OPTIONS | few)
    assert done.status == 0, done.output
    return folder / "results"


def train_only_some(folder: Path) -> None:
    """Let the study of a checkout have some of its variants: each takes jobs of its own."""
    rules, imported = folder / "rules/studies/few_kernels.smk", "import VARIANTS, options_of\n"
    text = rules.read_text()
    assert imported in text
    rules.write_text(text.replace(imported, f"{imported}\nVARIANTS = {{name: VARIANTS[name] for name in {SOME}}}\n"))


def test_tables_tell_motif_and_composition_apart(results: Path) -> None:
    table = read_table(results / "tables/comparison.tsv")
    assert table[["auroc_background", "auroc_kernels", "motifs_add", "motifs_add_p"]].notna().all(axis=None)
    assert table["auroc_background"].nunique() == 1
    np.testing.assert_allclose(table["auroc"] - table["auroc_background"], table["motifs_add"], atol=2e-6)
    page = (results / "report/fasta.html").read_text()
    assert "Motif and composition" in page and ", background " in page


def test_contributions_background_and_intercept_add_up_to_the_logit(results: Path) -> None:
    records = [record.name.split() for record in read_fasta(results / "motifs/fasta/strongest.fa")]
    fields = {name: dict(field.split("=") for field in own) for name, *own in records}
    assert len(fields) == 10
    sites = read_table(results / "motifs/fasta/sites.tsv").groupby("sequence")["contribution"].sum()
    rests = [float(own["logit"]) - float(own["background"]) - sites.get(name, 0.0) for name, own in fields.items()]
    assert np.ptp(rests) < 2e-3  # the intercept, but for rounding


def test_the_exported_model_has_the_background(results: Path) -> None:
    codes, labels = Dataset.load(results / "data/fasta.npz").part(TEST)
    model = keras.models.load_model(results / "models/fasta/keras/deepprune_loss_4_seed0.keras")
    probability = model.predict(one_hot(codes), verbose=0)[:, 0]
    table = read_table(results / "auc/fasta.tsv")
    row = table[(table["method"] == "deepprune") & (table["kernels"] == 4)]
    assert auroc(labels[:, 0], probability) == pytest.approx(row["auroc"].item(), abs=1e-6)
    assert {network.background.shape for network in load_parameters(results / "models/fasta/parameters.npz")} == {
        (64, 1)
    }


def test_variants_are_in_the_tables_of_the_study(results: Path) -> None:
    means = read_table(results / "tables/few_kernels.tsv")
    assert list(dict.fromkeys(means["variant"])) == list(SOME)
    assert means.groupby("variant", sort=False)["kernels"].agg(list).tolist() == [[8, 4]] * len(SOME)
    pruned = means[means["kernels"] == 4].set_index("variant")
    assert pruned["distinct"].between(0, 4).all() and pruned["matched"].isin([0, 1]).all()
    with_background = [name for name in SOME if VARIANTS[name]["background"] != "none"]
    assert pruned.index[pruned["auroc_background"].notna()].tolist() == with_background
    assert (results / "figures/few_kernels.svg").stat().st_size > 10_000
    sets = read_table(results / "tables/few_kernels.sets.tsv")
    assert sets["dataset"].unique().tolist() == ["fasta"] and len(sets) == len(means)

"""The real workflow with autoencoders, and learners on features, among the networks of a study."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from workflow import OPTIONS, checkout, snakemake, write_sheet, write_study

from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

TABLE = """
network convolutions conv_norm padding lstm tied_strands code output epochs patience learner features trees
coder 8x6/10 0 valid 4 - 20 - 3 1 - - -
wild 8x6/10 0 valid - - 20 identity 2 0 - - -
stack 12x8/50 - - - 1 - - - - - - -
trees_code - - - - - - - - - forest code@coder 20
trees_words - - - - - - - - - forest words@4 20
linear_pools - - - - - - - - - linear pools@stack -
"""
CHANGES: dict[str, Any] = {
    "datasets": "study/sheet.tsv",
    "study": "danq",
    "networks": "study/networks.tsv",
    "seeds": [0, 3],
    "multitask": {"length": 200, "training": 600, "validation": 100, "test": 300, "numbers": [0.6, 0.4], "gap": 2},
    "train": OPTIONS["train"] | {"max_epochs": 15, "learning_rate": 0.01},
}
PREDICTING = "stack", "trees_code", "trees_words", "linear_pools"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made(tmp_path / "checkout")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the whole study was run."""
    folder = made(tmp_path_factory.mktemp("learners") / "checkout")
    done = snakemake(folder, "--cores", "2", options=CHANGES)
    assert done.status == 0, done.output
    return folder


def made(place: Path) -> Path:
    """Return a checkout with the study of a data set of two tasks."""
    folder = checkout(place)
    write_study(folder / "study")
    write_table(folder, TABLE)
    text = (folder / "study/motifs.meme").read_text()
    other = text[text.index("MOTIF") :].replace("MOTIF ", "MOTIF second_").replace("0.94 0.02", "0.02 0.94")
    (folder / "study/two.meme").write_text(text + other)
    write_sheet(folder / "study/sheet.tsv", {"tasks": {"format": "multitask_simulated", "path": "two.meme"}})
    return folder


def write_table(folder: Path, text: str) -> None:
    """Write a table whose cells are separated by blanks here, with @ for a blank and - for an empty cell."""
    rows = [[cell.replace("@", " ").replace("-", "") for cell in line.split()] for line in text.strip().split("\n")]
    (folder / "study/networks.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))


@pytest.mark.release
def test_learners_read_the_features_of_other_rows(trained: Path) -> None:
    results = trained / "results/networks/tasks"
    found = {name: read_table(results / f"{name}.tsv") for name in PREDICTING}
    for name, table in found.items():
        assert list(table) == list(found["stack"]) and table["seed"].tolist() == [0, 3]
        assert (table["network"] == name).all() and (table["tasks"] == 2).all()
        tasks = read_table(results / f"{name}.tasks.tsv")
        assert tasks.groupby("seed")["auroc"].mean().tolist() == pytest.approx(table["auroc"].tolist(), abs=1e-6)
    assert (found["trees_words"]["auroc"] > 0.6).all() and (found["linear_pools"]["auroc"] > 0.6).all()
    steps = {name: read_table(results / f"{name}.steps.tsv") for name in PREDICTING[1:]}
    assert {name: set(table["source"].dropna()) for name, table in steps.items()} == {
        "trees_code": {"coder"},
        "trees_words": set(),
        "linear_pools": {"stack"},
    }
    assert steps["trees_code"]["step"].tolist() == ["features", "training", "prediction"] * 2
    with np.load(results / "linear_pools.npz") as file:
        assert file["seed3.weights"].shape == (48, 2)
    epochs = read_table(results / "coder.epochs.tsv")
    assert epochs["epoch"].max() <= 3 and set(epochs["seed"]) == {0, 3}
    whole = read_table(results / "coder.reconstruction.tsv")
    assert whole["seed"].tolist() == [0, 3] and whole["test_accuracy"].between(0.2, 0.6).all()
    assert whole["most_frequent"].between(0.24, 0.3).all() and (whole["diverged"] == 0).all()
    assert read_table(results / "wild.reconstruction.tsv")["epochs"].tolist() == [2, 2]
    again = snakemake(trained, "--cores", "2", options=CHANGES)
    assert again.status == 0 and "Nothing to be done" in again.output


@pytest.mark.release
def test_another_folder_and_one_core_give_the_same_bytes_but_for_times(trained: Path) -> None:
    names = "trees_code", "trees_words"
    targets = [f"results/again/networks/tasks/{name}.tasks.tsv" for name in names]
    again = snakemake(trained, *targets, "--cores", "1", options=CHANGES | {"folder": "again"})
    assert again.status == 0, again.output
    first, second = (trained / folder / "networks/tasks" for folder in ("results", "results/again"))
    for name in names:
        assert (first / f"{name}.tasks.tsv").read_bytes() == (second / f"{name}.tasks.tsv").read_bytes()
    tables = [
        read_table(folder / "coder.reconstruction.tsv").drop(columns=["seconds", "processor_seconds"])
        for folder in (first, second)
    ]
    assert tables[0].equals(tables[1])


@pytest.mark.release
def test_the_study_has_these_rows_and_none_of_its_own_networks(trained: Path) -> None:
    results = trained / "results"
    table = read_table(results / "tables/danq/networks.tsv").set_index("network")
    assert set(table.index) == set(PREDICTING) and table["relative_time"].isna().all()
    assert table.loc["trees_code", "total_time"] > table.loc["trees_code", "own_time"]
    assert table.loc["trees_words", "total_time"] == table.loc["trees_words", "own_time"]
    autoencoders = read_table(results / "tables/danq/autoencoders.tsv")
    assert autoencoders["network"].tolist() == ["coder", "wild"]
    assert set(read_table(results / "tables/danq/summary.tsv")["network"]) == {"stack"}
    assert set(read_table(results / "tables/danq/claims.tsv")["verdict"]) == {"not enough data"}
    page = (results / "many_tasks.html").read_text()
    assert page.count("data:image/svg+xml") == 4 and all(name in page for name in PREDICTING)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "new code@codre",
            "network new: its features are code codre, but no network is called so; did you mean coder?",
        ),
        ("new code@new", "network new: its features are code new, but that row is of another kind"),
        ("new pools@coder", "network new: its features are pools coder, but that row is of another kind"),
        ("new sums@coder", "features are 'sums coder'; write words and how many letters these have, 1 to 6, or code"),
    ],
)
def test_features_that_no_row_gives_are_one_line(folder: Path, row: str, message: str) -> None:
    coder = "coder 8x6/10 20 - -\n"
    name, features = row.split()
    write_table(folder, f"network convolutions code learner features\n{coder}{name} - - forest {features}\n")
    done = snakemake(folder, "--dry-run", options=CHANGES)
    assert done.status == 1 and "Traceback" not in done.output and message in done.output


def test_a_learner_is_selected_with_its_source(folder: Path) -> None:
    done = snakemake(folder, "--dry-run", options=CHANGES | {"select_networks": ["trees_*"]})
    assert done.status == 1 and "Traceback" not in done.output
    assert "select_networks takes trees_code and leaves out coder, whose features it reads; select both" in done.output


def test_a_study_of_filters_refuses_them(folder: Path) -> None:
    done = snakemake(folder, "--dry-run", options=CHANGES | {"study": "koo_eddy"})
    assert done.status == 1 and "Traceback" not in done.output
    assert "study koo_eddy reads the filters of networks, but coder, wild, trees_code, " in done.output

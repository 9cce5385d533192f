"""The real workflow with a study of networks of several layers, on a small simulated data set of two tasks."""

import random
import re
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from crash import SETTLED, content
from interrupted import kill_in_training, last_snapshot
from reused import check_predictions, scored_variants
from workflow import OPTIONS, ROWS, checkout, jobs, snakemake, start_snakemake, write_sheet, write_study

from deepprune.io.motif import read_motifs
from deepprune.io.table import read_table

pytestmark = pytest.mark.slow

SEVERAL = {"format": "multitask_simulated", "path": "two.meme"}
TABLE = """network\tconvolutions\tdense\taverage_strands\tkernels
pooled\t4x8/10 4x3\t8\t\t
whole\t3x8 4x3/all\t\t1\t
few\t\t\t\t2x8
"""
STUDY: dict[str, Any] = {
    "datasets": "study/sheet.tsv",
    "study": "koo_eddy",
    "networks": "study/networks.tsv",
    "seeds": [0, 1],
    "task_groups": "study/groups.tsv",
    "multitask": {"length": 50, "training": 300, "validation": 50, "test": 120, "numbers": [0.6, 0.4], "gap": 2},
    "train": OPTIONS["train"] | {"max_epochs": 4, "learning_rate": 0.01},
    "tomtom": {"jaspar": {"release": "JASPAR2016"}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkout with a table of networks and a file of two motifs, named as two of the paper's factors."""
    folder = checkout(tmp_path / "checkout")
    write_study(folder / "study")
    known = (folder / "resources/koo_eddy/motifs.meme").read_text()
    head, *motifs = known.split("MOTIF ")
    chosen = [motif for motif in motifs if motif.split()[1] in ("MAX", "FOSL1")]
    (folder / "study/two.meme").write_text("MOTIF ".join([head, *chosen]))
    (folder / "study/networks.tsv").write_text(TABLE)
    (folder / "study/groups.tsv").write_text("pattern\tgroup\nFOS*\tzipper\n")
    write_sheet(folder / "study/sheet.tsv", {"tasks": SEVERAL})
    return folder


def test_a_job_trains_each_network_and_the_page_compares_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = snakemake(folder, "--cores", "2", options=STUDY)
    assert done.status == 0, done.output
    results = folder / "results"
    trained = {name: read_table(results / f"networks/tasks/{name}.tsv") for name in ("pooled", "whole", "few")}
    assert all(table["seed"].tolist() == [0, 1] and (table["tasks"] == 2).all() for table in trained.values())
    filters = read_table(results / "tables/filters.tsv")
    layers = filters[["network", "layer"]].drop_duplicates().to_numpy().tolist()
    assert layers == [["pooled", 1], ["whole", 1], ["whole", 2], ["few", 1]]
    motifs = {motif.name for motif in read_motifs(results / "filters/tasks/whole.meme", may_be_empty=True)}
    assert motifs == set(filters.loc[filters["network"] == "whole", "motif"].dropna())
    table = read_table(results / "tables/architectures.tsv")
    means = trained["pooled"]["auroc"].mean()
    assert table.loc[table["network"] == "pooled", "auroc"].item() == pytest.approx(means, abs=1e-4)
    claims = read_table(results / "tables/claims.tsv")
    assert set(claims["verdict"]) == {"not enough data"}  # the run has none of the paper's networks
    page = (results / "architectures.html").read_text()
    assert "pooled" in page and page.count("data:image/svg+xml") == 5
    check_tasks(results)
    for name in trained:
        check_predictions(results, f"tasks/{name}", capsys)
        changes = scored_variants(results, f"tasks/{name}", capsys)
        assert changes.shape == (3, 2) and np.isfinite(changes).all() and (name == "few" or changes.any())
    again = snakemake(folder, "--cores", "2", options=STUDY)
    assert again.status == 0 and "Nothing to be done" in again.output
    # Further seeds train only what is missing.
    options = STUDY | {"seeds": [0, 1, 2], "select_networks": "few"}
    more = snakemake(folder, "--cores", "2", "results/networks/tasks/few.tsv", options=options)
    assert more.status == 0, more.output
    log = (folder / "logs/train_network/tasks/few.log").read_text()
    assert len(re.findall(r"1 networks were trained before", log)) == 2
    assert read_table(results / "networks/tasks/few.tsv")[:2].equals(trained["few"])


def test_a_training_takes_half_of_the_cores_here_and_all_that_it_was_given_on_a_cluster(folder: Path) -> None:
    target = "results/networks/tasks/few.tsv"
    for place, given, threads in (("default", 2, 1), ("default", 4, 2), ("remote", 2, 2), ("remote", 4, 2)):
        arguments = ("--dry-run", "--mode", place, "--cores", str(given), target)
        done = snakemake(folder, *arguments, options=STUDY)
        assert done.status == 0, done.output
        _, job = done.output.split("rule train_network:")
        found = re.search(r"threads: (\d+)", job)
        assert (int(found[1]) if found else 1) == threads, (place, given)


def check_tasks(results: Path) -> None:
    """Check the measures of the tasks of all networks, by group."""
    whole = read_table(results / "networks/tasks/whole.tsv").set_index("seed")
    summary = read_table(results / "tasks/tasks.tsv")
    own = summary[(summary["network"] == "whole") & (summary["group"] == "all")]
    for measure in ("auroc", "auprc", "f1", "accuracy", "accuracy_always_no"):
        means = own[own["measure"] == measure].set_index("seed")["mean"]
        assert means.to_dict() == pytest.approx(whole[measure].to_dict(), abs=2e-6)
    assert (whole["exact_accuracy"] <= whole["accuracy"]).all() and (whole["left_out_f1"] == 0).all()
    assert whole["exact_accuracy_always_no"].nunique() == 1
    assert summary.groupby("group")["tasks"].unique().map(list).to_dict() == {"all": [2], "zipper": [1]}
    assert all((results / f"figures/tasks/tasks.{name}.svg").exists() for name in ("distribution", "prevalence"))


def test_other_groups_train_no_network_again(folder: Path) -> None:
    options = STUDY | {"select_networks": "few", "seeds": [0]}
    target = "results/tasks/tasks.tsv"
    assert snakemake(folder, "--cores", "2", target, options=options).status == 0
    (folder / "study/groups.tsv").write_text("pattern\tgroup\n*\tany\n")
    again = snakemake(folder, "--cores", "2", target, options=options)
    assert again.status == 0 and [job.rule for job in jobs(again.output)] == ["task_measures"]
    assert set(read_table(folder / target)["group"]) == {"all", "any"}
    (folder / "study/groups.tsv").write_text("pattern\tgroups\n*\tany\n")
    wrong = snakemake(folder, "--cores", "2", target, options=options)
    assert wrong.status == 1 and "must name the columns pattern and group" in wrong.output


def test_a_search_chooses_options_before_the_seeds_are_trained(folder: Path) -> None:
    search = {"space": {"learning_rate": [1.0e-6, 0.03]}, "by": "loss", "max_epochs": 2}
    options = STUDY | {"select_networks": "few", "seeds": [0], "search": search}
    target = "results/networks/tasks/few.tsv"
    done = snakemake(folder, "--cores", "2", target, options=options)
    assert done.status == 0, done.output
    trials = read_table(folder / "results/networks/tasks/few.trials.tsv")
    assert trials["learning_rate"].tolist() == [1e-6, 0.03] and trials["chosen"].tolist() == [0, 1]
    assert "few: of 2 trials, learning_rate 0.03 is best" in (folder / "logs/train_network/tasks/few.log").read_text()
    wrong = snakemake(folder, "--cores", "1", target, options=options | {"search": {"space": {"dropout": [0.5]}}})
    assert wrong.status == 1 and "unknown option search.space.dropout" in wrong.output


# What lets a copied script take a snapshot after every epoch, not only once a minute
ALWAYS = "    from deepprune.training import snapshots\n\n    snapshots.EVERY = 0\n"


@pytest.mark.release
def test_a_training_that_is_killed_goes_on_after_its_last_epoch(folder: Path) -> None:
    script = folder / "scripts/train_network.py"
    head, mark, rest = script.read_text().partition("    params, output, data = ")
    script.write_text(head + ALWAYS + mark + rest)
    whole = Path(shutil.copytree(folder, folder.with_name("whole")))
    train = STUDY["train"] | {"max_epochs": 300, "patience": 300}
    options = STUDY | {"select_networks": "pooled", "seeds": [0, 1], "train": train}
    command = "--cores", "2", "results/networks/tasks/pooled.tsv"
    done = snakemake(whole, *command, options=options)
    assert done.status == 0, done.output
    rng = random.Random(0)
    for _ in range(3):
        before = last_snapshot(folder)
        kill_in_training(start_snakemake(folder, *command, options=options), folder, before, rng)
        time.sleep(SETTLED)
        assert snakemake(folder, "--unlock", options=options).status == 0
    done = snakemake(folder, *command, options=options)
    assert done.status == 0, done.output
    assert "was interrupted and goes on after" in (folder / "logs/train_network/tasks/pooled.log").read_text()
    results = [sorted(place.glob("results/networks/tasks/pooled.*")) for place in (whole, folder)]
    assert len(results[0]) == 5 and [path.name for path in results[0]] == [path.name for path in results[1]]
    assert [content(path) for path in results[0]] == [content(path) for path in results[1]]
    assert not list(folder.rglob("*.seed*.npz"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"networks": ""}, "networks is empty, but this study trains the networks of a table; name one"),
        (
            {"select_networks": "pooled-2"},
            "select_networks is pooled-2, but no network is called so; did you",
        ),
        ({"study": "deepprune"}, "study deepprune trains networks of one task, but all data sets have several"),
        ({"networks": "study/none.tsv"}, "networks is study/none.tsv, but there is no such file"),
        ({"networks": "study/wrong.tsv"}, "study/wrong.tsv, line 2: '4y8' is no convolution; write filters x width"),
        (
            {"networks": "study/odd.tsv"},
            "network odd: convolution 1 reads 50 positions, which its pool of 7",
        ),
    ],
)
def test_wrong_networks_are_one_line(folder: Path, options: dict[str, str], message: str) -> None:
    for name, layer in (("wrong", "4y8"), ("odd", "4x8/7")):
        (folder / f"study/{name}.tsv").write_text(f"network\tconvolutions\n{name}\t{layer}\n")
    done = snakemake(folder, "--cores", "1", options=STUDY | options)
    assert done.status == 1 and "Traceback" not in done.output
    assert message in done.output
    assert not list(folder.glob("results/networks/tasks/*.tsv"))


def test_a_dry_run_lists_a_job_for_each_network(folder: Path) -> None:
    done = snakemake(folder, "--dry-run", options=STUDY)
    assert done.status == 0, done.output
    assert done.output.count("rule train_network:") == 3


def test_data_sets_of_one_task_alone_are_refused(folder: Path) -> None:
    write_sheet(folder / "study/sheet.tsv", {"one": ROWS["simulated"]})
    done = snakemake(folder, "--cores", "1", options=STUDY)
    assert done.status == 1 and "Traceback" not in done.output
    assert "study koo_eddy trains networks of several tasks, but all data sets have one; add one" in done.output

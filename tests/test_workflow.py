"""The real workflow on small data: its outputs, and that a second run gives the same bytes."""

import base64
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import keras
import pandas as pd
import pytest
from workflow import (
    CRITERIA,
    LENGTH,
    OPTIONS,
    TARGET,
    TRAINED,
    jobs,
    snakemake,
    write_sheet,
    write_study,
)

import deepprune.models.export  # noqa: F401 (registers the layers)
from deepprune.config.schema import schema
from deepprune.data.dataset import TEST, Dataset
from deepprune.dna.codes import one_hot, reverse_complement, to_codes, to_text
from deepprune.evaluation.metrics import auroc
from deepprune.evaluation.networks import AUC_COLUMNS
from deepprune.explain.contributions import contributions
from deepprune.io.fasta import read_fasta
from deepprune.io.table import read_table
from deepprune.keys import KEY_COLUMNS
from deepprune.models.model_file import load_model_file

MODELS = ("networks.tsv", "parameters.npz", "weights.tsv", "model.npz", "model.tsv")
MOTIFS = (
    "activations.tsv",
    "sites.tsv",
    "hits.bed",
    "strongest.fa",
    "distinct.tsv",
    "positions.tsv",
    "motifs.tsv",
    "motifs.meme",
)
PAPER_FIGURES = ("2", "4", "6", "S1", "S2", "S4", "S5", "S6")  # 3: of sets of more motifs than are implanted here

pytestmark = pytest.mark.slow


def networks(name: str) -> list[tuple[str, str, int]]:
    """Return method, criterion and size of all networks that each seed of a data set has."""
    found = [("baseline", "-", 8), ("baseline", "-", 4), ("winning_ticket", "weight", 4)]
    found += [("circular", "-", 1)] if name == "simulated" else []
    for criterion in CRITERIA["simulated" if name == "simulated" else "chipseq"]:
        found += [("deepprune", criterion, 8), ("deepprune", criterion, 4), ("inter", criterion, 4)]
    return found


def keras_name(method: str, criterion: str, seed: int) -> str:
    return f"{method}_4_seed{seed}.keras" if criterion == "-" else f"{method}_{criterion}_4_seed{seed}.keras"


def without_seconds(path: Path) -> pd.DataFrame:
    """Return an AUC table as text, without its one column of measured time."""
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False).drop(columns="seconds")


def test_every_output_is_there(finished: Path) -> None:
    results = finished / "results"
    tables = (
        "auc",
        "comparison",
        "datasets",
        "models",
        "motifs",
        "kernels",
        "tomtom",
        "chance",
        "rates",
        "recovery",
        "recovered",
    )
    tables += ("table2", "table3", "replication")
    expected = {"report.html", "replication.html", *(f"tables/{name}.tsv" for name in tables)}
    expected |= {"figures/paper/notes.tsv", *(f"figures/paper/figure{number}.svg" for number in PAPER_FIGURES)}
    expected |= {f"recovery/simulated{suffix}" for suffix in (".tsv", ".counts.tsv", ".meme")}
    expected |= {f"figures/recovery/simulated{suffix}" for suffix in (".svg", ".wider.svg")}
    expected |= {"figures/auc.svg", "figures/datasets.svg", "jaspar/JASPAR2024_CORE_vertebrates.meme"}
    expected |= {"resources.tsv", "figures/resources.svg"}
    for name in TRAINED:
        expected |= {
            f"data/{name}.{part}" for part in ("npz", "summary.tsv", "windows.bed", "skipped.tsv", "profile.tsv")
        }
        expected |= {f"auc/{name}.tsv", f"tomtom/{name}.tsv", f"figures/profiles/{name}.svg"}
        expected |= {f"figures/auc/{name}.svg", f"figures/logos/{name}.svg", f"figures/logos/{name}.png"}
        expected |= {f"tomtom/{name}.chance.tsv", f"tomtom/{name}.rates.tsv", f"report/{name}.html"}
        expected |= {f"models/{name}/{file}" for file in MODELS}
        expected |= {
            f"models/{name}/keras/{keras_name(method, criterion, seed)}"
            for method, criterion, kernels in networks(name)
            if kernels == 4 and method != "inter"
            for seed in (0, 1)
        } | {f"comparison/{name}.tsv"}
        expected |= {f"motifs/{name}/kernels{suffix}" for suffix in (".meme", ".trimmed.meme", ".tsv")}
        expected |= {f"motifs/{name}/{file}" for file in MOTIFS}
    parts = ("npz", "summary.tsv", "windows.bed", "skipped.tsv", "profile.tsv", "implanted.tsv")
    expected |= {f"data/tasks.{part}" for part in parts}
    files = [path for path in results.rglob("*") if path.is_file() and path.name != ".snakemake_timestamp"]
    internal = {"genomes", "checkpoints", "compiled", "benchmarks"}
    found = {str(path.relative_to(results)) for path in files if not internal & set(path.parts)}
    assert found == expected
    assert min(path.stat().st_size for path in files) > 0
    # The option `folder` must not be one of these names.
    names = schema("config")["properties"]["folder"]["pattern"]
    assert [path.name for path in results.iterdir() if re.fullmatch(names, path.name)] == []


def test_auc_table_is_tidy_and_complete(finished: Path) -> None:
    table = read_table(finished / "results/tables/auc.tsv")
    assert " ".join(table.columns) == " ".join(AUC_COLUMNS)
    rows = table[["dataset", "method", "criterion", "seed", "kernels"]].itertuples(index=False, name=None)
    expected = {
        (name, method, criterion, seed, kernels)
        for name in TRAINED
        for method, criterion, kernels in networks(name)
        for seed in (0, 1)
    }
    assert Counter(rows) == Counter(expected)
    assert table[["auroc", "auprc"]].stack().between(0, 1).all()
    assert (table["epochs"][table["method"] == "inter"] == 0).all()
    assert table["epochs"][table["method"] != "inter"].between(1, 30).all()
    for name in TRAINED:
        own = pd.read_csv(finished / f"results/auc/{name}.tsv", sep="\t", dtype=str)
        pooled = pd.read_csv(finished / "results/tables/auc.tsv", sep="\t", dtype=str)
        assert own.equals(pooled[pooled["dataset"] == name].reset_index(drop=True))


def test_networks_learn_the_planted_motif(finished: Path) -> None:
    table = read_table(finished / "results/tables/auc.tsv")
    best = table[table["method"] == "deepprune"].groupby("dataset")["auroc"].max()
    assert (best > 0.8).all(), best


def test_saved_models_give_the_auroc_of_the_table(finished: Path) -> None:
    table = read_table(finished / "results/tables/auc.tsv")
    final = table[(table["kernels"] == 4) & (table["method"] != "inter")]
    assert len(final) == 2 * (4 * len(TRAINED) + 1)  # the simulated data set has one more criterion
    for name, rows in final.groupby("dataset"):
        codes, labels = Dataset.load(finished / f"results/data/{name}.npz").part(TEST)
        for row in rows.itertuples():
            path = finished / f"results/models/{name}/keras/{keras_name(row.method, row.criterion, row.seed)}"
            probability = keras.models.load_model(path).predict(one_hot(codes), verbose=0)[:, 0]
            assert auroc(labels[:, 0], probability) == pytest.approx(row.auroc, abs=1e-6)


def test_the_model_file_gives_the_auroc_of_the_best_seed(finished: Path) -> None:
    table = read_table(finished / "results/tables/auc.tsv")
    for name in TRAINED:
        model = load_model_file(finished / f"results/models/{name}/model.npz")
        assert model.window == (60 if name == "simulated" else LENGTH) and model.about["dataset"] == name
        rows = table[(table["dataset"] == name) & (table["method"] == "deepprune") & (table["kernels"] == 4)]
        rows = rows[rows["criterion"] == "weight"]
        best = rows.loc[rows["validation_loss"].idxmin()]
        assert model.key == tuple(best[column] for column in KEY_COLUMNS)
        codes, labels = Dataset.load(finished / f"results/data/{name}.npz").part(TEST)
        assert auroc(labels[:, 0], contributions(model, codes).logits) == pytest.approx(best["auroc"], abs=1e-6)


class Addresses(HTMLParser):
    """Collects what a page loads or links to, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data", "poster")]

    def handle_data(self, data: str) -> None:
        self.text += data


def embedded_figures(addresses: Addresses) -> list[bytes]:
    return [base64.b64decode(found.split(",")[1]) for found in addresses.found if found.startswith("data:image/svg")]


def test_report_holds_all_that_it_shows(finished: Path) -> None:
    page = (finished / "results/report.html").read_text()
    addresses = Addresses(page)
    links = {address for address in addresses.found if not address.startswith(("#", "data:image/"))}
    assert links == {"replication.html", *(f"report/{name}.html" for name in TRAINED)}
    assert not re.search(r"@import|url\(", page)
    assert addresses.tags.count("script") == 1  # sorts the table
    assert embedded_figures(addresses) == [
        (finished / f"results/figures/{name}.svg").read_bytes() for name in ("auc", "datasets", "resources")
    ]


def test_pages_hold_all_that_they_show(finished: Path) -> None:
    for name in TRAINED:
        page = (finished / f"results/report/{name}.html").read_text()
        addresses = Addresses(page)
        assert {address.split(",")[0] for address in addresses.found} <= {
            "../report.html",
            "data:image/svg+xml;base64",
            "data:image/png;base64",
        }
        assert not re.search(r"@import|url\(", page)
        figures = [f"auc/{name}.svg"]
        figures += [f"recovery/{name}.wider.svg", f"recovery/{name}.svg"] if name == "simulated" else []
        figures.append(f"profiles/{name}.svg")
        assert embedded_figures(addresses) == [(finished / "results/figures" / path).read_bytes() for path in figures]
        assert not any(re.search(rb'href="(?!#)|url\((?!#)', figure) for figure in embedded_figures(addresses))
        kernels = read_table(finished / f"results/motifs/{name}/kernels.tsv")
        assert all(motif in addresses.text for motif in kernels["motif"])
    page = (finished / "results/report/fasta.html").read_text()
    assert TARGET in Addresses(page).text
    assert list(finished.rglob("pwned*")) == []
    assert "<b>AP-1" not in page


def test_implanted_motif_is_recovered(finished: Path) -> None:
    table = read_table(finished / "results/tables/recovery.tsv")
    assert Counter(zip(table["method"], table["kernels"], table["seed"], strict=True)) == {
        (method, kernels, seed): kernels
        for method in ("deepprune", "baseline")
        for kernels in (8, 4)
        for seed in (0, 1)
    }
    best = table[table["method"] == "deepprune"]["E-value"].min()
    assert best < 0.1
    counts = read_table(finished / "results/tables/recovered.tsv")
    found = table[table["found"]].groupby(["method", "kernels", "seed"]).size()
    assert set(counts["implanted"]) == {1}
    assert (counts.set_index(["method", "kernels", "seed"])["found"] == 1).sum() == len(found)


def test_every_job_before_the_front_page_is_measured(finished: Path) -> None:
    table = read_table(finished / "results/resources.tsv")
    last = ("resources_used", "front_page")
    announced = [job for job in jobs((finished / "run.log").read_text()) if job.rule not in last]
    of_datasets = table[table["format"].notna()]
    found = zip(of_datasets["rule"], of_datasets["name"], strict=True)
    assert sorted(found) == [(job.rule, job.dataset) for job in announced if job.dataset]
    assert set(table["rule"]) == {job.rule for job in announced}
    assert (table["seconds"] > 0).all()
    trained = table[table["rule"] == "train"].set_index("name")
    assert trained["sequences"].to_dict() == dict.fromkeys(TRAINED, 240) | {"simulated": 400}
    assert trained["memory_mb"].between(300, 3000).all() and (trained["cpu_seconds"] > 1).all()


def test_kernels_that_read_both_strands(finished: Path) -> None:
    results = finished / "results"
    sites = read_table(results / "motifs/fasta/sites.tsv")
    sequences = {
        record.name.split()[0]: record.sequence for record in read_fasta(results / "motifs/fasta/strongest.fa")
    }
    strands = {"+": lambda codes: codes, "-": reverse_complement}
    assert set(sites["strand"]) == set(strands)
    for site in sites.itertuples():
        window = to_codes([sequences[site.sequence][site.start : site.end]])
        assert to_text(strands[site.strand](window)) == [site.word]
    assert (results / "report/fasta.html").read_text().count(", reverse strand,") == (sites["strand"] == "-").sum()
    codes, _ = Dataset.load(results / "data/fasta.npz").part(TEST)
    for seed in (0, 1):
        model = keras.models.load_model(results / f"models/fasta/keras/{keras_name('deepprune', 'weight', seed)}")
        probability, other = (model.predict(one_hot(some), verbose=0) for some in (codes, reverse_complement(codes)))
        assert other == pytest.approx(probability, abs=1e-5)


def test_other_folder_threads_and_company_give_the_same_bytes(finished: Path, tmp_path: Path) -> None:
    """The other run is in a folder that holds no workflow, with a name for its results and two threads a training."""
    folder = tmp_path / "second"
    folder.mkdir()
    write_study(folder / "study")
    names = ["narrowpeak", "simulated"]
    write_sheet(folder / "study/sheet.tsv", {name: TRAINED[name] for name in names})
    targets = [f"results/own/tomtom/{name}.tsv" for name in names]
    arguments = ("-s", f"{finished}/Snakefile", "--cores", "2")
    done = snakemake(folder, *arguments, *targets, options=OPTIONS | {"folder": "own", "study": "none"})
    assert done.status == 0, done.output
    results = finished / "results", folder / "results/own"
    for name in names:
        files = [f"data/{name}.npz", f"data/{name}.summary.tsv", f"tomtom/{name}.tsv"]
        files += [f"models/{name}/{file}" for file in ("networks.tsv", "parameters.npz", "weights.tsv", "model.tsv")]
        files += [f"comparison/{name}.tsv"]
        files += [f"motifs/{name}/kernels{suffix}" for suffix in (".meme", ".trimmed.meme", ".tsv")]
        for file in files:
            first, again = ((where / file).read_bytes() for where in results)
            assert again == first, file
        first, again = (without_seconds(where / f"auc/{name}.tsv") for where in results)
        assert again.equals(first)
    shared = {"genomes", "compiled", "jaspar", "benchmarks", "own"}
    assert {path.name for path in (folder / "results").iterdir()} == shared
    assert (folder / "logs/own/train/simulated.log").exists() and not (folder / "logs/train").exists()

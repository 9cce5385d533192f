from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from deepprune.io.table import read_table, write_table
from deepprune.models.conv_table import read_networks
from deepprune.studies.claims.named import read_named_claims
from deepprune.studies.danq.tables import (
    DatasetTables,
    autoencoder_table,
    network_table,
    published_table,
    write_study_tables,
)
from deepprune.studies.danq.values import MEASURED, MEASURES

RESOURCES = Path(__file__).parents[3] / "resources/danq"
TIMES = pd.DataFrame(
    [
        {"network": name, "seed": seed, "source": source} | dict.fromkeys(MEASURED, 0.5) | {"auroc": auroc}
        | {"own_time": own, "total_time": total}
        for name, seed, source, auroc, own, total in (
            ("DanQ", 0, "", 0.9, 100.0, 100.0),
            ("DanQ", 1, "", 0.8, 300.0, 300.0),
            ("forest", 0, "DanQ", 0.7, 5.0, 105.0),
            ("forest", 1, "DanQ", 0.7, 5.0, 305.0),
        )
    ]
)  # fmt: skip
CODERS = pd.DataFrame(
    [
        dict.fromkeys(("parameters", "epochs", "kept", "processor_seconds", "loss", "validation_loss", "accuracy"), 2.0)
        | {"dataset": "d", "network": "coder", "seed": seed, "test_accuracy": right, "uniform": 0.25}
        | {"most_frequent": 0.26, "diverged": 0}
        for seed, right in enumerate((0.27, 0.29))
    ]
)


class Files(SimpleNamespace):
    """Files by name, as a job has them."""

    def __getitem__(self, name: str) -> object:
        return getattr(self, name)


def test_means_over_seeds_with_deviations() -> None:
    first, second = network_table(TIMES).to_dict("records")
    assert first["auroc"] == pytest.approx(0.85) and first["auroc_sd"] == pytest.approx(0.05) and first["seeds"] == 2
    assert first["relative_time"] == 1 and second["relative_time"] == pytest.approx(205 / 200)
    assert second["source"] == "DanQ" and second["own_time"] == 5
    assert network_table(TIMES[TIMES["network"] != "DanQ"])["relative_time"].isna().all()


def test_autoencoders_beside_the_most_frequent_base() -> None:
    (row,) = autoencoder_table(CODERS).to_dict("records")
    assert row["test_accuracy"] == pytest.approx(0.28) and row["gain"] == pytest.approx(0.02) and row["seeds"] == 2
    assert autoencoder_table(CODERS.iloc[:0]).empty


def test_groups_beside_published_values() -> None:
    compared = pd.DataFrame(
        [("DanQ", "g", task, auroc, 0.5, 0.85, 0.4) for task, auroc in (("a", 0.9), ("b", 0.8), ("c", None))],
        columns=["network", "group", "task", "auroc", "auprc", "auroc_danq", "auprc_danq"],
    )
    (row,) = published_table(compared).reset_index().to_dict("records")
    assert row["classes"] == 2 and row["auroc"] == pytest.approx(0.85) and row["higher"] == 0.5
    assert row["auroc_danq"] == 0.85 and row["auprc_danq"] == 0.4


def test_the_tables_of_a_data_set_are_of_its_rows_alone() -> None:
    networks = TIMES.drop(columns=["source", "own_time", "total_time"]).assign(seconds=9.0, epochs=3)
    networks = pd.concat([networks.assign(dataset="d"), networks.assign(dataset="other", auroc=0.1)])
    tasks = pd.DataFrame(
        [("d", "DanQ", 0, "t", 0.02, 0.99, 0.98, 0.9)],
        columns=["dataset", "network", "seed", "task", "prevalence", "accuracy", "accuracy_always_no", "auroc"],
    )
    steps = pd.DataFrame(columns=["dataset", "network", "seed", "source", "step", "processor_seconds"])
    tables = {"networks": networks, "tasks": tasks, "steps": steps, "autoencoders": CODERS}
    own = DatasetTables("d", tables, None)
    assert own.tables()["networks"]["auroc"].tolist() == pytest.approx([0.85, 0.7])
    assert own.tables()["autoencoders"]["network"].tolist() == ["coder"] and own.tables()["published"].empty
    values = own.values().set_index(["network", "seed"])
    assert values.loc[("DanQ", 0), "rare_gain"] == pytest.approx(0.01)
    assert values.loc[("coder", 0), "reconstruction_gain"] == pytest.approx(0.01)


def test_a_run_of_networks_alone(tmp_path: Path) -> None:
    networks = TIMES[TIMES["network"] == "DanQ"].drop(columns=["source", "own_time", "total_time"])
    write_table(networks.assign(seconds=9.0, dataset="d"), tmp_path / "networks.tsv")
    columns = {"network": ["DanQ"], "seed": 0, "task": "t", "prevalence": 0.5, "auroc": 0.9, "dataset": "d"}
    tasks = pd.DataFrame(columns | {"accuracy": 0.9, "accuracy_always_no": 0.5, "auprc": 0.8})
    write_table(tasks, tmp_path / "tasks.tsv")
    files = Files(
        networks=[tmp_path / "networks.tsv"], tasks=[tmp_path / "tasks.tsv"], steps=[], reconstructions=[],
        filters=[], matches=[], localisation=[], claims=RESOURCES / "claims.tsv", aucs=RESOURCES / "aucs.tsv",
    )  # fmt: skip
    names = ("networks", "autoencoders", "published", "claims", "filters", "summary")
    output = Files(**{name: str(tmp_path / f"out.{name}.tsv") for name in names})
    write_study_tables(files, [], [], output)
    table = read_table(output.networks)
    assert table["network"].tolist() == ["DanQ"] and table["relative_time"].tolist() == [1]
    assert all(read_table(output[name]).empty for name in ("autoencoders", "published", "filters", "summary"))
    assert set(read_table(output.claims)["verdict"]) == {"not enough data"}


def test_claims_name_measures_and_networks_of_the_tables() -> None:
    claims = read_named_claims(str(RESOURCES / "claims.tsv"), MEASURES)
    for size in ("", ".small"):
        tables = [RESOURCES / f"{name}{size}.tsv" for name in ("networks", "superq", "learners")]
        known = set(read_networks([str(path) for path in tables]))
        named = {name for claim in claims for name in (*claim.first, *claim.second)}
        assert named <= known, size

import math
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from deepprune.io.table import read_table, write_table
from deepprune.studies.claims.named import read_named_claims
from deepprune.studies.zeng.tables import (
    anova_claims,
    anova_table,
    cluster_table,
    large_enough,
    matched_table,
    median_table,
    search_table,
    time_table,
    write_study_tables,
)
from deepprune.studies.zeng.values import ALL, DISCOVERY, MEASURES, About

RESOURCES = Path(__file__).parents[3] / "resources/zeng"
SETS = ["a", "b", "c", "d"]
BASE = {"a": 0.8, "b": 0.9, "c": 0.7, "d": 0.6}
GAIN = {"1layer": 0.0, "1layer_64motif": 0.02, "3layer": -0.05, "8 kernels": 0.01}
FAMILIES = {"A": "ETS", "B": "ETS", "C": "bHLH", "D": "bHLH", "E": ""}


def values() -> pd.DataFrame:
    """AUROCs whose changes differ a little between data sets; the network's effect is much larger than the family's."""
    rows = [
        {"dataset": name, "source": f"{name}.bed", "task": DISCOVERY, "most": ALL, "target": name.upper()}
        | {"network": network, "auroc": BASE[name] + GAIN[network] + 0.001 * (number * place % 3)}
        for (number, name), (place, network) in product(enumerate(SETS), enumerate(GAIN))
    ]
    return pd.DataFrame(rows)


def test_sets_that_are_smaller_than_their_size_do_not_count() -> None:
    table = pd.DataFrame({"dataset": ["a", "a.50", "b.50"], "most": [ALL, "50", "50"]})
    assert large_enough(table, {"a": 30, "a.50": 30, "b.50": 50})["dataset"].tolist() == ["a", "b.50"]


def test_medians_and_changes() -> None:
    table = median_table(values()).set_index("network")
    assert table.loc["1layer", "median"] == 0.75 and table.loc["1layer", "change"] == 0
    assert table.loc["1layer_64motif", "change"] == pytest.approx(0.02 + 0.001 * (0 + 1 + 2 + 0) / 4, abs=1e-4)
    assert table.loc["1layer_64motif", "better"] == 4 and table.loc["3layer", "better"] == 0
    assert table.loc["3layer", "low"] <= table.loc["3layer", "change"] <= table.loc["3layer", "high"] < 0


def test_times_beside_the_published_ones() -> None:
    times = pd.DataFrame([("1layer", 1.0), ("1layer", 3.0), ("2layer", 8.0)], columns=["network", "seconds"])
    networks = pd.DataFrame({"network": ["1layer", "2layer"], "parameters": [10, 20]})
    published = pd.DataFrame({"network": ["1layer"], "seconds": [64.0]})
    table = time_table(times, networks, published).set_index("network")
    assert table.loc["1layer", ["seconds", "relative", "seconds_paper", "relative_paper"]].tolist() == [2, 1, 64, 1]
    assert table.loc["2layer", "relative"] == 4 and math.isnan(table.loc["2layer", "seconds_paper"])
    assert table["parameters"].tolist() == [10, 20]


def test_how_often_values_were_chosen() -> None:
    def trials(dataset: str, chosen: int) -> pd.DataFrame:
        rows = [
            (dataset, "1layer", place, rho, 0.7, int(place == chosen)) for place, rho in enumerate((0.9, 0.99, 0.9))
        ]
        return pd.DataFrame(rows, columns=["dataset", "network", "trial", "rho", "accuracy", "chosen"])

    table = search_table([trials("a", 0), trials("b", 2), trials("c", 1)]).set_index("value")
    # 0.9 was drawn twice in each search, which counts once.
    assert table.loc[0.9, ["tried", "chosen"]].tolist() == [3, 2]
    assert table.loc[0.99, ["tried", "chosen"]].tolist() == [3, 1]
    none = pd.DataFrame(columns=["dataset", "network", "trial", "accuracy", "chosen"])
    assert list(search_table([none])) == ["option", "value", "network", "tried", "chosen"]


def test_networks_that_few_kernels_match() -> None:
    table = matched_table(values()).set_index("network")
    assert (table["kernels"] == 8).all() and (table["datasets"] == 4).all()
    assert table.loc["3layer", "matched"] == 1 and table.loc["1layer_64motif", "matched"] == 0
    few = values()
    assert matched_table(few[few["network"] != "8 kernels"]).empty


def test_clusters_have_changes_and_positives() -> None:
    table = cluster_table(values(), ["1layer", "3layer"], {name: 10 * place for place, name in enumerate(SETS)})
    assert list(table) == ["dataset", "cluster", "place", "positives", "3layer"]
    assert table["positives"].tolist() == [0, 10, 20, 30]
    np.testing.assert_allclose(table["3layer"], [-0.05 + 0.001 * (2 * place % 3) for place in range(4)], atol=1e-6)
    assert cluster_table(values(), ["3layer"], {}).empty


def test_the_analysis_of_variance_and_its_claims() -> None:
    table = anova_table(values(), ["1layer", "1layer_64motif", "3layer"], FAMILIES)
    assert table["source"].tolist() == ["family", "network", "family x network", "residual"]
    assert (table["datasets"] == 4).all() and (table["families"] == 2).all()
    one, two = anova_claims(table)
    eta = table.set_index("source")["eta_squared"]
    assert two["value"] == pytest.approx(eta["family"] / eta["network"], rel=1e-3)
    assert two["verdict"] == "not reproduced"  # families a, b and c, d differ by .2
    assert one["value"] == pytest.approx(table.set_index("source")["p_value"]["network"], rel=1e-3)
    nothing = anova_table(values(), ["1layer"], dict.fromkeys("ABCD", ""))
    assert nothing.empty and {claim["verdict"] for claim in anova_claims(nothing)} == {"not enough data"}


def test_the_claims_can_be_read_and_name_networks_of_the_tables() -> None:
    names = set(read_table(RESOURCES / "networks.tsv")["network"]) | {"gkm-SVM"}
    claims = read_named_claims(str(RESOURCES / "claims.tsv"), MEASURES)
    assert {name for claim in claims for name in (*claim.first, *claim.second)} <= names
    assert set(read_table(RESOURCES / "times.tsv")["network"]) < names
    assert {claim.measure for claim in claims} <= set(MEASURES)


def test_all_tables_are_written(tmp_path: Path) -> None:
    table = values()
    trained = table[table["network"] != "8 kernels"].assign(seed=0, parameters=5)
    few = table[table["network"] == "8 kernels"].assign(seed=0, kernels=8, method="deepprune", criterion="loss")
    trials = pd.DataFrame(
        [("a", "1layer", 0, 0.9, 0.7, 1)], columns=["dataset", "network", "trial", "rho", "accuracy", "chosen"]
    )
    times = pd.DataFrame([("1layer", 0, 1.0), ("3layer", 0, 5.0)], columns=["network", "repeat", "seconds"])
    tables = {"networks": trained, "trials": trials, "auc": few, "times": times}
    tables["datasets"] = pd.DataFrame({"dataset": SETS, "positives": [1, 2, 3, 4]})
    tables["families"] = pd.DataFrame({"target": list(FAMILIES), "family": list(FAMILIES.values())})
    for name, one in tables.items():
        write_table(one, tmp_path / f"{name}.tsv")
    paths = {name: str(tmp_path / f"{name}.tsv") for name in tables}
    files = SimpleNamespace(**paths | {"networks": [paths["networks"]], "trials": [paths["trials"]]})
    files.claims, files.published = str(RESOURCES / "claims.tsv"), str(RESOURCES / "times.tsv")
    names = ["values", "medians", "times", "search", "matched", "clusters", "anova", "claims"]
    about = {name: About(f"{name}.bed", DISCOVERY, ALL, name.upper()) for name in SETS}
    output = {name: str(tmp_path / f"out.{name}.tsv") for name in names}
    write_study_tables(files, about, output)
    claims = read_table(output["claims"]).set_index("claim")
    assert claims.loc["depth", "verdict"] == "not enough data"  # no 2layer
    assert claims.loc["family", "datasets"] == 4
    assert read_table(output["values"])["most"].unique().tolist() == [ALL]
    assert len(read_table(output["clusters"])) == 4

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.io.jaspar import read_jaspar
from deepprune.io.table import read_table
from deepprune.models.conv_table import read_networks
from deepprune.studies.claims.named import read_named_claims
from deepprune.studies.koo_eddy.tables import MEASURES, claim_values, layer_values, paper_table

RESOURCES = Path(__file__).parents[3] / "resources/koo_eddy"


def summary(network: str, layer: int, seed: int, relevant: float) -> list[dict[str, object]]:
    """Return the two readings of a layer of ten filters."""
    row = {"dataset": "d", "network": network, "seed": seed, "layer": layer, "filters": 10, "alive": 10}
    row |= {"any": relevant + 0.2, "relevant": relevant, "null": 0.1, "null_relevant": 0.0, "factors": 2, "oriented": 3}
    row |= {"copies": 1.0, "localised": 0.9, "best_localised": 0.8}
    return [row | {"reading": "code"}, row | {"reading": "text", "any": 0.5, "relevant": 0.4}]


SUMMARY = pd.DataFrame(summary("CNN-1", 1, 0, 0.1) + summary("CNN-1", 1, 1, 0.3) + summary("CNN-1", 2, 0, 0.8))
NETWORKS = pd.DataFrame({"network": "CNN-1", "seed": [0, 1], "parameters": 9, "auroc": [0.9, 0.8], "auprc": [0.6, 0.5]})
FILTERS = pd.DataFrame(
    [
        ("CNN-1", 1, 0, "code", "MA0660.1", "MEF2A"),
        ("CNN-1", 1, 0, "code", "MA0137.3", "STAT1"),
        ("CNN-1", 1, 0, "code", None, None),
        ("CNN-1", 1, 1, "code", "MA0138.2", "REST"),  # relevant by its name
    ],
    columns=["network", "layer", "seed", "reading", "relevant_match", "task"],
)


def test_values_of_a_layer() -> None:
    values = layer_values(NETWORKS, FILTERS, SUMMARY, read_table(RESOURCES / "relevant.tsv"))
    first = values[(values["layer"] == 1) & (values["seed"] == 0)].iloc[0]
    assert first["irrelevant"] == pytest.approx(0.2) and first["matching"] == 1
    assert first["above_chance"] == pytest.approx(0.2) and first["any_text"] == 0.5
    # MEF2B counts as STAT1 in the authors' script: with STAT1's own motif, that is one factor.
    assert first["factors_published"] == 1 and first["factors"] == 2
    assert values[(values["layer"] == 1) & (values["seed"] == 1)]["factors_published"].item() == 1
    assert values["auroc"].tolist() == [0.9, 0.8, 0.9]
    named = claim_values(values)
    assert set(named["network"]) == {"CNN-1", "CNN-1:1", "CNN-1:2"}
    assert len(named[named["network"] == "CNN-1"]) == 2


def test_the_table_has_means_deviations_and_the_papers_values() -> None:
    values = layer_values(NETWORKS, FILTERS, SUMMARY, read_table(RESOURCES / "relevant.tsv"))
    table = paper_table(values, read_table(RESOURCES / "table1.tsv"))
    first, second = table.to_dict("records")
    assert first["auroc"] == pytest.approx(0.85) and first["auroc_sd"] == pytest.approx(0.05)
    assert first["relevant"] == pytest.approx(0.2) and first["relevant_paper"] == 0.007
    assert second["layer"] == 2 and second["relevant_paper"] == 0.847 and second["seeds"] == 1
    assert paper_table(values, None)["relevant_paper"].isna().all()


def test_resources_fit_together() -> None:
    networks = read_networks([str(RESOURCES / f"networks.{name}.tsv") for name in ("code", "beyond")])
    for name in ("table1", "table2"):
        assert set(read_table(RESOURCES / f"{name}.tsv")["network"]) <= set(networks)
    claims = read_named_claims(str(RESOURCES / "claims.tsv"), MEASURES)
    named = {name.partition(":")[0] for claim in claims for name in (*claim.first, *claim.second)}
    assert named <= set(networks)
    # The paper's values of claims are those of its Table 1.
    table = read_table(RESOURCES / "table1.tsv")
    keys = table["network"] + ":" + table["layer"].astype(str)
    published = table.set_index(keys).assign(irrelevant=lambda rows: rows["any"] - rows["relevant"])
    for claim in claims:
        if claim.measure in published and claim.paper is not None:
            first, second = (
                [published.at[name if ":" in name else f"{name}:1", claim.measure] for name in names]
                for names in (claim.first, claim.second)
            )
            expected = np.mean(first) - (np.mean(second) if second else 0)
            assert claim.paper == pytest.approx(expected, abs=6e-4), claim.claim
    known = {motif.name for motif in read_jaspar("JASPAR2016")}
    relevant = read_table(RESOURCES / "relevant.tsv")
    assert set(relevant["motif"]) <= known and len(relevant) == 16
    assert relevant["task"].nunique() == 12

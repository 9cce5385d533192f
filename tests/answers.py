"""Tables on the model and the distinct motifs of a data set, as the jobs on motifs write them."""

from typing import Any

import numpy as np
import pandas as pd

from deepprune.io.motif import Motif

MODEL: dict[str, Any] = {
    "architecture": "few_kernel",
    "method": "deepprune",
    "criterion": "loss",
    "kernels": 4,
    "seed": 0,
    "auroc": 0.875,
    "auroc_low": 0.85,
    "auroc_high": 0.9,
    "motif": "k0",
    "auroc_motif": 0.75,
    "over_motif": 0.125,
    "over_motif_low": 0.1,
    "over_motif_high": 0.15,
    "over_motif_p": 1e-9,
}
MOTIF: dict[str, Any] = {
    "motif": "motif_1",
    "kernel": "k0",
    "consensus": "ACGTA",
    "seeds": 2,
    "of_seeds": 3,
    "kernels": 2,
    "members": "k0,k7",
    "importance": 0.5,
    "weight": 1.0,
    "sites": 50,
    "bits": 9.5,
    "positives": 0.5,
    "negatives": 0.25,
    "fold": 2.0,
    "p-value": 1e-5,
    "match": "CTCF",
    "match_id": "MA1",
    "E-value": 8e-7,
    "null_rate": 0.07,
    "null_p": 0.0099,
}
MATRIX = Motif("motif_1", "CTCF", np.vstack([np.eye(4), np.full(4, 0.25)]), 50)


def models(dataset: str, **changed: Any) -> pd.DataFrame:
    """Return the row of a data set's model."""
    return pd.DataFrame([{"dataset": dataset} | MODEL | changed])


def motifs(dataset: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """Return the distinct motifs of a data set; rows: what differs from MOTIF, by default one motif as it is."""
    return pd.DataFrame([{"dataset": dataset} | MOTIF | row for row in rows or ({},)])


def positions(dataset: str) -> pd.DataFrame:
    """Return where the sites of the first motif are."""
    bins = {"from": [-50.5, 0.0], "to": [0.0, 50.5], "positives": [4, 2], "negatives": [1, 0]}
    return pd.DataFrame({"dataset": dataset, "motif": "motif_1", **bins})

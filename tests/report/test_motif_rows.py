import base64

import numpy as np
import pandas as pd
import pytest
from answers import MATRIX, motifs, positions

from deepprune.io.motif import Motif, by_name
from deepprune.report.motif_rows import called, motif_rows, of_kernels, position_bars

KNOWN = {"MA1": Motif("MA1", "CTCF", np.eye(4)[[3, 0, 1, 2, 3]], 100)}
TOMTOM = pd.DataFrame(
    {
        "Query_ID": "k0",
        "Target_ID": ["MA2", "MA1"],
        "Target_name": ["CTCFL", "CTCF"],
        "p-value": [1e-3, 1e-9],
        "Optimal_offset": [5, -1],
        "Orientation": ["+", "-"],
    }
)


def test_rows_have_logos_and_the_known_motif_as_it_aligns() -> None:
    table = motifs("set", {}, {"motif": "motif_2", "kernel": "k1", "members": "k1", "match": None, "match_id": None})
    both = [MATRIX, Motif("motif_2", "", np.eye(4), 20)]
    first, second = motif_rows(table, by_name(both), KNOWN, TOMTOM)
    images = [first["logo"], first["reverse"], first["aligned"], second["logo"]]
    assert all(image.startswith("data:image/png;base64,") for image in images) and len(set(images)) == 4
    assert all(base64.b64decode(image.split(",")[1])[1:4] == b"PNG" for image in images)
    assert not first["chance"] and second["aligned"] is None and second["match"] is None


@pytest.mark.parametrize(("p", "chance"), [(0.05, False), (0.051, True)])
def test_a_match_that_chance_reaches_as_well_is_told(p: float, chance: bool) -> None:
    (row,) = motif_rows(motifs("set", {"null_p": p}), {"motif_1": MATRIX}, {}, TOMTOM)
    assert row["chance"] == chance and row["aligned"] is None  # a known motif of another file has no logo


def test_bars_are_counts() -> None:
    found = position_bars(positions("set"), "motif_1")
    assert found == {"bars": [(20, 5), (10, 0)], "low": -50.5, "high": 50.5}
    assert position_bars(positions("set").assign(positives=0, negatives=0), "motif_1")["bars"] == [(0, 0), (0, 0)]


def test_what_a_kernel_is_called() -> None:
    chance = {"motif": "motif_3", "members": "k2,k3", "null_p": 0.2}
    table = motifs("set", {}, {"motif": "motif_2", "members": "k1", "match": None}, chance)
    names = [called(table, kernel) for kernel in ("k7", "k1", "k3", "k9")]
    assert names == ["motif_1 (CTCF)", "motif_2", "motif_3", "k9"]
    assert of_kernels(table) == {
        **{"k0": "motif_1", "k7": "motif_1", "k1": "motif_2", "k2": "motif_3", "k3": "motif_3"},
    }

"""What the p-values of distinct motifs say: enriched, rarer, known or matched by chance."""

from typing import Any

import pandas as pd

from deepprune.io.table import records

CHANCE = 0.05  # p-values above it are chance


def judged(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of distinct motifs with their matches, each with what its p-values say.

    enriched, rarer: whether more, or fewer, positives than negatives hold the motif; neither where p exceeds CHANCE.
    chance: whether the motif with its columns in random order matches as well; of a motif without a match false.
    resembles: the match, if it is more than chance; "" otherwise.
    """
    rows = records(table)
    for row in rows:
        differs = row["p-value"] <= CHANCE
        row["enriched"] = differs and row["positives"] > row["negatives"]
        row["rarer"] = differs and row["positives"] < row["negatives"]
        row["chance"] = row["match"] is not None and row["null_p"] > CHANCE
        row["resembles"] = "" if row["chance"] else row["match"] or ""
    return rows

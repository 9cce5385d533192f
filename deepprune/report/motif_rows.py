"""Distinct motifs as rows of a page: logos, matches, sites."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from deepprune.figures.logo import aligned_strip, motif_strip
from deepprune.io.motif import Motif
from deepprune.io.table import records
from deepprune.report.html import embedded_figure

# A match that the shuffled motif reaches more often than this is no find.
CHANCE = 0.05


def motif_rows(
    table: pd.DataFrame, motifs: Mapping[str, Motif], known: Mapping[str, Motif], tomtom: pd.DataFrame
) -> list[dict[Any, Any]]:
    """Return the rows of a data set's distinct motifs, each with its logos as data URIs.

    table: the distinct motifs with their matches.  motifs: theirs, by name.  known: the known motifs, by identifier.
    tomtom: matches of kernels.
    logo, reverse: of both orientations.  aligned: the best known motif above this one.  chance: whether chance matches
    as well.
    """
    best = tomtom.sort_values("p-value", kind="stable").drop_duplicates("Query_ID").set_index("Query_ID")
    rows = records(table)
    for row in rows:
        motif = motifs[row["motif"]]
        row["logo"], row["reverse"] = embedded_figure(motif_strip(motif)), _turned(motif)
        row["aligned"], row["chance"] = None, False
        if row["match"]:
            match = best.loc[row["kernel"]]
            row["chance"] = row["null_p"] > CHANCE
            if row["match_id"] in known:
                row["aligned"] = embedded_figure(_aligned(motif, known[row["match_id"]], match))
    return rows


def position_bars(positions: pd.DataFrame, motif: str) -> dict[str, Any]:
    """Return the histogram of a motif's sites around the middle: bars of positives, up, and negatives, down to 20."""
    own = positions[positions["motif"] == motif]
    counts = [own[name].to_numpy() for name in ("positives", "negatives")]
    largest = max([1, *(int(count.max(initial=0)) for count in counts)])
    heights = [(count / largest * 20).tolist() for count in counts]
    return {"bars": list(zip(*heights, strict=True)), "low": own["from"].min(), "high": own["to"].max()}


def called(table: pd.DataFrame, kernel: str) -> str:
    """Return what the motif of a kernel is called: its distinct motif and that one's match; itself without a motif."""
    for row in records(table):
        if kernel in row["members"].split(","):
            return f"{row['motif']} ({row['match']})" if row["match"] else str(row["motif"])
    return kernel


def by_name(motifs: Sequence[Motif]) -> dict[str, Motif]:
    """Return motifs by their names."""
    return {motif.name: motif for motif in motifs}


def _turned(motif: Motif) -> str:
    return embedded_figure(motif_strip(motif.reverse_complement()))


def _aligned(motif: Motif, known: Motif, match: pd.Series) -> Figure:
    """Draw a known motif above this one, on the strand and at the offset of Tomtom's alignment."""
    strand = known.reverse_complement() if match["Orientation"] == "-" else known
    return aligned_strip(strand, motif, int(match["Optimal_offset"]))

"""Distinct motifs as rows of a page: logos, matches, sites."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from deepprune.figures.logo import aligned_strip, motif_strip
from deepprune.io.motif import Motif
from deepprune.motifs.evidence import judged
from deepprune.motifs.meme_suite import best_matches
from deepprune.report.html import embedded_figure


def motif_rows(
    table: pd.DataFrame, motifs: Mapping[str, Motif], known: Mapping[str, Motif], tomtom: pd.DataFrame
) -> list[dict[Any, Any]]:
    """Return the rows of a data set's distinct motifs as `judged` does, each with its logos as data URIs.

    table: the distinct motifs with their matches.  motifs: theirs, by name.  known: the known motifs, by identifier.
    tomtom: matches of kernels.
    logo, reverse: of both orientations.  aligned: the best known motif above this one.
    """
    best, rows = best_matches(tomtom), judged(table)
    for row in rows:
        motif, target = motifs[row["motif"]], known.get(row["match_id"])
        row["logo"], row["reverse"] = embedded_figure(motif_strip(motif)), _turned(motif)
        row["aligned"] = embedded_figure(_aligned(motif, target, best.loc[row["kernel"]])) if target else None
    return rows


def position_bars(positions: pd.DataFrame, motif: str) -> dict[str, Any]:
    """Return the histogram of a motif's sites around the middle: bars of positives, up, and negatives, down to 20."""
    own = positions[positions["motif"] == motif]
    counts = [own[name].to_numpy() for name in ("positives", "negatives")]
    largest = max([1, *(int(count.max(initial=0)) for count in counts)])
    heights = [(count / largest * 20).tolist() for count in counts]
    return {"bars": list(zip(*heights, strict=True)), "low": own["from"].min(), "high": own["to"].max()}


def of_kernels(table: pd.DataFrame) -> dict[str, str]:
    """Return the distinct motif of each kernel that has one: `motif_1`."""
    rows = zip(table["motif"], table["members"], strict=True)
    return {kernel: motif for motif, members in rows for kernel in members.split(",")}


def called(table: pd.DataFrame, kernel: str) -> str:
    """Return what the motif of a kernel is called: `motif_1 (CTCF)`, with what it resembles; itself without a motif."""
    motif = of_kernels(table).get(kernel, kernel)
    known = next((row["resembles"] for row in judged(table) if row["motif"] == motif), "")
    return f"{motif} ({known})" if known else motif


def _turned(motif: Motif) -> str:
    return embedded_figure(motif_strip(motif.reverse_complement()))


def _aligned(motif: Motif, known: Motif, match: pd.Series) -> Figure:
    """Draw a known motif above this one, on the strand and at the offset of Tomtom's alignment."""
    strand = known.reverse_complement() if match["Orientation"] == "-" else known
    return aligned_strip(strand, motif, int(match["Optimal_offset"]))

"""Implanted motifs beside the kernels that recovered them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.figures.logo import draw_logo, logo_grid, set_caption
from deepprune.figures.style import own_style, save_figure, sentence_figure, text_inches
from deepprune.io.motif import Motif, by_name, read_motifs
from deepprune.io.table import read_table, records
from deepprune.motifs.recovery import COMPARED

INCHES_PER_BASE = 0.18
CAPTION_SIZE = 8.5


def draw_recovery(table: str, kernels: str, implanted: Sequence[Motif], seed: int, figures: Mapping[int, str]) -> None:
    """Draw the best kernels of each number of kernels into a file, from the output of recovery; seed: see `best_of`."""
    found = read_table(table)
    motifs, targets = by_name(read_motifs(kernels, may_be_empty=True)), by_name(implanted)
    for number, path in figures.items():
        save_figure(recovery_figure(best_of(found, number, seed), motifs, targets), path)


@own_style()
def recovery_figure(
    best: Mapping[str, Sequence[Mapping[str, Any]]], kernels: Mapping[str, Motif], implanted: Mapping[str, Motif]
) -> Figure:
    """Return a column for each method: its best kernels, each below the implanted motif that it resembles most.

    best: rows of the recovery table by method.  kernels: motifs at full width, by their names in the table.  implanted:
    motifs by identifier.
    """
    rows = max((len(found) for found in best.values()), default=0)
    if not rows:
        return sentence_figure("no network of this size is left")
    places = [(method, column, row) for column, method in enumerate(best) for row in range(len(best[method]))]
    pairs = [_pair(best[method][row], kernels, implanted) for method, _, row in places]
    titles = [_titles(method, best[method][row], pair) for (method, _, row), pair in zip(places, pairs, strict=True)]
    # A column is as wide as its widest logos, or as its longest title.
    widest = max(high - low for low, high in map(_extent, pairs))
    longest = max(text_inches(title, CAPTION_SIZE) for both in titles for title in both)
    widest = max(widest, math.ceil(longest / INCHES_PER_BASE))
    figure, grid = logo_grid(2 * rows, len(best), INCHES_PER_BASE * widest)
    for (_, column, row), pair, both in zip(places, pairs, titles, strict=True):
        axes = [figure.add_subplot(grid[place, column]) for place in (2 * row, 2 * row + 1)]
        _draw_pair(axes, both, pair, widest)
    return figure


Placed = tuple[Motif, int, bool]  # a motif, its first position, and whether it is drawn reverse complemented


def _pair(
    match: Mapping[str, Any], kernels: Mapping[str, Motif], implanted: Mapping[str, Motif]
) -> tuple[Placed | None, Placed | None]:
    """Return the implanted motif and the kernel's, with their places on a common axis; None for a missing one."""
    kernel, target = kernels.get(match["motif"]), implanted.get(match["Target_ID"])
    if kernel is None:
        return None, None
    if target is None:
        return None, (kernel, 0, False)
    start, reverse = aligned_start(match, kernel.width, target.width)
    return (target, 0, False), (kernel, start, reverse)


def _extent(pair: tuple[Placed | None, Placed | None]) -> tuple[int, int]:
    places = [(start, start + motif.width) for motif, start, _ in filter(None, pair)]
    return min((low for low, _ in places), default=0), max((high for _, high in places), default=10)


def _titles(method: str, match: Mapping[str, Any], pair: tuple[Placed | None, Placed | None]) -> tuple[str, str]:
    """Return the titles of the implanted motif and of the kernel."""
    _, kernel = pair
    if match["E-value"] is None:
        above = "no implanted motif to align with"
    else:
        above = f"implanted: {match['Target_name'] or match['Target_ID']}"
    turned = ", reverse complement" if kernel and kernel[2] else ""
    below = f"{method}, seed {match['seed']}, no. {match['rank']}: {match['bits']:.1f} bits"
    if match["E-value"] is not None:
        below += f", E = {match['E-value']:.2g}{turned}{'' if match['found'] else ' (not found)'}"
    return above, below


def _draw_pair(
    axes: Sequence[Axes], titles: tuple[str, str], pair: tuple[Placed | None, Placed | None], widest: int
) -> None:
    (_, lower), (_, kernel) = axes, pair
    low, _ = _extent(pair)
    for ax, placement, title in zip(axes, pair, titles, strict=True):
        set_caption(ax, title, CAPTION_SIZE)
        if placement is None:
            ax.set_axis_off()
            continue
        motif, start, reverse = placement
        draw_logo(ax, placed(motif, reverse))
        ax.set_xlim(low - 0.5 - start, low + widest - 0.5 - start)
    if kernel is None:
        lower.text(0, 0.5, "dead: too few sites", fontsize=CAPTION_SIZE, transform=lower.transAxes)


def aligned_start(match: Mapping[str, Any], width: int, target_width: int) -> tuple[int, bool]:
    """Return the start of a kernel of full width on the forward target, and whether to draw it reverse complemented.

    match: a row of the recovery table; its offset is the trimmed query's in the target, which is reverse complemented
    if Orientation is -.  width: of the kernel. The start is counted from the target's first base.
    """
    start = int(match["Optimal_offset"]) - int(match["trimmed_start"])
    if match["Orientation"] == "+":
        return start, False
    return target_width - (start + width), True


def best_of(table: pd.DataFrame, kernels: int, seed: int, number: int = 2) -> dict[str, list[dict[Any, Any]]]:
    """Return the kernels with the largest information content of a network of each method: rows of the recovery table.

    seed: of the network; if its training was given up, the first remaining seed.
    """
    best = {}
    for method in COMPARED:
        rows = table[(table["kernels"] == kernels) & (table["method"] == method) & (table["rank"] <= number)]
        seeds = list(rows["seed"])
        rows = rows[rows["seed"] == (seed if seed in seeds else next(iter(seeds), seed))].sort_values("rank")
        best[method] = records(rows)
    return best


def placed(motif: Motif, reverse: bool) -> np.ndarray:
    """Return a motif's probabilities as drawn."""
    return (motif.reverse_complement() if reverse else motif).probabilities

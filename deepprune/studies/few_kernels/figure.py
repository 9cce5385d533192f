"""Mean AUROC and distinct motifs against the number of kernels, a line for each variant."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.figures.style import BLACK, BLUE, GREEN, ORANGE, PINK, RED, bare, own_style
from deepprune.keys import NO_CRITERION
from deepprune.studies.few_kernels.variants import READABLE, REFERENCE, VARIANTS

COLOURS = (BLACK, BLUE, "#999999", ORANGE, RED, PINK, GREEN)


@own_style()
def few_kernels_figure(summary: pd.DataFrame) -> Figure:
    """Draw the means over data sets: AUROC for each criterion, then distinct motifs by the first.

    summary: the columns SUMMARY of tables.py. The dashed line is the reference's widest network.
    """
    criteria = [name for name in summary["criterion"].unique() if name != NO_CRITERION]
    figure = Figure(figsize=(4.2 * (len(criteria) + 1), 4.4), layout="constrained")
    *of_criteria, motifs = figure.subplots(1, len(criteria) + 1)
    widest = summary[(summary["variant"] == REFERENCE) & (summary["criterion"] == NO_CRITERION)]["auroc"].item()
    for ax, criterion in zip(of_criteria, criteria, strict=True):
        rows = summary[summary["criterion"].isin([criterion, NO_CRITERION])]
        _lines(ax, rows, "auroc")
        ax.axhline(widest, color=BLACK, linewidth=0.8, linestyle="--")
        ax.set_title(f"pruned by {criterion}")
        ax.set_ylabel("mean test AUROC")
    limits = [ax.get_ylim() for ax in of_criteria]
    for ax in of_criteria:
        ax.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
    rows = summary[(summary["criterion"] == criteria[0]) & (summary["kernels"] <= READABLE)]
    _lines(motifs, rows, "distinct")
    kernels = sorted(rows["kernels"].unique())
    motifs.plot(kernels, kernels, color=BLACK, linewidth=0.8, linestyle=":")
    motifs.set_yscale("log", base=2)
    motifs.set_yticks(kernels, list(map(str, kernels)))
    motifs.set_title(f"distinct motifs, pruned by {criteria[0]}")
    motifs.set_ylabel("mean number of distinct motifs")
    figure.legend(*of_criteria[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return figure


def _lines(ax: Axes, rows: pd.DataFrame, column: str) -> None:
    for variant, colour in zip(VARIANTS, COLOURS, strict=True):
        own = rows[rows["variant"] == variant].sort_values("kernels")
        ax.plot(own["kernels"], own[column], color=colour, marker="o", markersize=3.5, linewidth=1.3, label=variant)
    kernels = sorted(rows["kernels"].unique())
    ax.set_xscale("log", base=2)
    ax.set_xticks(kernels, list(map(str, kernels)))
    ax.minorticks_off()
    ax.set_xlabel("kernels")
    bare(ax)

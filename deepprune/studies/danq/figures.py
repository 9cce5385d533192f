"""AUROC and AUPRC against the time of training, and the reconstruction of sequences by autoencoders."""

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from deepprune.figures.names import Point, name_points
from deepprune.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    RED,
    SKY,
    bare,
    own_style,
    sentence_figure,
    ticks,
)
from deepprune.studies.danq.values import REFERENCE

SHOWN = {"auroc": "test AUROC, mean over tasks", "auprc": "test AUPRC, mean over tasks"}
# Kinds of networks by what a learner reads, with colour and marker
NETWORK, WORDS, CODES, SCORES = KINDS = {
    "network": (BLACK, "o"),
    "learner on counts of words": (GREY, "s"),
    "learner on codes of an autoencoder": (RED, "D"),
    "learner on pooled scores of kernels": (BLUE, "^"),
}
COLOURS = (BLACK, ORANGE, SKY, GREEN, PINK, BLUE, RED)
AIM = "#E0F3EC"
SHARE, WITHIN = 6, 0.01  # the aim: a sixth of the reference's time, and an AUROC at most so much lower


def kind_of(row: pd.Series, autoencoders: set[str], learners: set[str]) -> str:
    """Return the kind, of KINDS, of a row of the table of networks."""
    if row["network"] not in learners:
        return NETWORK
    if not row["source"]:
        return WORDS
    return CODES if row["source"] in autoencoders else SCORES


@own_style()
def time_figure(table: pd.DataFrame, autoencoders: set[str]) -> Figure:
    """Draw AUROC and AUPRC of each network against its training time, and the aim as an area.

    table: of `network_table`, of one data set.  autoencoders: their names; learners have no epochs.
    """
    table = table.fillna({"source": ""})
    learners = set(table.loc[table["epochs"].isna(), "network"])
    kinds = [kind_of(row, autoencoders, learners) for _, row in table.iterrows()]
    table = table.assign(kind=kinds).dropna(subset=list(SHOWN))
    if table.empty:
        return sentence_figure("No network has an AUROC.")
    figure = Figure(figsize=(9.6, 4.4), layout="constrained")
    panels = figure.subplots(1, 2)
    for ax, (measure, words) in zip(panels, SHOWN.items(), strict=True):
        for kind, (colour, marker) in KINDS.items():
            own = table[table["kind"] == kind]
            ax.plot(own["total_time"], own[measure], marker, color=colour, ms=6, mew=0.4, mec="#FFFFFF", zorder=4)
        ax.set_ylabel(words, fontsize=9)
        ax.yaxis.set_major_locator(ticks())
        _time_axis(ax, table)
    reference = table[table["network"] == REFERENCE]
    handles: list[Artist] = [
        Line2D([], [], color=colour, marker=marker, ls="none", ms=6, label=kind)
        for kind, (colour, marker) in KINDS.items()
        if kind in kinds
    ]
    if len(reference):
        handles.append(Patch(color=AIM, label=f"within {WITHIN:g} of {REFERENCE} at a sixth of its time"))
        _aim(panels[0], float(reference["total_time"].iloc[0]), float(reference["auroc"].iloc[0]))
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    for ax, measure in zip(panels, SHOWN, strict=True):
        columns = (table["total_time"], table[measure], table["network"], [KINDS[kind][0] for kind in table["kind"]])
        name_points(figure, ax, [Point(*point) for point in zip(*columns, strict=True)])
    return figure


def _aim(ax: Axes, seconds: float, auroc: float) -> None:
    """Draw the area of what takes a sixth of the reference's time at an AUROC within .01 of its own."""
    low, top = ax.get_xlim()[0], ax.get_ylim()[1]
    ax.fill_between([low, seconds / SHARE], auroc - WITHIN, max(top, auroc + WITHIN), color=AIM, lw=0)
    ax.set_xlim(left=low)
    ax.set_ylim(top=max(top, auroc + WITHIN))


def _time_axis(ax: Axes, table: pd.DataFrame) -> None:
    ax.set_xscale("log")
    low, high = table["total_time"].min(), table["total_time"].max()
    ax.set_xlim(low / 2.5, high * 2.5)
    ax.xaxis.set_major_locator(LogLocator(subs=(1,) if high > 30 * low else (1, 3)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("training time with that of what is read, s of a core", fontsize=9)
    bare(ax)


@own_style()
def reconstruction_figure(epochs: pd.DataFrame, chance: float) -> Figure:
    """Draw the share of right bases of validation sequences by epoch, a line for each autoencoder, mean over seeds.

    epochs: the tables of epochs of one data set.  chance: the accuracy of naming the most frequent base.
    """
    if epochs.empty:
        return sentence_figure("No autoencoder was trained.")
    figure = Figure(figsize=(7.2, 3.9), layout="constrained")
    ax = figure.subplots()
    ax.axhline(chance, color=BLACK, linewidth=0.8, linestyle=(0, (4, 3)), label="most frequent base")
    for place, (network, own) in enumerate(epochs.groupby("network", sort=False)):
        means = own.groupby("epoch")["validation_accuracy"].mean()
        colour = COLOURS[place % len(COLOURS)]
        ax.plot(means.index, means, color=colour, marker="osD^vPX"[place % 7], ms=4, lw=1.3, label=str(network))
    ax.set_xlabel("epoch", fontsize=9)
    ax.set_ylabel("right bases, validation sequences", fontsize=9)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(ticks())
    bare(ax)
    figure.legend(*ax.get_legend_handles_labels(), loc="outside right upper", frameon=False, fontsize=8)
    return figure

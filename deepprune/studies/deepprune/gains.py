"""The paper's figures of differences between networks of one size."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.evaluation.labels import extent, paired, ranked, smallest_rung
from deepprune.figures.style import (
    GREEN,
    LOOKS,
    NAMED,
    PALE,
    RED,
    bare,
    draw_boxes,
    own_style,
    sentence_figure,
    ticks,
    wrapped,
)

UNPAIRED = "No data set has both a pruned network and a baseline of the smallest size."
IMPROVED, WORSENED = LOOKS["deepprune"].colour, RED


class Drawn(NamedTuple):
    """A figure, and a sentence on what it shows, which is also written above it."""

    figure: Figure
    note: str


def noted(figure: Figure, note: str) -> Drawn:
    """Put a sentence above a figure, in lines that fit."""
    figure.suptitle(wrapped(note, figure.get_size_inches()[0]), fontsize=8.5, color="#5B6575", parse_math=False)
    return Drawn(figure, note)


def nothing(text: str) -> Drawn:
    """Return a figure that says why it is empty."""
    return Drawn(sentence_figure(text), text)


def share_text(part: int, whole: int) -> str:
    """Return `3 of 4 (75 %)`."""
    return f"{part:,} of {whole:,} ({100 * part / whole:.3g} %)"


@own_style()
def gains_figure(auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str]) -> Drawn:
    """Draw Figure 6: the gain of deepprune over the baseline at the last rung, a row a data set, a panel a criterion.

    Up to NAMED data sets are named, in the order of the first criterion's gain, with DeLong's 95 % intervals; more are
    sorted anew for each criterion.
    """
    rung = smallest_rung(auc)
    parts = {criterion: ranked(comparison, criterion, rung)[::-1] for criterion in criteria}
    parts = {criterion: part for criterion, part in parts.items() if len(part)}
    if not parts:
        return nothing(UNPAIRED)
    main = next(iter(parts.values()))
    order = list(main["dataset"])
    named = len(order) <= NAMED
    size = (2.4 * named + 3.2 * len(parts) + 0.6, 1.7 + 0.2 * len(order) if named else 6.5)
    figure = Figure(figsize=(max(size[0], 5.0), size[1]), layout="constrained")
    axes = figure.subplots(1, len(parts), squeeze=False, sharex=True, sharey=True)[0]
    for ax, (criterion, part) in zip(axes, parts.items(), strict=True):
        places = part["dataset"].map({name: place for place, name in enumerate(order)}) if named else None
        draw_gains(ax, part, np.arange(len(part)) if places is None else places.to_numpy(), named)
        counts = f"improved: {share_text(int((part['gain'] > 0).sum()), len(part))}\n"
        counts += f"worsened: {share_text(int((part['gain'] < 0).sum()), len(part))}"
        ax.set_title(f"by {criterion}\n{counts}" if len(parts) > 1 else counts, fontsize=8.5, loc="left")
        ax.set_xlabel("AUROC: deepprune - baseline", fontsize=9)
    if named:
        axes[0].set_yticks(range(len(order)), labels=order, parse_math=False)
    else:
        axes[0].set_yticks([])
        axes[0].set_ylabel("data sets, the largest gain on top", fontsize=9)
    margin = 0.6 if named else 0.01 * len(order)
    axes[0].set_ylim(len(order) - 1 + margin, -margin)
    gain = f"mean gain {main['gain'].mean():+.3f}, median {main['gain'].median():+.3f}"
    gain += f" by {criteria[0]}" if len(parts) > 1 else ""
    intervals = "; lines are 95 % intervals" if named else ""
    used = auc[auc["dataset"].isin(order) & (auc["method"] == "deepprune") & (auc["kernels"] == rung)]
    return noted(figure, f"{extent(used)}; {rung} kernels; {gain if len(order) > 1 else gain.split(',')[0]}{intervals}")


def draw_gains(ax: Axes, gains: pd.DataFrame, places: np.ndarray, intervals: bool) -> None:
    """Draw a dot for each gain, in one colour above zero and in another below; and lines for the intervals."""
    ax.axvline(0, color="black", linewidth=0.8)
    sides = (("improved", IMPROVED, gains["gain"] > 0), ("worsened", WORSENED, gains["gain"] < 0))
    for label, colour, side in (*sides, ("unchanged", "black", gains["gain"] == 0)):
        part, rows = gains[side], places[side.to_numpy()]
        if part.empty:
            continue
        if intervals:
            ax.hlines(rows, part["gain_low"], part["gain_high"], color=colour, linewidth=1)
        else:
            ax.fill_betweenx(rows, 0, part["gain"], step="mid", color=colour, alpha=0.3, linewidth=0)
        ax.plot(part["gain"], rows, "o", color=colour, markersize=4.5 if intervals else 1.6, label=label)
    ax.xaxis.set_major_locator(ticks())
    bare(ax, grid="x")


@own_style()
def tickets_figure(auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str]) -> Drawn:
    """Draw Figure S1: winning tickets and deepprune by number of kernels, means over data sets, and differences."""
    both = paired(of_method(auc, "winning_ticket"), of_method(auc, "deepprune", criteria[0]), ["kernels"])
    if both.empty:
        return nothing("No data set has both winning tickets and pruned networks.")
    figure = Figure(figsize=(8.4, 4.0), layout="constrained")
    means, differences = figure.subplots(1, 2)
    rungs = sorted(both["kernels"].unique())
    places = range(len(rungs))
    curves = {"winning_ticket": both["one"], "deepprune": both["other"]}
    baseline = both[["dataset", "kernels"]].merge(
        of_method(auc, "baseline").groupby(["dataset", "kernels"], as_index=False)["auroc"].mean()
    )
    for label, (kernels, values) in {
        **{label: (both["kernels"], values) for label, values in curves.items()},
        "baseline": (baseline["kernels"], baseline["auroc"]),
    }.items():
        look = LOOKS[label]
        over = values.groupby(kernels).mean()
        at = [rungs.index(rung) for rung in over.index]
        means.plot(at, over, color=look.colour, marker=look.marker, markersize=4.5, linewidth=1.6, label=label)
    means.set_ylabel("test AUROC, mean over data sets", fontsize=9)
    means.yaxis.set_major_locator(ticks())
    figure.legend(*means.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    count = both["dataset"].nunique()
    draw_differences(differences, [both.loc[both["kernels"] == rung, "difference"] for rung in rungs])
    differences.set_ylabel("AUROC: winning_ticket - deepprune", fontsize=9)
    for ax in (means, differences):
        ax.set_xticks(places, labels=[str(rung) for rung in rungs])
        ax.set_xlabel("kernels", fontsize=9)
        bare(ax)
    marks = "a dot a data set" if count <= NAMED else "boxes: quartiles and median, whiskers: 5 to 95 % of data sets"
    used = auc[auc["dataset"].isin(both["dataset"]) & (auc["method"] == "winning_ticket")]
    note = f"{extent(used)}; right: {marks}, bars at the mean, on top the share where winning tickets are better"
    return noted(figure, note)


def draw_differences(ax: Axes, columns: Sequence[pd.Series]) -> None:
    """Draw columns of differences: dots up to NAMED, boxes beyond, a bar at the mean, the share above zero on top."""
    ax.axhline(0, color="black", linewidth=0.8)
    colour = LOOKS["winning_ticket"].colour
    for place, values in enumerate(columns):
        if len(values) <= NAMED:
            # Side by side in the order of the table, so that equal values do not cover each other.
            at = place + 0.5 * (np.arange(len(values)) / max(len(values) - 1, 1) - 0.5) * (len(values) > 1)
            ax.plot(at, values, "o", color=colour, markersize=3.5, alpha=0.7, markeredgewidth=0)
        else:
            draw_boxes(ax, {place: values}, colour, width=0.5, whiskers=(5, 95))
        ax.hlines(values.mean(), place - 0.33, place + 0.33, color="black", linewidth=1.6)
        share = f"{(values > 0).mean():.0%}".replace("%", " %")
        ax.text(place, 1.01, share, transform=ax.get_xaxis_transform(), ha="center", va="bottom", fontsize=8)
    ax.set_xlim(-0.6, len(columns) - 0.4)


@own_style()
def worse_figure(auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str]) -> Drawn:
    """Draw Figure S2: the data sets whose first seed became worse by pruning, at the last rung, with all their seeds.

    Left baseline and deepprune, right their difference; a ring marks the first seed, which selected the data sets.
    """
    rung = smallest_rung(auc)
    last = auc[auc["kernels"] == rung]
    both = paired(of_method(last, "deepprune", criteria[0]), of_method(last, "baseline"), ["seed"])
    if both.empty:
        return nothing(UNPAIRED)
    first = both.drop_duplicates("dataset").set_index("dataset")["difference"]
    total = len(first)
    chosen = both[both["dataset"].isin(first.index[first < 0])]
    if chosen.empty:
        sets = "the one data set" if total == 1 else f"any of {total:,} data sets"
        return nothing(f"At {rung} kernels the first seed of deepprune is not below the baseline in {sets}.")
    order = list(chosen.groupby("dataset")["difference"].mean().sort_values().index)
    named = len(order) <= NAMED
    figure = Figure(figsize=(9.0, 1.9 + 0.26 * len(order) if named else 9.0), layout="constrained")
    values, differences = figure.subplots(1, 2, sharey=True)
    chosen = chosen.assign(place=chosen["dataset"].map(order.index), first=~chosen["dataset"].duplicated())
    # Side by side if there is room, else joined by a line.
    apart = 0.16 if named else 0.0
    if not named:
        ends = chosen.groupby("place")[["other", "one"]].mean()
        values.hlines(ends.index, ends["other"], ends["one"], color="#BBBBBB", linewidth=0.6)
    for label, column, shift in (("baseline", "other", -apart), ("deepprune", "one", apart)):
        _draw_rows(values, chosen, column, shift, label, named)
    differences.axvline(0, color="black", linewidth=0.8)
    _draw_rows(differences, chosen, "difference", 0.0, "difference", named)
    values.set_xlabel(f"test AUROC at {rung} kernels", fontsize=9)
    differences.set_xlabel("AUROC: deepprune - baseline", fontsize=9)
    if named:
        values.set_yticks(range(len(order)), labels=order, parse_math=False)
    else:
        values.set_yticks([])
        values.set_ylabel("data sets, the largest loss on top", fontsize=9)
    values.set_ylim(len(order) - 0.4, -0.6)
    for ax in (values, differences):
        ax.xaxis.set_major_locator(ticks(4))  # names leave little room for numbers of four decimals
        bare(ax, grid="x")
    handles, labels = values.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    used = auc[auc["dataset"].isin(order) & (auc["method"] == "baseline") & (auc["kernels"] == rung)]
    others = chosen[~chosen["first"]].groupby("dataset")["difference"].mean()
    note = f"Worse by their first seed (rings): {share_text(len(order), total)} data sets; shown: {extent(used)}"
    if len(others):
        worse = share_text(int((others < 0).sum()), len(others))
        note += f", bars at the means; by the mean of the other seeds still worse: {worse}"
    return noted(figure, note)


def _draw_rows(ax: Axes, chosen: pd.DataFrame, column: str, shift: float, label: str, named: bool) -> None:
    """Draw a ring for the first seed, dots for the others, a bar at the mean, each data set in its row."""
    colour = LOOKS[label].colour if label in LOOKS else GREEN
    size = 4.5 if named else 2.2
    first, others = chosen[chosen["first"]], chosen[~chosen["first"]]
    ax.plot(first[column], first["place"] + shift, "o", color=colour, fillstyle="none", markersize=size, label=label)
    ax.plot(others[column], others["place"] + shift, "o", color=colour, markersize=0.75 * size, alpha=0.7, mew=0)
    if len(others):
        means = chosen.groupby("place")[column].mean()
        height = 0.3 if label == "difference" else 0.15
        ax.vlines(means, means.index + shift - height, means.index + shift + height, color=colour, linewidth=1.4)


@own_style()
def circular_figure(auc: pd.DataFrame, comparison: pd.DataFrame, criteria: Sequence[str]) -> Drawn:
    """Draw Figure S4: deepprune at the last rung against one circular filter, a dot for each data set."""
    rung = smallest_rung(auc)
    both = paired(of_method(auc[auc["kernels"] == rung], "deepprune", criteria[0]), of_method(auc, "circular"), [])
    if both.empty:
        return nothing("No data set has both a circular filter and a pruned network of the smallest size.")
    figure = Figure(figsize=(5.0, 5.0), layout="constrained")
    ax = figure.subplots()
    low, high = both[["one", "other"]].min().min(), both[["one", "other"]].max().max()
    margin = max(0.04 * (high - low), 0.01)
    ends = low - margin, high + margin
    ax.plot(ends, ends, color="black", linewidth=0.8)
    few = len(both) <= NAMED
    ax.plot(
        both["other"],
        both["one"],
        "o",
        color=LOOKS["deepprune"].colour,
        markersize=5 if few else 3,
        alpha=0.8 if few else 0.5,
        markeredgewidth=0,
        label="data sets",
    )
    ax.set(xlim=ends, ylim=ends, aspect="equal")
    ax.set_xlabel("test AUROC of one circular filter", fontsize=9)
    ax.set_ylabel(f"test AUROC of deepprune at {rung} kernels", fontsize=9)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(ticks())
    above = share_text(int((both["difference"] > 0).sum()), len(both))
    ax.set_title(f"above the diagonal: {above}", fontsize=8.5, loc="left")
    bare(ax)
    ax.grid(axis="x", color=PALE, linewidth=0.6)
    used = auc[auc["dataset"].isin(both["dataset"]) & (auc["method"] == "circular")]
    return noted(figure, f"{extent(used)}; mean AUROC {both['one'].mean():.3f} and {both['other'].mean():.3f}")


def of_method(auc: pd.DataFrame, method: str, criterion: str | None = None) -> pd.DataFrame:
    """Return the networks of a method and, if given, of a criterion."""
    rows = auc[auc["method"] == method]
    return rows if criterion is None else rows[rows["criterion"] == criterion]

"""The common style of figures, and their saving."""

import bisect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal, NamedTuple

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from deepprune.io.files import write_atomic

# Colours that colour-blind readers can tell apart (Okabe & Ito), and two greys
BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
RED = "#D55E00"
PINK = "#CC79A7"
GREY = "#767676"
PALE = "#DDDDDD"  # of lines in the background


class Look(NamedTuple):
    """The colour and marker of a kind of network in all figures, and its meaning in legends."""

    colour: str
    marker: str
    meaning: str


# A method has one colour in all figures.
LOOKS = {
    "deepprune": Look(BLUE, "o", "pruned and fine-tuned"),
    "inter": Look(ORANGE, "^", "pruned, not yet fine-tuned"),
    "winning_ticket": Look(GREEN, "D", "reset to initial weights, trained again"),
    "baseline": Look(BLACK, "s", "trained at this size"),
    "circular": Look(GREY, "", "one circular filter"),
}


# Looks of deepprune by the further criteria; the first has the method's own look.
FURTHER_CRITERIA = ((RED, "v"), (SKY, "P"), (PINK, "X"))


# Text becomes paths, so that the picture is the same in every viewer, whatever its fonts. A fixed salt replaces random
# numbers in the names of elements.
SVG_STYLE: Any = {"svg.fonttype": "path", "svg.hashsalt": "deepprune"}


DPI = 150


# Small letters per inch
LETTERS_PER_INCH = 16


# The most data sets whose names fit into a figure
NAMED = 60


@contextmanager
def own_style() -> Iterator[None]:
    """Draw with matplotlib's defaults, whatever settings the user has; as a decorator, of functions that draw."""
    with mpl.rc_context():
        mpl.rcdefaults()
        yield


def looks_of(criteria: Sequence[str]) -> dict[str, Look]:
    """Return the look of each kind of network in figures, by the labels of `by_label`; criteria: of the run."""
    found = dict(LOOKS)
    if len(criteria) > 1:
        found["deepprune"] = found["deepprune"]._replace(meaning=f"by {criteria[0]}, fine-tuned")
    further = {
        f"deepprune ({criterion})": Look(*look, "")
        for criterion, look in zip(criteria[1:], FURTHER_CRITERIA, strict=False)
    }
    return {"deepprune": found.pop("deepprune"), **further, **found}


def panels(
    datasets: Sequence[str], columns: int, width: float, height: float, sharey: bool = True
) -> tuple[Figure, list[Axes]]:
    """Return a figure with a panel for each data set, with axes labelled for AUROC against kernels; sizes in inches."""
    columns = min(len(datasets), columns)
    rows = -(-len(datasets) // columns)
    figure = Figure(figsize=(max(width * columns, 5.6), height * rows + 0.8), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=sharey)
    used = list(axes.flat[: len(datasets)])
    for ax, dataset in zip(used, datasets, strict=True):
        ax.set_title(wrapped(str(dataset), 0.75 * width), fontsize=8, parse_math=False)
    for ax in axes.flat[len(datasets) :]:
        ax.set_axis_off()
    # The lowest panel of each column has the labels, even if the last row is not full.
    for ax in used[-columns:]:
        ax.xaxis.set_tick_params(labelbottom=True)
        ax.set_xlabel("kernels", fontsize=9)
    for ax in axes[:, 0]:
        ax.set_ylabel("test AUROC", fontsize=9)
    return figure, used


def save_figure(figure: Figure, path: Path | str) -> None:
    """Write a figure in the format of the path's suffix; the same figure gives the same bytes."""
    path = Path(path)
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix)
    with own_style(), mpl.rc_context(SVG_STYLE), write_atomic(path) as temporary:
        figure.savefig(temporary, format=path.suffix[1:], metadata=metadata, dpi=DPI)


def bare(ax: Axes, grid: Literal["x", "y"] = "y") -> None:
    """Give a panel the common style: no frame, light grid lines across the axis of values."""
    ax.grid(axis=grid, color=PALE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=8)


def draw_boxes(
    ax: Axes, values: Mapping[float, pd.Series], colour: str, width: float, whiskers: tuple[int, int]
) -> None:
    """Draw boxes at these places: quartiles, median, and whiskers between two percentiles."""
    if not values:
        return
    outline: Any = {"color": colour, "linewidth": 0.9}
    ax.boxplot(
        [part.to_numpy() for part in values.values()],
        positions=list(values),
        widths=width,
        whis=whiskers,
        showfliers=False,
        manage_ticks=False,
        patch_artist=True,
        boxprops={"facecolor": lighter(colour), "edgecolor": colour, "linewidth": 0.9},
        medianprops=outline,
        whiskerprops=outline,
        capprops=outline,
    )


def lighter(colour: str) -> str:
    """Return a colour (#RRGGBB) at a quarter of its strength on white; it is opaque and hides what is below."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{255 - (255 - channel) // 4:02X}" for channel in channels)


def limits(ax: Axes, auroc: pd.Series) -> None:
    """Set the limits around the values: at most a marker above 1, at least 0.05 high so that noise stays small."""
    low, high = auroc.min(), auroc.max()
    if high - low < 0.05:
        middle = min((low + high) / 2, 1 - 0.025)
        low, high = middle - 0.025, middle + 0.025
    margin = 0.06 * (high - low)
    ax.set_ylim(low - margin, high + margin)
    ax.yaxis.set_major_locator(ticks())


def ticks(most: int = 6) -> MaxNLocator:
    """Return a locator of a few round values, so many intervals at most, for an axis of AUROC or of differences."""
    return MaxNLocator(nbins=most, steps=[1, 2, 5, 10])


@own_style()
def sentence_figure(text: str) -> Figure:
    """Return a figure of one sentence, for when there is nothing to draw."""
    figure = Figure(figsize=(5.6, 1.2))
    figure.text(0.5, 0.5, textwrap.fill(text, 70), ha="center", va="center", fontsize=9, parse_math=False)
    return figure


def legend(figure: Figure, lines: Sequence[Line2D], looks: Mapping[str, Look], title: str) -> None:
    """Draw a line of each look and its meaning, below the axes, where it cannot cover data."""
    texts = [f"{label}: {look.meaning}" if look.meaning else label for label, look in looks.items()]
    width = figure.get_size_inches()[0]
    # Half an inch for the line sample and the gap between columns
    columns = int(width / (max(map(len, texts)) / LETTERS_PER_INCH + 0.5))
    figure.legend(
        lines,
        texts,
        title=wrapped(title, width),
        loc="outside lower center",
        ncols=max(1, min(columns, len(texts))),
        frameon=False,
        fontsize=8,
        title_fontsize=8,
    )


def text_inches(text: str, size: float) -> float:
    """Return the width of a line of text; size: of its font, in points."""
    width, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=size), ismath=False)
    return float(width) / 72


def shortened(text: str, inches: float, size: float) -> str:
    """Return a text that fits into a line: of a longer one, as much of its beginning and its end as fits."""

    def cut(letters: int) -> str:
        return text[: letters - letters // 2] + "…" + text[len(text) - letters // 2 :]

    if text_inches(text, size) <= inches:
        return text
    fitting = bisect.bisect_left(range(len(text)), True, key=lambda n: text_inches(cut(n), size) > inches)
    return cut(max(0, fitting - 1))


def distinctive(names: Sequence[str]) -> tuple[list[str], tuple[str, str]]:
    """Return names, one at least, without the words that all begin and end with, and these; each keeps a word.

    A word is a run of letters of one case, a capital before small letters or digits, or a run of other characters.
    """
    words = [re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+|[^A-Za-z0-9]+", name) for name in names]
    first = _shared(row[:-1] for row in words)
    last = _shared(row[:first:-1] for row in words)
    ends = "".join(words[0][:first]), "".join(words[0][len(words[0]) - last :])
    return [name.removeprefix(ends[0]).removesuffix(ends[1]) for name in names], ends


def _shared(rows: Iterable[Sequence[str]]) -> int:
    """Return how many words all rows begin with."""
    return sum(1 for _ in takewhile(lambda same: len(set(same)) == 1, zip(*rows, strict=False)))


def wrapped(text: str, inches: float) -> str:
    """Return a text in small letters, broken into lines of similar length that fit."""
    most = int(LETTERS_PER_INCH * inches)
    lines = -(-len(text) // most)
    each = -(-len(text) // max(lines, 1))
    # Lines end between words, and a single word anywhere.
    return textwrap.fill(text, most if lines < 2 else min(most, each + 8 if " " in text else each))

"""The paper's figures of filters as sequence logos, the recovered motifs of networks beside one another."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.figures.logo import draw_letters
from deepprune.figures.style import GREY, own_style, sentence_figure
from deepprune.io.motif import Motif
from deepprune.motifs.relevant import Relevant, own_places
from deepprune.studies.koo_eddy.tables import READING

BASES = 19  # a logo has room for so many
WIDTH, HEIGHT, LABEL = 1.15, 0.27, 0.11  # inches of a logo, and of the line above it
TITLE, GAP = 0.3, 0.35  # inches above a panel, and between panels
TRUTH = GREY


class Panel(NamedTuple):
    """Filters side by side. motifs: with the task that each matches, or an empty text."""

    title: str
    motifs: Sequence[tuple[Motif, str]]
    columns: int


def layer_panel(title: str, filters: pd.DataFrame, motifs: Mapping[str, Motif], columns: int = 3) -> Panel:
    """Return the panel of a layer of one network; the filters that match a task's motif come first, by task.

    filters: the rows of one network, seed and layer of the run's table.  motifs: by name.
    """
    own = filters[(filters["reading"] == READING) & filters["motif"].notna()]
    own = own.sort_values(["task", "strand", "filter"], na_position="last", kind="stable")
    labelled = [
        (motifs[name], "" if pd.isna(task) else f"{task} {strand}".replace("-", "\N{MINUS SIGN}"))
        for name, task, strand in own[["motif", "task", "strand"]].itertuples(index=False)
    ]
    return Panel(title, labelled, columns)


@own_style()
def filters_figure(panels: Sequence[Panel], truth: Sequence[tuple[Motif, str]]) -> Figure:
    """Draw panels of logos side by side, and below them the motifs of the tasks.

    truth: motifs with their tasks, drawn in both orientations.
    """
    rows = [-(-len(panel.motifs) // panel.columns) for panel in panels]
    width = sum(panel.columns * WIDTH for panel in panels) + GAP * (len(panels) - 1)
    both = [
        (each, f"{task} {strand}")
        for motif, task in truth
        for each, strand in ((motif, "+"), (motif.reverse_complement(), "\N{MINUS SIGN}"))
    ]
    across = max(2, int(width / WIDTH) // 2 * 2)
    below = -(-len(both) // across)
    line = HEIGHT + LABEL
    height = TITLE * 2 + line * (max(rows) + below) + 0.2
    figure = Figure(figsize=(width, height))
    left = 0.0
    for panel in panels:
        _heading(figure, panel.title, left, height - TITLE * 0.75)
        _logos(figure, panel.motifs, panel.columns, (left, height - TITLE))
        left += panel.columns * WIDTH + GAP
    top = line * below + TITLE + 0.05
    _heading(figure, "Known motifs of the tasks" if truth else "", 0.0, top - TITLE * 0.75)
    _logos(figure, both, across, (0.0, top - TITLE))
    return figure


def _heading(figure: Figure, text: str, left: float, bottom: float) -> None:
    width, height = figure.get_size_inches()
    figure.text((left + 0.04) / width, bottom / height, text, fontsize=10, fontweight="bold", parse_math=False)


def _logos(figure: Figure, motifs: Sequence[tuple[Motif, str]], columns: int, corner: tuple[float, float]) -> None:
    """Draw logos in rows from the upper left corner, in inches."""
    width, height = figure.get_size_inches()
    for place, (motif, label) in enumerate(motifs):
        row, column = divmod(place, columns)
        left, top = corner[0] + column * WIDTH, corner[1] - row * (HEIGHT + LABEL)
        box = (left + 0.04) / width, (top - HEIGHT - LABEL) / height, (WIDTH - 0.08) / width, HEIGHT / height
        _logo(figure.add_axes(box), motif, label)


def _logo(ax: Axes, motif: Motif, label: str) -> None:
    ax.set_axis_off()
    draw_letters(ax, motif.probabilities)
    spare = max(BASES - motif.width, 0) / 2
    ax.set_xlim(-0.5 - spare, motif.width - 0.5 + spare)
    if label:
        ax.text(0, 1.02, label, transform=ax.transAxes, fontsize=5.5, color=TRUTH, va="bottom", parse_math=False)


class Shown(NamedTuple):
    """A figure of logos: the layers that it shows, by network and number, and the logos in a row of each."""

    layers: Sequence[tuple[str, int]]
    columns: int


# By their names in file names and captions
SHOWN = {
    "first": Shown([("CNN-2", 1), ("CNN-4", 1), ("CNN-25", 1)], 3),
    "alternatives": Shown([("CNN9-4", 1), ("CNN9-25", 1), ("CNN-50-2", 1), ("CNN19-1-2", 1)], 3),
    "deeper": Shown([("CNN-1", 2)], 12),
}


def draw_logos(
    shown: Shown, filters: pd.DataFrame, motifs: Mapping[str, Mapping[str, Motif]], truth: Sequence[tuple[Motif, str]]
) -> Figure:
    """Draw a figure of logos from the first seed of a data set; one sentence if the run has none of its networks.

    filters: of the data set.  motifs: by network and name.
    """
    panels = []
    for network, layer in shown.layers:
        own = filters[(filters["network"] == network) & (filters["layer"] == layer)]
        if len(own):
            title = network if layer == 1 else f"{network}, layer {layer}"
            first = own[own["seed"] == own["seed"].iloc[0]]
            panels.append(layer_panel(title, first, motifs[network], shown.columns))
    if not panels:
        names = dict.fromkeys(name for name, _ in shown.layers)
        return sentence_figure(f"The run has none of the networks of this figure: {', '.join(names)}.")
    return filters_figure(panels, truth)


def own_motifs(known: Sequence[Motif], relevant: Sequence[Relevant]) -> list[tuple[Motif, str]]:
    """Return the first relevant motif of each task, with the task."""
    return [(known[place], task) for task, place in own_places(relevant).items()]

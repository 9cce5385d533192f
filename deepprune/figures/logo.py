"""Sequence logos."""

import math
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.gridspec import GridSpec
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from deepprune.figures.style import BLUE, GREEN, ORANGE, RED, own_style, sentence_figure, text_inches
from deepprune.io.motif import Motif, information_content
from deepprune.motifs.meme_suite import best_matches

BASE_COLOURS = {"A": GREEN, "C": BLUE, "G": ORANGE, "T": RED}
INVISIBLE = 0.01  # bits; lower letters, mostly of uninformative flanks, would be most of the file
# Inches per base of a logo, and the smallest number of bases that a logo has room for
BASE_WIDTH = 0.27
FEWEST_BASES = 10
# Inches: the height of a logo, and the room around it for its axis, its caption and its positions
HEIGHT, LEFT, RIGHT, ABOVE, BELOW = 0.9, 0.44, 0.06, 0.22, 0.23
LETTER_WIDTH = 0.95  # share of a base's width
CAPTION_SIZE = 9


def draw_logo(ax: Axes, probabilities: np.ndarray) -> None:
    """Draw a sequence logo on a fixed axis of 0 to 2 bits; letters are as high as their share of the bits."""
    draw_letters(ax, probabilities)
    width = len(probabilities)
    ax.set_yticks([0, 1, 2])
    ax.set_ylabel("bits")
    ax.set_xticks([0, *range(4, width, 5)], labels=["1", *(str(position + 1) for position in range(4, width, 5))])
    ax.tick_params(axis="x", length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    ax.spines["left"].set_linewidth(1)


@own_style()
def motif_strip(motif: Motif) -> Figure:
    """Draw a small logo without axes for a table."""
    figure = Figure(figsize=(0.13 * motif.width, 0.6))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    draw_letters(ax, motif.probabilities)
    return figure


@own_style()
def aligned_strip(known: Motif, motif: Motif, offset: int) -> Figure:
    """Draw a known motif above another one, which begins at this offset in it, as small logos without axes."""
    first, last = min(0, offset), max(known.width, offset + motif.width)
    figure = Figure(figsize=(0.13 * (last - first), 1.2))
    for place, (start, each) in enumerate([(offset, motif), (0, known)]):
        ax = figure.add_axes((0, 0.52 * place, 1, 0.48))
        ax.set_axis_off()
        draw_letters(ax, each.probabilities)
        ax.set_xlim(first - start - 0.5, last - start - 0.5)
    return figure


@own_style()
def logo_figure(motifs: Sequence[tuple[np.ndarray, str] | None], columns: int = 1) -> Figure:
    """Draw logos below one another, or in columns, each with a caption of one line.

    motifs: pairs of probabilities, shape (width, 4), and caption, or None for an empty place. A base has the same width
    in all figures.
    """
    if not motifs:
        raise ValueError("a figure needs one logo or more")
    columns = min(columns, len(motifs))
    logos = [logo for logo in motifs if logo]
    bases = max(FEWEST_BASES, *(len(probabilities) for probabilities, _ in logos))
    bases = max(bases, *(math.ceil(text_inches(caption, CAPTION_SIZE) / BASE_WIDTH) for _, caption in logos))
    figure, grid = logo_grid(-(-len(motifs) // columns), columns, BASE_WIDTH * bases)
    for place, logo in enumerate(motifs):
        if logo is None:
            continue
        probabilities, caption = logo
        ax = figure.add_subplot(grid[divmod(place, columns)])
        draw_logo(ax, probabilities)
        ax.set_xlim(-0.5, bases - 0.5)
        set_caption(ax, caption, CAPTION_SIZE)
    return figure


def logo_grid(rows: int, columns: int, width: float) -> tuple[Figure, GridSpec]:
    """Return a figure and its places for logos, each `width` inches wide, with room for axis and caption.

    The room is fixed: matplotlib's own layout takes longer than drawing the letters.
    """
    across, down = (LEFT + width + RIGHT) * columns, (ABOVE + HEIGHT + BELOW) * rows
    figure = Figure(figsize=(across, down))
    grid = figure.add_gridspec(
        rows,
        columns,
        left=LEFT / across,
        right=1 - RIGHT / across,
        wspace=(LEFT + RIGHT) / width,
        bottom=BELOW / down,
        top=1 - ABOVE / down,
        hspace=(ABOVE + BELOW) / HEIGHT,
    )
    return figure, grid


def set_caption(ax: Axes, caption: str, size: float) -> None:
    """Put a line of text above a logo."""
    ax.set_title(
        caption, fontsize=size, loc="left", y=1, parse_math=False
    )  # y: otherwise matplotlib searches for it, tick by tick


def motif_logos(motifs: Sequence[Motif], reversed_for: Mapping[str, str] | None = None) -> Figure:
    """Draw the kernels of a data set as logos, two to a row, with name, output weight and number of sites.

    reversed_for: the target's name for each motif that matches in reverse complement, which is then drawn beside the
    motif.
    """
    if not motifs:
        return sentence_figure("no kernel has enough sites for a motif")
    logos: list[tuple[np.ndarray, str] | None] = []
    for motif in motifs:
        turned = reversed_for is not None and motif.name in reversed_for
        if turned and len(logos) % 2:
            logos.append(None)  # so that both are in one row
        logos.append((motif.probabilities, _caption(motif)))
        if reversed_for and turned:
            caption = f"{motif.name}  reverse complement, as {reversed_for[motif.name]}"
            logos.append((motif.reverse_complement().probabilities, caption))
    return logo_figure(logos, 2)


def reverse_matches(tomtom: pd.DataFrame) -> dict[str, str]:
    """Return, for each motif whose best match is on the other strand, the name of that match.

    tomtom: matches of one data set; columns Query_ID, Target_ID, Target_name, p-value, Orientation.
    """
    best = best_matches(tomtom)
    return dict(best["match"][best["Orientation"] == "-"])


def motif_logo(motif: Motif, reverse_complement: bool = False) -> Figure:
    """Draw a motif with its name, second name and number of sites and, if wanted, its reverse complement beside it."""
    logos = [(motif.probabilities, _caption(motif))]
    if reverse_complement:
        logos.append((motif.reverse_complement().probabilities, "reverse complement"))
    return logo_figure(logos, columns=2)


def draw_letters(ax: Axes, probabilities: np.ndarray) -> None:
    """Draw the letters of a logo alone; the axis is from 0 to 2 bits and from -0.5 to half a base behind the last."""
    heights = _heights(probabilities)
    order = np.argsort(heights, axis=1, kind="stable")  # the highest letter on top
    stacked = np.take_along_axis(heights, order, axis=1)
    floors = np.zeros_like(heights)
    np.put_along_axis(floors, order, stacked.cumsum(axis=1) - stacked, axis=1)
    add_letters(ax, floors, heights)
    ax.set_ylim(0, 2)


def add_letters(ax: Axes, floors: np.ndarray, heights: np.ndarray) -> None:
    """Draw letters on an axis of positions from 0.

    floors, heights: float64 (width, 4), of A C G T; a letter of height 0 is not drawn, one of negative height hangs
    upside down.
    """
    for base, (letter, colour) in enumerate(BASE_COLOURS.items()):
        (places,) = np.nonzero(heights[:, base])
        letters = _letters(letter, places, floors[places, base], heights[places, base])
        # add_artist, not add_patch, which would compute the extent of each curve for limits that are fixed here.
        ax.add_artist(PathPatch(letters, facecolor=colour, linewidth=0, zorder=0))
    ax.set_xlim(-0.5, len(heights) - 0.5)


def _letters(letter: str, places: np.ndarray, floors: np.ndarray, heights: np.ndarray) -> Path:
    """Return one path with a letter at each of these places."""
    vertices, codes = _letter(letter)
    corners = np.stack([places - LETTER_WIDTH / 2, floors], axis=1)
    sizes = np.stack([np.full(len(places), LETTER_WIDTH), heights], axis=1)
    return Path((corners[:, None] + sizes[:, None] * vertices).reshape(-1, 2), np.tile(codes, len(places)))


@cache
def _letter(letter: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the vertices of a letter that fills the unit square, and their path codes."""
    path = TextPath((0, 0), letter, size=1, prop=FontProperties(family="sans", weight="bold"))
    box = path.get_extents()
    return (np.asarray(path.vertices) - box.min) / box.size, np.asarray(path.codes)


def _caption(motif: Motif) -> str:
    sites = f"{motif.sites:.0f}"
    return "  ".join(filter(None, [motif.name, motif.alt, f"{sites} site{'' if sites == '1' else 's'}"]))


def _heights(probabilities: np.ndarray) -> np.ndarray:
    heights = probabilities * information_content(probabilities)[:, None]
    return np.where(heights < INVISIBLE, 0, heights)

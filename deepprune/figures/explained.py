"""Sequences with the windows of their kernels, and mutagenesis of a sequence as a heat map."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon
from matplotlib.ticker import MaxNLocator

from deepprune.explain.mutagenesis import Mutagenesis
from deepprune.explain.windows import Explained, label_of
from deepprune.figures.logo import BASE_COLOURS, add_letters
from deepprune.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    LETTERS_PER_INCH,
    ORANGE,
    PINK,
    RED,
    SKY,
    YELLOW,
    own_style,
    sentence_figure,
    shortened,
    text_inches,
)

# Colours that colour-blind readers can tell apart (Okabe & Ito); kernels beyond share a grey.
KERNEL_COLOURS = (BLUE, ORANGE, GREEN, RED, PINK, SKY, YELLOW, BLACK)
OTHER_COLOUR = "#BBBBBB"
# Inches: of the lines, of the highest bar, of the text above each sequence and of what is around
WIDTH, BAR, TEXT, LEFT, RIGHT, ABOVE, BELOW = 9.0, 0.5, 0.3, 0.6, 0.2, 0.1, 1.05
GAP = 0.3  # inches between two texts, at least
TIP = 0.25  # share of a bar that is its tip, which shows where the kernel reads to
FONT = 8
MINUS = "\N{MINUS SIGN}"
# Inches of the heat map: a base, at most and at least the whole; a row; the logo; and what is around
BASE, WIDEST, NARROWEST, ROW, LOGO = 0.13, 60.0, 4.0, 0.17, 0.9


@own_style()
def explained_figure(found: Sequence[Explained], names: Sequence[str]) -> Figure:
    """Draw sequences one below the other, with a bar for each window of a kernel that adds to the logit.

    found: each a sequence alone.  names: of the kernels. A bar is as high as its contribution, and below the line if
    that is negative.
    """
    if not found:
        return sentence_figure("there is no sequence to explain")
    values = np.concatenate([one.contributions.ravel() for one in found])
    largest = float(np.abs(values).max()) or 1.0
    step = BAR * (max(0.0, values.max()) - min(0.0, values.min())) / largest + TEXT
    high, floor = step * len(found), BAR * min(0.0, float(values.min())) / largest
    figure = Figure(figsize=(LEFT + WIDTH + RIGHT, ABOVE + high + BELOW))
    across, down = figure.get_size_inches()
    ax = figure.add_axes((LEFT / across, BELOW / down, WIDTH / across, high / down))
    colours = kernel_colours(found, len(names))
    lines = [high - step * (row + 1) - floor for row in range(len(found))]
    for one, line in zip(found, lines, strict=True):
        _draw_sequence(ax, one, line, BAR / largest, colours)
        _write_sums(ax, one, line + floor + step - TEXT)
    longest = max(one.codes.shape[1] for one in found)
    ax.set_xlim(0, longest)
    ax.set_ylim(0, high)
    unit = _round_below(largest)
    ax.set_yticks(
        [at for line in lines for at in (line, line + unit * BAR / largest)], labels=["0", f"{unit:g}"] * len(lines)
    )
    ax.set_ylabel("contribution to the logit", fontsize=FONT)
    ax.set_xlabel("position in the sequence (bp)", fontsize=FONT)
    ax.tick_params(labelsize=FONT - 1)
    ax.spines[["top", "right", "left"]].set_visible(False)
    _kernel_legend(figure, colours, names)
    return figure


def kernel_colours(found: Sequence[Explained], number: int) -> dict[int, str]:
    """Return the colours of the kernels by number, those that contribute most first; the others have none.

    Of up to eight kernels each has its own colour, whatever they contribute.
    """
    if number <= len(KERNEL_COLOURS):
        return dict(enumerate(KERNEL_COLOURS[:number]))
    share = np.sum([np.abs(one.sums.kernels[0]) for one in found], axis=0)
    strong = np.argsort(-share, kind="stable")[: len(KERNEL_COLOURS)]
    return dict(zip(sorted(strong.tolist()), KERNEL_COLOURS, strict=True))


def _draw_sequence(ax: Axes, one: Explained, line: float, scale: float, colours: dict[int, str]) -> None:
    """Draw a sequence's line and its bars: grey ones behind those with a colour, higher ones behind lower ones."""
    length = one.codes.shape[1]
    ax.plot([0, length], [line, line], color="black", linewidth=0.8, zorder=3)
    contributions = one.contributions[0]
    coloured = np.isin(one.kernel, list(colours))
    for part in np.lexsort((-np.abs(contributions), coloured)).tolist():
        if contributions[part]:
            start, reverse = int(one.windows.start[0, part]), bool(one.windows.reverse[0, part])
            bar = _arrow(start, one.width, line, float(contributions[part]) * scale, reverse)
            colour = colours.get(int(one.kernel[part]), OTHER_COLOUR)
            ax.add_patch(Polygon(bar, facecolor=colour, edgecolor="white", linewidth=0.6, zorder=2))


def _arrow(start: int, width: int, line: float, height: float, reverse: bool) -> np.ndarray:
    """Return the corners of a bar from a line, with a tip where the kernel reads to; (5, 2)."""
    back, neck, tip = start, start + width * (1 - TIP), start + width
    if reverse:
        back, neck, tip = start + width, start + width * TIP, start
    return np.array([(back, line), (tip, line), (tip, line + height / 2), (neck, line + height), (back, line + height)])


def _write_sums(ax: Axes, one: Explained, y: float) -> None:
    """Write name and place of a sequence and the sum of its logit above it; a name that is too long is cut."""
    sums = one.sums
    text = f"logit {sums.logits[0]:.2f} = {sums.kernels.sum():.2f} kernels".replace("-", MINUS)
    if sums.background[0]:
        text += f" {_signed(sums.background[0])} background"
    text += f" {_signed(sums.intercept)} intercept"
    room = WIDTH - text_inches(text, FONT) - GAP
    style: Any = {"fontsize": FONT, "va": "bottom", "parse_math": False}
    ax.text(0, y + 0.06, shortened(label_of(one.origins), room, FONT), **style)
    ax.annotate(text, (1, y + 0.06), xycoords=("axes fraction", "data"), ha="right", **style)


def _signed(value: float) -> str:
    return f"{MINUS if value < 0 else '+'} {abs(value):.2f}"


def _round_below(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above a value."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (5, 2, 1) if step * power <= value * (1 + 1e-9)))


def _kernel_legend(figure: Figure, colours: dict[int, str], names: Sequence[str]) -> None:
    patches = [Patch(facecolor=colour, label=names[kernel]) for kernel, colour in colours.items()]
    if len(names) > len(colours):
        patches.append(Patch(facecolor=OTHER_COLOUR, label="other kernels"))
    widest = max(len(str(patch.get_label())) for patch in patches) / LETTERS_PER_INCH + 0.6
    columns = max(1, min(len(patches), int(WIDTH / widest)))
    title = "windows of kernels; the tip is where the kernel reads to"
    place: Any = {"loc": "lower center", "ncols": columns, "frameon": False}
    figure.legend(handles=patches, title=title, fontsize=FONT, title_fontsize=FONT, **place)


@own_style()
def mutagenesis_figure(found: Mutagenesis, title: str, background: bool) -> Figure:
    """Draw the changes of the logit by each substitution as a heat map, below the sequence as a logo.

    Letters are as high as the mean loss by the substitutions of their position.  background: whether the background's
    part of the changes is drawn below.
    """
    length = len(found.codes)
    width = min(max(BASE * length, NARROWEST), WIDEST)
    maps = {"change of the logit": found.changes}
    if background:
        maps["of this, by the background"] = found.background
    figure = Figure(figsize=(width + 1.8, LOGO + (4 * ROW + 0.35) * len(maps) + 1.0))
    across, down = figure.get_size_inches()
    top = down - 0.4 - LOGO
    logo = figure.add_axes((0.7 / across, top / down, width / across, LOGO / down))
    _draw_losses(logo, found.losses)
    logo.set_title(shortened(title, width, FONT + 1), fontsize=FONT + 1, loc="left", parse_math=False)
    largest = float(np.abs(found.changes).max()) or 1.0
    norm = Normalize(-largest, largest)
    for row, (name, values) in enumerate(maps.items()):
        bottom = top - (row + 1) * (4 * ROW + 0.35)
        ax = figure.add_axes((0.7 / across, bottom / down, width / across, 4 * ROW / down), sharex=logo)
        _draw_changes(ax, values, found.codes, norm)
        ax.set_title(name, fontsize=FONT, loc="left", pad=3)
        ax.tick_params(labelbottom=row == len(maps) - 1)
    ax.set_xlabel("position in the sequence (from 0)", fontsize=FONT)
    scale = figure.add_axes(((width + 0.85) / across, bottom / down, 0.12 / across, (top - 0.35 - bottom) / down))
    bar = figure.colorbar(ScalarMappable(norm, "RdBu"), cax=scale)
    bar.ax.tick_params(labelsize=FONT - 1)
    return figure


def _draw_losses(ax: Axes, losses: np.ndarray) -> None:
    """Draw the letters of a sequence, upside down where substitutions raise the logit."""
    add_letters(ax, np.zeros_like(losses), losses)
    low, high = min(0.0, float(losses.min())), max(0.0, float(losses.max()))
    margin = 0.05 * ((high - low) or 1.0)
    ax.set_ylim(low - margin, high + margin)
    ax.axhline(0, color="black", linewidth=0.6, zorder=1)
    ax.set_ylabel("mean loss", fontsize=FONT)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.tick_params(labelsize=FONT - 1, labelbottom=False, bottom=False)
    ax.spines[["top", "right", "bottom"]].set_visible(False)


def _draw_changes(ax: Axes, values: np.ndarray, codes: np.ndarray, norm: Normalize) -> None:
    """Draw the changes with a row for each base, and dots in the sequence's own letters."""
    ax.pcolormesh(
        np.arange(len(codes) + 1) - 0.5, np.arange(5) - 0.5, values.T, cmap="RdBu", norm=norm, rasterized=True
    )
    (known,) = np.nonzero(codes < len(BASE_COLOURS))
    ax.plot(known, codes[known], "o", color="#888888", markersize=1.5, markeredgewidth=0)
    ax.set_yticks(range(4), labels=list(BASE_COLOURS))
    ax.invert_yaxis()
    ax.tick_params(labelsize=FONT - 1, left=False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(4, int(ax.get_window_extent().width / 60)), integer=True))
    ax.spines[:].set_visible(False)

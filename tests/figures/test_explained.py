from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from modelled import hand_model, model

from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk
from deepprune.dna.codes import to_codes
from deepprune.explain.mutagenesis import mutagenesis
from deepprune.explain.windows import Explained, explained, strongest
from deepprune.figures.explained import (
    KERNEL_COLOURS,
    OTHER_COLOUR,
    explained_figure,
    kernel_colours,
    mutagenesis_figure,
)
from deepprune.figures.style import save_figure
from deepprune.models.model_file import Model, Use


def sequences(own: Model, texts: list[str], names: list[str]) -> list[Explained]:
    return strongest([explained(own, Chunk.whole(Origins.nowhere(len(texts), names), to_codes(texts)))], len(texts))


def bars(figure: Figure) -> list[np.ndarray]:
    """Return the corners of the bars: left, right, lower and upper end of each."""
    polygons = [patch for patch in figure.axes[0].patches if isinstance(patch, Polygon)]
    return [
        np.concatenate([*zip(polygon.get_xy().min(0), polygon.get_xy().max(0), strict=True)]) for polygon in polygons
    ]


def test_bars_stand_where_the_windows_are_and_are_as_high_as_the_contributions() -> None:
    figure = explained_figure(sequences(hand_model(), ["NNCGT", "ACNNN"], ["a", "b"]), ["k"])
    (ax,), (first, second) = figure.axes, bars(figure)
    assert first[:2].tolist() == [2, 5] and second[:2].tolist() == [0, 3]
    assert first[3] - first[2] == pytest.approx(0.5) and second[3] - second[2] == pytest.approx(0.25)
    # The ticks give the scale: contributions of 0 and 2 in each row.
    ticks, labels = ax.get_yticks(), [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["0", "2"] * 2 and ticks[0] == pytest.approx(first[2])
    assert ticks[1] - ticks[0] == pytest.approx(0.5 * 2 / 4)
    texts = [text.get_text() for text in ax.texts]
    assert texts == [
        "a",
        "logit 3.75 = 4.00 kernels + 0.25 background \N{MINUS SIGN} 0.50 intercept",
        "b",
        "logit 1.50 = 2.00 kernels \N{MINUS SIGN} 0.50 intercept",
    ]


def test_contributions_against_binding_hang_below_the_line() -> None:
    own = hand_model()
    against = Model(own.parameters._replace(weights=-own.parameters.weights), own.key, own.use, 5, own.tasks)
    figure = explained_figure(sequences(against, ["NNCGT"], ["a"]), ["k"])
    (bar,) = bars(figure)
    assert bar[3] == pytest.approx(figure.axes[0].get_yticks()[0]) and bar[2] == pytest.approx(0)


def test_nothing_to_draw_is_drawn() -> None:
    assert "no sequence" in explained_figure([], ["k"]).texts[0].get_text()
    silent = explained_figure(sequences(hand_model(), ["NNNNN"], ["a"]), ["k"])
    assert bars(silent) == [] and "logit \N{MINUS SIGN}0.50" in silent.axes[0].texts[1].get_text()


def test_long_names_overlap_nothing() -> None:
    rng = np.random.default_rng(0)
    texts = ["".join(row) for row in rng.choice(list("ACGT"), (6, 40))]
    names = [f"{i}{'W' * 300}" for i in range(6)]
    own = model(Use(7, strands="both", background=4))
    figure = explained_figure(sequences(own, texts, names), own.kernels)
    figure.draw_without_rendering()
    ax = figure.axes[0]
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    (legend,) = figure.legends
    extents = [*boxes, legend.get_window_extent()]
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in extents)
    assert legend.get_window_extent().y1 <= ax.get_tightbbox().y0
    shapes = [patch.get_window_extent() for patch in ax.patches]
    assert shapes and not any(shape.overlaps(box) for shape in shapes for box in boxes)


def test_a_kernel_has_one_colour_and_weak_ones_of_many_are_grey() -> None:
    found = sequences(hand_model(), ["NNCGT"], ["a"])
    assert kernel_colours(found, 3) == dict(enumerate(KERNEL_COLOURS[:3]))
    sums = found[0].sums._replace(kernels=np.array([[9.0, 0.1, -8, 7, 6, 5, 4, 3, 2, 1]]))
    many = kernel_colours([found[0]._replace(sums=sums)], 10)
    assert list(many) == [0, 2, 3, 4, 5, 6, 7, 8] and list(many.values()) == list(KERNEL_COLOURS)
    figure = explained_figure([found[0]._replace(kernel=np.array([9]), sums=sums)], [f"k{i}" for i in range(10)])
    patch = next(patch for patch in figure.axes[0].patches if isinstance(patch, Polygon))
    assert figure.legends[0].get_texts()[-1].get_text() == "other kernels"
    assert patch.get_facecolor() == pytest.approx([int(OTHER_COLOUR[at : at + 2], 16) / 255 for at in (1, 3, 5)] + [1])


def test_the_heat_map_has_the_changes_and_the_letters_the_losses(tmp_path: Path) -> None:
    own = hand_model()
    found = mutagenesis(own, to_codes(["ACGTN"])[0])
    figure = mutagenesis_figure(found, "name " * 99, background=True)
    logo, change, background, _ = figure.axes
    mesh, part = change.collections[0], background.collections[0]
    assert np.array_equal(np.asarray(mesh.get_array()).reshape(4, 5), found.changes.T)
    assert np.array_equal(np.asarray(part.get_array()).reshape(4, 5), found.background.T)
    assert mesh.norm is part.norm and mesh.norm.vmax == -mesh.norm.vmin == np.abs(found.changes).max()
    assert [label.get_text() for label in change.get_yticklabels()] == list("ACGT") and change.yaxis_inverted()
    (dots,) = change.get_lines()
    assert np.array_equal(dots.get_xydata(), [[0, 0], [1, 1], [2, 2], [3, 3]])
    extents = [patch.get_path().get_extents() for patch in logo.patches]
    heights = {round(box.x0 + 0.475): box.height for box in extents if np.isfinite(box.x0)}
    expected = found.losses.max(axis=1)
    assert heights == pytest.approx({place: expected[place] for place in range(4) if expected[place]})
    for suffix in ("svg", "png", "pdf"):
        save_figure(figure, tmp_path / f"one.{suffix}")
        save_figure(mutagenesis_figure(found, "name " * 99, background=True), tmp_path / f"two.{suffix}")
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()
    assert len(mutagenesis_figure(found, "a", background=False).axes) == 3

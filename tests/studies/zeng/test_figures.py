import itertools
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from deepprune.evaluation.bootstrap import interval
from deepprune.studies.zeng.figures import (
    KINDS,
    NAMED,
    distribution_figure,
    kind_of,
    sizes_figure,
    spread,
    time_figure,
)

NETWORKS = ["1layer", "1layer_local_win3", "gkm-SVM", "8 kernels"]


def drawn_points(figure: Figure) -> list[list[float]]:
    return [np.asarray(line.get_xdata()).tolist() for line in figure.axes[0].get_lines() if line.get_marker() == "o"]


def named(figure: Figure) -> dict[str, Text]:
    return {text.get_text(): text for text in figure.axes[0].texts}


def several(count: int, networks: Sequence[str] = NETWORKS) -> pd.DataFrame:
    """Return AUROC of data sets: 0.7 for the first and 0.8 for the last, 0.01 more for each further network."""
    steps = np.linspace(0.7, 0.8, count)
    rows = [(f"d{i}", name, steps[i] + 0.01 * place) for place, name in enumerate(networks) for i in range(count)]
    return pd.DataFrame(rows, columns=["dataset", "network", "auroc"])


@pytest.mark.parametrize(
    ("network", "kind"),
    [
        ("gkm-SVM", "gkm-SVM"),
        ("8 kernels", "network of few kernels"),
        ("1 kernel", "network of few kernels"),
        ("1layer_1motif", "convolutional network"),
        ("8 kernels wide", "convolutional network"),
    ],
)
def test_the_kind_follows_from_the_name(network: str, kind: str) -> None:
    assert kind_of(network) == kind and kind in KINDS


def test_each_network_has_its_quartiles_points_and_median() -> None:
    figure = distribution_figure(several(5))
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == NETWORKS
    assert ax.yaxis_inverted()
    for place, (points, box) in enumerate(zip(drawn_points(figure), ax.patches, strict=True)):
        assert isinstance(box, Rectangle) and points == pytest.approx(
            np.array([0.7, 0.725, 0.75, 0.775, 0.8]) + 0.01 * place
        )
        assert [box.get_x(), box.get_width()] == pytest.approx([0.725 + 0.01 * place, 0.05])
    assert [text.get_text() for text in ax.texts] == ["0.750", "0.760", "0.770", "0.780", "median"]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == [*KINDS, "median of 1layer"]


def test_the_line_stands_at_the_median_of_the_reference() -> None:
    (line,) = (line for line in distribution_figure(several(3)).axes[0].get_lines() if line.get_marker() != "o")
    assert line.get_xdata() == pytest.approx([0.75, 0.75])
    without = distribution_figure(several(3, NETWORKS[1:2]))
    assert all(line.get_marker() == "o" for line in without.axes[0].get_lines()) and not without.legends


def test_a_single_data_set_has_points_alone() -> None:
    figure = distribution_figure(several(1))
    assert not figure.axes[0].patches
    assert [len(points) for points in drawn_points(figure)] == [1] * len(NETWORKS)
    assert figure.axes[0].get_xlabel() == "test AUROC of one data set"


@pytest.mark.parametrize(("count", "points"), [(NAMED, True), (NAMED + 1, False), (690, False)])
def test_many_data_sets_have_whiskers_in_place_of_points(count: int, points: bool) -> None:
    figure = distribution_figure(several(count))
    assert bool(drawn_points(figure)) == points
    assert len(figure.axes[0].patches) == len(NETWORKS)
    assert ("whiskers" in figure.axes[0].get_xlabel()) != points


def test_a_network_that_lacks_data_sets_tells_their_number() -> None:
    values = several(3)
    values.loc[values["network"].eq("gkm-SVM") & values["dataset"].eq("d0"), "auroc"] = math.nan
    texts = named(distribution_figure(values))
    assert "0.795 (n = 2)" in texts and "0.750" in texts


def test_points_are_drawn_alike_each_time() -> None:
    one, other = (np.asarray(distribution_figure(several(9)).axes[0].get_lines()[0].get_ydata()) for _ in range(2))
    assert one.tolist() == other.tolist() and np.abs(one).max() < 0.31 and len(set(one)) == 9


def changes(count: int) -> pd.DataFrame:
    rows = [
        (f"d{i}", name, size, place * (0.01 * i + 1000 / size))
        for place, name in enumerate(NETWORKS)
        for size in (40000, 2500)
        for i in range(count)
    ]
    return pd.DataFrame(rows, columns=["dataset", "network", "positives", "change"])


def test_the_mean_change_is_drawn_from_the_smallest_size_on_with_its_interval() -> None:
    figure = sizes_figure(changes(3))
    ax = figure.axes[0]
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert "1layer" not in lines and set(NETWORKS[1:]) < set(lines)
    for place, name in enumerate(NETWORKS[1:], 1):
        assert lines[name].get_ydata() == pytest.approx([0.41 * place, 0.035 * place])
        assert lines[name].get_xdata() == pytest.approx([2500, 40000], rel=0.03)
    bars = ax.collections[0]
    assert isinstance(bars, LineCollection)
    low, high = (y for _, y in bars.get_segments()[0])
    assert (low, high) == pytest.approx(interval(np.array([0.4, 0.41, 0.42]))) and low < 0.41 < high
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2,500\n3 data sets", "40,000\n3 data sets"]
    assert "bootstrap" in ax.get_xlabel()


def test_each_line_is_named_right_of_the_axes_in_the_order_of_their_ends() -> None:
    figure = sizes_figure(changes(1))
    texts = named(figure)
    heights = [texts[name].get_position()[1] for name in NETWORKS[1:]]
    assert heights == sorted(heights) and len(set(heights)) == 3
    assert all(texts[name].get_position()[0] > 1 for name in NETWORKS[1:])
    assert "bootstrap" not in figure.axes[0].get_xlabel()  # one data set has no interval


@pytest.mark.parametrize("count", [2, 14])
def test_names_of_lines_that_end_together_do_not_overlap(count: int) -> None:
    names = [f"network_{i}" for i in range(count)]
    values = pd.DataFrame({"dataset": "d", "network": names, "positives": 2500, "change": 0.01})
    assert not overlaps(sizes_figure(values), names)


def overlaps(figure: Figure, names: Sequence[str]) -> list[tuple[str, str]]:
    figure.draw_without_rendering()
    # the text alone, without its arrow
    boxes = {name: Text.get_window_extent(text) for name, text in named(figure).items() if name in names}
    assert len(boxes) == len(names)
    return [(a, b) for a, b in itertools.combinations(names, 2) if boxes[a].overlaps(boxes[b])]


def test_spread_moves_both_places_alike() -> None:
    assert spread([0.5, 0.5, 0.9], 0.2) == pytest.approx([0.4, 0.6, 0.9])
    assert spread([0.9, 0.2, 0.5], 0.2) == pytest.approx([0.9, 0.2, 0.5])
    assert spread([1.0, 0.95], 0.2) == pytest.approx([1, 0.8])
    assert spread([0.3, 0.3, 0.3], 0.7) == pytest.approx([0, 0.5, 1])


@given(st.lists(st.floats(0, 1), max_size=12), st.floats(0.01, 0.3))
def test_spread_keeps_order_gaps_and_bounds(places: list[float], gap: float) -> None:
    found = spread(places, gap)
    order = sorted(range(len(places)), key=lambda at: places[at])
    least = min(gap, 1 / max(1, len(places) - 1))
    assert all(found[high] - found[low] >= least - 1e-9 for low, high in itertools.pairwise(order))
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in found)
    assert spread(found, least) == pytest.approx(found)


def times(**columns: object) -> pd.DataFrame:
    given = {"network": NETWORKS, "seconds": [50.0, 100, 10, 25], "paper": [20.0, 60, math.nan, math.nan]}
    return pd.DataFrame(given | {"auroc": [0.8, 0.82, 0.79, 0.81]} | columns)


def test_times_are_multiples_of_the_reference() -> None:
    figure = time_figure(times())
    ax = figure.axes[0]
    paper, run = (np.ma.getdata(points.get_offsets()) for points in ax.collections[1:])
    assert run.tolist() == [[1, 0.8], [2, 0.82], [0.2, 0.79], [0.5, 0.81]]
    assert paper[:2].tolist() == [[1, 0.8], [3, 0.82]]
    assert "time in the paper" in [text.get_text() for text in figure.legends[0].get_texts()]


def test_without_times_of_the_paper_the_legend_is_silent_on_them() -> None:
    figure = time_figure(times(paper=math.nan))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(KINDS)


@pytest.mark.parametrize("seconds", [[50.0, 100, 10, 25], [50.0, 50, 50, 50], [50.0, 50.1, 5000, 5000]])
@pytest.mark.parametrize("auroc", [[0.8, 0.82, 0.79, 0.81], [0.8, 0.8, 0.8, 0.8]])
def test_names_of_points_do_not_overlap(seconds: list[float], auroc: list[float]) -> None:
    figure = time_figure(times(seconds=seconds, auroc=auroc))
    assert not overlaps(figure, NETWORKS)


def test_nothing_to_draw_is_said() -> None:
    empty = [
        distribution_figure(several(0)),
        sizes_figure(changes(1).query("network == '1layer'")),
        time_figure(times().query("network != '1layer'")),
        time_figure(times(seconds=math.nan)),
    ]
    assert all(not figure.axes and figure.texts[0].get_text().endswith(".") for figure in empty)

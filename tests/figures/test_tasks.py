from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.figures.tasks import COLOURS, OF_ALL, distribution_figure, prevalence_figure

GROUPS = ("DNase", "histone", "")


def made_up(tasks: int, networks: int, groups: tuple[str, ...] = GROUPS) -> pd.DataFrame:
    """Return a table of `over_seeds`: AUROC from 0.6 to 0.9, AUPRC four times the prevalence."""
    steps = np.linspace(0, 1, tasks)
    tables = []
    for network in range(networks):
        one = {"network": f"a network $_ of a long name, {network}", "task": [f"$t_{i}" for i in range(tasks)]}
        one["group"] = [groups[i % len(groups)] for i in range(tasks)]
        measures = {"prevalence": 0.001 + 0.2 * steps, "auroc": 0.6 + 0.3 * steps, "auprc": 0.004 + 0.8 * steps}
        tables.append(pd.DataFrame(one | measures))
    return pd.concat(tables, ignore_index=True)


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def check_no_overlap(figure: Figure) -> None:
    """Check that shown texts are on the page and cover no other."""
    figure.draw_without_rendering()
    shown = [text for legend in figure.legends for text in legend.get_texts()]
    for ax in (ax for ax in figure.axes if ax.axison):
        low, high = sorted(ax.get_ylim())
        ticks = [
            tick for tick in ax.yaxis.get_major_ticks() if low <= tick.get_loc() <= high and tick.label1.get_visible()
        ]
        left, right = ax.get_xlim()
        ticks += [tick for tick in ax.xaxis.get_major_ticks() if left <= tick.get_loc() <= right]
        labels = [tick.label1 for tick in ticks if tick.label1.get_visible()]
        shown += [*ax.texts, *labels, ax.xaxis.label, ax.yaxis.label, ax.title]
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown if text.get_text()]
    width, height = figure.get_size_inches() * figure.dpi
    outside = [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
    assert outside == []
    assert [(one[0], two[0]) for one, two in combinations(boxes, 2) if one[1].overlaps(two[1])] == []


@pytest.mark.parametrize(("tasks", "networks"), [(12, 1), (12, 6), (919, 1), (919, 6)])
def test_nothing_covers_another_text(tasks: int, networks: int) -> None:
    table = made_up(tasks, networks)
    for figure in (distribution_figure(table), prevalence_figure(table)):
        check_no_overlap(figure)


def test_each_group_has_a_strip_for_each_network() -> None:
    figure = distribution_figure(made_up(12, 2))
    auroc, auprc = figure.axes
    headings = [text for text in texts(auroc) if "task" in text]
    assert headings == ["all: 12 tasks", "DNase: 4 tasks", "histone: 4 tasks"]
    assert [text for text in texts(auprc) if "task" in text] == []
    # 12 values from 0.6 to 0.9; DNase has the first and then each third, histone those behind them.
    medians = [f"{0.6 + 0.3 * place / 11:.3f}" for place in (5.5, 5.5, 4.5, 4.5, 5.5, 5.5)]
    assert [text for text in texts(auroc) if text[:2] == "0."] == medians
    points = [line for line in auroc.get_lines() if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in points] == [12, 12, 4, 4, 4, 4]
    assert [line.get_color() for line in points[::2]] == [OF_ALL, *COLOURS[:2]]
    assert len(auroc.get_yticks()) == 6 and auroc.yaxis_inverted()
    names = [label.get_text() for label in auroc.get_yticklabels()]
    assert all("…" in name for name in names) and names[0] != names[1]


def test_of_many_tasks_only_those_beyond_the_whiskers_are_points() -> None:
    auroc = distribution_figure(made_up(919, 1)).axes[0]
    markers = {line.get_marker(): len(np.atleast_1d(line.get_xdata())) for line in auroc.get_lines()}
    assert "o" not in markers and markers["."] < 60


def test_without_groups_there_is_one_block() -> None:
    table = made_up(12, 3, groups=("",))
    figure = distribution_figure(table)
    assert [text for text in texts(figure.axes[0]) if "task" in text] == ["all: 12 tasks"]
    legend = [text.get_text() for text in prevalence_figure(table).legends[0].get_texts()]
    assert legend == ["task", "chance"]


def test_missing_measures_are_left_out() -> None:
    table = made_up(12, 2)
    table.loc[table["task"] == "$t_0", ["auroc", "auprc"]] = np.nan
    figure = distribution_figure(table)
    assert "all: 11 tasks" in texts(figure.axes[0]) and "DNase: 3 tasks" in texts(figure.axes[0])
    only = table.assign(auprc=np.nan)
    for draw in (distribution_figure, prevalence_figure):
        (text,) = draw(only).texts
        assert text.get_text() == "No task has sequences of both classes."


def test_auprc_stands_above_the_line_of_chance() -> None:
    figure = prevalence_figure(made_up(12, 4))
    panels = [ax for ax in figure.axes if ax.axison]
    assert len(figure.axes) == 6 and len(panels) == 4
    for ax in panels:
        *points, chance = ax.get_lines()
        assert np.array_equal(*chance.get_data()) and ax.get_xscale() == "log"
        assert sorted(len(line.get_xdata()) for line in points) == [4, 4, 4]
        assert all((np.asarray(line.get_ydata()) > np.asarray(line.get_xdata())).all() for line in points)
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["no group", "DNase", "histone", "chance"]
    # The last row is not full: the panels above its gaps have labels, too.
    assert [bool(ax.get_xlabel()) for ax in panels] == [False, True, True, True]


def test_one_prevalence_has_an_axis_too() -> None:
    figure = prevalence_figure(made_up(1, 1))
    check_no_overlap(figure)
    low, high = figure.axes[0].get_xlim()
    assert low < 0.001 < high


@pytest.mark.parametrize("high", [0.19, 0.27, 0.6])
def test_ticks_of_similar_prevalences_do_not_crowd(high: float) -> None:
    table = made_up(12, 3)
    figure = prevalence_figure(table.assign(prevalence=np.tile(np.linspace(0.18, high, 12), 3)))
    check_no_overlap(figure)
    ax = figure.axes[0]
    left, right = ax.get_xlim()
    assert 2 <= sum(left <= place <= right for place in ax.get_xticks()) <= 6

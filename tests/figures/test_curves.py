import numpy as np
import pytest
from networks import auc_table, wider_table

from deepprune.figures.curves import auc_figure
from deepprune.figures.style import LOOKS


def test_auc_lines_are_means_over_seeds() -> None:
    (ax,) = auc_figure(auc_table()).axes
    lines = {line.get_label(): line for line in ax.get_lines() if line.get_label() in LOOKS}
    assert list(lines) == ["deepprune", "inter", "baseline"]
    assert lines["deepprune"].get_xdata().tolist() == [4, 16, 256]
    assert lines["deepprune"].get_ydata() == pytest.approx([0.665, 0.725, 0.845])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["4", "16", "256"]
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("set_0", "kernels", "test AUROC")


@pytest.mark.parametrize("name", ["set_0" * 18, "M" * 90, "a name of many words " * 4])
def test_a_long_title_stays_within_the_figure(name: str) -> None:
    figure = auc_figure(auc_table().assign(dataset=name))
    figure.draw_without_rendering()
    (ax,) = figure.axes
    box, page = ax.title.get_window_extent(), figure.bbox
    assert page.x0 <= box.x0 and box.x1 <= page.x1 and box.y1 <= page.y1
    assert ax.get_title().replace("\n", "").replace(" ", "") == name.replace(" ", "")


def test_criteria_are_lines_of_their_own_and_a_circular_filter_does_not_stretch_the_axis() -> None:
    figure = auc_figure(wider_table())
    (ax,) = figure.axes
    lines = {line.get_label(): line for line in ax.get_lines() if not line.get_label().startswith("_")}
    names = ["deepprune", "deepprune (loss)", "deepprune (score)", "inter", "winning_ticket", "baseline", "circular"]
    assert list(lines) == names
    assert lines["deepprune"].get_ydata() == pytest.approx([0.665, 0.725, 0.845])
    assert lines["deepprune (score)"].get_ydata() == pytest.approx([0.645, 0.705, 0.825])
    assert lines["inter"].get_ydata() == pytest.approx([0.665, 0.725, 0.845])
    assert list(lines["circular"].get_ydata()) == [0.55, 0.55]
    assert ax.get_xlim()[0] > 2 and [label.get_text() for label in ax.get_xticklabels()] == ["4", "16", "256"]
    assert ax.get_ylim()[0] < 0.55
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts[0] == "deepprune: by weight, fine-tuned"
    assert len({line.get_color() for line in lines.values()}) == len(names)
    assert figure.legends[0].get_title().get_text().startswith("means over 2 seeds; bands and dots:")
    assert len(ax.collections) == 3  # bands of BANDED
    figure.draw_without_rendering()
    box, page = figure.legends[0].get_window_extent(), figure.bbox
    assert page.x0 <= box.x0 and box.x1 <= page.x1


def test_the_study_says_which_criterion_is_the_first() -> None:
    figure = auc_figure(wider_table(), criteria=["loss", "weight", "score"])
    lines = {line.get_label(): line for line in figure.axes[0].get_lines()}
    assert lines["deepprune"].get_ydata() == pytest.approx([0.655, 0.715, 0.835])
    assert lines["deepprune (weight)"].get_ydata() == pytest.approx([0.665, 0.725, 0.845])
    assert lines["inter"].get_ydata() == pytest.approx([0.635, 0.695, 0.815])


@pytest.mark.parametrize(("seeds", "note"), [(1, "one seed"), (18, "mean, range and values of 18 seeds")])
def test_legend_tells_the_seeds_and_covers_no_data(seeds: int, note: str) -> None:
    figure = auc_figure(auc_table(seeds=seeds))
    figure.draw_without_rendering()
    (legend,) = figure.legends
    assert legend.get_title().get_text() == note
    assert not legend.get_window_extent().overlaps(figure.axes[0].get_tightbbox())


@pytest.mark.parametrize(("low", "high"), [(0.5, 0.501), (0.999, 1.0), (0.4, 1.0)])
def test_limits_hold_the_data(low: float, high: float) -> None:
    table = auc_table()
    table = table[table["method"] != "mine"]
    table = table.assign(auroc=np.linspace(low, high, len(table)))
    bottom, top = auc_figure(table).axes[0].get_ylim()
    assert bottom < low
    assert high < top < 1.05
    assert top - bottom >= 0.05

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from deepprune.figures.curves import auc_figure, auc_overview
from deepprune.figures.style import LOOKS


def auc_table(datasets: int = 1, seeds: int = 2) -> pd.DataFrame:
    rows = [
        (f"set_{dataset}", method, criterion, seed, kernels, 0.6 + 0.03 * np.log2(kernels) + 0.01 * seed, 0.5, 10, 1.0)
        for dataset in range(datasets)
        for method, criterion in (("baseline", "-"), ("deepprune", "weight"), ("inter", "weight"), ("mine", "weight"))
        for seed in range(seeds)
        for kernels in (4, 16, 256)
    ]
    columns = ["dataset", "method", "criterion", "seed", "kernels", "auroc", "auprc", "epochs", "seconds"]
    return pd.DataFrame(rows, columns=columns).assign(architecture="few_kernel")


def panels(figure: Figure) -> list:
    return [ax for ax in figure.axes if ax.axison]


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


def wider_table() -> pd.DataFrame:
    """Three criteria, winning tickets and circular filters besides; every further kind a step lower."""
    table = auc_table()
    further = [("deepprune", "loss"), ("deepprune", "score"), ("inter", "loss"), ("winning_ticket", "weight")]
    parts = [table]
    for step, (method, criterion) in enumerate(further, start=1):
        rows = table[table["method"] == "deepprune"]
        parts.append(rows.assign(method=method, criterion=criterion, auroc=rows["auroc"] - 0.01 * step))
    rows = table[(table["method"] == "baseline") & (table["kernels"] == 4)]
    parts.append(rows.assign(architecture="circular", method="circular", kernels=1, auroc=0.55))
    return pd.concat(parts, ignore_index=True)


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


@pytest.mark.parametrize("datasets", [1, 4, 14])
def test_overview(datasets: int) -> None:
    figure = auc_overview(auc_table(datasets))
    figure.draw_without_rendering()
    assert [ax.get_title() for ax in panels(figure)] == [f"set_{index}" for index in range(datasets)]
    assert len({ax.get_ylim() for ax in panels(figure)}) == 1
    assert sum(ax.get_xlabel() == "kernels" for ax in panels(figure)) == min(datasets, 4 if datasets > 6 else 3)
    legend = figure.legends[0].get_window_extent()
    assert not any(legend.overlaps(ax.get_tightbbox()) for ax in panels(figure))


def test_overview_legend_names_methods_that_the_first_data_set_lacks() -> None:
    table = auc_table(2)
    table = table[(table["dataset"] == "set_1") | (table["method"] == "baseline")]
    texts = [text.get_text().split(":")[0] for text in auc_overview(table).legends[0].get_texts()]
    assert texts == ["deepprune", "inter", "baseline"]


def test_overview_of_data_sets_that_differ_in_seeds_and_criteria() -> None:
    plain = auc_table(1, seeds=1).assign(dataset="plain")
    figure = auc_overview(pd.concat([plain, wider_table()], ignore_index=True))
    assert " ".join(figure.legends[0].get_title().get_text().split()).startswith("means over 1 to 2 seeds; bands and")
    first, second = ({line.get_label() for line in ax.get_lines()} for ax in panels(figure))
    assert "circular" not in first and "deepprune (loss)" not in first
    assert {"circular", "deepprune (loss)"} <= second
    assert len({ax.get_ylim() for ax in panels(figure)}) == 1

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from networks import auc_table, wider_table

from deepprune.figures.overview import GROUPS, MOST_PANELS, SHOWN, auc_overview, changes_of, chosen


def panels(figure: Figure) -> list:
    return [ax for ax in figure.axes if ax.axison]


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


def graded(datasets: int) -> pd.DataFrame:
    """Return networks of data sets on which the pruned ones gain 0.001 more with each data set, from a loss on."""
    table = auc_table(datasets)
    step = table["dataset"].str.removeprefix("set_").astype(int) - datasets // 2
    pruned = (table["method"] == "deepprune") & (table["kernels"] < 256)
    return table.assign(auroc=table["auroc"] + 0.001 * step * pruned)


def test_changes_are_from_the_largest_network_of_a_data_set() -> None:
    changes = changes_of(graded(4), ["weight"])
    assert list(changes.columns) == ["dataset", "kernels", "change"] and len(changes) == 12
    # Four kernels are six doublings below 256; of the four data sets, the third is as the others' mean.
    of_four = changes[changes["kernels"] == 4].set_index("dataset")["change"]
    assert of_four["set_2"] == pytest.approx(-0.18) and of_four["set_0"] == pytest.approx(-0.182)
    assert changes[changes["kernels"] == 256]["change"].tolist() == pytest.approx([0] * 4)


def test_without_pruned_networks_there_are_no_changes() -> None:
    table = auc_table(2)
    assert changes_of(table[table["method"] == "baseline"], []).empty


def test_chosen_are_both_ends_and_the_middle() -> None:
    changes = changes_of(graded(30), ["weight"])
    assert chosen(changes) == {
        "lowest change": [f"set_{i}" for i in range(4)],
        "median change": [f"set_{i}" for i in range(13, 17)],
        "highest change": [f"set_{i}" for i in range(26, 30)],
    }


def test_many_data_sets_are_a_distribution_and_a_few_panels() -> None:
    figure = auc_overview(graded(MOST_PANELS + 1))
    figure.draw_without_rendering()
    values, changes, *small = panels(figure)
    assert values.get_title() == "all 25 data sets" and len(small) == SHOWN * len(GROUPS)
    lines = {line.get_label(): line for line in values.get_lines()}
    assert list(lines) == ["deepprune", "inter", "baseline"]
    assert lines["baseline"].get_ydata() == pytest.approx([0.665, 0.725, 0.845])  # the median of equal ones
    assert lines["deepprune"].get_ydata() == pytest.approx([0.665, 0.725, 0.845])  # of the data set in the middle
    assert len(values.collections) == 3 and len(changes.patches) == 3
    assert [ax.get_title() for ax in small[:2]] == ["set_0", "set_1"] and small[-1].get_title() == "set_24"
    assert [ax.get_ylabel().split("\n")[0] for ax in small[::SHOWN]] == list(GROUPS)
    legend, page = figure.legends[0].get_window_extent(), figure.bbox
    assert page.x0 <= legend.x0 and legend.x1 <= page.x1
    assert not any(legend.overlaps(ax.get_tightbbox()) for ax in panels(figure))


def test_many_data_sets_without_pruned_networks_have_a_panel_each() -> None:
    table = auc_table(MOST_PANELS + 1)
    assert len(panels(auc_overview(table[table["method"] == "baseline"]))) == MOST_PANELS + 1


def test_circular_filters_and_criteria_of_many_data_sets() -> None:
    table = pd.concat([wider_table().assign(dataset=f"set_{i}") for i in range(MOST_PANELS + 1)], ignore_index=True)
    table["auroc"] += np.repeat(np.linspace(0, 0.05, MOST_PANELS + 1), len(table) // (MOST_PANELS + 1))
    values = panels(auc_overview(table))[0]
    lines = {line.get_label(): line for line in values.get_lines()}
    assert list(lines["circular"].get_ydata()) == pytest.approx([0.575] * 2)
    assert lines["deepprune (loss)"].get_ydata() == pytest.approx(np.array([0.655, 0.715, 0.835]) + 0.025)


def test_names_too_long_for_a_panel_lose_what_all_share() -> None:
    table = auc_table(MOST_PANELS + 1)
    table["dataset"] = "consortiumUniformPeaks" + table["dataset"].str.upper() + "Optimal"
    figure = auc_overview(table)
    titles = {ax.get_title() for ax in panels(figure)[2:]}
    assert "11" in titles and all(title.isdecimal() for title in titles)
    words = " ".join(figure.legends[0].get_title().get_text().split())
    assert words.endswith("their names are without consortiumUniformPeaksSET_ and Optimal")

from itertools import pairwise

import numpy as np
import pytest
from networks import GAINS, labelled, nothing_overlaps, panels, tables

from deepprune.studies.deepprune.figures import study_figure
from deepprune.studies.deepprune.gains import share_text


@pytest.mark.parametrize(("part", "whole", "text"), [(532, 690, "532 of 690 (77.1 %)"), (1, 1, "1 of 1 (100 %)")])
def test_shares(part: int, whole: int, text: str) -> None:
    assert share_text(part, whole) == text


@pytest.mark.parametrize("datasets", [1, 3, 14])
def test_gains_are_sorted_named_and_counted(datasets: int) -> None:
    figure, note = study_figure("figure6", *tables(datasets), ["weight"])
    (ax,) = panels(figure)
    gains = [GAINS[number % 5] for number in range(datasets)]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert sorted(names) == sorted(f"set_{number}" for number in range(datasets))
    assert [gains[int(name[4:])] for name in names] == sorted(gains, reverse=True)
    dots = labelled(ax)
    assert list(dots["improved"].get_xdata()) == pytest.approx(sorted((g for g in gains if g > 0), reverse=True))
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    assert ("worsened" in dots) == (worse > 0)
    assert ax.get_title(loc="left").split("\n") == [
        f"improved: {share_text(better, datasets)}",
        f"worsened: {share_text(worse, datasets)}",
    ]
    lines = [line for part in ax.collections for line in part.get_segments()]
    assert len(lines) == datasets
    assert {round(float(np.ptp(line[:, 0])), 6) for line in lines} == {0.02}
    assert f"mean gain {np.mean(gains):+.3f}" in note and "4 kernels" in note and "95 % intervals" in note
    bottom, top = ax.get_ylim()
    assert top < 0 <= datasets - 1 < bottom
    nothing_overlaps(figure)


def test_criteria_share_the_order_while_data_sets_are_named() -> None:
    auc, comparison = tables(5, 1, ("weight", "loss"))
    changed = (comparison["criterion"] == "loss") & (comparison["dataset"] == "set_3")
    comparison.loc[changed, "gain"] = 0.0
    figure, note = study_figure("figure6", auc, comparison, ["weight", "loss"])
    first, second = panels(figure)
    assert [label.get_text() for label in first.get_yticklabels()] == ["set_3", "set_0", "set_4", "set_2", "set_1"]
    assert labelled(second)["unchanged"].get_ydata().tolist() == [0]
    assert labelled(second)["improved"].get_ydata().tolist() == [1, 2, 3]
    assert second.get_title(loc="left").split("\n") == [
        "by loss",
        "improved: 3 of 5 (60 %)",
        "worsened: 1 of 5 (20 %)",
    ]
    assert note.endswith("by weight; lines are 95 % intervals")


def test_gains_of_many_data_sets_are_sorted_for_each_criterion() -> None:
    auc, comparison = tables(690, 1, ("weight", "loss"), rungs=(4, 8))
    figure, note = study_figure("figure6", auc, comparison, ["weight", "loss"])
    for ax in panels(figure):
        assert not [label for label in ax.get_yticklabels() if label.get_text()]
        values = labelled(ax)["improved"].get_xdata()
        assert len(values) == 552 and (np.diff(values) <= 0).all()
    assert "improved: 552 of 690 (80 %)" in panels(figure)[0].get_title(loc="left")
    assert note.startswith("690 data sets, one seed each") and "intervals" not in note
    nothing_overlaps(figure)


@pytest.mark.parametrize("datasets", [3, 61])
def test_winning_tickets_by_kernels(datasets: int) -> None:
    auc, comparison = tables(datasets, 2)
    # A seed that only one of the two has does not count.
    lost = (auc["method"] == "winning_ticket") & (auc["seed"] == 1) & (auc["dataset"] == "set_0")
    figure, note = study_figure("figureS1", auc[~lost], comparison, ["weight"])
    means, differences = panels(figure)
    lines = labelled(means)
    assert list(lines) == ["winning_ticket", "deepprune", "baseline"]
    above = np.array(lines["winning_ticket"].get_ydata()) - lines["deepprune"].get_ydata()
    assert above == pytest.approx([0.002] * 3)
    assert [label.get_text() for label in means.get_xticklabels()] == ["4", "8", "16"]
    assert [text.get_text() for text in differences.texts] == ["100 %"] * 3
    assert len(differences.patches) == (3 if datasets > 60 else 0)
    dots = [line for line in differences.get_lines() if line.get_marker() == "o"]
    assert [len(line.get_ydata()) for line in dots] == ([] if datasets > 60 else [3, 3, 3])
    assert note.startswith(f"{datasets} data sets, 1 to 2 seeds")
    nothing_overlaps(figure)


def test_sets_whose_first_seed_got_worse() -> None:
    auc, comparison = tables(5, 3)
    # The second seed of set_1, which lost 0.02 by its first, gains 0.05.
    better = (auc["dataset"] == "set_1") & (auc["method"] == "deepprune") & (auc["seed"] == 1)
    auc.loc[better, "auroc"] += 0.07
    figure, note = study_figure("figureS2", auc, comparison, ["weight"])
    values, differences = panels(figure)
    assert [label.get_text() for label in values.get_yticklabels()] == ["set_1"]
    ring, dots = differences.get_lines()[1:]
    assert ring.get_xdata() == pytest.approx([-0.02]) and ring.get_fillstyle() == "none"
    assert dots.get_xdata() == pytest.approx([0.05, -0.02])
    baseline, pruned = (labelled(values)[method] for method in ("baseline", "deepprune"))
    assert baseline.get_xdata() == pytest.approx([0.7]) and pruned.get_xdata() == pytest.approx([0.68])
    assert baseline.get_ydata() != pruned.get_ydata()
    assert note.startswith("Worse by their first seed (rings): 1 of 5 (20 %) data sets; shown: one data set, 3 seeds")
    assert note.endswith("by the mean of the other seeds still worse: 0 of 1 (0 %)")
    nothing_overlaps(figure)


def test_many_worse_sets_of_one_seed() -> None:
    figure, note = study_figure("figureS2", *tables(400, 1, rungs=(4, 8)), ["weight"])
    values = panels(figure)[0]
    assert len(labelled(values)["baseline"].get_xdata()) == 80
    assert values.get_ylabel().startswith("data sets") and figure.get_size_inches()[1] < 12
    assert note == "Worse by their first seed (rings): 80 of 400 (20 %) data sets; shown: 80 data sets, one seed each"


def test_nothing_got_worse() -> None:
    auc, comparison = tables(1, 2)
    figure, note = study_figure("figureS2", auc, comparison, ["weight"])
    assert not figure.axes
    assert note == "At 4 kernels the first seed of deepprune is not below the baseline in the one data set."


def test_circular_filters_against_deepprune() -> None:
    auc, comparison = tables(5, 3)
    figure, note = study_figure("figureS4", auc, comparison, ["weight"])
    (ax,) = panels(figure)
    dots = labelled(ax)["data sets"]
    assert list(dots.get_xdata()) == pytest.approx([0.69] * 5)
    assert list(dots.get_ydata()) == pytest.approx([0.701 + gain for gain in GAINS])
    assert ax.get_title(loc="left") == "above the diagonal: 4 of 5 (80 %)"
    assert ax.get_xlim() == ax.get_ylim() and ax.get_aspect() == 1
    diagonal = ax.get_lines()[0]
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == pytest.approx(list(ax.get_xlim()))
    assert note == "5 data sets, 3 seeds each; mean AUROC 0.719 and 0.690"
    nothing_overlaps(figure)


def test_small_losses_beside_long_names_have_numbers_that_do_not_touch() -> None:
    auc, comparison = tables(3, 1, name="wgEncodeAwgTfbsHaibGm12892Pol24h8V04161{}UniPk")
    pruned = (auc["method"] == "deepprune") & (auc["kernels"] == 4)
    auc.loc[pruned, "auroc"] = 0.7 - np.array([0.0025, 0.0009, 0.0002])
    figure, _ = study_figure("figureS2", auc, comparison, ["weight"])
    figure.draw_without_rendering()
    for ax in panels(figure):
        low, high = ax.get_xlim()
        boxes = [
            label.get_window_extent()
            for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
            if low <= place <= high
        ]
        assert len(boxes) > 1 and all(other.x0 - one.x1 > 4 for one, other in pairwise(boxes))

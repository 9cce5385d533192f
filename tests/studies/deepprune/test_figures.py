import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from networks import labelled, nothing_overlaps, panels, tables

from deepprune.config.options import by_kind
from deepprune.io.table import read_table
from deepprune.studies.deepprune.contents import paper_figures
from deepprune.studies.deepprune.figures import FIGURES, draw_study, study_figure

METHODS = ["baseline", "deepprune", "inter", "winning_ticket", "circular"]


@pytest.mark.parametrize(("datasets", "seeds"), [(1, 1), (3, 2), (5, 18)])
def test_kernels_by_seed_have_a_panel_a_data_set(datasets: int, seeds: int) -> None:
    figure, note = study_figure("figure2", *tables(datasets, seeds, ("weight", "loss")), ["weight", "loss"])
    assert [ax.get_title() for ax in panels(figure)] == [f"set_{number}" for number in range(datasets)]
    ax = panels(figure)[0]
    lines = labelled(ax)
    assert list(lines) == ["deepprune", "inter", "baseline"]
    means = 0.7 + 0.02 * np.arange(4) + 0.001 * np.mean(range(seeds))
    assert lines["baseline"].get_ydata() == pytest.approx(means)
    assert lines["deepprune"].get_ydata() == pytest.approx(means + np.array([0.03, 0.03, 0.03, 0]))
    # Side by side: the methods' places differ by the same step at each rung.
    steps = np.array(lines["baseline"].get_xdata())[:3] - np.array(lines["inter"].get_xdata())
    assert steps == pytest.approx(np.full(3, steps[0])) and steps[0] > 0.1
    assert [label.get_text() for label in panels(figure)[-1].get_xticklabels()] == ["4", "8", "16", "32"]
    assert len(ax.patches) == (11 if seeds >= 5 else 0)  # boxes: three methods, inter not at the widest
    assert len({ax.get_ylim() for ax in panels(figure)}) == 1
    assert (
        note == {1: "one data set, one seed", 2: "3 data sets, 2 seeds each", 18: "5 data sets, 18 seeds each"}[seeds]
    )
    nothing_overlaps(figure)


@pytest.mark.parametrize("seeds", [1, 3])
def test_criteria_at_the_three_smallest_rungs(seeds: int) -> None:
    criteria = ["score", "weight", "loss"]
    figure, _ = study_figure("figure4", *tables(2, seeds, tuple(criteria), rungs=(4, 8, 16, 32, 64)), criteria)
    for ax in panels(figure):
        assert [label.get_text() for label in ax.get_xticklabels()] == ["4", "8", "16"]
        points = labelled(ax)
        assert list(points) == criteria
        assert all(len(line.get_ydata()) == 3 * seeds for line in points.values())
    first = labelled(panels(figure)[0])
    assert min(first["weight"].get_ydata()) == pytest.approx(0.7 + 0.03 - 0.005)
    assert max(first["score"].get_xdata()) < min(x for x in first["loss"].get_xdata() if x > 1.5)
    nothing_overlaps(figure)


def test_the_widest_rung_is_no_comparison_of_criteria() -> None:
    figure, _ = study_figure("figure4", *tables(1, 1, ("weight", "loss"), rungs=(4, 8)), ["weight", "loss"])
    assert [label.get_text() for label in panels(figure)[0].get_xticklabels()] == ["4"]


@pytest.mark.parametrize(
    ("datasets", "median", "high"), [(1, "set_0", None), (2, "set_1", "set_0"), (5, "set_4", "set_3")]
)
def test_representative_data_sets(datasets: int, median: str, high: str | None) -> None:
    auc, comparison = tables(datasets)
    figure, note = study_figure("figureS5", auc, comparison, ["weight"])
    (ax,) = figure.axes
    assert ax.get_title() == median and note.startswith(f"{median}: gain at 4 kernels")
    assert list(labelled(ax)) == ["deepprune", "inter", "baseline"]
    assert ("the median of" in note) == (datasets > 1)
    if high:
        figure, note = study_figure("figureS6", auc, comparison, ["weight"])
        assert figure.axes[0].get_title() == high and f"the 90 % quantile of {datasets} data sets" in note


def test_every_figure_of_a_study_is_drawn(tmp_path: Path) -> None:
    criteria = ["weight", "loss"]
    real, simulated = (tables(3, 2, tuple(criteria), name=name) for name in ("real_{}", "sim_{}"))
    auc, comparison = (pd.concat(pair, ignore_index=True) for pair in zip(simulated, real, strict=True))
    groups = {"few": ["sim_0"], "many": ["sim_1", "sim_2"], "real": ["real_0", "real_1", "real_2"]}
    figures = paper_figures(groups, by_kind(METHODS), criteria)
    assert list(figures) == list(FIGURES)
    paths = {name: str(tmp_path / f"{name}.svg") for name in figures}
    draw_study(auc, comparison, groups, by_kind(METHODS), criteria, paths, str(tmp_path / "notes.tsv"))
    notes = read_table(tmp_path / "notes.tsv").set_index("figure")["note"]
    assert list(notes.index) == list(figures)
    assert notes["figure3"] == "2 data sets, 2 seeds each" and "real_" in notes["figureS5"]
    assert all((tmp_path / f"{name}.svg").stat().st_size for name in figures)
    assert all(re.search(r"seed|data set", note) for note in notes)


@pytest.mark.parametrize("name", ["figure4", "figure6", "figureS1", "figureS2", "figureS4", "figureS5"])
def test_a_figure_without_data_says_so(name: str) -> None:
    auc, comparison = tables(2, 1, rungs=(4, 8))
    # Only the wide networks and the pruned ones finished training.
    keep = (auc["method"] == "deepprune") & ((auc["kernels"] == 4) | (name == "figureS1"))
    comparison = comparison.assign(gain=np.nan)
    figure, note = study_figure(name, auc[keep], comparison, ["weight"])
    assert not figure.axes
    (text,) = figure.texts
    assert text.get_text().replace("\n", " ") == note and note.endswith(".")

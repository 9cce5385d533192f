from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from deepprune.figures.datasets import datasets_figure


def sizes_table(datasets: int) -> pd.DataFrame:
    numbers = np.arange(datasets)
    table = pd.DataFrame({"dataset": [f"set_{i}" for i in numbers], "positives": 100 + 7 * numbers})
    return table.assign(gc_positives=0.4 + 0.1 * np.sin(numbers), gc_negatives=0.4 + 0.1 * np.sin(numbers))


@pytest.mark.parametrize(("datasets", "named"), [(1, True), (5, True), (60, True), (690, False)])
def test_datasets_are_sorted_and_named_while_there_is_room(datasets: int, named: bool) -> None:
    figure = datasets_figure(sizes_table(datasets))
    sizes, contents = figure.axes
    labels = [label.get_text() for label in sizes.get_yticklabels()]
    assert sizes.get_lines()[0].get_xdata().tolist() == [100 + 7 * i for i in reversed(range(datasets))]
    if named:
        assert labels == [f"set_{i}" for i in reversed(range(datasets))]
    else:
        assert not any("set_" in label for label in labels)
        assert sizes.get_ylabel() == "data sets, the largest on top"
    bottom, top = sizes.get_ylim()
    assert top < 0 <= datasets - 1 < bottom
    dots, rings = contents.get_lines()
    assert dots.get_xdata() == pytest.approx(rings.get_xdata())
    assert dots.get_xdata()[0] == pytest.approx(0.4 + 0.1 * np.sin(datasets - 1))
    assert f"{datasets} data set" in sizes.get_xlabel()
    assert figure.get_size_inches()[1] < 17
    figure.draw_without_rendering()
    for ax in (sizes, contents):
        ticks = ax.get_xticklabels(which="both")
        low, high = ax.get_xlim()
        seen = [tick for tick in ticks if tick.get_text() and low <= tick.get_position()[0] <= high]
        boxes = sorted((tick.get_window_extent() for tick in seen), key=lambda box: box.x0)
        assert boxes
        assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_long_names_leave_room_for_the_panels() -> None:
    names = ["wgEncodeAwgTfbsHaibH1hescTcf12Pcr1xUniPk_" * 2 + kind for kind in ("shuffle", "genomic")]
    figure = datasets_figure(sizes_table(2).assign(dataset=names))
    figure.draw_without_rendering()
    sizes, contents = figure.axes
    labels = [label.get_text() for label in sizes.get_yticklabels()]
    assert [label[-7:] for label in labels] == ["genomic", "shuffle"]
    assert not sizes.xaxis.label.get_window_extent().overlaps(contents.xaxis.label.get_window_extent())
    assert contents.get_window_extent().width > 150

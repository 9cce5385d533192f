from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from deepprune.evaluation.changes import clustered
from deepprune.figures.changes import (
    ABOVE,
    CLIPPED,
    changes_figure,
    cluster_colour,
    cluster_sizes_figure,
    draw_dendrogram,
)


def made_up(datasets: int, networks: int) -> pd.DataFrame:
    """Return changes of data sets of four kinds."""
    random = np.random.default_rng(datasets)
    kinds = np.array([-0.1, -0.02, 0, 0.03])[np.arange(datasets) % 4]
    values = kinds[:, None] + random.normal(0, 0.004, (datasets, networks))
    names = [f"wgEncodeAwgTfbsHaibH1hescTcf{place:03}Pcr1xUniPk" for place in range(datasets)]
    return pd.DataFrame(values, index=names, columns=[f"network $_{place}" for place in range(networks)])


def shown_texts(ax: Axes) -> list[Text]:
    """Return the texts of a panel that are seen."""
    labels = []
    for axis, (one, other) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        labels += [tick.label2 for tick in ticks] + [tick.label1 for tick in ticks] + [axis.label]
        for tick in ticks:
            if not min(one, other) <= tick.get_loc() <= max(one, other):
                labels = [label for label in labels if label not in (tick.label1, tick.label2)]
    return [text for text in (*labels, *ax.texts) if text.get_text() and text.get_visible()]


def check_no_overlap(figure: Figure) -> None:
    figure.draw_without_rendering()
    legends = [text for legend in figure.legends for text in legend.get_texts()]
    texts = [*(text for ax in figure.axes if ax.axison for text in shown_texts(ax)), *legends]
    boxes = {text.get_text(): text.get_window_extent() for text in texts}
    width, height = figure.get_size_inches() * figure.dpi
    assert [text for text, box in boxes.items() if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height] == []
    assert [(one, two) for one, two in combinations(boxes, 2) if boxes[one].overlaps(boxes[two])] == []


@pytest.mark.parametrize(("datasets", "networks"), [(1, 2), (4, 1), (7, 9), (30, 3), (31, 5), (690, 9)])
def test_no_label_covers_another(datasets: int, networks: int) -> None:
    changes = made_up(datasets, networks)
    clustering = clustered(changes)
    figure = changes_figure(changes, clustering, "one layer of 128 kernels")
    check_no_overlap(figure)
    _, strip, heat, bar = figure.axes
    names = [label.get_text() for label in heat.get_xticklabels()]
    assert len(names) == (datasets if datasets <= 30 else 0) and all("…" in name for name in names)
    assert heat.get_xlabel() == ("" if names else f"{datasets} data sets, in the order of the dendrogram")
    assert "change in AUROC" in bar.get_ylabel() and "128 kernels" in bar.get_ylabel()
    sizes = clustering.table["cluster"].value_counts()
    (legend,) = figure.legends
    assert [text.get_text().split()[1:3] for text in legend.get_texts()] == [
        [f"{cluster}:", str(sizes[cluster])] for cluster in range(1, len(sizes) + 1)
    ]
    assert [text.get_text() for text in strip.texts] == [str(cluster) for cluster in sorted(sizes.index)]


def test_columns_stand_below_their_leaves() -> None:
    changes = made_up(8, 3)
    clustering = clustered(changes)
    figure = changes_figure(changes, clustering, "wide")
    _, strip, heat, _ = figure.axes
    order = clustering.table.sort_values("place")
    (mesh,), (colours,) = heat.collections, strip.collections
    assert np.array_equal(mesh.get_array(), changes.loc[order["dataset"]].to_numpy().T)
    assert colours.get_array().ravel().tolist() == (order["cluster"] - 1).tolist()
    low, high = mesh.get_clim()
    assert -low == high == np.percentile(np.abs(changes), CLIPPED)
    assert heat.get_ylim()[0] > heat.get_ylim()[1]  # the first network on top


def test_negligible_changes_stay_pale() -> None:
    changes = made_up(6, 2) * 1e-6
    heat = changes_figure(changes, clustered(changes), "wide").axes[2]
    assert heat.collections[0].get_clim() == (-0.001, 0.001)


def test_branches_have_the_colour_of_their_cluster() -> None:
    changes = pd.DataFrame({"few": [0.0, 0.1, 0.5, 0.35]}, index=list("abcd"))
    ax = Figure().subplots()
    draw_dendrogram(ax, clustered(changes, 2))
    (lines,) = ax.collections
    assert isinstance(lines, LineCollection)
    assert [to_hex(colour).upper() for colour in lines.get_colors()] == [cluster_colour(1), cluster_colour(2), ABOVE]
    # The pairs, 0.1 and 0.15 apart, meet over the middles of their leaves; the last branch joins these middles.
    ends = [(path.vertices[0, 0], path.vertices[-1, 0], path.vertices[1, 1]) for path in lines.get_paths()]
    assert [sorted(end[:2]) for end in ends] == [[0, 1], [2, 3], [0.5, 2.5]]
    assert [end[2] for end in ends[:2]] == pytest.approx([0.1, 0.15]) and ends[2][2] < ax.get_ylim()[1]


def test_colours_of_clusters_begin_again() -> None:
    assert cluster_colour(1) == cluster_colour(9) != cluster_colour(2)


@pytest.mark.parametrize("datasets", [1, 7, 690])
def test_the_positives_of_clusters(datasets: int) -> None:
    table = pd.DataFrame({"cluster": 1 + np.arange(datasets) % 4, "positives": 100 * (1 + np.arange(datasets))})
    figure = cluster_sizes_figure(table)
    check_no_overlap(figure)
    (ax,) = figure.axes
    assert ax.get_yscale() == "log"
    clusters = sorted(table["cluster"].unique())
    dots = [line for line in ax.get_lines() if line.get_marker() == "."]
    assert [line.get_ydata().tolist() for line in dots] == [
        table.loc[table["cluster"] == cluster, "positives"].tolist() for cluster in clusters
    ]
    assert [line.get_color() for line in dots] == [cluster_colour(cluster) for cluster in clusters]
    first = (datasets + 3) // 4
    label = ax.get_xticklabels()[0].get_text()
    assert label == f"cluster 1\n{first} data set{'s' if first > 1 else ''}"

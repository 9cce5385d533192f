"""Changes in AUROC of data sets, as a heat map."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from deepprune.evaluation.changes import Clustering
from deepprune.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    RED,
    SKY,
    bare,
    draw_boxes,
    own_style,
    shortened,
    text_inches,
    ticks,
)

# Colours of clusters, which begin again after the last; none is one of the heat map's.
COLOURS = (ORANGE, GREEN, PINK, SKY, RED, GREY, BLUE, BLACK)
ABOVE = "#444444"  # branches that join clusters
WIDTH, TREE, STRIP, ROW = 9.0, 1.1, 0.2, 0.3  # inches
TALL = 5  # this many networks are as high as the scale of colours
NAMES = 30  # the most data sets that are named
NAME_INCHES = 1.8  # the longest name that is not shortened
CLIPPED = 98  # percentile of the absolute changes at which the colours end
LEAST = 0.001  # colours end here at least, so that negligible changes stay pale
WHISKERS = (5, 95)
BOX = 0.5


def cluster_colour(cluster: int) -> str:
    """Return the colour of a cluster (from 1)."""
    return COLOURS[(cluster - 1) % len(COLOURS)]


@own_style()
def changes_figure(changes: pd.DataFrame, clustering: Clustering, reference: str) -> Figure:
    """Draw the changes as a heat map, with a column for each data set below the dendrogram and a row for each network.

    changes: see `evaluation.changes.changes_from`; the dendrogram and the clusters are of `clustered`.  reference: the
    network from which AUROCs change. Colours end at the CLIPPEDth percentile of the absolute changes.
    """
    order = clustering.table.sort_values("place")
    shown = changes.loc[order["dataset"]]
    count, networks = shown.shape
    heights = [TREE if count > 1 or networks < TALL else 0.01, STRIP, ROW * networks]
    names = [shortened(str(name), NAME_INCHES, 8) for name in order["dataset"]] if count <= NAMES else []
    below = max((text_inches(name, 8) for name in names), default=0.0)
    layout = ConstrainedLayoutEngine(h_pad=0.02, hspace=0)
    figure = Figure(figsize=(WIDTH, sum(heights) + below + 1.1), layout=layout)
    grid = figure.add_gridspec(3, 2, height_ratios=heights, width_ratios=[WIDTH, 0.16])
    tree, strip, heat = (figure.add_subplot(grid[row, 0]) for row in range(3))
    # Few rows leave too little height for the labels of the scale.
    bar = figure.add_subplot(grid[2 if networks >= TALL else slice(3), 1])
    tree.set_axis_off()
    draw_dendrogram(tree, clustering)
    _draw_strip(strip, order["cluster"].to_numpy())
    norm = _draw_changes(heat, shown)
    rows = [shortened(str(name), NAME_INCHES, 8) for name in shown.columns]
    heat.set_yticks(range(networks), labels=rows, parse_math=False)
    if names:
        heat.set_xticks(range(count), labels=names, rotation=90, parse_math=False)
    else:
        heat.set_xticks([])
        heat.set_xlabel(f"{count:,} data sets, in the order of the dendrogram", fontsize=9)
    _draw_bar(figure, bar, ScalarMappable(norm, "RdBu"), shown.to_numpy())
    bar.set_ylabel(f"change in AUROC\nfrom {shortened(reference, NAME_INCHES, 8)}", fontsize=8, parse_math=False)
    _legend(figure, order["cluster"])
    return figure


def draw_dendrogram(ax: Axes, clustering: Clustering) -> None:
    """Draw the branches: those within a cluster in its colour. Leaves stand at their places."""
    count = len(clustering.table)
    # Place, height and cluster of each node: first the leaves, then the merges; 0 is the cluster of several.
    places = [float(place) for place in clustering.table["place"]]
    heights = [0.0] * count
    clusters = [int(cluster) for cluster in clustering.table["cluster"]]
    lines, colours = [], []
    for one, two, height, _ in clustering.linkage:
        left, right = int(one), int(two)
        ends = [(places[node], heights[node]) for node in (left, right)]
        lines.append([ends[0], (ends[0][0], height), (ends[1][0], height), ends[1]])
        clusters.append(clusters[left] if clusters[left] == clusters[right] else 0)
        colours.append(cluster_colour(clusters[-1]) if clusters[-1] else ABOVE)
        places.append((places[left] + places[right]) / 2)
        heights.append(float(height))
    ax.add_collection(LineCollection(lines, colors=colours, linewidths=0.9 if count <= NAMES else 0.5))
    ax.set_xlim(-0.5, count - 0.5)
    ax.set_ylim(0, 1.03 * max(heights) or 1)


def _draw_strip(ax: Axes, clusters: np.ndarray) -> None:
    """Draw the colour of each data set's cluster, and the cluster's number where it fits."""
    colours = ListedColormap([cluster_colour(cluster) for cluster in range(1, clusters.max() + 1)])
    edges = np.arange(len(clusters) + 1) - 0.5
    ax.pcolormesh(
        edges, [0, 1], clusters[None] - 1, cmap=colours, vmin=-0.5, vmax=clusters.max() - 0.5, rasterized=True
    )
    starts = np.flatnonzero(np.diff(clusters, prepend=0))
    for start, end in zip(starts, [*starts[1:], len(clusters)], strict=True):
        label = str(clusters[start])
        # The heat map has three quarters of the figure's width at least.
        if (end - start) / len(clusters) * 0.75 * WIDTH > text_inches(label, 8) + 0.05:
            ink = "white" if sum(bytes.fromhex(cluster_colour(clusters[start])[1:])) < 300 else "black"
            ax.text((start + end - 1) / 2, 0.45, label, ha="center", va="center", fontsize=8, color=ink)
    ax.set_xticks([])
    ax.set_yticks([0.5], labels=["cluster"], fontsize=8)
    ax.tick_params(left=False)
    ax.spines[:].set_visible(False)


def _draw_changes(ax: Axes, shown: pd.DataFrame) -> Normalize:
    """Draw the heat map, and return the range of its colours."""
    count, networks = shown.shape
    most = max(float(np.percentile(np.abs(shown.to_numpy()), CLIPPED)), LEAST)
    norm = Normalize(-most, most)
    edges = np.arange(count + 1) - 0.5
    ax.pcolormesh(edges, np.arange(networks + 1) - 0.5, shown.to_numpy().T, cmap="RdBu", norm=norm, rasterized=True)
    ax.invert_yaxis()
    ax.tick_params(labelsize=8, left=False, bottom=False)
    ax.spines[:].set_visible(False)
    return norm


def _draw_bar(figure: Figure, ax: Axes, scale: ScalarMappable, values: np.ndarray) -> None:
    """Draw the scale of colours, pointed at the ends beyond which there are values."""
    low, high = bool(values.min() < scale.norm.vmin), bool(values.max() > scale.norm.vmax)
    extend: Any = {(False, False): "neither", (True, False): "min", (False, True): "max"}.get((low, high), "both")
    bar = figure.colorbar(scale, cax=ax, extend=extend)
    bar.ax.yaxis.set_major_locator(ticks())
    bar.ax.tick_params(labelsize=8)


def _legend(figure: Figure, clusters: pd.Series) -> None:
    """Name the clusters and their sizes, below the axes, where small clusters have room too."""
    sizes = clusters.value_counts().sort_index()
    figure.legend(
        [Patch(color=cluster_colour(cluster)) for cluster in sizes.index],
        [f"cluster {cluster}: {_sets(size)}" for cluster, size in sizes.items()],
        loc="outside lower center",
        ncols=min(len(sizes), 4),
        frameon=False,
        fontsize=8,
    )


@own_style()
def cluster_sizes_figure(table: pd.DataFrame) -> Figure:
    """Draw the number of positives of each data set, a box and dots for each cluster.

    table: columns cluster and positives, a row for each data set. Boxes show quartiles and the median, whiskers the 5th
    and 95th percentiles.
    """
    clusters = sorted(table["cluster"].unique())
    figure = Figure(figsize=(max(1.2 * len(clusters) + 1, 4), 3.4), layout="constrained")
    ax = figure.subplots()
    random = np.random.default_rng(0)
    few = len(table) <= NAMES
    for place, cluster in enumerate(clusters):
        positives = table.loc[table["cluster"] == cluster, "positives"].sort_values()
        draw_boxes(ax, {place: positives}, cluster_colour(cluster), BOX, WHISKERS)
        # A single dot stands in the middle.
        across = place + random.uniform(-0.4, 0.4, len(positives)) * BOX * (len(positives) > 1)
        dots: Any = {"markersize": 7 if few else 4, "markeredgewidth": 0, "alpha": 0.9 if few else 0.5, "zorder": 3}
        ax.plot(across, positives, ".", color=cluster_colour(cluster), **dots)
    ax.set_yscale("log")
    low, high = table["positives"].min(), table["positives"].max()
    ax.set_ylim(low / 2, high * 2)
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 50 * low else (1,)))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
    counts = table["cluster"].value_counts()
    ax.set_xticks(range(len(clusters)), labels=[f"cluster {name}\n{_sets(counts[name])}" for name in clusters])
    ax.set_xlim(-0.6, len(clusters) - 0.4)
    bare(ax)
    ax.set_ylabel("positives", fontsize=9)
    return figure


def _sets(count: int) -> str:
    return f"{count:,} data set{'s' if count != 1 else ''}"

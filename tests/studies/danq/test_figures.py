import pandas as pd
from matplotlib.colors import to_hex

from deepprune.studies.danq.figures import (
    CODES,
    KINDS,
    NETWORK,
    SCORES,
    WORDS,
    kind_of,
    reconstruction_figure,
    time_figure,
)

ROWS = [
    ("DanQ", "", 20, 0.93, 0.7, 600.0),
    ("wide-pools", "", 30, 0.925, 0.69, 60.0),
    ("forest-words", "", None, 0.6, 0.2, 20.0),
    ("forest-codes", "coder", None, 0.5, 0.15, 450.0),
    ("linear-pools", "wide-pools", None, 0.92, 0.66, 66.0),
]
TABLE = pd.DataFrame(ROWS, columns=["network", "source", "epochs", "auroc", "auprc", "total_time"])


def test_kinds() -> None:
    learners = {"forest-words", "forest-codes", "linear-pools"}
    kinds = [kind_of(row, {"coder"}, learners) for _, row in TABLE.iterrows()]
    assert kinds == [NETWORK, NETWORK, WORDS, CODES, SCORES]


def test_each_network_is_a_named_point_at_its_time() -> None:
    figure = time_figure(TABLE, {"coder"})
    auroc, auprc = figure.axes
    points = {(x, y) for line in auroc.lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)}
    assert points == {(row[5], row[3]) for row in ROWS}
    assert {text.get_text() for text in auprc.texts} == {row[0] for row in ROWS}
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == [*KINDS, "within 0.01 of DanQ at a sixth of its time"]
    (area,) = auroc.collections
    corner = area.get_paths()[0].get_extents()
    assert corner.x1 == 100 and corner.y0 == 0.92
    assert to_hex(auroc.lines[0].get_color()) == KINDS[NETWORK][0]


def test_without_the_reference_there_is_no_aim() -> None:
    figure = time_figure(TABLE[TABLE["network"] != "DanQ"], {"coder"})
    assert not figure.axes[0].collections
    assert time_figure(TABLE.assign(auroc=float("nan")), set()).texts


def test_accuracy_by_epoch_with_the_most_frequent_base() -> None:
    epochs = pd.DataFrame(
        [("coder", seed, epoch, 0.2 + 0.1 * epoch + 0.02 * seed) for seed in (0, 1) for epoch in (1, 2)],
        columns=["network", "seed", "epoch", "validation_accuracy"],
    )
    figure = reconstruction_figure(epochs, 0.27)
    chance, line = figure.axes[0].lines
    assert set(chance.get_ydata()) == {0.27}
    assert list(line.get_xdata()) == [1, 2] and [round(y, 3) for y in line.get_ydata()] == [0.31, 0.41]
    assert reconstruction_figure(pd.DataFrame(), float("nan")).texts

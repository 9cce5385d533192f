import pandas as pd
import pytest

from deepprune.studies.few_kernels.figure import few_kernels_figure
from deepprune.studies.few_kernels.variants import VARIANTS


def test_every_variant_has_a_line_in_each_panel() -> None:
    rows = []
    for place, variant in enumerate(VARIANTS):
        for criterion in ("-", "loss", "weight"):
            for kernels in (64,) if criterion == "-" else (8, 4):
                value = 0.8 + 0.01 * place + 0.001 * kernels - (0.01 if criterion == "weight" else 0)
                row = {"variant": variant, "criterion": criterion, "kernels": kernels, "auroc": value}
                rows.append(row | {"distinct": kernels / 2 if kernels < 64 else None})
    figure = few_kernels_figure(pd.DataFrame(rows))
    loss, weight, distinct = figure.axes
    titles = ["pruned by loss", "pruned by weight", "distinct motifs, pruned by loss"]
    assert [ax.get_title() for ax in figure.axes] == titles
    for ax in (loss, weight):
        lines = {line.get_label(): line for line in ax.get_lines()}
        assert set(VARIANTS) <= set(lines)
        assert lines["paper"].get_xdata().tolist() == [4, 8, 64]
        # The dashed line is the reference at its widest.
        (dashed,) = (line for line in ax.get_lines() if line.get_linestyle() == "--")
        assert dashed.get_ydata() == pytest.approx([0.864, 0.864])
    assert loss.get_ylim() == weight.get_ylim()
    assert distinct.get_lines()[0].get_ydata().tolist() == [2, 4]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(VARIANTS)

import numpy as np
import pandas as pd
import pytest

from deepprune.studies.koo_eddy.overview import pools_figure, recovered_figure


def test_the_networks_that_differ_by_pools_are_drawn_in_order() -> None:
    names = ["CNN-25", "CNN-4", "CNN9-25", "CNN-25-60"]
    table = pd.DataFrame({"network": names, "layer": 1, "any": [0.9, 0.5, 0.1, 0.1], "null": 0.1, "auroc": 0.9})
    table = table.assign(relevant=table["any"] - 0.1, any_sd=0.01, relevant_sd=0.01, auroc_sd=0.001)
    table = table.assign(any_paper=[0.98, 0.45, 0.3, 0.2], relevant_paper=np.nan, auroc_paper=np.nan)
    figure = pools_figure(table)
    matches, auroc = figure.axes
    lines = [line.get_xdata().tolist() for line in matches.get_lines() if len(line.get_xdata()) == 2]
    assert lines and all(line == [4, 25] for line in lines)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "any motif of JASPAR, paper" in labels and "a relevant motif, paper" not in labels
    assert [text.get_text() for text in auroc.get_xticklabels()] == ["4", "25"]


def test_counts_of_recovered_factors_are_means_over_seeds() -> None:
    rows = [("n", seed, 1, "code", "A" if seed else None, "t" if seed else None, "+") for seed in (0, 1, 1)]
    columns = ["network", "seed", "layer", "reading", "relevant_match", "task", "strand"]
    figure = recovered_figure(pd.DataFrame(rows, columns=columns), ["t", "u"])
    ax = figure.axes[0]
    values = np.asarray(ax.collections[0].get_array()).reshape(1, 4)
    assert values.tolist() == [[1.0, 0.0, 0.0, 0.0]]
    assert pytest.approx(1.0) == float(ax.texts[0].get_text())
    assert [text.get_text() for text in ax.get_yticklabels()] == ["n"]

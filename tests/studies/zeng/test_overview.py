import pandas as pd
import pytest

from deepprune.studies.zeng.overview import changes_by_size, study_figure
from deepprune.studies.zeng.values import ALL, DISCOVERY

ROWS = [
    (f"{name}.{most}" if most != ALL else name, f"{name}.bed", DISCOVERY, most, "CTCF", network, auroc - 0.01 * place)
    for place, name in enumerate("abc")
    for most, size in ((ALL, 0.1), ("2500", 0.0))
    for network, auroc in (("1layer", 0.7 + size), ("2layer", 0.65 + 1.4 * size))
]
VALUES = pd.DataFrame(ROWS, columns=["dataset", "source", "task", "most", "target", "network", "auroc"])
CLUSTERS = pd.DataFrame(
    {
        "dataset": list("abc"),
        "cluster": [1, 2, 2],
        "place": [0, 1, 2],
        "positives": [10, 200, 300],
        "2layer": [-0.1, 0, 0.01],
    }
)
TIMES = pd.DataFrame({"network": ["1layer", "2layer"], "seconds": [1.0, 3.0], "seconds_paper": [64.0, 91.0]})
TABLES = {"values": VALUES, "clusters": CLUSTERS, "times": TIMES}


def test_changes_are_from_the_reference_with_as_many_positives() -> None:
    table = changes_by_size(VALUES)
    assert table["dataset"].tolist() == ["a.bed", "b.bed", "c.bed"] and (table["positives"] == 2500).all()
    assert table["change"].tolist() == pytest.approx([-0.05] * 3)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("discovery", "2layer"),
        ("changes", "change in AUROC\nfrom 1layer"),
        ("cluster_sizes", "positives"),
        ("sizes", "2layer"),
        ("time", "2layer"),
    ],
)
def test_each_figure_is_of_its_table(name: str, words: str) -> None:
    figure = study_figure(name, TABLES)
    texts = [text.get_text() for text in figure.texts]
    for ax in figure.axes:
        ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()]
        texts += [text.get_text() for text in [*ax.texts, *ticks, ax.xaxis.label, ax.yaxis.label]]
    assert words in texts

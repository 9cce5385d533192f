import numpy as np
import pytest

from deepprune.data.dataset import TRAIN, Dataset
from deepprune.data.profile import profile
from deepprune.figures.profile import profile_figure


def test_both_classes_are_drawn_and_only_where_there_are_sequences() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (200, 100)).astype(np.uint8)
    labels = (np.arange(200) % 2).astype(np.uint8)[:, None]
    table = profile(Dataset(codes, labels, np.full(200, TRAIN, np.uint8)))
    contents, pairs = profile_figure(table).axes
    low, high = contents.get_xlim()
    assert 0.2 < low < 0.4 and 0.6 < high < 0.8
    for line, name in zip(pairs.get_lines(), ("positives", "negatives"), strict=True):
        shares = table[table["kind"] == "dinucleotide"][name]
        assert line.get_ydata() == pytest.approx(shares.to_numpy()) and line.get_label() == name
    assert [text.get_text() for text in pairs.get_xticklabels()][:3] == ["AA/TT", "AC/GT", "AG/CT"]

import numpy as np
import pandas as pd
import pytest
from planted import planted

from deepprune.data.dataset import TEST
from deepprune.dna.codes import to_codes, to_text
from deepprune.io.fasta import read_fasta
from deepprune.io.table import read_table
from deepprune.models.parameters import Parameters
from deepprune.motifs.hits import BINS, STRONGEST, histogram, hits, write_responses
from deepprune.motifs.networks import network_windows

OPTIONS = {"method": "deepbind", "threshold": 0.5, "padding": "valid", "activation": "relu"}


def test_histogram_by_hand() -> None:
    table = histogram(np.array([0, 0, 6, 12, 24], np.float32), np.array([1, 0, 1, 1, 0]))
    assert len(table) == BINS
    assert (table["from"].iloc[0], table["to"].iloc[-1]) == (0, 24)
    assert table["positives"].iloc[[0, 6, 12]].tolist() == [1, 1, 1]
    assert table["negatives"].iloc[[0, -1]].tolist() == [1, 1]
    assert table[["positives", "negatives"]].sum().tolist() == [3, 2]


def test_histogram_of_a_silent_kernel_and_of_a_leaky_one() -> None:
    silent = histogram(np.zeros(3, np.float32), np.array([1, 0, 0]))
    assert silent[["positives", "negatives"]].iloc[0].tolist() == [1, 2]
    assert histogram(np.array([-2, 1], np.float32), np.array([1, 0]))["from"].iloc[0] == -2


def test_hits_by_hand() -> None:
    codes = to_codes(["ACGTA", "TTACG"])
    activity, position = np.array([[2, 1], [3, 0]], np.float32), np.array([[0, 2], [2, 0]])
    site = np.array([[True, False], [True, True]])
    table = hits(codes, ["a", "b"], activity, position, site, np.array([0.5, -1.0]), 3)
    assert table.to_numpy().tolist() == [
        ["a", 0, 0, 3, "ACG", 2.0, 1.0],
        ["b", 0, 2, 5, "ACG", 3.0, 1.5],
        ["b", 1, 0, 3, "TTA", 0.0, -0.0],
    ]


@pytest.fixture
def network() -> tuple[pd.DataFrame, list[Parameters]]:
    word = np.eye(4, dtype=np.float32)[to_codes(["TGACTCA"])[0]]
    kernels = np.stack([word, -word], axis=2)
    contents = pd.DataFrame({"dataset": ["planted"], "seed": [3], "number": [0]})
    return contents, [Parameters(kernels, np.array([-4, -1], np.float32), np.array([2, -1], np.float32), np.float32(1))]


def test_written_files(tmp_path, network) -> None:
    paths = [str(tmp_path / name) for name in ("activations.tsv", "strongest.fa", "hits.tsv")]
    data = planted()
    write_responses(data, *network, OPTIONS, *paths, network_windows(data, *network, OPTIONS))
    codes, labels = data.part(TEST)
    table = read_table(paths[0])
    assert table["motif"].unique().tolist() == ["seed3_kernel0", "seed3_kernel1"]
    assert table.groupby("motif")["positives"].sum().tolist() == [labels.sum()] * 2
    records = read_fasta(paths[1])
    assert len(records) == STRONGEST
    # The planted word scores 7 - 4 = 3, times 2, and 1 more.
    assert records[0].name == "seed3_1 seed=3 log_odds=7.0000 bound=1"
    assert records[0].sequence in to_text(codes[labels[:, 0] == 1])
    found = read_table(paths[2])
    assert list(found.columns) == [
        "dataset",
        "seed",
        "motif",
        "sequence",
        "start",
        "end",
        "word",
        "activation",
        "contribution",
    ]
    assert found["motif"].unique().tolist() == ["seed3_kernel0"]
    assert (found["word"] == "TGACTCA").all() and (found["contribution"] == 6).all()
    sequences = {record.name.split()[0]: record.sequence for record in records}
    assert all(sequences[hit.sequence][hit.start : hit.end] == hit.word for hit in found.itertuples())


def test_threshold_of_the_method_when_none_is_given(tmp_path, network) -> None:
    paths = [str(tmp_path / name) for name in ("activations.tsv", "strongest.fa", "hits.tsv")]
    study = planted(), *network, OPTIONS | {"threshold": None}
    write_responses(*study, *paths, network_windows(*study))
    assert (read_table(paths[2])["activation"] == 3).all()

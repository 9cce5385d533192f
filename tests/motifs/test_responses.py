from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planted import planted

from deepprune.data.dataset import TEST
from deepprune.data.origins import Origins
from deepprune.dna.codes import to_codes, to_text
from deepprune.dna.words import background_words
from deepprune.io.fasta import read_fasta
from deepprune.io.table import read_table
from deepprune.keys import KEY_COLUMNS, NetworkKey
from deepprune.models.parameters import Parameters
from deepprune.motifs.kernels import Reading
from deepprune.motifs.networks import NetworkGroup, ScannedNetwork, bound
from deepprune.motifs.responses import (
    BINS,
    STRONGEST,
    histogram,
    responses,
    sites,
    write_responses,
)
from deepprune.motifs.strongest import strongest_fields
from deepprune.motifs.windows import KernelBank, Windows, side_by_side


def test_histogram_by_hand() -> None:
    table = histogram(np.array([0, 0, 6, 12, 24], np.float32), np.array([1, 0, 1, 1, 0]) == 1)
    assert len(table) == BINS
    assert (table["from"].iloc[0], table["to"].iloc[-1]) == (0, 24)
    assert table["positives"].iloc[[0, 6, 12]].tolist() == [1, 1, 1]
    assert table["negatives"].iloc[[0, -1]].tolist() == [1, 1]
    assert table[["positives", "negatives"]].sum().tolist() == [3, 2]


def test_histogram_of_a_silent_kernel_and_of_a_leaky_one() -> None:
    silent = histogram(np.zeros(3, np.float32), np.array([True, False, False]))
    assert silent[["positives", "negatives"]].iloc[0].tolist() == [1, 2]
    assert histogram(np.array([-2, 1], np.float32), np.array([True, False]))["from"].iloc[0] == -2


def test_hits_by_hand() -> None:
    codes = to_codes(["ACGTA", "TTACG"])
    reverse = np.array([[False, False], [False, True]])
    windows = Windows(np.array([[2, 1], [3, 0]], np.float32), np.array([[0, 2], [2, 0]]), reverse)
    site = np.array([[True, False], [True, True]])
    bank = KernelBank(np.zeros((2, 3, 4)), np.zeros(2), np.array([0.5, -1.0]), np.arange(2))
    assert sites(codes, windows, site, bank).to_numpy().tolist() == [
        [0, 0, 0, 3, "+", "ACG", 2.0, 1.0],
        [0, 1, 2, 5, "+", "ACG", 3.0, 1.5],
        [1, 1, 0, 3, "-", "TAA", 0.0, -0.0],
    ]


@pytest.fixture
def network() -> tuple[pd.DataFrame, list[Parameters]]:
    word = np.eye(4, dtype=np.float32)[to_codes(["TGACTCA"])[0]]
    kernels = np.stack([word, -word])
    key = {"architecture": "few_kernel", "method": "deepprune", "criterion": "weight", "kernels": 2, "seed": 3}
    contents = pd.DataFrame([{"dataset": "planted", **key, "number": 0}])
    return contents, [
        Parameters(kernels, np.array([-4, -1], np.float32), np.array([[2], [-1]], np.float32), np.ones(1, np.float32))
    ]


def test_written_files(tmp_path, network) -> None:
    paths = [str(tmp_path / name) for name in ("activations.tsv", "strongest.fa", "sites.tsv")]
    data = planted()
    write_responses(NetworkGroup(data, *network, Reading()), *paths)
    codes, labels = data.part(TEST)
    table = read_table(paths[0])
    assert table["motif"].unique().tolist() == ["seed3_kernel0", "seed3_kernel1"]
    assert table.groupby("motif")["positives"].sum().tolist() == [labels.sum()] * 2
    records = read_fasta(paths[1])
    assert len(records) == STRONGEST
    # The planted word scores 7 - 4 = 3, times 2, and 1 more.
    assert records[0].name == "seed3_1 seed=3 logit=7.0000 bound=1"
    assert records[0].sequence in to_text(codes[bound(labels)])
    found = read_table(paths[2])
    own = ["motif", "sequence", "start", "end", "strand", "word", "activation", "contribution"]
    assert list(found.columns) == ["dataset", *KEY_COLUMNS, *own]
    assert found.loc[0, KEY_COLUMNS].tolist() == ["few_kernel", "deepprune", "weight", 2, 3]
    assert found["motif"].unique().tolist() == ["seed3_kernel0"]
    assert (found["word"] == "TGACTCA").all() and (found["contribution"] == 6).all()
    sequences = {record.name.split()[0]: record.sequence for record in records}
    assert all(sequences[site.sequence][site.start : site.end] == site.word for site in found.itertuples())


def test_strongest_sequences_have_their_places_and_names(tmp_path, network) -> None:
    paths = [str(tmp_path / name) for name in ("activations.tsv", "strongest.fa", "sites.tsv")]
    data = planted()
    start = np.arange(len(data.codes)) * 100
    names = [f"peak {number} \u00e9" for number in range(len(start))]
    origins = Origins(names, ["chr1"] * len(start), start, start + 40, ["."] * len(start))
    write_responses(NetworkGroup(replace(data, origins=origins), *network, Reading()), *paths)
    for record in read_fasta(paths[1]):
        _, fields = strongest_fields(record.name)
        row = int(fields["name"].split()[1])
        assert fields["name"] == names[row] and fields["place"] == f"chr1:{100 * row}-{100 * row + 40}"
        assert to_text(data.codes[[row]]) == [record.sequence] and data.split[row] == TEST


def test_of_averaged_strands_the_contributions_add_up_to_the_logit(network) -> None:
    contents, (weights,) = network
    key = NetworkKey(*contents.loc[0, KEY_COLUMNS])
    codes = to_codes(["TGACTCATGAGTCA", "TGACTCAAAAAAAA", "AAAAAAATGAGTCA", "TTTTTTTTTTTTTT"])
    reading = Reading(threshold=0, average_strands=True)
    windows = reading.windows(codes, side_by_side([weights]))
    bound = np.array([True, True, True, False])
    found = responses(ScannedNetwork("planted", key, weights, windows), (codes, bound), reading)
    # The word scores 3, times 2; its reverse complement, which differs in one base, 2; the intercept is 1.
    assert [record.split("logit=")[1].split()[0] for record in found.strongest] == [
        "7.0000",
        "6.0000",
        "6.0000",
        "1.0000",
    ]
    first = found.sites[found.sites["sequence"] == "seed3_1"]
    assert first[["start", "strand", "word", "contribution"]].to_numpy().tolist() == [
        [0, "+", "TGACTCA", 3.0],
        [7, "-", "TGACTCA", 3.0],
    ]
    sums = found.sites.groupby("sequence")["contribution"].sum() + 1
    assert sums.to_dict() == {"seed3_1": 7, "seed3_2": 6, "seed3_3": 6}
    places = zip(found.sites["start"], found.sites["strand"], strict=True)
    assert set(places) == {(0, "+"), (0, "-"), (7, "+"), (7, "-")}


def test_with_a_background_its_part_and_the_contributions_add_up_to_the_logit(network) -> None:
    contents, (weights,) = network
    words = background_words(3, merged=False)
    background = np.zeros((words.number, 1), np.float32)
    background[words.names.index("AAA")] = 0.25
    weights = weights._replace(background=background)
    key = NetworkKey(*contents.loc[0, KEY_COLUMNS])
    codes = to_codes(["TGACTCAAAA", "TGACTCACCC", "CCCCCCCAAA", "CCCCCCCCCC"])
    reading = Reading(threshold=0, background=3)
    windows = reading.windows(codes, side_by_side([weights]))
    bound = np.array([True, True, False, False])
    found = responses(ScannedNetwork("planted", key, weights, windows), (codes, bound), reading)
    fields = [dict(field.split("=") for field in record.split("\n")[0].split()[1:]) for record in found.strongest]
    # The word is worth 6 and the intercept 1; AAA occurs 2, 0, 1 and 0 times, three quarters on average.
    assert [field["logit"] for field in fields] == ["7.5000", "7.0000", "1.2500", "1.0000"]
    assert [field["background"] for field in fields] == ["0.3125", "-0.1875", "0.0625", "-0.1875"]
    sums = found.sites.groupby("sequence")["contribution"].sum()
    for name, total in sums.items():
        field = fields[int(name.removeprefix("seed3_")) - 1]
        assert float(field["logit"]) == 1 + 0.1875 + float(field["background"]) + total


@pytest.mark.parametrize(
    ("reading", "activations"),
    [(Reading(), [3, 2]), (Reading("every_window"), [3]), (Reading(threshold=0), [3, 2, 1])],
    ids=["half", "0.7", "none"],
)
def test_hits_are_sites(network, reading: Reading, activations: list[int]) -> None:
    contents, (weights,) = network
    key = NetworkKey(*contents.loc[0, KEY_COLUMNS])
    codes = to_codes(["TGACTCA", "TGACTCC", "TGACTGG", "AAAAAAA"])  # 3, 2, 1 and 0; all of them count as bound
    windows = reading.windows(codes, side_by_side([weights]))
    found = responses(ScannedNetwork("planted", key, weights, windows), (codes, np.ones(4, bool)), reading)
    assert found.sites["activation"].tolist() == activations
    assert found.sites["sequence"].tolist() == ["seed3_1", "seed3_2", "seed3_3"][: len(activations)]

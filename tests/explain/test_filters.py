"""The filters of a network whose first layer is set by hand, and of a trained one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planted import WORDS, detector, plant

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.implant import COLUMNS as IMPLANTED
from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.explain import filters
from deepprune.explain.filters import COLUMNS, FilterFiles, Trained, write_filters
from deepprune.io.motif import by_name, read_motifs
from deepprune.io.table import read_table
from deepprune.models.conv_settings import Convolution, ConvSettings, FewSettings
from deepprune.models.conv_stack import conv_stack
from deepprune.models.networks import network_of
from deepprune.models.store import save_nests
from deepprune.motifs.filters import FilterReading
from deepprune.training.replicates import train_replicates
from deepprune.training.trainer import Options, Trainer

pytestmark = pytest.mark.slow

WORD, LENGTH = WORDS[0], 30  # TGACTCA
READINGS = {
    "every": FilterReading(0.5, True, True, width=9, flank=1),
    "best": FilterReading(0.7, False, False),
}
SETTINGS = ConvSettings((Convolution(3, 7), Convolution(2, 3, 10)), conv_norm=False)


def implanted(sequences: int = 400) -> tuple[Dataset, pd.DataFrame]:
    """Return sequences with the word or its reverse complement in some, and where; the last half is for test."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (sequences, LENGTH)).astype(np.uint8)
    kinds = rng.integers(0, 3, sequences)
    rows = []
    for row in np.flatnonzero(kinds):
        word = WORD if kinds[row] == 1 else "TGAGTCA"
        plant(codes[row], word, rng)
        text = "".join("ACGT"[code] for code in codes[row])
        rows.append((row, "jun", text.index(word), text.index(word) + 7, "+" if kinds[row] == 1 else "-"))
    split = np.repeat(np.array([TRAIN, VALIDATION, TEST], np.uint8), [sequences // 4, sequences // 4, sequences // 2])
    data = Dataset(codes, (kinds > 0).astype(np.uint8)[:, None], split, ("jun",))
    return data, pd.DataFrame(rows, columns=IMPLANTED)


@pytest.fixture
def files(tmp_path: Path) -> FilterFiles:
    return FilterFiles(tmp_path / "f.tsv", tmp_path / "f.localisation.tsv", tmp_path / "f.meme")


@pytest.fixture(params=["same", "valid"])
def by_hand(tmp_path: Path, request: pytest.FixtureRequest) -> Trained:
    """Two seeds: a filter detects the word, one its reverse complement and one nothing; in seed 4 they are turned.

    The second layer passes on the sum of the first two, and nothing.
    """
    settings = SETTINGS._replace(padding=request.param)
    network = conv_stack("hand", settings, LENGTH, 1)
    fits = {}
    for seed, order in ((4, [2, 1, 0]), (0, [0, 1, 2])):
        weights = network.initial(np.random.default_rng(0))
        first = [*np.eye(4)[to_codes([WORD, "TGAGTCA"])], np.zeros((7, 4))]
        weights[0], weights[1] = np.stack([first[place] for place in order], axis=2), np.array([-6.0, -6, -6])
        weights[2], weights[3] = np.zeros((3, 3, 2)), np.zeros(2)
        weights[2][1, :, 0] = 1.0
        fits[f"seed{seed}"] = ([weight.astype(np.float32) for weight in weights], network.initial_state())
    path = tmp_path / "weights.npz"
    save_nests(path, fits)
    return Trained("hand", settings, (4, 0), path)


def test_tables_and_motifs_by_hand(by_hand: Trained, files: FilterFiles) -> None:
    data, instances = implanted()
    write_filters(by_hand, data, READINGS, instances, files)
    table = read_table(files.filters)
    assert list(table) == COLUMNS and set(table["network"]) == {"hand"}
    kinds = table[["seed", "layer", "reading", "filter"]].to_numpy().tolist()
    assert kinds == [
        [seed, layer, reading, number]
        for seed in (4, 0)
        for layer, count in ((1, 3), (2, 2))
        for reading in READINGS
        for number in range(count)
    ]
    motifs = by_name(read_motifs(files.meme))
    named = table.dropna(subset=["motif"])
    assert list(motifs) == named["motif"].tolist() and motifs["seed0_conv1_best_filter0"].consensus == WORD
    assert [motifs[name].width for name in named["motif"]] == named["width"].tolist()
    rows = table.set_index(["seed", "layer", "reading", "filter"])
    own = instances[(instances["row"] >= 200) & (instances["strand"] == "+")]
    best = rows.loc[(0, 1, "best", 0)]
    assert best["windows"] == len(own) and (best["bits"], best["width"]) == (
        14,
        7,
    )  # none arises by chance, with this seed
    # Of nine letters, the outer two are of the background.
    every = rows.loc[(0, 1, "every", 0)]
    assert motifs["seed0_conv1_every_filter0"].consensus[1:8] == WORD and every["width"] == 9
    assert motifs["seed0_conv1_every_filter0"].sites == every["windows"] == len(own)
    # The dead ones, and the same filters in another order
    for seed, number in ((0, 2), (4, 0)):
        assert rows.loc[(seed, 1, "best", number)].isna()["motif"] and rows.loc[(seed, 1, "best", number), "width"] == 0
    assert motifs["seed4_conv1_best_filter2"].consensus == WORD
    # The second layer reads nine letters: the word or its reverse complement, in the middle.
    assert rows.loc[(0, 2, "best", 0), "windows"] > best["windows"]
    merged = motifs["seed0_conv2_every_filter0"].probabilities
    assert merged.shape == (9, 4) and merged[1:8, [3, 2, 0]].max() == 1 and 0.3 < merged[4, 1] < 0.7


def test_localisation_by_hand(by_hand: Trained, files: FilterFiles) -> None:
    data, instances = implanted()
    write_filters(by_hand, data, READINGS, instances, files)
    table = read_table(files.localisation)
    assert list(table) == ["network", "seed", "layer", "filter", "task", "strand", "instances", "auroc"]
    assert len(table) == 2 * (3 + 2) * 2 and set(table["task"]) == {"jun"}
    found = table.set_index(["seed", "layer", "filter", "strand"])
    of_test = instances[instances["row"] >= 200]["strand"].value_counts()
    assert all(found.loc[(0, 1, 0, strand), "instances"] == of_test[strand] for strand in "+-")
    aurocs = found["auroc"]
    assert (aurocs[0, 1, 0, "+"], aurocs[0, 1, 0, "-"], aurocs[0, 1, 1, "-"], aurocs[0, 1, 2, "+"]) == (1, 0.5, 1, 0.5)
    assert aurocs[4, 1, 2, "+"] == 1
    for strand in "+-":
        # The middle of a unit of the second layer is at the first letters with padding alone.
        own = instances[(instances["row"] >= 200) & (instances["strand"] == strand)]
        missed = (own["start"] == 0).mean() if by_hand.settings.padding == "valid" else 0
        assert aurocs[0, 2, 0, strand] == pytest.approx(1 - missed / 2, abs=1e-4) and own["end"].max() < LENGTH


def test_only_the_first_test_sequences_are_located(
    by_hand: Trained, files: FilterFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, instances = implanted()
    monkeypatch.setattr(filters, "LOCATED_SEQUENCES", 60)
    write_filters(by_hand, data, {}, instances, files)
    table = read_table(files.localisation).set_index(["seed", "layer", "filter", "strand"])
    own = instances[instances["row"].between(200, 259)]["strand"].value_counts()
    assert all(table.loc[(0, 1, 0, strand), "instances"] == own[strand] for strand in "+-")
    assert table["auroc"][0, 1, 0, "+"] == 1 and table["auroc"][0, 1, 1, "-"] == 1


def test_without_instances_the_table_is_empty(by_hand: Trained, files: FilterFiles) -> None:
    write_filters(by_hand, implanted()[0], READINGS, None, files)
    assert read_table(files.localisation).empty and len(read_table(files.filters)) == 20
    assert files.localisation.read_text() == "network\tseed\tlayer\tfilter\ttask\tstrand\tinstances\tauroc\n"


def test_a_trained_network_s_filters_read_what_was_implanted(tmp_path: Path, files: FilterFiles) -> None:
    settings = ConvSettings((Convolution(8, 11, 30),), (8,), tied_strands=True)
    data, instances = implanted(1200)
    network = conv_stack("trained", settings, LENGTH, 1)
    trainer = Trainer(data, Options(batch_size=32, learning_rate=0.01, max_epochs=30, patience=30), lambda _: None)
    fits = train_replicates(network, trainer, [3])
    save_nests(tmp_path / "weights.npz", {f"seed{seed}": (fit.weights, fit.state) for seed, fit in fits.items()})
    trained = Trained("trained", settings, (3,), tmp_path / "weights.npz")
    write_filters(trained, data, READINGS, instances, files)
    consensuses = {name: motif.consensus for name, motif in by_name(read_motifs(files.meme)).items()}
    # Tied filters read the word and, four behind, its reverse complement.
    words = {"+": [], "-": []}
    for number in range(8):
        text = consensuses.get(f"seed3_conv1_best_filter{number}", "")
        words["+"] += [number] * ("TGACTCA" in text)
        words["-"] += [number] * ("TGAGTCA" in text)
    assert words["+"] and words["-"]
    assert {(number + 4) % 8 for number in words["+"]} & set(words["-"])
    table = read_table(files.localisation).set_index(["filter", "strand"])["auroc"]
    assert all(table[number, strand] > 0.8 for strand, numbers in words.items() for number in numbers)


@pytest.mark.parametrize("strands", ["one", "both"])
def test_kernels_of_few_kernel_networks(tmp_path: Path, files: FilterFiles, strands: str) -> None:
    settings, kernels = FewSettings(2, 7, strands), detector([WORD, "A" * 7], [1.0, 1.0])
    network = network_of("few", settings, LENGTH, 1)
    save_nests(tmp_path / "weights.npz", {"seed5": (kernels, network.initial_state())})
    data, instances = implanted()
    trained = Trained("few", settings, (5,), tmp_path / "weights.npz")
    write_filters(trained, data, READINGS, instances, files)
    table = read_table(files.filters).set_index(["seed", "layer", "reading", "filter"])
    assert by_name(read_motifs(files.meme))["seed5_conv1_best_filter0"].consensus == WORD
    of_test = instances[instances["row"] >= 200]["strand"].value_counts()
    # Sequences that are followed by their reverse complements hold all instances on either strand.
    counts = of_test if strands == "one" else {"+": of_test.sum(), "-": of_test.sum()}
    assert table.loc[(5, 1, "best", 0), "windows"] == counts["+"]
    where = read_table(files.localisation).set_index(["filter", "strand"])
    assert [where.loc[(0, strand), "instances"] for strand in "+-"] == [counts["+"], counts["-"]]
    assert (where["auroc"][0, "+"], where["auroc"][0, "-"]) == (1, 0.5)


def test_of_both_strands_as_many_sequences_are_located(
    tmp_path: Path, files: FilterFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = FewSettings(1, 7, "both")
    state = network_of("few", settings, LENGTH, 1).initial_state()
    save_nests(tmp_path / "weights.npz", {"seed5": (detector([WORD], [1.0]), state)})
    data, instances = implanted()
    monkeypatch.setattr(filters, "LOCATED_SEQUENCES", 60)
    write_filters(Trained("few", settings, (5,), tmp_path / "weights.npz"), data, {}, instances, files)
    where = read_table(files.localisation).set_index("strand")
    assert (where["instances"] == instances["row"].between(200, 229).sum()).all()
    assert where["auroc"].to_dict() == {"+": 1, "-": 0.5}


@pytest.mark.parametrize("network", [SETTINGS, FewSettings(3, 7)])
def test_a_network_of_other_tasks_is_refused(
    network: ConvSettings | FewSettings, tmp_path: Path, files: FilterFiles
) -> None:
    data, _ = implanted(40)
    other = network_of("hand", network, LENGTH, 2)
    save_nests(tmp_path / "w.npz", {"seed0": (other.initial(np.random.default_rng(0)), other.initial_state())})
    message = r"w\.npz: seed0\.0\.\w+ has the shape \(.*2.*\), but on this data set network hand has \(.*1.*\); it was"
    with pytest.raises(InputError, match=message):
        write_filters(Trained("hand", network, (0,), tmp_path / "w.npz"), data, READINGS, None, files)
    assert not files.filters.exists()

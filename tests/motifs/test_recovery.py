import numpy as np
import pandas as pd
import pytest
from planted import planted

from deepprune.dna.codes import to_codes
from deepprune.figures.recovery import aligned_start, placed
from deepprune.io.motif import Motif, read_motifs
from deepprune.io.table import read_table
from deepprune.keys import KEY_COLUMNS
from deepprune.models.parameters import Parameters
from deepprune.motifs.kernels import Reading
from deepprune.motifs.networks import NetworkGroup, network_motifs
from deepprune.motifs.recovery import compared_networks, recovered, recovery, write_recovery
from deepprune.motifs.tomtom import KnownMotifs

WORD = "TGACTCACC"  # longer than a half, so that it and its reverse complement differ


def certain(name: str, word: str) -> Motif:
    return Motif(name, f"{name}'s", 0.97 * np.eye(4)[to_codes([word])[0]] + 0.0075, 100)


def reverse(word: str) -> str:
    return word[::-1].translate(str.maketrans("ACGT", "TGCA"))


def others(count: int = 60) -> list[Motif]:
    rng = np.random.default_rng(0)
    return [Motif(f"other{i}", "", rng.dirichlet(np.full(4, 0.3), 9), 50) for i in range(count)]


IMPLANTED = [certain("forward", WORD), certain("absent", "CCGGAAGTG")]
KNOWN = KnownMotifs({"jaspar": others(), "implanted": IMPLANTED}, 0.1)


@pytest.fixture
def study():
    """Networks whose kernels read the word at its fourth position, read nothing, or are dead."""
    width = len(WORD) + 4
    reading, nothing = np.zeros((2, width, 4), np.float32)
    reading[3:-1] = np.eye(4)[to_codes([WORD])[0]]
    kernels = np.stack([reading, nothing, nothing])
    weights = np.array([[2], [1], [1]], np.float32)
    network = Parameters(kernels, np.array([-6, 1, -1], np.float32), weights, np.zeros(1, np.float32))
    rows = {"method": ["deepprune", "baseline", "inter", "deepprune"], "criterion": ["weight", "-", "weight", "score"]}
    rows |= {"kernels": [2, 2, 2, 2], "seed": 0, "number": [0, 1, 0, 0]}
    networks = pd.DataFrame({"dataset": "planted", "architecture": "few_kernel", **rows})
    return planted(word=WORD), compared_networks(networks, [2]), [network.keep([0, 2]), network.keep([1, 2])]


def test_what_each_kernel_found(study) -> None:
    table = recovery(network_motifs(NetworkGroup(*study, Reading())), KNOWN)
    assert list(table.columns[:7]) == ["dataset", *KEY_COLUMNS, "motif"]
    assert table["motif"].tolist() == [
        f"{method}2_seed0_kernel{kernel}" for method in ("deepprune", "baseline") for kernel in (0, 1)
    ]
    found, dead, flat, _ = table.to_dict("records")
    assert (found["Target_ID"], found["Target_name"], found["found"], found["rank"]) == (
        "forward",
        "forward's",
        True,
        1,
    )
    assert (found["Optimal_offset"], found["Orientation"], found["trimmed_start"]) == (0, "+", 3)
    assert found["E-value"] < 1e-4
    assert (dead["rank"], dead["bits"], dead["found"], pd.isna(dead["Target_ID"])) == (2, 0, False, True)
    assert not flat["found"]
    counts = recovered(table, IMPLANTED)
    assert counts["criterion"].tolist() == ["weight", "-"]
    assert counts[["method", "implanted", "found", "names"]].to_numpy().tolist() == [
        ["deepprune", 2, 1, "forward"],
        ["baseline", 2, 0, ""],
    ]


def test_written_files(study, tmp_path) -> None:
    paths = [str(tmp_path / name) for name in ("table.tsv", "counts.tsv", "kernels.meme")]
    write_recovery(NetworkGroup(*study, Reading()), KNOWN, *paths)
    table = read_table(paths[0])
    assert table["method"].unique().tolist() == ["deepprune", "baseline"]
    names = [motif.name for motif in read_motifs(paths[2])]
    assert names == ["deepprune2_seed0_kernel0", "baseline2_seed0_kernel0"]
    assert {motif.width for motif in read_motifs(paths[2])} == {len(WORD) + 4}
    assert len(read_table(paths[1])) == 2


@pytest.mark.parametrize("orientation", ["+", "-"])
def test_alignment_puts_the_kernel_onto_its_motif(study, orientation: str) -> None:
    # Longer than what the kernel reads, and by more on one side.
    target = certain("t", f"CC{WORD}A" if orientation == "+" else f"T{reverse(WORD)}GG")
    data, networks, parameters = study
    (kernel, _) = network_motifs(NetworkGroup(data, networks[:1], parameters, Reading()))
    table = recovery([kernel], KnownMotifs({"jaspar": others(), "implanted": [target]}, 0.1))
    (match,) = table.to_dict("records")
    assert match["Orientation"] == orientation
    full = kernel.motif.full
    start, turned = aligned_start(match, full.width, target.width)
    assert turned == (orientation == "-")
    drawn = placed(full, turned)
    word = target.consensus.index(WORD if orientation == "+" else reverse(WORD))
    read = drawn[word - start : word - start + len(WORD)].argmax(axis=1)
    assert (read == target.probabilities[word : word + len(WORD)].argmax(axis=1)).all()


def test_networks_of_other_methods_criteria_and_sizes_are_left_out() -> None:
    rows = [("deepprune", "weight", 4), ("deepprune", "weight", 2), ("deepprune", "score", 2)]
    rows += [("baseline", "-", 4), ("baseline", "-", 2), ("inter", "weight", 2), ("circular", "-", 2)]
    compared = compared_networks(pd.DataFrame(rows, columns=["method", "criterion", "kernels"]), [2, 8])
    assert compared.to_numpy().tolist() == [["deepprune", "weight", 2], ["baseline", "-", 2]]

import numpy as np
import pandas as pd
import pytest
from planted import planted

from deepprune.data.dataset import TRAIN
from deepprune.dna.codes import to_codes
from deepprune.io.motif import read_motifs
from deepprune.keys import KEY_COLUMNS, NetworkKey
from deepprune.models.parameters import Parameters
from deepprune.motifs.kernels import Reading
from deepprune.motifs.networks import (
    Kernel,
    NetworkGroup,
    bound,
    motif_table,
    network_motifs,
    write_motifs,
)


def reading(word: str) -> np.ndarray:
    """Return a kernel that detects a word, (length, 4)."""
    return np.eye(4, dtype=np.float32)[to_codes([word])[0]]


@pytest.fixture
def study():
    """Networks of two sizes; of the final one, the first kernel reads the planted word and the second nothing."""
    kernels = np.stack([reading("TGACTCA"), np.zeros((7, 4), np.float32)])
    bias, weights = np.array([-5, -1], np.float32), np.array([[1.5], [-0.5]], np.float32)
    small = Parameters(kernels, bias, weights, np.zeros(1, np.float32))
    wide = small.keep([0, 1, 0, 1])
    networks = pd.DataFrame(
        {
            "dataset": "planted",
            "architecture": "few_kernel",
            "method": ["deepprune", "baseline", "deepprune"],
            "criterion": ["weight", "-", "weight"],
            "seed": 3,
            "kernels": [4, 2, 2],
            "number": [0, 1, 2],
            "chosen": [0, 0, 1],
        }
    )
    return planted(), networks, [wide, small.keep([1, 1]), small]


def final_group(data, networks, parameters) -> NetworkGroup:
    return NetworkGroup(data, networks[networks["chosen"] == 1], parameters, Reading())


def final_motifs(*study) -> list[Kernel]:
    return network_motifs(final_group(*study))


def test_the_smallest_pruned_network_is_read(study):
    kernels = final_motifs(*study)
    key = NetworkKey("few_kernel", "deepprune", "weight", 2, 3)
    assert [(kernel.name, kernel.dataset, kernel.key, kernel.motif.dead) for kernel in kernels] == [
        ("seed3_kernel0", "planted", key, False),
        ("seed3_kernel1", "planted", key, True),
    ]
    motif = kernels[0].motif.trimmed
    assert (motif.name, motif.consensus) == ("seed3_kernel0", "TGACTCA")
    assert sum(motif.background) == pytest.approx(1)


def test_networks_have_their_own_part_of_the_windows(study):
    data, networks, parameters = study
    group = NetworkGroup(data, networks, parameters, Reading())
    assert [(one.key.method, one.windows.activations.shape[1]) for one in group.scanned()] == [
        ("deepprune", 4),
        ("baseline", 2),
        ("deepprune", 2),
    ]
    wide, silent, small = (one.windows.activations for one in group.scanned())
    assert np.array_equal(wide[:, :2], small) and np.array_equal(silent[:, 0], small[:, 1])


def test_bound_in_any_task():
    assert bound(np.array([[0, 1], [0, 0], [1, 1]], np.uint8)).tolist() == [True, False, True]


def test_the_table_tells_of_dead_kernels_too(study):
    table = motif_table(final_motifs(*study))
    assert list(table.columns[:7]) == ["dataset", *KEY_COLUMNS, "motif"]
    assert table.loc[0, KEY_COLUMNS].tolist() == ["few_kernel", "deepprune", "weight", 2, 3]
    assert table["weight"].tolist() == [1.5, -0.5]
    assert table["consensus"].tolist() == ["TGACTCA", ""]
    assert table["dead"].tolist() == [False, True] and table.loc[1, "sites"] == 0
    assert 13 < table.loc[0, "bits"] <= 14
    assert table["auroc"].tolist() == [1.0, 0.5]
    assert table["cluster"].tolist() == [1, 0]
    assert table[["trimmed_start", "trimmed_width"]].to_numpy().tolist() == [[0, 7], [0, 0]]


def test_kernels_of_one_motif_share_a_cluster_within_their_network(study):
    data, networks, (wide, *_) = study
    shifted = np.roll(wide.kernels[:1], 1, axis=1)  # reads the word without its last letter
    doubled = wide.keep([0, 0])._replace(kernels=np.concatenate([wide.kernels[:1], shifted]))
    rows = networks[:1].assign(kernels=2, number=0)
    rows = pd.concat([rows, rows.assign(seed=4, number=1)])
    kernels = network_motifs(NetworkGroup(data, rows, [doubled, wide.keep([0])], Reading(threshold=0)))
    assert [(kernel.key.seed, kernel.motif.dead) for kernel in kernels] == [(3, False), (3, False), (4, False)]
    assert motif_table(kernels)["cluster"].tolist() == [1, 1, 1]


def test_written_files(study, tmp_path):
    data = study[0]
    paths = [str(tmp_path / name) for name in ("kernels.meme", "trimmed.meme", "kernels.tsv")]
    group = final_group(*study)
    write_motifs(network_motifs(group), group.background, *paths)
    (motif,) = read_motifs(paths[0])
    assert motif.name == "seed3_kernel0" and motif.width == 7
    codes, labels = data.part(TRAIN)
    frequency = (codes[bound(labels)] == 0).mean()
    assert f"A {frequency:.6f} C " in (tmp_path / "kernels.meme").read_text()


def test_a_study_without_any_motif_is_written_too(study, tmp_path):
    data, networks, parameters = study
    silent = parameters[2].keep([1, 1])
    paths = [str(tmp_path / name) for name in ("kernels.meme", "trimmed.meme", "kernels.tsv")]
    group = final_group(data, networks, [*parameters[:2], silent])
    write_motifs(network_motifs(group), group.background, *paths)
    assert read_motifs(paths[0], may_be_empty=True) == []
    assert len((tmp_path / "kernels.tsv").read_text().splitlines()) == 3

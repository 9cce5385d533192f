import numpy as np
import pandas as pd
import pytest
from planted import planted

from deepprune.data.dataset import TRAIN
from deepprune.dna.codes import to_codes
from deepprune.io.motif import read_motifs
from deepprune.models.parameters import Parameters
from deepprune.motifs.networks import Kernel, final_networks, motif_table, network_motifs, network_windows, write_motifs

OPTIONS = {"method": "deepbind", "threshold": 0.5, "min_sites": 10, "pseudocount": 0.1, "trim": 0.5}
OPTIONS |= {"padding": "valid", "activation": "relu"}


def reading(word: str) -> np.ndarray:
    """A kernel that reads a word, (length, 4)."""
    return np.eye(4, dtype=np.float32)[to_codes([word])[0]]


@pytest.fixture
def study():
    """Networks of two sizes; of the final one, the first kernel reads the planted word and the second nothing."""
    kernels = np.stack([reading("TGACTCA"), np.zeros((7, 4), np.float32)], axis=2)
    small = Parameters(kernels, np.array([-5, -1], np.float32), np.array([1.5, -0.5], np.float32), np.float32(0))
    wide = small.keep([0, 1, 0, 1])
    networks = pd.DataFrame(
        {
            "dataset": "planted",
            "method": ["deepprune", "baseline", "deepprune"],
            "criterion": ["weight", "-", "weight"],
            "seed": 3,
            "kernels": [4, 2, 2],
            "number": [0, 1, 2],
        }
    )
    return planted(), networks, [wide, small.keep([1, 1]), small]


def final_motifs(data, networks, parameters) -> list[Kernel]:
    study = data, final_networks(networks), parameters, OPTIONS
    return network_motifs(*study, network_windows(*study))


def test_the_smallest_pruned_network_is_read(study):
    kernels = final_motifs(*study)
    assert [(k.name, k.method, k.kernels, k.motif.dead) for k in kernels] == [
        ("seed3_kernel0", "deepprune", 2, False),
        ("seed3_kernel1", "deepprune", 2, True),
    ]
    assert kernels[0].motif.motif.consensus == "TGACTCA"


def test_the_table_tells_of_dead_kernels_too(study):
    table = motif_table(final_motifs(*study))
    assert table["weight"].tolist() == [1.5, -0.5]
    assert table["consensus"].tolist() == ["TGACTCA", ""]
    assert table["dead"].tolist() == [False, True] and table.loc[1, "sites"] == 0
    assert 13 < table.loc[0, "bits"] <= 14
    assert table["auroc"].tolist() == [1.0, 0.5]
    assert table[["trimmed_start", "trimmed_width"]].to_numpy().tolist() == [[0, 7], [0, 0]]


def test_written_files(study, tmp_path):
    data = study[0]
    paths = [str(tmp_path / name) for name in ("kernels.meme", "trimmed.meme", "kernels.tsv")]
    write_motifs(final_motifs(*study), data, *paths)
    (motif,) = read_motifs(paths[0])
    assert motif.name == "seed3_kernel0" and motif.width == 7
    codes, labels = data.part(TRAIN)
    share_of_a = (codes[labels[:, 0] == 1] == 0).mean()
    assert f"A {share_of_a:.6f} C " in (tmp_path / "kernels.meme").read_text()


def test_a_study_without_any_motif_is_written_too(study, tmp_path):
    data, networks, parameters = study
    silent = parameters[2].keep([1, 1])
    paths = [str(tmp_path / name) for name in ("kernels.meme", "trimmed.meme", "kernels.tsv")]
    write_motifs(final_motifs(data, networks, [*parameters[:2], silent]), data, *paths)
    assert read_motifs(paths[0], may_be_empty=True) == []
    assert len((tmp_path / "kernels.tsv").read_text().splitlines()) == 3

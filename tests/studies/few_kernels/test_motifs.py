import numpy as np
import pandas as pd
import pytest
from planted import planted

from deepprune.dna.codes import to_codes
from deepprune.io.motif import Motif
from deepprune.models.parameters import Parameters
from deepprune.motifs.kernels import Reading
from deepprune.motifs.networks import NetworkGroup
from deepprune.motifs.relevant import motifs_of_target
from deepprune.motifs.tomtom import KnownMotifs
from deepprune.studies.few_kernels.motifs import motif_counts, readable
from deepprune.studies.few_kernels.variants import READABLE

WORD = "TGACTCACC"
KEY = {"dataset": "planted", "architecture": "few_kernel", "method": "deepprune", "criterion": "loss"}


def known(alt: str) -> KnownMotifs:
    """Return known motifs, of which one reads the word and has this readable name."""
    rng = np.random.default_rng(0)
    others = [Motif(f"other{number}", "", rng.dirichlet(np.full(4, 0.3), 9), 50) for number in range(60)]
    own = Motif("MA1", alt, 0.97 * np.eye(4)[to_codes([WORD])[0]] + 0.0075, 100)
    return KnownMotifs({"jaspar": [own, *others]}, 0.1)


@pytest.fixture
def group() -> NetworkGroup:
    """Two networks: one reads the word twice, at different places, and has a dead kernel; the other one is dead."""
    kernels = np.zeros((3, len(WORD) + 3, 4), np.float32)
    kernels[0, 3:] = kernels[1, 1:-2] = np.eye(4)[to_codes([WORD])[0]]
    bias, weights = np.array([-6, -6, -1], np.float32), np.ones((3, 1), np.float32)
    reading = Parameters(kernels, bias, weights, np.zeros(1, np.float32))
    rows = pd.DataFrame([{**KEY, "kernels": 3, "seed": 0, "number": 0}, {**KEY, "kernels": 1, "seed": 1, "number": 1}])
    return NetworkGroup(planted(word=WORD), rows, [reading, reading.keep([2])], Reading())


def test_motifs_are_counted_once_and_the_target_is_found(group: NetworkGroup) -> None:
    table = motif_counts(group, "Jun", known("FOS::JUN(var.2)"))
    columns = ["kernels", "seed", "alive", "distinct", "target_motifs", "matched"]
    assert table[columns].to_numpy().tolist() == [[3, 0, 2, 1, 1, 1], [1, 1, 0, 0, 1, 0]]
    assert table["evalue"][0] < 1e-3 and np.isnan(table["evalue"][1])


def test_a_target_without_known_motifs_cannot_be_matched(group: NetworkGroup) -> None:
    table = motif_counts(group, "TAF1", known("FOS::JUN"))
    assert (table["target_motifs"] == 0).all() and table["matched"].isna().all() and table["evalue"].isna().all()


def test_motifs_of_a_factor_have_its_whole_name() -> None:
    names = ["JUN", "FOS::JUN", "Junb", "JUN(var.2)", "MAX::MYC", ""]
    motifs = [Motif(f"MA{number}", name, np.full((4, 4), 0.25), 9) for number, name in enumerate(names)]
    assert motifs_of_target("Jun", motifs) == ["MA0", "MA1", "MA3"]
    assert motifs_of_target("", motifs) == []


def test_pruned_networks_that_can_be_read() -> None:
    table = pd.DataFrame({"method": ["deepprune", "baseline", "deepprune"], "kernels": [READABLE, 4, 2 * READABLE]})
    assert readable(table).index.tolist() == [0]

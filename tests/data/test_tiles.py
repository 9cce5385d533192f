"""Windows side by side on a genome, by GC content."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.data.tiles import GC_BINS, NOT_FREE, Tiles, gc_bin, tiles_of
from deepprune.io.genome import open_genome

# In lines of 7, the last shorter; 3 bp windows from phase 1: CCC GGA TTA CGN NAC
CHROMOSOMES = {"chr1": "ACCCGGATTACGNNACG", "chr2": "GCGC", "chr3": "AC"}


class Phases:
    """A generator whose phases are given."""

    def __init__(self, *phases: int) -> None:
        self.phases = phases

    def integers(self, low: int, high: int, count: int) -> np.ndarray:
        assert (low, high, count) == (0, 3, len(self.phases))
        return np.array(self.phases)


@pytest.fixture
def genome(tmp_path: Path) -> Path:
    lines = [
        f">{name}\n" + "".join(f"{text[i : i + 7]}\n" for i in range(0, len(text), 7))
        for name, text in CHROMOSOMES.items()
    ]
    (tmp_path / "g.fa").write_text("".join(lines))
    return tmp_path / "g.fa"


def tiles(genome: Path, *phases: int) -> Tiles:
    with open_genome(genome) as opened:
        return tiles_of(opened, list(CHROMOSOMES), 3, Phases(*phases))  # type: ignore[arg-type]


def test_gc_by_hand(genome: Path) -> None:
    found = tiles(genome, 1, 1, 1)
    assert found.firsts.tolist() == [0, 5, 6, 6]
    assert found.bins.tolist() == [49, 33, 0, NOT_FREE, NOT_FREE, 49]
    places = found.places(np.array([0, 2, 5]))
    assert places.to_numpy().tolist() == [["chr1", 1, 4], ["chr1", 7, 10], ["chr2", 1, 4]]


def test_what_is_taken_is_not_free(genome: Path) -> None:
    found = tiles(genome, 0, 0, 0)  # ACC CGG ATT ACG NNA; GCG
    taken = pd.DataFrame([("chr1", 2, 4), ("chr1", 8, 9), ("chr1", 9, 9), ("chrX", 0, 99), ("chr2", 3, 4)])
    found.take(taken.set_axis(["chrom", "start", "end"], axis=1))
    assert found.bins.tolist() == [NOT_FREE, NOT_FREE, NOT_FREE, 33, NOT_FREE, 49]
    found.take(pd.DataFrame({"chrom": ["chr1", "chr2"], "start": [0, 0], "end": [99, 99]}))
    assert (found.bins == NOT_FREE).all()


def test_windows_are_drawn_once_and_by_bin(genome: Path) -> None:
    found = tiles(genome, 0, 0, 0)
    rng = np.random.default_rng(0)
    wanted = np.zeros(GC_BINS, int)
    wanted[[0, 33]] = 5, 1
    drawn = found.draw(wanted, {"chr1"}, rng)  # ATT, and one of ACC and ACG
    assert drawn[0].tolist() == [2] and len(drawn[33]) == 1 and set(drawn[33]) < {0, 3}
    wanted[[0, 33, 49]] = 1, 5, 5
    drawn = found.draw(wanted, {"chr1", "chr2"}, rng)  # the other one; CGG and GCG
    assert [len(part) for part in drawn if len(part)] == [1, 2] and sorted(drawn[49]) == [1, 5]
    assert (found.bins == NOT_FREE).all()


def test_bins_of_gc_content() -> None:
    assert gc_bin(np.array([0, 1, 2, 3, 4]), 4).tolist() == [0, 12, 25, 37, 49]
    # 101 bp: a bin of 0.02 holds two or three numbers of bases
    assert set(np.bincount(gc_bin(np.arange(102), 101))) == {2, 3}

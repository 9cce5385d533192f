"""Windows of the genome as negatives."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.negatives import add_windows, match_windows, pools
from deepprune.data.origins import Origins
from deepprune.data.split import by_chromosome
from deepprune.data.tiles import gc_bin
from deepprune.dna.codes import to_codes, to_text
from deepprune.io.genome import open_genome

WIDTH, CHROMS = 30, ("chr1", "chr2", "chr3")
NOTHING = pd.DataFrame({"chrom": [], "start": [], "end": []})


@pytest.fixture(scope="module")
def genome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a genome of three chromosomes whose GC content rises from end to end, with an N every 5000 bp."""
    rng = np.random.default_rng(0)
    content = np.linspace(0.1, 0.45, 40_000)
    made = {}
    for chrom in CHROMS:
        letters = rng.random((40_000, 1)) > np.cumsum(np.stack([0.5 - content, content, content], axis=1), axis=1)
        codes = letters.sum(axis=1).astype(np.uint8)
        codes[::5000] = 4
        (made[chrom],) = to_text(codes[None])
    path = tmp_path_factory.mktemp("genome") / "g.fa"
    path.write_text("".join(f">{chrom}\n{text}\n" for chrom, text in made.items()))
    return path, made


def positives(texts: dict[str, str], count: int = 240) -> Dataset:
    """Return every so many bases a window of the first two chromosomes, in all parts of the split."""
    places = [(CHROMS[i % 2], 100 + 150 * i) for i in range(count)]
    codes = to_codes([texts[chrom][start : start + WIDTH] for chrom, start in places])
    clean = ~(codes == 4).any(axis=1)
    chrom, start = (np.array(column)[clean] for column in zip(*places, strict=True))
    origins = Origins([f"p{i}" for i in range(len(start))], chrom, start, start + WIDTH, ["+"] * len(start))
    split = np.arange(len(start)).astype(np.uint8) % 3
    return Dataset(codes[clean], np.ones((len(start), 1), np.uint8), split, origins=origins)


def gc(codes: np.ndarray) -> np.ndarray:
    return gc_bin(((codes == 1) | (codes == 2)).sum(axis=1), WIDTH)


def made(genome: Path, own: Dataset, taken: pd.DataFrame = NOTHING, seed: int = 0) -> Dataset:
    with open_genome(genome) as opened:
        matched, places = match_windows(own, opened, taken, seed)
        return add_windows(own.take(matched), opened, places)


def test_windows_match_their_positives_and_overlap_nothing(genome: tuple[Path, dict[str, str]]) -> None:
    path, texts = genome
    own = positives(texts)
    taken = pd.DataFrame({"chrom": ["chr1", "chr2"], "start": [20_000, 0], "end": [26_000, 9_000]})
    both = made(path, own, taken)
    half = len(both.codes) // 2
    assert half > 0.8 * len(own.codes)
    one, other = both.take(np.arange(half)), both.take(np.arange(half, 2 * half))
    assert one.positive().all() and not other.positive().any()
    assert np.array_equal(gc(one.codes), gc(other.codes)) and np.array_equal(one.split, other.split)
    assert other.origins.name.tolist() == [f"{name}/genomic" for name in one.origins.name]
    spans = [(*taken.loc[i], False) for i in taken.index]
    for part in (one, other):
        spans += zip(part.origins.chrom, part.origins.start, part.origins.end, [part is other] * half, strict=True)
    for chrom in CHROMS:
        marks = np.zeros(50_000, int)
        for _, start, end, negative in [span for span in spans if span[0] == chrom]:
            assert not negative or not marks[start:end].any()
            marks[start:end] += 1
    for chrom, start, text in zip(other.origins.chrom, other.origins.start, to_text(other.codes), strict=True):
        assert texts[chrom][start : start + WIDTH] == text
    assert set(other.origins.chrom) == {"chr1", "chr2"}  # where the positives are


def test_the_same_seed_gives_the_same_windows_and_another_one_others(genome: tuple[Path, dict[str, str]]) -> None:
    path, texts = genome
    one, again, other = (made(path, positives(texts), seed=seed).origins.start.tolist() for seed in (0, 0, 1))
    assert one == again != other


def test_a_window_is_on_the_chromosomes_of_its_part(genome: tuple[Path, dict[str, str]]) -> None:
    path, texts = genome
    own = positives(texts)
    own = by_chromosome(Dataset(own.codes, own.labels, own.split * 0, own.tasks, own.origins), {"test": ["chr2"]}, "x")
    both = made(path, own)
    assert ((both.split == TEST) == (both.origins.chrom == "chr2")).all()


def test_positives_go_without_at_random_where_windows_run_out(genome: tuple[Path, dict[str, str]]) -> None:
    path, texts = genome
    own = positives(texts)
    taken = pd.DataFrame({"chrom": ["chr1", "chr2"], "start": [0, 1_000], "end": [40_000, 39_000]})
    with open_genome(path) as opened:
        matched, places = match_windows(own, opened, taken, 0)
    assert 0 < matched.sum() == len(places) < 70
    shares = np.bincount(own.split[matched], minlength=3) / np.bincount(own.split)
    assert shares.min() > 0  # no part is served first
    taken = pd.DataFrame({"chrom": ["chr1", "chr2"], "start": [0, 0], "end": [40_000, 40_000]})
    assert len(made(path, own, taken).codes) == 0


def test_parts_that_share_a_chromosome_share_their_windows() -> None:
    chrom = np.array(["a", "b", "a", "c", "d"])
    found = pools(chrom, np.array([TRAIN, TRAIN, VALIDATION, TEST, TEST]))
    assert [(sorted(chroms), rows.tolist()) for chroms, rows in found] == [
        (["a", "b"], [0, 1, 2]),
        (["c", "d"], [3, 4]),
    ]
    # the second part has a chromosome of the first
    ((chroms, rows),) = pools(np.array(["a", "b", "a", "b", "a"]), np.array([0, 1, 0, 1, 1]))
    assert sorted(chroms) == ["a", "b"] and rows.tolist() == [0, 1, 2, 3, 4]

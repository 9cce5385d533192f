import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mirror import JITTER, SMALLEST, SPACING, Scale, motifs_of, write_mirror

from deepprune.sources.encode_tfbs import GENOME, PEAKS

TARGETS = {"GABPA": "HaibHepg2GabpPcr2x", "CTCF": "BroadDnd41Ctcf", "MYC": "SydhK562Cmyc"}
LENGTH, MOST = 100_000, 400


def ids() -> dict[str, str]:
    return {target: f"wgEncodeAwgTfbs{middle}UniPk" for target, middle in TARGETS.items()}


def written(folder: Path) -> Path:
    write_mirror(folder, list(ids().values()), Scale(bases=24 * LENGTH, peaks=300, most=MOST))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("mirror"))


def chromosomes(folder: Path) -> dict[str, str]:
    records = gzip.decompress((folder / GENOME).read_bytes()).decode().split(">")[1:]
    return {name: text.replace("\n", "") for name, _, text in (record.partition("\n") for record in records)}


def peaks(folder: Path, target: str) -> pd.DataFrame:
    names = ["chrom", "start", "end", "name", "score", "strand", "signal", "p", "q", "summit"]
    return pd.read_csv(folder / PEAKS / f"{ids()[target]}.narrowPeak.gz", sep="\t", names=names)


def test_peaks_lie_within_the_genome(folder: Path) -> None:
    genome = chromosomes(folder)
    assert len(genome) == 24 and {len(sequence) for sequence in genome.values()} == {LENGTH}
    for target in TARGETS:
        table = peaks(folder, target)
        assert SMALLEST <= len(table) <= MOST and set(table["chrom"]) <= set(genome)
        assert table["start"].min() >= 0 and table["end"].max() <= LENGTH
        assert table["signal"].is_monotonic_decreasing
        assert table["summit"].ge(0).all() and (table["start"] + table["summit"] < table["end"]).all()


@pytest.mark.parametrize("target", TARGETS)
def test_most_peaks_hold_the_motif_of_their_target(folder: Path, target: str) -> None:
    motif, genome, table = motifs_of(list(TARGETS))[target], chromosomes(folder), peaks(folder, target)
    scores = np.log2((motif.probabilities + 0.01) / 1.04 / 0.25)
    reach = motif.width // 2 + JITTER + 1

    def best(chrom: str, centre: int) -> float:
        codes = ["ACGT".index(base) for base in genome[chrom][centre - reach : centre + reach]]
        windows = np.lib.stride_tricks.sliding_window_view(codes, motif.width)
        return float(scores[np.arange(motif.width), windows].sum(axis=1).max())

    summits = list(zip(table["chrom"], table["start"] + table["summit"], strict=True))
    near = np.array([best(chrom, summit) for chrom, summit in summits])
    between = np.array([best(chrom, summit + SPACING // 2) for chrom, summit in summits])
    # Four fifths of the peaks are around a motif, which scores about its information; what lies between is random.
    assert 0.6 < np.mean(near > np.quantile(between, 0.95)) < 0.95


def test_a_mirror_has_the_same_bytes_again(folder: Path, tmp_path: Path) -> None:
    again = written(tmp_path)
    for id in ids().values():
        name = f"{PEAKS}/{id}.narrowPeak.gz"
        assert (folder / name).read_bytes() == (again / name).read_bytes()
    assert chromosomes(folder) == chromosomes(again)

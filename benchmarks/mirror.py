"""A made-up mirror of ENCODE's uniform peaks: a genome that holds a motif of each target, and peaks around them."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.simulate import draw_instances
from deepprune.io.jaspar import read_jaspar
from deepprune.io.motif import Motif
from deepprune.sources.encode_tfbs import GENOME, PEAKS, encode_row

CHROMOSOMES = [f"chr{name}" for name in (*range(1, 23), "X", "Y")]
SPACING = 100  # bp between the centres of two places for a motif
OCCUPIED = 0.5  # share of the places that hold one
DIRECT = 0.8  # share of a set's peaks around a motif
JITTER = 10  # bp between motif and summit, at most
WIDTHS = (150, 500)  # bp, of peaks
MARGIN = 1000  # bp without peaks at the ends of chromosomes
SPREAD, SMALLEST = 1.0, 100  # of the log-normal numbers of peaks


class Scale(NamedTuple):
    """The size of a mirror: bases of its genome, and the median and the largest number of peaks of a set."""

    bases: int = 300_000_000
    peaks: int = 1500
    most: int = 10_000


class Genome(NamedTuple):
    """Codes (chromosomes, length), and places, counted through, by the target whose motif they hold, "" for none."""

    codes: np.ndarray
    places: Mapping[str, np.ndarray]


def write_mirror(folder: Path, ids: Sequence[str], scale: Scale, seed: int = 0) -> None:
    """Write hg19's genome and the narrowPeak files of these ids below a folder, as UCSC does."""
    rng = np.random.default_rng(seed)
    targets = [encode_row(id)["target"] for id in ids]
    genome = made_up(motifs_of(sorted(set(targets))), scale.bases // len(CHROMOSOMES), rng)
    write_genome(folder / GENOME, genome.codes)
    sizes = np.clip(scale.peaks * np.exp(SPREAD * rng.standard_normal(len(ids))), SMALLEST, scale.most).astype(int)
    (folder / PEAKS).mkdir(parents=True)
    for id, target, size in zip(ids, targets, sizes, strict=True):
        own, free = genome.places[target], genome.places[""]
        direct = rng.choice(own, min(len(own), round(DIRECT * size)), replace=False)
        centres = np.concatenate([direct, rng.choice(free, size - len(direct), replace=False)])
        write_peaks(folder / PEAKS / f"{id}.narrowPeak.gz", centres, genome.codes.shape[1], rng)


def made_up(motifs: Mapping[str, Motif], length: int, rng: np.random.Generator) -> Genome:
    """Return a genome of uniform bases whose places hold a motif each, of any target, or none."""
    codes = rng.integers(0, 4, len(CHROMOSOMES) * length, dtype=np.uint8)
    within = np.arange(MARGIN, length - MARGIN, SPACING)
    places = (np.arange(len(CHROMOSOMES))[:, None] * length + within).ravel()
    shares = [*[OCCUPIED / len(motifs)] * len(motifs), 1 - OCCUPIED]
    holds = rng.choice(len(shares), len(places), p=shares)
    by_target = {target: places[holds == number] for number, target in enumerate([*motifs, ""])}
    for target, motif in motifs.items():
        starts = by_target[target] - motif.width // 2
        codes[starts[:, None] + np.arange(motif.width)] = draw_instances(motif.probabilities, len(starts), rng)
    return Genome(codes.reshape(len(CHROMOSOMES), length), by_target)


def motifs_of(targets: Sequence[str]) -> dict[str, Motif]:
    """Return a motif for each target: JASPAR's of its name, or else another of JASPAR's, as far as they suffice."""
    known = {motif.alt.upper(): motif for motif in read_jaspar("JASPAR2024")}
    others = [motif for name, motif in sorted(known.items()) if name not in targets]
    return {target: known.get(target) or others[number % len(others)] for number, target in enumerate(targets)}


def write_genome(path: Path, chromosomes: np.ndarray) -> None:
    """Write codes (chromosomes, length) as FASTA with lines of 50 letters, gzip."""
    path.parent.mkdir(parents=True)
    with gzip.open(path, "wb", compresslevel=1) as file:
        for name, codes in zip(CHROMOSOMES, chromosomes, strict=True):
            lines = np.full((len(codes) // 50, 51), ord("\n"), np.uint8)
            lines[:, :50] = np.frombuffer(b"ACGT", np.uint8)[codes[: len(lines) * 50]].reshape(-1, 50)
            file.write(f">{name}\n".encode() + lines.tobytes())


def write_peaks(path: Path, centres: np.ndarray, length: int, rng: np.random.Generator) -> None:
    """Write peaks around these places of the genome, chromosomes of one length after another, by falling signal."""
    number = len(centres)
    summits = centres + rng.integers(-JITTER, JITTER + 1, number)
    widths = rng.integers(*WIDTHS, number)
    chromosomes, within = np.divmod(summits, length)
    starts = within - widths // 2
    columns = {
        "chrom": np.array(CHROMOSOMES)[chromosomes], "start": starts, "end": starts + widths, "name": ".", "score": 0,
        "strand": ".", "signal": rng.lognormal(3, 1, number).round(3), "p": -1, "q": -1, "summit": within - starts,
    }  # fmt: skip
    text = pd.DataFrame(columns).sort_values("signal", ascending=False).to_csv(sep="\t", header=False, index=False)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))

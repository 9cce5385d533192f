"""From a row of the data-set sheet to a data set: windows, negatives, split, and a summary of what was left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.simulate import simulate
from deepprune.dna.codes import N_CODE, record_keys, to_codes
from deepprune.errors import InputError
from deepprune.io.csail import FILES, read_csail
from deepprune.io.deepbind import read_seqgz
from deepprune.io.fasta import Record, read_fasta
from deepprune.io.files import write_atomic
from deepprune.io.genome import cut_windows, open_genome
from deepprune.io.motif import read_motifs
from deepprune.io.peaks import read_peaks

LABELS = {"positives": 1, "negatives": 0}
PARTS = {"train": TRAIN, "validation": VALIDATION, "test": TEST}
SHUFFLED = ("narrowpeak", "bed", "seqgz", "fasta")  # negatives of these are shuffled positives unless given
MIN_SEQUENCES = 50  # of each class
# why a row gives no sequence; each is a column of the summary
SKIPPED = ("unknown_contig", "beyond_chromosome", "summit_outside", "too_short", "with_n")


def prepare_dataset(
    row: Mapping[str, str],
    config: Mapping[str, Any],
    data: str | Path,
    summary: str | Path,
    genome: str | Path | None = None,
) -> None:
    """Prepare the data set of a row of the sheet; write it (.npz) and its summary (.tsv).

    genome: the plain FASTA that prepare_genome made of the row's own, where its format needs one.
    """
    dataset, table = prepare(
        row["dataset"],
        row["format"],
        row["path"],
        genome=genome or row["genome"],
        negatives=row.get("negatives", ""),
        simulation=config["simulate"],
        **config["data"],
    )
    with write_atomic(summary) as temporary:
        table.to_csv(temporary, sep="\t", index=False, lineterminator="\n", float_format="%.4f")
        dataset.save(data)


def prepare(
    dataset: str,
    format: str,
    path: str | Path,
    *,
    genome: str | Path = "",
    negatives: str | Path = "",
    window: int = 101,
    test_share: float = 0.2,
    validation_share: float = 0.1,
    seed: int = 0,
    simulation: Mapping[str, int] | None = None,
) -> tuple[Dataset, pd.DataFrame]:
    """Return a data set and its summary of one row; the same call gives the same data set.

    genome: plain FASTA, for narrowpeak and bed.  negatives: FASTA, for fasta; by default, and for all other formats but
    csail and simulated, negatives are the positives' dinucleotide shuffles, each in its positive's part of the split.
    window: bp, for all formats but simulated.  simulation: length, positives, negatives and margin, for simulated.
    InputError if more than half of the rows had to be skipped, or too few sequences remain.
    """
    rng = np.random.default_rng(stable_seed(seed, dataset, "split"))
    counts: Counter[str] = Counter()
    if format == "simulated":
        made = simulate(read_motifs(path), **(simulation or {}), seed=stable_seed(seed, dataset, "simulate"))
        counts["rows"] = len(made.codes)
    elif format == "csail":
        made = read_parts(path, window, counts)
    else:
        positives = drop_duplicates(read_positives(format, path, genome, window, counts), counts)
        given = read_middles(read_fasta(negatives), window, counts)[0] if negatives else positives[:0]
        made = unsplit(positives, drop_duplicates(given, counts))
        hold_out(made, test_share, TEST, rng)
    check_skipped(path, counts)
    hold_out(made, validation_share, VALIDATION, rng)
    if format in SHUFFLED and not negatives:
        made = add_shuffles(made, stable_seed(seed, dataset, "shuffle"))
    check_numbers(path, made, counts, at_least=1 if format == "simulated" else MIN_SEQUENCES)
    return made, summarise(dataset, format, made, counts)


def stable_seed(seed: int, dataset: str, purpose: str) -> int:
    """Return a seed of 64 bits for one use in one data set, the same in every run and on every machine."""
    return int(record_keys([f"{seed}:{dataset}:{purpose}".encode()])[0])


def read_positives(format: str, path: str | Path, genome: str | Path, window: int, counts: Counter[str]) -> np.ndarray:
    """Return the windows of the positives of a file of peaks or of sequences, counting rows and what is skipped."""
    if format in ("narrowpeak", "bed"):
        peaks = read_peaks(path, format)
        with open_genome(genome) as opened:
            codes, skipped = cut_windows(peaks, opened, window)
        counts.update(skipped, rows=len(peaks))
        return codes
    return read_middles(read_seqgz(path) if format == "seqgz" else read_fasta(path), window, counts)[0]


def read_middles(records: Sequence[Record], window: int, counts: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the middle window of each record that has one without N, and a mask of these records.

    Counts rows and what is skipped. Codes: uint8, shape (used, window); mask: bool, shape (records,).
    """
    long = np.array([len(record.sequence) >= window for record in records])
    starts = ((len(record.sequence) - window) // 2 for record in records)
    middles = [record.sequence[start : start + window] for record, start in zip(records, starts, strict=True)]
    codes = to_codes([middle for middle, fits in zip(middles, long, strict=True) if fits]).reshape(-1, window)
    clean = ~(codes == N_CODE).any(axis=1)
    counts.update(rows=len(records), too_short=int((~long).sum()), with_n=int((~clean).sum()))
    used = long.copy()
    used[long] = clean
    return codes[clean], used


def read_parts(folder: str | Path, window: int, counts: Counter[str]) -> Dataset:
    """Return the sequences of a csail folder in their own training and test part, duplicates included."""
    made = []
    for part, file in zip((TRAIN, TEST), FILES, strict=True):
        records, labels = read_csail(Path(folder) / file)
        codes, used = read_middles(records, window, counts)
        made.append((codes, np.array(labels, np.uint8)[used], np.full(len(codes), part, np.uint8)))
    codes, labels_of_all, split = (np.concatenate(arrays) for arrays in zip(*made, strict=True))
    return Dataset(codes, labels_of_all, split)


def drop_duplicates(codes: np.ndarray, counts: Counter[str]) -> np.ndarray:
    """Return the first of each group of equal sequences, counting the others."""
    unique = dict.fromkeys(map(np.ndarray.tobytes, codes))
    counts["duplicates"] += len(codes) - len(unique)
    return np.frombuffer(b"".join(unique), np.uint8).reshape(-1, codes.shape[1])


def unsplit(positives: np.ndarray, negatives: np.ndarray) -> Dataset:
    """Return positives and negatives as a data set that is all training."""
    labels = np.repeat(np.array([1, 0], np.uint8), [len(positives), len(negatives)])
    return Dataset(np.concatenate([positives, negatives]), labels, np.full(len(labels), TRAIN, np.uint8))


def hold_out(dataset: Dataset, share: float, part: int, rng: np.random.Generator) -> None:
    """Move a share of each class's training sequences, one at least, to another part, in place."""
    for label in (1, 0):
        members = np.flatnonzero((dataset.split == TRAIN) & (dataset.labels == label))
        dataset.split[rng.permutation(members)[: max(1, round(share * len(members)))]] = part


def add_shuffles(positives: Dataset, seed: int) -> Dataset:
    """Add each positive's dinucleotide shuffle to the positive's part of the split.

    Keyed by the sequence: it keeps its shuffle whatever else is in the file.
    """
    from deepprune.dna.shuffle import dinucleotide_shuffle  # here, as simulated sets do without numba

    keys = record_keys(map(np.ndarray.tobytes, positives.codes))
    shuffles = dinucleotide_shuffle(positives.codes, seed, keys)
    return Dataset(
        np.concatenate([positives.codes, shuffles]),
        np.concatenate([positives.labels, np.zeros_like(positives.labels)]),
        np.tile(positives.split, 2),
    )


def check_skipped(path: str | Path, counts: Counter[str]) -> None:
    """Raise InputError if more than half of the rows gave no sequence."""
    skipped = sum(counts[reason] for reason in SKIPPED)
    if 2 * skipped > counts["rows"]:
        reasons = ", ".join(f"{reason} {counts[reason]}" for reason in SKIPPED if counts[reason])
        raise InputError(
            f"{path}: {skipped} of {counts['rows']} rows had to be skipped ({reasons}); check that the genome is "
            "the peaks' own and that data.window is not too long"
        )


def check_numbers(path: str | Path, dataset: Dataset, counts: Counter[str], at_least: int) -> None:
    """Raise InputError if there are too few sequences of a class, or none in a part."""
    for name, label in LABELS.items():
        of_class = dataset.split[dataset.labels == label]
        if len(of_class) < at_least:
            raise InputError(
                f"{path}: {len(of_class)} {name} remain of {counts['rows']} rows ({counts['duplicates']} duplicates), "
                f"but at least {at_least} are needed; give more"
            )
        for part, code in PARTS.items():
            if not (of_class == code).any():
                raise InputError(f"{path}: no {name} are left for {part}; give more or change the shares in data")


def summarise(dataset: str, format: str, made: Dataset, counts: Counter[str]) -> pd.DataFrame:
    """Return the summary of a data set, one row: counts of rows read, skipped and used, length in bp, GC content."""
    row: dict[str, Any] = {"dataset": dataset, "format": format, "rows": counts["rows"]}
    row |= {name: int((made.labels == label).sum()) for name, label in LABELS.items()}
    row |= {reason: counts[reason] for reason in ("duplicates", *SKIPPED)}
    row |= {part: int((made.split == code).sum()) for part, code in PARTS.items()}
    row["length"] = made.codes.shape[1]
    row |= {f"gc_{name}": gc_content(made.codes[made.labels == label]) for name, label in LABELS.items()}
    return pd.DataFrame([row])


def gc_content(codes: np.ndarray) -> float:
    """Return the share of G and C among all bases."""
    return float(((codes == 1) | (codes == 2)).sum() / max(1, (codes != N_CODE).sum()))

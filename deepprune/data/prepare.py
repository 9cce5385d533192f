"""Preparation of a data set: sequences, negatives, split, summary."""

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.formats import FORMATS
from deepprune.data.origins import Origins
from deepprune.data.readers import DataOptions, Row
from deepprune.data.seeds import sequence_ranks, stable_seed
from deepprune.dna.codes import N_CODE, record_keys
from deepprune.errors import InputError
from deepprune.io.files import write_atomic

CLASSES = {"positives": True, "negatives": False}
PARTS = {"train": TRAIN, "validation": VALIDATION, "test": TEST}
# Reasons why a row gives no sequence; each is a column of the summary.
SKIPPED = ("unknown_contig", "beyond_chromosome", "summit_outside", "too_short", "with_n")
SHUFFLE = "/shuffle"  # suffix of a shuffle's name, after the positive's


def prepare_dataset(row: Row, options: DataOptions, data: str | Path, summary: str | Path) -> None:
    """Prepare the data set of a row; write it (.npz) and its summary (.tsv)."""
    dataset, table = prepare(row, options)
    with write_atomic(summary) as temporary:
        table.to_csv(temporary, sep="\t", index=False, lineterminator="\n", float_format="%.4f")
        dataset.save(data)


def prepare(row: Row, options: DataOptions) -> tuple[Dataset, pd.DataFrame]:
    """Return the data set of a row and its summary; they depend on files and options, not on the row's name.

    The row's genome is a plain FASTA. Each shuffle is in the same part of the split as its positive. InputError if more
    than half of the rows of the row's files gave no sequence, or if too few sequences remain.
    """
    form = FORMATS[row["format"]]
    dataset, counts = form.read(row, options)
    if not form.own_test:
        dataset = drop_duplicates(dataset, counts)
        dataset = hold_out(dataset, options.test_share, TEST, options.seed)
    check_skipped(row["path"], counts)
    dataset = hold_out(dataset, options.validation_share, VALIDATION, options.seed)
    if form.shuffles and not row.get("negatives"):
        dataset = add_shuffles(dataset, options.seed)
    check_numbers(row["path"], dataset, counts, form.fewest)
    return dataset, summarise(row, dataset, counts)


def drop_duplicates(dataset: Dataset, counts: Counter[str]) -> Dataset:
    """Return the first sequence of each group with equal bases and labels, and count the others."""
    first: dict[bytes, int] = {}
    for row, (codes, labels) in enumerate(zip(dataset.codes, dataset.labels, strict=True)):
        first.setdefault(hashlib.blake2b(labels.tobytes() + codes.tobytes(), digest_size=16).digest(), row)
    counts["duplicates"] += len(dataset.codes) - len(first)
    return dataset.take(np.fromiter(first.values(), np.int64)) if len(first) < len(dataset.codes) else dataset


def hold_out(dataset: Dataset, share: float, part: int, seed: int) -> Dataset:
    """Return a data set with a share of each class's training sequences, at least one, moved to another part.

    The rank of a sequence depends on nothing but the sequence: in another order or a larger set, most stay in their
    part.
    """
    split, positive = dataset.split.copy(), dataset.positive()
    for label in CLASSES.values():
        members = np.flatnonzero((split == TRAIN) & (positive == label))
        ranked = sequence_ranks(dataset.codes, members, seed, f"part {part}")
        split[ranked[: max(1, round(share * len(members)))]] = part
    return replace(dataset, split=split)


def add_shuffles(positives: Dataset, seed: int) -> Dataset:
    """Return the positives and one dinucleotide shuffle of each, in the positive's part of the split.

    A shuffle depends on its sequence alone, not on the rest of the file.
    """
    from deepprune.dna.shuffle import dinucleotide_shuffle  # imported here: simulated sets need no numba

    keys = record_keys(map(np.ndarray.tobytes, positives.codes))
    codes = dinucleotide_shuffle(positives.codes, stable_seed(seed, "shuffle"), keys)
    names = np.char.add(positives.origins.name, SHUFFLE)
    shuffles = replace(
        positives, codes=codes, labels=np.zeros_like(positives.labels), origins=Origins.nowhere(len(codes), names)
    )
    return Dataset.join([positives, shuffles])


def check_skipped(path: str, counts: Counter[str]) -> None:
    """Raise InputError if more than half of the rows gave no sequence."""
    skipped = sum(counts[reason] for reason in SKIPPED)
    if 2 * skipped > counts["rows"]:
        reasons = ", ".join(f"{reason} {counts[reason]}" for reason in SKIPPED if counts[reason])
        raise InputError(
            f"{path}: {skipped} of {counts['rows']} rows had to be skipped ({reasons}); check that the genome is "
            "the peaks' own and that data.window is not too long"
        )


def check_numbers(path: str, dataset: Dataset, counts: Counter[str], fewest: int) -> None:
    """Raise InputError if there are too few sequences of a class, or none in a part."""
    positive = dataset.positive()
    for name, label in CLASSES.items():
        of_class = dataset.split[positive == label]
        if len(of_class) < fewest:
            raise InputError(
                f"{path}: {len(of_class)} {name} remain of {counts['rows']} rows ({counts['duplicates']} duplicates), "
                f"but at least {fewest} are needed; give more"
            )
        for part, code in PARTS.items():
            if not (of_class == code).any():
                raise InputError(f"{path}: no {name} are left for {part}; give more or change the shares in data")


def summarise(row: Row, dataset: Dataset, counts: Counter[str]) -> pd.DataFrame:
    """Return the summary of a data set, one row: counts of rows read, skipped and used, length in bp, GC content."""
    positive = dataset.positive()
    cells: dict[str, Any] = {"dataset": row["dataset"], "format": row["format"], "rows": counts["rows"]}
    cells |= {name: int((positive == label).sum()) for name, label in CLASSES.items()}
    cells |= {reason: counts[reason] for reason in ("duplicates", *SKIPPED)}
    cells |= {part: int((dataset.split == code).sum()) for part, code in PARTS.items()}
    cells["length"] = dataset.codes.shape[1]
    cells |= {f"gc_{name}": gc_content(dataset.codes[positive == label]) for name, label in CLASSES.items()}
    return pd.DataFrame([cells])


def gc_content(codes: np.ndarray) -> float:
    """Return the share of G and C among all bases."""
    return float(((codes == 1) | (codes == 2)).sum() / max(1, (codes != N_CODE).sum()))

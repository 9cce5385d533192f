"""The split of a data set into training, validation and test sequences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.origins import Origins
from deepprune.data.seeds import sequence_ranks
from deepprune.errors import InputError

# The chromosomes of each part; "random" stands for shares of the sequences.
Split = str | Mapping[str, Sequence[str]]
PARTS = {"test": TEST, "validation": VALIDATION}


def hold_out(dataset: Dataset, share: float, part: int, seed: int, groups: np.ndarray | None = None) -> Dataset:
    """Return a data set with a share of each class's training sequences, at least one, moved to another part.

    The rank of a sequence depends on nothing but the sequence: in another order or a larger set, most stay in their
    part.  groups: a number for each sequence, the same for those that stay together; by default each goes by itself. A
    group has the rank of the first of its sequences; where it would exceed the share of a class, it stays in training.
    """
    split, classes = dataset.split.copy(), dataset.positive().astype(int)
    rows = dataset.rows(TRAIN)
    free = np.bincount(classes[rows], minlength=2)
    free = np.maximum(free > 0, np.round(share * free).astype(int))
    ranked = sequence_ranks(dataset.codes, rows, seed, f"part {part}")
    members: dict[int, list[int]] = {}  # by group, the one with the first sequence first
    of_ranked = ranked if groups is None else groups[ranked]
    for group, row in zip(of_ranked.tolist(), ranked.tolist(), strict=True):
        members.setdefault(group, []).append(row)
    for together in members.values():
        if not free.any():
            break
        needed = np.bincount(classes[together], minlength=2)
        if (needed <= free).all():
            split[together] = part
            free -= needed
    return replace(dataset, split=split)


def by_chromosome(
    dataset: Dataset, chromosomes: Mapping[str, Sequence[str]], where: str, option: str = "data.split"
) -> Dataset:
    """Return a data set whose sequences on these chromosomes are in the parts that name them.

    chromosomes: by `test` and, if given, `validation`.  where: what the sequences are, and option: what names the
    chromosomes, for messages. InputError if a sequence has no place, or if there is no sequence on a chromosome.
    """
    chrom = dataset.origins.chrom
    if (chrom == "").any():
        raise InputError(
            f"{where}: {(chrom == '').sum()} of {len(chrom)} sequences have no place in a genome, but {option} names "
            "chromosomes; use peaks, or split: random"
        )
    split = dataset.split.copy()
    for name, own in chromosomes.items():
        for one in own:
            if one not in chrom:
                known = ", ".join(sorted(set(chrom.tolist()))[:30])
                raise InputError(
                    f"{where}: {option} takes {one} for {name}, but no sequence is there; the chromosomes are {known}"
                )
        split[np.isin(chrom, list(own))] = PARTS[name]
    return replace(dataset, split=split)


def overlapping(origins: Origins) -> np.ndarray:
    """Return a number for each sequence, the same for those that overlap, directly or through others: int64 (n,).

    A sequence without a place overlaps none. The numbers are 0, 1, ...
    """
    chrom = origins.arrays()["chrom"]
    order = np.lexsort((origins.start, chrom))
    groups = np.zeros(len(order), np.int64)
    current, last, reach = -1, b"", 0
    for row in order:
        if not chrom[row] or chrom[row] != last or origins.start[row] >= reach:
            current, reach = current + 1, 0
        last, reach = chrom[row], max(reach, int(origins.end[row]))
        groups[row] = current
    return groups

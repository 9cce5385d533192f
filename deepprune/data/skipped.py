"""The rows of a data set's files that gave no sequence, and why."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepprune.config.flags import flagged
from deepprune.data.origins import Origins

DUPLICATE, IN_TRAINING, UNMATCHED = "duplicate", "in_training", "unmatched"
# Reasons of rows whose sequence the data set holds from another row
REPEATED = DUPLICATE, IN_TRAINING
# Each reason is a column of the summary.
REASONS = {
    DUPLICATE: "the bases and the class of an earlier row",
    IN_TRAINING: "a row of the test set with the bases of a training sequence",
    "unknown_contig": "its chromosome is not in the genome",
    "beyond_chromosome": "the window extends beyond its chromosome",
    "summit_outside": "its summit lies outside of it",
    "too_short": "the sequence is shorter than a window",
    "with_n": "the window holds N",
    UNMATCHED: "the genome has no free window of its GC content left for a negative",
}
# What a user can do about a reason that takes most rows, with places for the `option` that sets the windows and for its
# value; those REPEATED are no mistake.
OWN_GENOME = "check that the genome is the peaks' own"
REMEDIES = {
    "unknown_contig": OWN_GENOME,
    "beyond_chromosome": OWN_GENOME + " and that {option}, {window} bp, is not too long",
    "summit_outside": "check column 10, the summit's distance from the start of its peak",
    "too_short": "shorten {option}, which is {window} bp",
    "with_n": "give sequences, or a genome, with repeats in lower case instead of N",
    UNMATCHED: "the genome has too few windows like the peaks for genomic negatives; set "
    f"{flagged('data.negatives')} to shuffle",
}
COLUMNS = ("name", "chrom", "start", "end", "reason")


def skipped_rows(places: Mapping[str, Any] | pd.DataFrame, reasons: Iterable[str]) -> pd.DataFrame:
    """Return the rows with a reason, a table of COLUMNS.

    places: name, chrom, start and end of all rows.  reasons: of all rows, "" for one that gave a sequence.
    """
    table = pd.DataFrame({column: places[column] for column in COLUMNS[:-1]})
    table["reason"] = np.asarray(list(reasons), object)
    return table[table["reason"] != ""].reset_index(drop=True)


def skipped_origins(origins: Origins, reason: str) -> pd.DataFrame:
    """Return sequences that one reason takes out of a data set, as rows of the same table."""
    places = {column: getattr(origins, column) for column in COLUMNS[:-1]}
    return skipped_rows(places, [reason] * len(origins))


def counted(skipped: pd.DataFrame) -> dict[str, int]:
    """Return the number of rows for each of REASONS."""
    counts = skipped["reason"].value_counts()
    return {reason: int(counts.get(reason, 0)) for reason in REASONS}

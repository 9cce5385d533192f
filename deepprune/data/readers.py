"""Readers: from a row of the sheet to its sequences.

The sheet, which imports the readers, is read at every parse of the workflow: slow imports therefore stand inside
functions.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.data.origins import FIELDS, Origins
from deepprune.errors import InputError
from deepprune.io.csail import FILES, read_csail
from deepprune.io.deepbind import read_seqgz
from deepprune.io.fasta import Record, cut_middles, read_fasta

Row = Mapping[str, str]


@dataclass(frozen=True)
class DataOptions:
    """The options of `data`, and those of `simulate` as simulation; window in bp."""

    window: int = 101
    test_share: float = 0.2
    validation_share: float = 0.1
    seed: int = 0
    simulation: Mapping[str, int] = field(default_factory=dict)


# A reader returns a row's sequences, all in the training part unless the source has a test set of its own, and the
# numbers of rows read and, for each reason, of rows skipped.
Reading = tuple[Dataset, Counter[str]]
Reader = Callable[[Row, DataOptions], Reading]


def read_peak_windows(row: Row, options: DataOptions) -> Reading:
    """Return the windows around the summits of a file of peaks."""
    from deepprune.io.genome import cut_windows, open_genome
    from deepprune.io.peaks import read_peaks

    peaks = read_peaks(row["path"], row["format"])
    with open_genome(row["genome"]) as genome:
        codes, used, skipped = cut_windows(peaks, genome, options.window)
    origins = Origins(**{column: used[column].to_numpy() for column in FIELDS})
    labels = np.ones((len(codes), 1), np.uint8)
    return Dataset(codes, labels, _training(codes), origins=origins), skipped + Counter(rows=len(peaks))


def read_deepbind(row: Row, options: DataOptions) -> Reading:
    """Return the bound sequences of DeepBind's two tables."""
    records = read_seqgz(row["path"])
    return read_middles(records, [1] * len(records), options.window)


def read_sequences(row: Row, options: DataOptions) -> Reading:
    """Return the positives of a FASTA file and, if the row names them, the negatives of a second one."""
    positives = read_fasta(row["path"])
    negatives = read_fasta(row["negatives"]) if row.get("negatives") else []
    labels = [1] * len(positives) + [0] * len(negatives)
    return read_middles([*positives, *negatives], labels, options.window)


def read_train_and_test(row: Row, options: DataOptions) -> Reading:
    """Return the sequences of a csail folder, in its own training and test parts."""
    parts, counts = [], Counter[str]()
    for part, file in zip((TRAIN, TEST), FILES, strict=True):
        made, further = read_middles(*read_csail(Path(row["path"]) / file), options.window)
        parts.append(replace(made, split=np.full_like(made.split, part)))
        counts.update(further)
    return Dataset.join(parts), counts


def read_simulated(row: Row, options: DataOptions) -> Reading:
    """Return random sequences; each positive holds an instance of one of the file's motifs."""
    from deepprune.data.simulate import simulate
    from deepprune.io.motif import read_motifs

    made = simulate(read_motifs(row["path"]), **options.simulation, seed=options.seed)
    return made, Counter(rows=len(made.codes))


def read_located(row: Row, options: DataOptions) -> Reading:
    """Raise InputError: the sheet replaces a row of this format by a row of the format of its files."""
    raise InputError(f"{row['dataset']}: {row['format']} is not a format of files; read the row with read_sheets")


def read_middles(records: Sequence[Record], labels: Sequence[int], width: int) -> Reading:
    """Return the middle windows of records with these labels."""
    middles = cut_middles(records, width)
    names = [records[i].name.split(maxsplit=1)[:1] for i in middles.used]
    places = {place: [getattr(one, place) for one in middles.places] for place in FIELDS[1:]}
    origins = Origins(["".join(name) for name in names], **places)
    of_used = np.array(labels, np.uint8)[middles.used, None]
    made = Dataset(middles.codes, of_used, _training(middles.codes), origins=origins)
    return made, middles.skipped + Counter(rows=len(records))


def _training(codes: np.ndarray) -> np.ndarray:
    return np.full(len(codes), TRAIN, np.uint8)

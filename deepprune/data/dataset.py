"""A data set as training needs it: codes, labels and split, in one compressed .npz file."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepprune.errors import InputError
from deepprune.io.files import write_atomic

TRAIN, VALIDATION, TEST = 0, 1, 2
LEVEL = 4  # of compression; the default of 6 takes seven times as long for a twentieth less
PART_NAMES = ("training", "validation", "test")


@dataclass(frozen=True)
class Dataset:
    """Sequences of one length. codes: uint8 (n, length); labels: uint8 (n,), 1 bound; split: uint8 (n,)."""

    codes: np.ndarray
    labels: np.ndarray
    split: np.ndarray

    def __post_init__(self) -> None:
        if not len(self.codes) == len(self.labels) == len(self.split):
            raise ValueError("codes, labels and split differ in number")

    def part(self, split: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the codes and the labels of TRAIN, VALIDATION or TEST."""
        chosen = self.split == split
        return self.codes[chosen], self.labels[chosen].reshape(-1, 1)

    def check_classes(self, dataset: str) -> None:
        """InputError unless training and test have sequences of both classes, and validation has any."""
        for part, classes in ((TRAIN, 2), (VALIDATION, 1), (TEST, 2)):
            found = np.unique(self.part(part)[1])
            if len(found) < classes:
                missing = " or ".join(name for label, name in ((1, "bound"), (0, "unbound")) if label not in found)
                raise InputError(
                    f"{dataset}: there is no {missing} sequence for {PART_NAMES[part]}; "
                    "give more sequences, or another data.seed for the split"
                )

    def save(self, path: str | Path) -> None:
        """Write a .npz file; equal data sets give equal bytes."""
        with (
            write_atomic(path) as temporary,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
        ):
            for name in ("codes", "labels", "split"):
                with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                    np.lib.format.write_array(file, np.ascontiguousarray(getattr(self, name), np.uint8))

    @classmethod
    def load(cls, path: str | Path) -> "Dataset":
        """Read a file that save wrote; InputError if it is missing or is none."""
        try:
            with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(arrays["codes"], arrays["labels"], arrays["split"])
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}; prepare the data set again") from None
        except (ValueError, KeyError, EOFError, AttributeError, TypeError, zipfile.BadZipFile):
            raise InputError(f"{path} is no data set of deepprune or is damaged; prepare it again") from None

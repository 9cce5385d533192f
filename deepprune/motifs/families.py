"""Families of factors in JASPAR."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from deepprune.io.jaspar import read_jaspar, read_jaspar_families
from deepprune.io.motif import Motif
from deepprune.motifs.factor import known_motif

COLUMNS = ("target", "motif", "name", "family", "class")


def families_of(
    targets: Iterable[str], jaspar: Mapping[str, str], exceptions: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the motif of each target and the family and class that JASPAR gives its factor; see the COLUMNS.

    targets: factors; the table has each once, sorted, and no empty one.  jaspar: the options tomtom.jaspar.
    exceptions: see `motifs.factor.motif_of_factor`, by which motifs are chosen. Cells are empty for a target without a
    motif, and family and class where JASPAR has none (in JASPAR2024 NRF1). A motif of two factors of different families
    has both, as `Ets-related::FOX`. Families are called differently in different releases. InputError for a release or
    a motif of the exceptions that is unknown.
    """
    known, families = read_jaspar(**jaspar), read_jaspar_families(**jaspar)
    rows = [(target, *_described(known_motif(target, known, exceptions), families)) for target in _distinct(targets)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _described(motif: Motif | None, families: Mapping[str, Sequence[list[str]]]) -> tuple[str, ...]:
    if motif is None:
        return ("", "", "", "")
    return (motif.name, motif.alt, *("::".join(_distinct(names)) for names in families[motif.name]))


def _distinct(names: Iterable[str]) -> list[str]:
    """Return the names that are not empty, each once, in one order; some in the database end in blanks."""
    return sorted({name.strip() for name in names} - {""})

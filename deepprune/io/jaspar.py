"""The JASPAR database, which the package pyjaspar holds.

https://jaspar.elixir.no/
"""

import warnings
from typing import Any

from deepprune.errors import InputError, quoted
from deepprune.io.motif import Motif, motif_of_counts


def read_jaspar(release: str, collection: str = "CORE", tax_group: str = "vertebrates") -> list[Motif]:
    """Return the newest version of each motif of a JASPAR release, from the database inside the pyjaspar package."""
    source = f"{release} {collection}"
    records = _jaspar_records(release, collection, tax_group)
    return [motif_of_counts(source, record.matrix_id, record.name, record.counts) for record in records]


def read_jaspar_families(
    release: str, collection: str = "CORE", tax_group: str = "vertebrates"
) -> dict[str, tuple[list[str], list[str]]]:
    """Return the families and the classes of the factors of each motif that `read_jaspar` returns, by identifier.

    A motif of two factors has one of each for either; JASPAR leaves some motifs without.
    """
    records = _jaspar_records(release, collection, tax_group)
    return {record.matrix_id: (list(record.tf_family or ()), list(record.tf_class or ())) for record in records}


def _jaspar_records(release: str, collection: str, tax_group: str) -> list[Any]:
    from pyjaspar import jaspar_releases, jaspardb  # imported here: slow

    if release not in jaspar_releases:
        raise InputError(
            f"JASPAR release {quoted(release)} is unknown; choose from {', '.join(sorted(jaspar_releases))}"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the error below says that there are none
        records = list(jaspardb(release=release).fetch_motifs(collection=collection, tax_group=[tax_group]))
    if not records:
        raise InputError(
            f"{release} has no motifs in collection {quoted(collection)} of {quoted(tax_group)}; check both names"
        )
    return records

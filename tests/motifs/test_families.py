"""Families of factors; the real database of the pyjaspar package."""

from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.io.table import read_table, write_table
from deepprune.motifs.families import COLUMNS, families_of

JASPAR = {"release": "JASPAR2024", "collection": "CORE", "tax_group": "vertebrates"}
BHLH = "Basic helix-loop-helix factors (bHLH)"


def test_families_in_jaspar(tmp_path: Path) -> None:
    table = families_of(["USF1", "ELK1", "EP300", "", "NRF1", "ELK1"], JASPAR)
    assert tuple(table.columns) == COLUMNS
    assert [tuple(row) for row in table.itertuples(index=False)] == [
        ("ELK1", "MA0028.3", "ELK1", "Ets-related", "Tryptophan cluster factors"),
        ("EP300", "", "", "", ""),
        ("NRF1", "MA0506.3", "Nrf1", "", ""),
        ("USF1", "MA0093.4", "USF1", "bHLH-ZIP", BHLH),
    ]
    write_table(table, tmp_path / "families.tsv")
    assert read_table(tmp_path / "families.tsv").fillna("").equals(table)


def test_a_table_of_motifs_comes_first() -> None:
    exceptions = {"FOSL1": "MA0477.3", "JUN": "MA1134.2", "RAD21": "MA0139.2", "SPI1": "MA1945.2"}
    table = families_of(exceptions, JASPAR, exceptions).set_index("target")
    assert table["name"].to_dict() == {"FOSL1": "FOSL1", "JUN": "FOS::JUNB", "RAD21": "CTCF", "SPI1": "ETV5::FIGLA"}
    # The partners of JUN are of two families and one class.
    assert table["family"]["JUN"] == "Fos-related::Jun-related"
    assert table["class"]["JUN"] == table["class"]["FOSL1"] == "Basic leucine zipper factors (bZIP)"
    assert table["class"]["SPI1"] == f"{BHLH}::Tryptophan cluster factors"
    with pytest.raises(InputError, match=r"gives JUN the motif MA1134.9, .* did you mean MA1134.2\?"):
        families_of(["JUN"], JASPAR, {"JUN": "MA1134.9"})


def test_blanks_at_the_ends_of_families_do_not_count() -> None:
    table = families_of(["IRF1"], JASPAR | {"release": "JASPAR2018"})
    assert table["family"].tolist() == ["Interferon-regulatory factors"]


def test_a_release_without_motifs() -> None:
    with pytest.raises(InputError, match="'JASPAR2023' is unknown"):
        families_of(["USF1"], JASPAR | {"release": "JASPAR2023"})


def test_no_targets() -> None:
    table = families_of([], JASPAR)
    assert table.empty and tuple(table.columns) == COLUMNS

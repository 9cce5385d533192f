from pathlib import Path

import numpy as np
import pytest
from pyjaspar import jaspar_releases

from deepprune.errors import InputError
from deepprune.io.jaspar import read_jaspar, read_jaspar_families
from deepprune.io.motif import by_name, read_motifs

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")


@needs_shared
def test_jaspar_database_agrees_with_its_meme_file() -> None:
    found = by_name(read_jaspar("JASPAR2016"))
    for target in read_motifs(SHARED / "reference/tomtom/targets.meme"):
        assert found[target.name].sites == pytest.approx(target.sites, abs=1)
        assert found[target.name].probabilities == pytest.approx(target.probabilities, abs=2e-6)


def test_jaspar_database() -> None:
    motifs = read_jaspar("JASPAR2024", "CORE", "vertebrates")
    assert len(motifs) == 879
    ctcf = next(motif for motif in motifs if motif.name == "MA0139.2")
    assert (ctcf.alt, ctcf.width) == ("CTCF", 15)
    assert max(jaspar_releases) == "JASPAR2026"


def test_families_in_the_jaspar_database() -> None:
    families = read_jaspar_families("JASPAR2024")
    assert list(families) == [motif.name for motif in read_jaspar("JASPAR2024")]
    assert families["MA0028.3"] == (["Ets-related"], ["Tryptophan cluster factors"])
    assert families["MA1134.2"][0] == ["Fos-related", "Jun-related"]


def test_jaspar_database_mistakes() -> None:
    with pytest.raises(InputError, match="'JASPAR2023' is unknown; choose from JASPAR2014"):
        read_jaspar("JASPAR2023")
    with pytest.raises(InputError, match="'vertebrate'"):
        read_jaspar("JASPAR2024", tax_group="vertebrate")


@pytest.mark.parametrize(("name", "count"), [("two", 2), ("four", 4), ("eight", 8)])
def test_shipped_motifs_are_jaspar(name: str, count: int) -> None:
    jaspar = {motif.name: motif for motif in read_jaspar("JASPAR2024")}
    motifs = read_motifs(ROOT / f"resources/motifs/{name}_motifs.meme")
    assert len(motifs) == count
    for motif in motifs:
        assert motif.alt == jaspar[motif.name].alt
        assert motif.sites == jaspar[motif.name].sites >= 500
        assert np.array_equal(motif.probabilities, jaspar[motif.name].probabilities)

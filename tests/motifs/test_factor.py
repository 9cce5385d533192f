"""The motif of a factor, and its instances in a genome."""

from pathlib import Path

import numpy as np
import pytest

from deepprune.errors import InputError
from deepprune.io.jaspar import read_jaspar
from deepprune.io.motif import Motif
from deepprune.io.table import read_table
from deepprune.motifs.factor import known_motif, motif_of_factor, read_exceptions, scan_genome

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"MA3.1": "JUN(var.2)", "MA4.1": "Jun", "MA2.2": "JUN", "MA1.1": "FOS::JUN", "MA5.1": "Fos(var.2)"}
KNOWN = [Motif(name, alt, np.full((5, 4), 0.25), 20) for name, alt in NAMES.items()]


def sharp(word: str, name: str = "M") -> Motif:
    """Return a motif that is one word."""
    return Motif(name, "F", np.eye(4)[["ACGT".index(letter) for letter in word]], 20)


@pytest.mark.parametrize(("factor", "name"), [("JUN", "MA2.2"), ("jun", "MA2.2"), ("FOS", "MA5.1")])
def test_a_factor_has_the_motif_of_its_name(factor: str, name: str) -> None:
    assert motif_of_factor(factor, KNOWN).name == name


def test_a_table_comes_first() -> None:
    assert motif_of_factor("JUN", KNOWN, {"JUN": "MA1.1"}).name == "MA1.1"
    assert motif_of_factor("RAD21", KNOWN, {"RAD21": "MA4.1"}).name == "MA4.1"


def test_a_factor_without_a_motif() -> None:
    assert known_motif("FO", KNOWN) is None
    with pytest.raises(InputError, match="none of the 5 known motifs is called FO; name one in the table"):
        motif_of_factor("FO", KNOWN)
    with pytest.raises(InputError, match=r"gives JUN the motif MA2.1, which is not .*did you mean MA2.2\?"):
        motif_of_factor("JUN", KNOWN, {"JUN": "MA2.1"})
    with pytest.raises(InputError, match=r"gives JUN the motif x, which is not .*correct it"):
        motif_of_factor("JUN", KNOWN, {"JUN": "x"})


def test_exceptions(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_text("# ours\ntarget\tmotif\n\nRAD21\tMA0139.1\nSMC3\t MA0139.1\n")
    assert read_exceptions(table) == {"RAD21": "MA0139.1", "SMC3": "MA0139.1"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"t.tsv: the first line must name the columns target and motif"),
        ("motif\ttarget\n", "line 1: the first line must name"),
        ("target\tmotif\nA\n", "line 2: a row must have two cells"),
        ("target\tmotif\nA\t\n", "line 2: a row must have two cells"),
        ("target\tmotif\nA\tM1\n#\nA\tM2\n", "line 4: the target A is listed before"),
    ],
)
def test_a_table_that_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "t.tsv").write_text(text)
    with pytest.raises(InputError, match=message):
        read_exceptions(tmp_path / "t.tsv")


def test_instances_on_both_strands_of_all_chromosomes(tmp_path: Path) -> None:
    genome, path = tmp_path / "g.fa", tmp_path / "i.bed"
    genome.write_text(">one text\nNNACGTTG\nAAAA\n>two\nttCAACGTtt\n>none\nAAAAAAAAAA\n")
    scan_genome(genome, sharp("ACGTTG"), 2.5e-4, path)
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    assert [(row[0], *row[1:3], row[3], row[5]) for row in rows] == [
        ("one", "2", "8", "M", "+"),
        ("two", "2", "8", "M", "-"),
    ]
    assert float(rows[0][8]) == pytest.approx(4**-6, rel=0.01)


def test_a_motif_whose_best_word_is_not_rare_enough(tmp_path: Path) -> None:
    (tmp_path / "g.fa").write_text(">one\nACGTTG\n")
    with pytest.raises(InputError, match=r"motif M \(F\) of 6 bp has no instance: .* is 0.00024, but"):
        scan_genome(tmp_path / "g.fa", sharp("ACGTTG"), 1e-4, tmp_path / "i.bed")
    assert not (tmp_path / "i.bed").exists()


@pytest.mark.parametrize(("release", "count"), [("JASPAR2016", 422), ("JASPAR2024", 459)])
def test_how_many_of_the_690_data_sets_of_encode_have_a_motif(release: str, count: int) -> None:
    known = read_jaspar(release)

    def has_motif(factor: str) -> bool:
        try:
            return bool(motif_of_factor(factor, known))
        except InputError:
            return False

    factors = read_table(ROOT / "resources/datasets.tsv")["target"]
    assert factors.map({factor: has_motif(factor) for factor in factors.unique()}).sum() == count

"""MEME files from and for other programs."""

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from Bio import motifs as bio_motifs

from deepprune.io.motif import UNIFORM, Motif, read_motifs, write_meme

# As the program `meme` writes it.
STARS = "*" * 80 + "\n"
RULE = "-" * 80 + "\n"
OUTPUT = f"""{STARS}MEME - Motif discovery tool
{STARS}MEME version 5.4.1 (Release date: Sat Aug 21 19:23:23 2021 -0700)

{STARS}TRAINING SET
{STARS}PRIMARY SEQUENCES= crp0.s
CONTROL SEQUENCES= --none--
ALPHABET= ACGT
Sequence name            Weight Length  Sequence name            Weight Length
-------------            ------ ------  -------------            ------ ------
ce1cg                    1.0000    105  ara                      1.0000    105
{STARS}
Letter frequencies in dataset:
A 0.304 C 0.196 G 0.196 T 0.304
Background letter frequencies (from file dataset with add-one prior applied):
A 0.304 C 0.196 G 0.196 T 0.304
Background model order: 0
{STARS}MOTIF TG MEME-1\twidth =   2  sites =  18  llr = 190  E-value = 1.5e-009
{STARS}{RULE}\tMotif TG MEME-1 Description
{RULE}Simplified        A  1:
pos.-specific     C  ::
{RULE}\tMotif TG MEME-1 sites sorted by position p-value
{RULE}Sequence name             Start   P-value           Site
ce1cg                        63  2.06e-08 TTTTTTTTGA TG ATTTTTTTCA
{RULE}\tMotif TG MEME-1 in BLOCKS format
{RULE}BL   MOTIF TG width=2 seqs=18
//
{RULE}\tMotif TG MEME-1 position-specific scoring matrix
{RULE}log-odds matrix: alength= 4 w= 2 n= 1634 bayes= 6.3 E= 1.5e-009
  -142   -1081    -182     134
 -1081   -1081     209    -124
{RULE}
{RULE}\tMotif TG MEME-1 position-specific probability matrix
{RULE}letter-probability matrix: alength= 4 w= 2 nsites= 18 E= 1.5e-009
 0.111111  0.000000  0.055556  0.833333
 0.000000  0.000000  0.888889  0.111111
{RULE}
{RULE}\tMotif TG MEME-1 regular expression
{RULE}TG
{RULE}
{STARS}SUMMARY OF MOTIFS
{STARS}SEQUENCE NAME            COMBINED P-VALUE  MOTIF DIAGRAM
ce1cg                            8.75e-06  62_[+1(2.06e-08)]_27
{STARS}"""


@pytest.mark.parametrize(
    ("text", "names"),
    [(OUTPUT, ("TG", "MEME-1")), (OUTPUT.replace("MOTIF TG MEME-1\t", "MOTIF  1\t"), ("1", ""))],
    ids=["MEME 5", "MEME 4"],
)
def test_output_of_meme(tmp_path: Path, text: str, names: tuple[str, str]) -> None:
    path = tmp_path / "meme.txt"
    path.write_text(text)
    (motif,) = read_motifs(path)
    assert ((motif.name, motif.alt), motif.sites, motif.consensus) == (names, 18, "TG")
    assert motif.probabilities[1] == pytest.approx([0, 0, 0.888889, 0.111111])


WRITTEN = [
    Motif("one", "", np.array([[0.5, 0.25, 0.25, 0], [0, 0, 0, 1]]), 400),
    Motif("jaspar:MA1.2", "two::b", np.array([[0.1, 0.2, 0.3, 0.4]]), 123_456),
    Motif("three", "weight=-1.2", np.full((30, 4), [1 / 3, 1 / 3, 1 / 3, 0]), 1),
]


def test_written_file_is_read_by_biopython(tmp_path: Path) -> None:
    path = tmp_path / "motifs.meme"
    write_meme(path, WRITTEN, (0.3, 0.2, 0.2, 0.3))
    with path.open() as handle:
        record = bio_motifs.parse(handle, "minimal")
    assert record.background == {"A": 0.3, "C": 0.2, "G": 0.2, "T": 0.3}
    assert [motif.num_occurrences for motif in record] == [400, 123_456, 1]
    assert [motif.length for motif in record] == [2, 1, 30]
    assert record[0].counts["A"] == [200, 0]


def test_a_written_background_is_the_first_motif_s_unless_another_is_given(tmp_path: Path) -> None:
    motif = Motif("m", "", np.eye(4), 5, background=(0.4, 0.3, 0.2, 0.1))
    for name, background, expected in (("own", None, (0.4, 0.3, 0.2, 0.1)), ("given", UNIFORM, UNIFORM)):
        write_meme(tmp_path / name, [motif], background)
        assert read_motifs(tmp_path / name)[0].background == expected
    assert motif.reverse_complement().background == (0.1, 0.2, 0.3, 0.4)


def test_a_background_that_is_none_is_uniform(tmp_path: Path) -> None:
    write_meme(tmp_path / "m", [Motif("m", "", np.eye(4), 5)], (0.4, 0.3, 0.2, 0.1))
    text = (tmp_path / "m").read_text()
    for frequencies in ("", "A 0.4 C 0.3 G 0.2", "A much C 0.3 G 0.2 T 0.1"):
        (tmp_path / "m").write_text(text.replace("A 0.400000 C 0.300000 G 0.200000 T 0.100000", frequencies))
        assert read_motifs(tmp_path / "m")[0].background == UNIFORM


@pytest.mark.skipif(not shutil.which("tomtom"), reason="the MEME Suite's tomtom is not on PATH")
def test_written_file_is_read_by_the_meme_suite(tmp_path: Path) -> None:
    path = tmp_path / "motifs.meme"
    write_meme(path, WRITTEN, (0.3, 0.2, 0.2, 0.3))
    command = [
        "tomtom",
        "-verbosity",
        "1",
        "-evalue",
        "-thresh",
        "9",
        "-oc",
        str(tmp_path / "out"),
        str(path),
        str(path),
    ]
    # It fails at the end if the MEME Suite's converter from XML to HTML is not installed.
    subprocess.run(command, check=False, capture_output=True)
    read = ElementTree.parse(tmp_path / "out" / "tomtom.xml").findall("targets/motif")
    sites = {motif.get("id"): (float(motif.get("nsites", 0)), int(motif.get("length", 0))) for motif in read}
    assert sites == {motif.name: (motif.sites, motif.width) for motif in WRITTEN}

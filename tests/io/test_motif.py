import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.io.motif import Motif, read_motifs, write_meme

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")

MEME = """MEME version 4

ALPHABET= ACGT

Background letter frequencies
A 0.25 C 0.25 G 0.25 T 0.25

MOTIF first ONE
letter-probability matrix: alength= 4 w= 2 nsites= 17 E= 4.1e-009
1.0 0.0 0.0 0.0
0.1 0.2 0.3 0.4

MOTIF second

letter-probability matrix: alength= 4 w= 1
 0.25	0.25	0.25	0.25
URL http://example.org/second
"""
DNA_BLOCK = """ALPHABET "DNA" DNA-LIKE
A "Adenine" CC0000 ~ T "Thymine" 008000
C "Cytosine" 0000CC ~ G "Guanine" FFB300
N "Any base" = ACGT
END ALPHABET"""
JASPAR = """>MA0001.1\tAGL3
A  [ 0  3 ]
C  [ 4  1 ]
G  [ 1  0 ]
T  [ 5  6 ]
>MA0002.1
10 0
0 10
0 0
0 0
"""
TRANSFAC = """VV  TRANSFAC MATRIX TABLE
XX
//
AC  M00001
XX
ID  V$MYOD_01
XX
P0      A      C      G      T
01      1      2      2      0      S
02      5      0      0      0      A
XX
//
"""


def save(tmp_path: Path, text: str, name: str = "motifs.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def with_row(row: str) -> str:
    return MEME.replace("0.1 0.2 0.3 0.4", row)


def test_meme(tmp_path: Path) -> None:
    first, second = read_motifs(save(tmp_path, MEME))
    assert (first.name, first.alt, first.sites, first.width, first.consensus) == ("first", "ONE", 17, 2, "AT")
    assert first.probabilities.tolist() == [[1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4]]
    assert (second.name, second.alt, second.sites) == ("second", "", 20)  # nsites is not in the file


@pytest.mark.parametrize(
    "text",
    [
        MEME.replace("\n", "\r\n"),
        MEME[: MEME.index("\nURL")],  # no newline at the end
        "# a comment\n" + MEME,
        MEME.replace("A 0.25 C", "A 0.25 C", 1).replace(
            "MOTIF second", "Background letter frequencies\nA 1\n\nMOTIF second"
        ),
        MEME.replace("ALPHABET= ACGT\n", ""),
        MEME.replace("w= 2 ", ""),  # the width follows from the rows
        "\ufeff" + MEME,
        MEME.replace("ALPHABET= ACGT", DNA_BLOCK),
        MEME.replace("ALPHABET= ACGT", "ALPHABET=acgt"),
    ],
    ids=[
        "CRLF",
        "no-final-newline",
        "comment",
        "two-backgrounds",
        "no-alphabet",
        "no-width",
        "byte-order-mark",
        "DNA-block",
        "small-letters",
    ],
)
def test_meme_variants_say_the_same(tmp_path: Path, text: str) -> None:
    expected, found = read_motifs(save(tmp_path, MEME, "plain")), read_motifs(save(tmp_path, text))
    assert [motif.name for motif in found] == ["first", "second"]
    for one, other in zip(expected, found, strict=True):
        assert np.array_equal(one.probabilities, other.probabilities)
        assert one.sites == other.sites


def test_gzip(tmp_path: Path) -> None:
    path = tmp_path / "motifs.meme.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + MEME.encode()))
    assert [motif.name for motif in read_motifs(path)] == ["first", "second"]


def test_rows_that_nearly_sum_to_one_are_normalised(tmp_path: Path) -> None:
    first, _ = read_motifs(save(tmp_path, with_row("0.1 0.2 0.3 0.405")))
    assert first.probabilities[1] == pytest.approx(np.array([0.1, 0.2, 0.3, 0.405]) / 1.005, abs=1e-15)


BAD_FILES = [
    (with_row("0.1 0.2 0.3 0.42"), "line 11: the row of motif first sums to 1.02, not one"),
    (with_row("1.1 -0.1 0 0"), "line 11: motif first has the probability -0.1; it must be zero or more"),
    (with_row("0.1 0.2 0.7"), "line 11: motif first needs four probabilities in each row, found '0.1 0.2 0.7'"),
    (with_row("0.1 0.2 nan 0.7"), "line 11: motif first needs four probabilities in each row, found '0.1 0.2 nan 0.7'"),
    (with_row("nan 0.2 0.1 0.7"), "line 11: motif first needs four probabilities in each row, found 'nan 0.2"),
    (with_row("-inf 0.2 0.1 0.7"), "line 11: motif first needs four probabilities in each row, found '-inf 0.2"),
    (with_row("1e999 0 0 0"), "line 11: the row of motif first sums to inf, not one"),
    (MEME.replace("0.1 0.2 0.3 0.4\n", ""), "line 11: rows of motif first end, 1 in all, but w= 2; correct w"),
    (MEME[: MEME.index("0.1 0.2")], "line 11: rows of motif first end, 1 in all, but w= 2"),
    (MEME.replace("w= 2", "w= 1"), "line 12: rows of motif first end, 2 in all, but w= 1"),
    (MEME.replace("w= 2", "w= 0"), "line 12: rows of motif first end, 2 in all, but w= 0"),
    (MEME[: MEME.index("1.0 0.0")], "line 10: motif first has no rows of probabilities; is the file cut off?"),
    (MEME.replace("= ACGT", "= ACGU"), "line 3: the alphabet ACGU is RNA, not DNA; give motifs of DNA"),
    (MEME.replace("= ACGT", "= ACDEFGHIKLMNPQRSTVWY"), "line 3: the alphabet ACDEFGHIKLMNPQRSTVWY is protein, not DNA"),
    (MEME.replace("= ACGT", "= ACGTN"), "line 3: the alphabet ACGTN is not DNA"),
    (MEME.replace("= ACGT\n", ' "RNA" RNA-LIKE\n'), 'line 3: the alphabet "RNA" RNA-LIKE is RNA, not DNA'),
    (MEME.replace("= ACGT\n", ' "Mine" PROTEIN-LIKE\n'), 'the alphabet "Mine" PROTEIN-LIKE is protein, not DNA'),
    (MEME.replace("= ACGT\n", ' "DNA with 5mC" DNA-LIKE\n'), 'the alphabet "DNA with 5mC" DNA-LIKE is not DNA'),
    (MEME.replace("alength= 4", "alength= 20"), "line 9: motif first has 20 letters; give motifs of DNA (alength= 4)"),
    (MEME.replace("nsites= 17", "nsites= many"), "line 9: nsites= many is not a number of zero or more; correct it"),
    (MEME.replace("nsites= 17", "nsites= -3"), "line 9: nsites= -3 is not a number of zero or more"),
    (MEME.replace("nsites= 17", "nsites= 1e999"), "line 9: nsites= 1e999 is not a number of zero or more"),
    (MEME.replace("MOTIF second\n", ""), "line 14: a matrix without a MOTIF line"),
    (MEME.replace("MOTIF second", "MOTIF"), "line 13: MOTIF without a name"),
    (MEME.replace("MOTIF first", "MOTIF none\nMOTIF first"), "line 8: motif none has no letter-probability matrix"),
    (MEME + "MOTIF third\n", "line 18: motif third has no letter-probability matrix"),
    (MEME.replace("MOTIF second", "MOTIF first"), "line 13: two motifs are called first"),
    (MEME[: MEME.index("MOTIF")], "no motif in the file"),
    ("", "the file is empty"),
    ("\n \n", "the file is empty"),
    ("chr1\t10\t20\n", "not a motif file"),
    (">chr1 a genome\nACGTNNacgt\n", "holds sequences (FASTA), not motifs"),
    (JASPAR.replace("T  [ 5  6 ]\n", ""), "2 matrices begin but 1 are complete"),
    (JASPAR[: JASPAR.rindex("0 0")], "is the file cut off?"),
    (JASPAR.replace("T  [ 5  6 ]", "T  [ 5 ]"), "not a valid JASPAR file"),
    (JASPAR.replace("10 0", "x 0"), "not a valid JASPAR file"),
    (JASPAR.replace("10 0", "0 0"), "motif MA0002.1 needs counts"),
    (TRANSFAC[: TRANSFAC.rindex("//")], "1 matrices begin but 0 are complete"),
    (TRANSFAC.replace("02      5", "03      5"), "not a valid TRANSFAC file"),
]


@pytest.mark.parametrize(("text", "message"), BAD_FILES, ids=[message for _, message in BAD_FILES])
def test_bad_files(tmp_path: Path, text: str, message: str) -> None:
    path = save(tmp_path, text)
    with pytest.raises(InputError) as raised:
        read_motifs(path)
    assert str(raised.value).startswith(str(path))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent"):
        read_motifs(tmp_path / "absent.meme")


def test_jaspar(tmp_path: Path) -> None:
    first, second = read_motifs(save(tmp_path, JASPAR))
    assert (first.name, first.alt, first.sites) == ("MA0001.1", "AGL3", 10)
    assert first.probabilities.tolist() == [[0, 0.4, 0.1, 0.5], [0.3, 0.1, 0, 0.6]]
    assert (second.name, second.alt, second.consensus) == ("MA0002.1", "", "AC")


def test_transfac(tmp_path: Path) -> None:
    (motif,) = read_motifs(save(tmp_path, TRANSFAC))
    assert (motif.name, motif.alt, motif.sites) == ("M00001", "V$MYOD_01", 5)
    assert motif.probabilities.tolist() == [[0.2, 0.4, 0.4, 0], [1, 0, 0, 0]]


def test_reverse_complement() -> None:
    motif = Motif("m", "", np.array([[0.7, 0.1, 0.2, 0], [0, 1, 0, 0]]), 5)
    assert motif.reverse_complement().probabilities.tolist() == [[0, 0, 1, 0], [0, 0.2, 0.1, 0.7]]
    assert motif.reverse_complement().consensus == "GT"
    with pytest.raises(ValueError, match="read-only"):
        motif.probabilities[0, 0] = 1


def test_counts_keep_what_pseudocounts_change() -> None:
    motif = Motif.of_counts("m", "", np.array([[7, 1, 0, 0], [0, 0, 0, 0]]), 8, pseudocount=2)
    assert motif.probabilities.tolist() == [[0.75, 0.15, 0.05, 0.05], [0.25] * 4]
    assert motif.counts.tolist() == [[7, 1, 0, 0], [0, 0, 0, 0]]
    turned = motif.at(np.array([1, 0])).reverse_complement()
    assert turned.counts.tolist() == [[0, 0, 1, 7], [0, 0, 0, 0]]
    assert turned.consensus == "TA" and turned.sites == 8


def test_positions_without_bases_have_equal_probabilities() -> None:
    assert Motif.of_counts("m", "", np.array([[0, 0, 0, 0], [3, 1, 0, 0]]), 4).probabilities.tolist() == [
        [0.25] * 4,
        [0.75, 0.25, 0, 0],
    ]


def test_probabilities_tell_the_counts_where_none_are_given() -> None:
    assert Motif("m", "", np.array([[0.5, 0.25, 0.25, 0]]), 20).counts.tolist() == [[10, 5, 5, 0]]


def test_shape_is_checked() -> None:
    with pytest.raises(ValueError, match="1 rows of counts, expected 2"):
        Motif("m", "", np.full((2, 4), 0.25), 5, np.ones((1, 4)))
    with pytest.raises(ValueError, match=r"\(4, 2\)"):
        Motif("m", "", np.full((4, 2), 0.5), 5)


@given(
    counts=st.lists(st.lists(st.integers(0, 10**6), min_size=4, max_size=4).filter(any), min_size=1, max_size=30),
    nsites=st.one_of(st.integers(1, 10**9), st.floats(1, 1e6)),
)
def test_written_motifs_read_back_equal(tmp_path_factory: pytest.TempPathFactory, counts: list, nsites: float) -> None:
    path = tmp_path_factory.mktemp("meme") / "motifs.meme"
    matrix = np.array(counts, dtype=float)
    motif = Motif("kernel_3", "weight=-1.2", matrix / matrix.sum(axis=1, keepdims=True), nsites)
    write_meme(path, [motif], (0.3, 0.2, 0.2, 0.3))
    (read,) = read_motifs(path)
    assert (read.name, read.alt, read.sites) == (motif.name, motif.alt, motif.sites)
    assert read.background == (0.3, 0.2, 0.2, 0.3)
    assert np.array_equal(read.probabilities, motif.probabilities)


@needs_shared
@pytest.mark.parametrize(
    ("name", "count", "nsites"),
    [
        ("data/transfac/simulated1.meme", 2, 20),
        ("data/transfac/simulated4.meme", 4, 20),
        ("data/transfac/simulated5.meme", 8, 20),
        ("reference/tomtom/queries.meme", 20, 1916),
        ("reference/tomtom/targets.meme", 519, 2000),
    ],
)
def test_reference_files(name: str, count: int, nsites: int) -> None:
    motifs = read_motifs(SHARED / name)
    assert len(motifs) == count
    assert motifs[0].sites == nsites
    assert all(np.allclose(motif.probabilities.sum(axis=1), 1, atol=1e-12) for motif in motifs)


@needs_shared
@pytest.mark.parametrize(("name", "pattern"), [("two", 3), ("four", 4), ("eight", 5)])
def test_shipped_motifs_are_not_those_of_transfac(name: str, pattern: int) -> None:
    ours = read_motifs(ROOT / f"resources/motifs/{name}_motifs.meme")
    theirs = read_motifs(SHARED / f"data/transfac/simulated{pattern}.meme")
    for our, their in zip(ours, theirs, strict=True):
        assert abs(np.log(our.width / their.width)) < 0.2  # counterparts of like width
        for strand in (our, our.reverse_complement()):
            width = min(strand.width, their.width)
            windows = [
                (one, other)
                for one in np.lib.stride_tricks.sliding_window_view(strand.probabilities, width, axis=0)
                for other in np.lib.stride_tricks.sliding_window_view(their.probabilities, width, axis=0)
            ]
            assert min(np.abs(one - other).max() for one, other in windows) > 0.1


@pytest.mark.parametrize("count", ["nan", "inf"])
def test_counts_that_are_no_numbers(tmp_path: Path, count: str) -> None:
    path = tmp_path / "m.jaspar"
    path.write_text(f">MA1 X\nA [1 {count}]\nC [1 1]\nG [1 1]\nT [1 1]\n")
    with pytest.raises(InputError, match=r"m\.jaspar"):
        read_motifs(path)


@pytest.mark.parametrize("name", ["\x01", "a\x1b[2J", "\x7f", "\u202egpj", "\ufffe", "x" * 501], ids=ascii)
@pytest.mark.parametrize(
    "text",
    [MEME.replace("ONE", "{}"), JASPAR.replace("AGL3", "{}"), TRANSFAC.replace("V$MYOD_01", "{}")],
    ids=["meme", "jaspar", "transfac"],
)
def test_names_that_cannot_be_shown(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(
        InputError, match=r"a motif is called '.*'(\.\.\.)?, but names must be of 500 letters"
    ) as caught:
        read_motifs(save(tmp_path, text.format(name)))
    assert str(caught.value).isprintable()

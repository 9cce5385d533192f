"""FASTA."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.dna.codes import to_text
from deepprune.errors import InputError
from deepprune.io.fasta import (
    NOWHERE,
    Place,
    Record,
    begins_fasta,
    cut_middles,
    fasta_lines,
    names_place,
    place_of,
    read_fasta,
)


def write(folder: Path, text: str) -> Path:
    path = folder / "s.fa"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_records(tmp_path: Path, line_end: str, packed: bool) -> None:
    text = ">a first one\nACGT\nacgtn\n\n> b\nRYKM\n>\nA".replace("\n", line_end).encode()
    (tmp_path / "s.fa").write_bytes(gzip.compress(text) if packed else text)
    assert read_fasta(tmp_path / "s.fa") == [
        Record("a first one", "ACGTacgtn"),
        Record("b", "RYKM"),
        Record("", "A"),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["is empty"]),
        ("\n\n", ["is empty"]),
        ("ACGT\n>a\nACGT\n", ["line 1", "sequence before the first header"]),
        (">a\n>b\nACGT\n", ["line 1", "record 'a' has no sequence"]),
        (">a\nACGT\n>b\n\n", ["line 3", "record 'b' has no sequence"]),
        (">a\nACGT\nACXT\n", ["line 3", "'X' is no DNA letter"]),
        (">a\nACGU\n", ["line 2", "'U' is no DNA letter", "write T for U"]),
        (">a\nAC GT\n", ["line 2", "' '"]),
        (">a\nAC-GT\n", ["line 2", "'-'"]),
        (">p\nMKLVE\n", ["line 2", "'L'"]),
        (">a\nACGÄ\n", ["line 2", "'Ä'"]),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_fasta(path)
    message = str(caught.value)
    assert "\n" not in message and str(path) in message
    assert [part for part in parts if part not in message] == [], message


def test_headers_before_sequences_begin_fasta() -> None:
    assert begins_fasta("\n>a\n\n ACGTn \nACGT") and begins_fasta(">a\r\nRY\r\n")
    for head in ("", ">a\n", "ACGT\nACGT\n", ">MA1\nA [ 1 2 ]\n", ">MA1\n1 2\n", ">a\n>b\nACGT\n", "chr1\t1\t2\n"):
        assert not begins_fasta(head)


def test_lines_may_be_left_unread() -> None:
    lines = [">a\n", "AC\n", "\n", "GT\n", ">b\n", "A\n"]
    assert [(name, list(texts)) for name, texts in fasta_lines(lines, "x")] == [("a", ["AC", "GT"]), ("b", ["A"])]
    assert [name for name, _ in fasta_lines(lines, "x")] == ["a", "b"]


def test_names_with_the_form_of_a_place() -> None:
    names = ["chr1:5-13", "chr1:5-13(+) x", "chr1:5-14", "chr1:5-13(-)", "chr1", ""]
    assert [names_place(Record(name, "ACGTACGT")) for name in names] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("chr1:5-13", Place("chr1", 5, 13, ".")),  # as bedtools getfasta writes it
        ("chr1:5-13(+)", Place("chr1", 5, 13, "+")),
        ("chr1:5-13(.) more", Place("chr1", 5, 13, ".")),
        ("my::peak::chr1:5-13(+)", Place("chr1", 5, 13, "+")),
        ("HLA*01:02:0-8", Place("HLA*01:02", 0, 8, ".")),
        ("chr1:6-13", Place("chr1", 5, 13, ".")),  # as samtools faidx does
        ("chr1:0-7", NOWHERE),  # from 0, the end included: no program's convention
        ("chr1:5-13(-)", NOWHERE),
        ("chr1:5-12_shuf", NOWHERE),
        ("chr1:5-14", NOWHERE),
        ("chr1:5-5", NOWHERE),
        ("chr1:13-5", NOWHERE),
        ("of chr1:5-13", NOWHERE),
        (f"chr1:{10**30}-{10**30 + 8}", NOWHERE),
        ("chr1", NOWHERE),
        ("", NOWHERE),
        (" ", NOWHERE),
    ],
)
def test_place_in_a_name(name: str, place: Place) -> None:
    assert place_of(Record(name, "ACGTACGT")) == place


def test_middles_by_hand() -> None:
    records = [Record("chr1:10-17", "AACGTCC"), Record("a", "ACG"), Record("b", "ACNGT"), Record("c", "NACGTA")]
    middles = cut_middles(records, 4)
    assert to_text(middles.codes) == ["ACGT", "ACGT"]  # the odd base is after the window
    assert middles.used.tolist() == [0, 3]
    assert middles.places == [Place("chr1", 11, 15, "."), NOWHERE]
    assert sorted(filter(None, middles.reasons)) == ["too_short", "with_n"]
    nothing = cut_middles(records[:2], 8)
    assert nothing.codes.shape == (0, 8) and nothing.used.dtype == np.int64 and nothing.reasons == ["too_short"] * 2


names = st.text(alphabet="abc 1:-_>", min_size=1, max_size=9).map(str.strip)
records = st.lists(st.tuples(names, st.text(alphabet="ACGTNacgt", min_size=1, max_size=30)), min_size=1, max_size=6)


@settings(deadline=None)
@given(records, st.integers(1, 12))
def test_any_wrapping_reads_back(tmp_path_factory: pytest.TempPathFactory, given_records: list, width: int) -> None:
    lines = []
    for name, sequence in given_records:
        lines += [f">{name}", *(sequence[i : i + width] for i in range(0, len(sequence), width))]
    path = write(tmp_path_factory.getbasetemp(), "\n".join(lines))
    assert read_fasta(path) == [Record(*record) for record in given_records]

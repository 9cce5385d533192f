import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data import stream
from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk, SequenceFile, ahead, batches, genome_chunks, guess_format, overlapping
from deepprune.dna.codes import to_text
from deepprune.errors import InputError
from deepprune.io.genome import open_genome

GENOME = {"chr1": "ACGTTGCANNACGATTACAG", "chr2": "CCCCCCGGGG"}


@pytest.fixture
def genome(tmp_path: Path) -> Path:
    (tmp_path / "g.fa").write_text("".join(f">{name}\n{text}\n" for name, text in GENOME.items()))
    return tmp_path / "g.fa"


def write(folder: Path, text: str) -> str:
    (folder / "input").write_text(text)
    return str(folder / "input")


def test_records_of_one_length_come_together_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHUNK", 2)
    names = ["a", "b one", "c", "chr1:5-8", "e"]
    texts = ["ACG", "TTT", "NNN", "ACG", "ACGT"]
    text = "".join(f">{name}\n{sequence}\n" for name, sequence in zip(names, texts, strict=True))
    chunks = list(SequenceFile(write(tmp_path, text), 3))
    assert [to_text(chunk.codes) for chunk in chunks] == [["ACG", "TTT"], ["NNN", "ACG"], ["ACGT"]]
    assert list(itertools.chain(*(chunk.origins.name for chunk in chunks))) == ["a", "b", "c", "chr1:5-8", "e"]
    assert chunks[1].origins.start.tolist() == [0, 5] and chunks[1].origins.chrom.tolist() == ["", "chr1"]


def test_long_records_make_small_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LONGEST", 10)
    chunks = list(SequenceFile(write(tmp_path, ">a\nACGT\n>b\nACGT\n>c\nACGT\n>d\nACGTACGTACGT\n"), 3))
    assert [chunk.codes.shape for chunk in chunks] == [(2, 4), (1, 4), (1, 12)]


def test_windows_of_peaks_may_hold_n_and_others_are_counted(tmp_path: Path, genome: Path) -> None:
    rows = ["chr1\t6\t9\tone", "chr2\t0\t2\ttwo", "chrM\t3\t5", "chr1\t13\t16"]
    peaks = SequenceFile(write(tmp_path, "track x\n" + "\n".join(rows) + "\n"), 5, genome)
    (chunk,) = peaks
    assert to_text(chunk.codes) == [GENOME["chr1"][5:10], GENOME["chr1"][12:17]]
    assert chunk.origins.name.tolist() == ["one", "chr1:13-16"] and chunk.origins.start.tolist() == [5, 12]
    assert chunk.offset.tolist() == [0, 0]
    assert peaks.skipped == {"beyond_chromosome": 1, "unknown_contig": 1}
    assert peaks.about_skipped == "2 peaks have no window: beyond_chromosome 1, unknown_contig 1"


def test_peaks_as_they_are(tmp_path: Path, genome: Path) -> None:
    rows = ["chr1\t6\t9\tone\t0\t-", "chr1\t5\t8", "chr1\t13\t21\tbeyond", "chr1\t7\t7\tnothing", "chr2\t0\t10"]
    peaks = SequenceFile(write(tmp_path, "\n".join(rows)), None, genome)
    chunks = list(peaks)
    assert [to_text(chunk.codes) for chunk in chunks] == [["CAN", "GCA"], [GENOME["chr2"]]]
    assert chunks[0].origins.strand.tolist() == ["-", "."] and chunks[0].origins.end.tolist() == [9, 8]
    assert peaks.skipped == {"beyond_chromosome": 1, "empty": 1}


@pytest.mark.parametrize("rows", ["chr1\t2\t20\tpeak\nchr2\t0\t3", ">chr1:2-20\n{}\n>x\nCCC", ">peak\n{}\n>x\nCCC"])
def test_pieces_of_long_sequences(tmp_path: Path, genome: Path, monkeypatch: pytest.MonkeyPatch, rows: str) -> None:
    monkeypatch.setattr(stream, "PIECE", 6)
    text = GENOME["chr1"][2:]
    wrapped = "\n".join(text[start : start + 5] for start in range(0, len(text), 5))
    chunks = list(SequenceFile(write(tmp_path, rows.format(wrapped)), None, genome, overlap=2))
    assert [to_text(chunk.codes) for chunk in chunks] == [[text[:8]], [text[6:14]], [text[12:]], ["CCC"]]
    assert [chunk.offset.tolist() for chunk in chunks] == [[0], [6], [12], [0]]
    placed = not rows.startswith(">peak")
    assert {chunk.origins.start[0] for chunk in chunks[:3]} == {2 if placed else 0}
    assert {chunk.origins.end[0] for chunk in chunks[:3]} == {20 if placed else 0}


def test_windows_around_peaks_in_pieces(tmp_path: Path, genome: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PIECE", 4)
    chunks = list(SequenceFile(write(tmp_path, "chr1\t6\t9"), 6, genome, overlap=1))
    assert [to_text(chunk.codes) for chunk in chunks] == [[GENOME["chr1"][4:9]], [GENOME["chr1"][8:10]]]


def test_a_whole_genome_in_pieces(genome: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PIECE", 8)
    with open_genome(genome) as opened:
        chunks = list(genome_chunks(opened, 3))
    one, two = GENOME.values()
    assert [to_text(chunk.codes) for chunk in chunks] == [[one[:11]], [one[8:19]], [one[16:]], [two[:11]], [two[8:]]]
    assert [chunk.offset.tolist() for chunk in chunks] == [[0], [8], [16], [0], [8]]
    assert [chunk.origins.chrom[0] for chunk in chunks] == ["chr1"] * 3 + ["chr2"] * 2
    assert {(chunk.origins.start[0], chunk.origins.end[0]) for chunk in chunks} == {(0, 20), (0, 10)}


@given(st.lists(st.text("ACGT", min_size=1, max_size=9), min_size=1, max_size=6), st.integers(1, 7), st.integers(0, 5))
def test_parts_start_at_every_step(texts: list[str], size: int, overlap: int) -> None:
    whole = "".join(texts)
    expected = [whole[start : start + size + overlap] for start in range(0, len(whole), size)]
    assert list(overlapping(texts, size, overlap)) == expected


def test_names_of_chromosomes_are_checked(tmp_path: Path, genome: Path) -> None:
    with pytest.raises(InputError, match="named like '1' in the peaks, like 'chr1' in the genome"):
        list(SequenceFile(write(tmp_path, "1\t6\t9\n"), 5, genome))
    with pytest.raises(InputError, match="holds peaks, whose sequences are in their genome; give it with --genome"):
        list(SequenceFile(write(tmp_path, "chr1\t6\t9\n"), 5))


@pytest.mark.parametrize(
    ("line", "format"),
    [
        (">a", "fasta"),
        ("chr1\t5\t9", "bed"),
        ("chr1 5 9 name 3 +", "bed"),
        ("chr1\t5\t9\tx\t0\t.\t1\t-1\t-1\t-1", "narrowpeak"),
        ("chr1\t5\t9\tx\t0\t+\t5\t9\t0,0,0\t1,2", "bed"),
    ],
)
def test_formats_are_told_by_the_first_line(line: str, format: str) -> None:
    assert guess_format(["# about\n", "\n", f"{line}\n"], "x") == format


def test_what_no_format_looks_like() -> None:
    with pytest.raises(InputError, match="x is neither FASTA nor narrowPeak nor BED: its first line is 'ACGT'"):
        guess_format(["ACGT\n"], "x")
    with pytest.raises(InputError, match="x, line 2: 'chrom start end' looks like a header; remove the line, or"):
        guess_format(["#\n", "chrom\tstart\tend\n", "chr1\t5\t9\n"], "x")
    with pytest.raises(InputError, match="x is empty"):
        guess_format(["#\n"], "x")


def test_batches_by_hand() -> None:
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]] and list(batches([], 2)) == []


def test_memory_is_that_of_a_chunk(tmp_path: Path) -> None:
    path = write(tmp_path, "".join(f">{i}\n{'ACGT' * 5}\n" for i in range(20_000)))
    sizes = [len(chunk.codes) for chunk in SequenceFile(path, 5)]
    assert sizes == [stream.CHUNK, stream.CHUNK, 20_000 - 2 * stream.CHUNK] and np.sum(sizes) == 20_000


def test_work_is_done_ahead_and_in_order() -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for i in range(9):
            read.append(i)
            yield i

    doubled = ahead(lambda i: 2 * i, items())
    assert next(doubled) == 0 and read == list(range(2 * stream.AHEAD))
    assert list(doubled) == list(range(2, 18, 2)) and list(ahead(str, [])) == []
    with pytest.raises(ZeroDivisionError):
        list(ahead(lambda i: 1 // i, [1, 0]))


def test_parts_of_a_chunk_keep_its_order() -> None:
    codes = np.arange(10, dtype=np.uint8).reshape(5, 2) % 4
    whole = Chunk(Origins.nowhere(5, list("abcde")), codes, np.arange(5))
    parts = list(whole.parts(2))
    assert [part.origins.name.tolist() for part in parts] == [["a", "b"], ["c", "d"], ["e"]]
    assert np.array_equal(np.concatenate([part.codes for part in parts]), codes)
    assert np.concatenate([part.offset for part in parts]).tolist() == [0, 1, 2, 3, 4]
    (alone,) = whole.parts(9)
    assert np.array_equal(alone.codes, codes)


def test_more_threads_read_further_ahead() -> None:
    read: list[int] = []
    found = ahead(abs, (read.append(i) or i for i in range(20)), threads=3)
    assert next(found) == 0 and len(read) == 3 * stream.AHEAD and list(found) == list(range(1, 20))

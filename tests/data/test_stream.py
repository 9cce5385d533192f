import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from deepprune.data import stream
from deepprune.data.stream import SequenceFile, ahead, batches, guess_format
from deepprune.dna.codes import to_text
from deepprune.errors import InputError

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
    assert peaks.skipped == {"beyond_chromosome": 1, "unknown_contig": 1}


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
    assert next(doubled) == 0 and read == list(range(stream.AHEAD))
    assert list(doubled) == list(range(2, 18, 2)) and list(ahead(str, [])) == []
    with pytest.raises(ZeroDivisionError):
        list(ahead(lambda i: 1 // i, [1, 0]))

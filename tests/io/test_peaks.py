"""Peaks."""

import gzip
from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.io.peaks import read_peaks


def write(folder: Path, text: str, name: str = "peaks") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def narrow(chrom: str = "chr1", start: object = 10, end: object = 21, peak: object = 4) -> str:
    return f"{chrom}\t{start}\t{end}\t.\t1000\t.\t7.5\t-1\t3.2\t{peak}\n"


def test_narrowpeak(tmp_path: Path) -> None:
    text = "track type=narrowPeak\n#comment\n" + narrow() + "\n" + narrow("chr2", peak=-1) + narrow(peak=0)
    path = tmp_path / "a.narrowPeak.gz"
    path.write_bytes(gzip.compress(text.replace("\n", "\r\n").encode()))
    table = read_peaks(path, "narrowpeak")
    assert list(table.columns) == ["chrom", "start", "end", "summit", "name", "strand"]
    assert table.to_numpy().tolist() == [
        ["chr1", 10, 21, 14, "chr1:10-21", "."],
        ["chr2", 10, 21, 15, "chr2:10-21", "."],
        ["chr1", 10, 21, 10, "chr1:10-21", "."],
    ]


def test_bed_with_tabs_or_spaces(tmp_path: Path) -> None:
    path = write(tmp_path, "browser position chr1\nchr1\t10\t21\nchr1 0 4 name 0 +\nchr1\t5\t5\tempty name\n")
    assert read_peaks(path, "bed").to_numpy().tolist() == [
        ["chr1", 10, 21, 15, "chr1:10-21", "."],
        ["chr1", 0, 4, 2, "name", "+"],
        ["chr1", 5, 5, 5, "empty name", "."],
    ]


@pytest.mark.parametrize("header", ["chrom\tstart\tend\tname", "Chr Start End", "#x\ntrack y\nseqnames\tstart\tend\r"])
def test_a_header_is_told_from_a_bad_row(tmp_path: Path, header: str) -> None:
    path = write(tmp_path, f"{header}\nchr1\t10\t21\nchr1\t30\t41\n")
    number, shown = header.count("\n") + 1, " ".join(header.split("\n")[-1].split())
    with pytest.raises(InputError) as caught:
        read_peaks(path, "bed")
    assert str(caught.value) == (
        f"{path}, line {number}: {shown!r} looks like a header; remove the line, or begin it with #"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chr1\tx\t21\nchr1\t10\t21\n", "line 1: start is 'x'"),  # the end is a number
        ("chrom\tstart\tend\n", "line 1: start is 'start'"),  # nothing below
        ("chrom\tstart\tend\nchr1\tx\t21\n", "line 1: start is 'start'"),
        ("chr1\t10\t21\nchrom\tstart\tend\n", "line 2: start is 'start'"),
        ("chr1\t1.5\t2.5\nchr1\t10\t21\n", "line 1: start is '1.5'"),
        ("chr1\nchr1\t10\t21\n", "line 1: 1 fields"),
    ],
)
def test_rows_that_are_no_header(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_peaks(write(tmp_path, text), "bed")


@pytest.mark.parametrize(
    ("cells", "name", "strand"),
    [
        ("", "chr1:3-9", "."),
        ("\tp1", "p1", "."),
        ("\t.\t0\t-", "chr1:3-9", "-"),
        ("\t \t0\t+", "chr1:3-9", "+"),
        ("\tπ\t0\t3\tx", "π", "."),
    ],
)
def test_name_and_strand(tmp_path: Path, cells: str, name: str, strand: str) -> None:
    (peak,) = read_peaks(write(tmp_path, f"chr1\t3\t9{cells}\n"), "bed").to_dict("records")
    assert (peak["name"], peak["strand"]) == (name, strand)


@pytest.mark.parametrize(
    ("format", "text", "parts"),
    [
        ("narrowpeak", "", ["is empty"]),
        ("bed", "track name=x\n", ["is empty"]),
        ("narrowpeak", narrow() + "chr1\t10\t20\n", ["line 2", "3 fields", "narrowpeak has at least 10"]),
        ("bed", "chr1\t10\n", ["line 1", "2 fields", "bed has at least 3"]),
        ("narrowpeak", narrow(start=30), ["line 1", "from 30 to 21"]),
        ("bed", "chr1\t10\t20\nchr1\t-1\t20\n", ["line 2", "from -1 to 20"]),
        ("bed", "chr1\tten\t20\n", ["line 1", "start is 'ten'"]),
        ("bed", "chr1\t10\t2e3\n", ["line 1", "end is '2e3'"]),
        ("narrowpeak", narrow(peak="."), ["line 1", "peak is '.'"]),
        ("narrowpeak", narrow(peak=-2), ["line 1", "offset is -2"]),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, format: str, text: str, parts: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_peaks(path, format)
    message = str(caught.value)
    assert "\n" not in message and str(path) in message
    assert [part for part in parts if part not in message] == [], message

"""DeepBind's sequence tables."""

import gzip
from pathlib import Path

import pytest
from options import DEFAULT

from deepprune.data.sheet import read_sheets
from deepprune.errors import InputError
from deepprune.io.deepbind import SUFFIXES, read_seqgz, seqgz_sheet
from deepprune.io.fasta import Record

HEADER = "FoldID\tEventID\tseq\tBound\n"
CHIPSEQ = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "chipseq"


def write(folder: Path, ac: str, b: str = HEADER + "B\tp3\tGGG\t1\n") -> Path:
    """Write both files and return their prefix, which holds parentheses as DeepBind's do."""
    prefix = folder / "X_(1)"
    for suffix, text in (("_AC", ac), ("_B", b)):
        (folder / f"X_(1){suffix}.seq.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    return prefix


def complaint(prefix: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_seqgz(prefix)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_bound_sequences_of_both_files(tmp_path: Path) -> None:
    prefix = write(tmp_path, HEADER + "A\tp1\tACGT\t1\nA\ts1\tTTTT\t0\n\nC\tp2\tccn\t1\n")
    assert read_seqgz(prefix) == [Record("p1", "ACGT"), Record("p2", "ccn"), Record("p3", "GGG")]


def test_columns_go_by_name(tmp_path: Path) -> None:
    assert read_seqgz(write(tmp_path, "Bound\tseq\tEventID\n1\tAC\tx\n"))[0] == Record("x", "AC")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["X_(1)_AC.seq.gz is empty"]),
        ("FoldID\tEventID\tBound\n", ["line 1", "column seq is missing"]),
        ("FoldID\tEventID\tseq\n", ["line 1", "column Bound is missing"]),
        (HEADER + "A\tp1\tACGT\n", ["line 2", "3 cells under 4 columns"]),
        (HEADER + "A\tp1\tACGT\t1\nA\tp1\tACGT\t0.5\n", ["line 3", "Bound is '0.5'"]),
        (HEADER + "A\tp1\tACJT\t1\n", ["line 2", "'J' is no DNA letter"]),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, parts: list[str]) -> None:
    message = complaint(write(tmp_path, text))
    assert [part for part in parts if part not in message] == [], message


def test_missing_and_truncated_file(tmp_path: Path) -> None:
    prefix = write(tmp_path, HEADER + "A\tp1\tACGT\t1\n" * 500)
    ac = tmp_path / "X_(1)_AC.seq.gz"
    ac.write_bytes(ac.read_bytes()[:-10])
    assert "X_(1)_AC.seq.gz is a truncated or damaged gzip file" in complaint(prefix)
    ac.unlink()
    assert "No such file" in complaint(prefix)


def test_sheet_of_a_folder(tmp_path: Path) -> None:
    prefix = write(tmp_path, HEADER)
    (tmp_path / "Y_K562_AC.seq.gz").write_bytes(b"")  # without its other half
    header, row = seqgz_sheet(tmp_path).splitlines()
    assert header == "dataset\tformat\tpath\tgenome\ttarget\tcell_type"
    assert row.split("\t") == ["X_1", "seqgz", str(prefix), "", "X", "(1)"]
    for suffix in ("AC", "B"):
        (tmp_path / f"X_1_{suffix}.seq.gz").write_bytes(b"")
    with pytest.raises(InputError, match="two data sets would be called X_1"):
        seqgz_sheet(tmp_path)
    with pytest.raises(InputError, match="there is no pair of files"):
        seqgz_sheet(tmp_path / "nowhere")


@pytest.mark.skipif(not CHIPSEQ.is_dir(), reason="../shared/data/chipseq is absent")
def test_real_tables_hold_the_peaks_of_their_readme() -> None:
    for name, peaks in (("SERBP1_H1-hESC_HudsonAlpha", 2585), ("ELK1_GM12878_ELK1_(1277-1)_Stanford", 5584)):
        records = read_seqgz(CHIPSEQ / name)
        assert len(records) == peaks
        assert {len(record.sequence) for record in records} == {101}
        assert all(record.name.endswith("_peak") for record in records)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a\tfasta\t/etc/passwd", r"a\\tfasta\\t.* cannot be printed; rename"),
        ("a\nb", r"a\\nb_AC.seq.gz: a character of this path cannot be printed"),
        ("\udcff", "cannot be printed"),
        ("é", "nothing of this file's name can name a data set"),
    ],
    ids=["tab", "line", "bytes", "nothing"],
)
def test_a_file_name_makes_no_cells_or_rows(tmp_path: Path, name: str, message: str) -> None:
    name = name.replace("/", "\N{DIVISION SLASH}")
    for suffix in SUFFIXES:
        (tmp_path / f"{name}{suffix}").write_bytes(b"")
    with pytest.raises(InputError, match=message):
        seqgz_sheet(tmp_path)


@pytest.mark.parametrize("name", ["-rf", "..a", "$(touch x)", "a'\"b", "<b>", "#x"])
def test_odd_file_names_become_rows_that_are_read(tmp_path: Path, name: str) -> None:
    for suffix in SUFFIXES:
        (tmp_path / f"{name}{suffix}").write_bytes(b"")
    (tmp_path / "sheet.tsv").write_text(seqgz_sheet(tmp_path))
    (row,) = read_sheets(tmp_path / "sheet.tsv", DEFAULT).to_dict("records")
    assert row["path"] == str(tmp_path / name)

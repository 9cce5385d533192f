"""Opening, replacing and joining files."""

import gzip
import io
import os
import sys
import time
from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.io.files import (
    concatenate,
    is_gzip,
    make_folder,
    open_bytes,
    open_text,
    remove_leftovers,
    safe_name,
    settle_times,
    write_atomic,
)

TEXT = ">a\nACGT\n" * 2000


def complaint(path: Path | str) -> str:
    """Return the one line that reading a file gives."""
    with pytest.raises(InputError) as caught, open_text(path) as file:
        file.read()
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
@pytest.mark.parametrize("packed", [False, True])
def test_plain_and_gzip_whatever_the_name(tmp_path: Path, name: str, packed: bool) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(TEXT.encode()) if packed else TEXT.encode())
    assert is_gzip(path) is packed
    with open_text(path) as file:
        assert file.read() == TEXT
    with open_bytes(path) as binary:
        assert binary.read() == TEXT.encode()


def test_members_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress("\ufeffa\r\n".encode()) + gzip.compress(b"b\n"))
    with open_text(path) as file:
        assert list(file) == ["a\n", "b\n"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BufferedReader(io.BytesIO(gzip.compress(b"abc\n")))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(packed))
    with open_text("-") as file:
        assert file.read() == "abc\n"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "No such file" in complaint(tmp_path / "none.txt")
    assert "directory" in complaint(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        is_gzip(tmp_path / "none")


@pytest.mark.parametrize("length", [2, 9, 15, -9, -4])
def test_truncated_gzip(tmp_path: Path, length: int) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(TEXT.encode())[:length])
    assert "truncated or damaged gzip" in complaint(path)


def test_damaged_gzip(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(os.urandom(500).hex().encode()))
    packed[200] ^= 0xFF
    path = tmp_path / "a.gz"
    path.write_bytes(packed)
    assert "truncated or damaged gzip" in complaint(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0", "ACGT".encode("utf-16"), b"ACGT\xff\n"])
def test_what_is_not_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert "not a text file" in complaint(path)


def test_errors_of_the_reader_pass_through(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(KeyError), open_text(tmp_path / "a"):
        raise KeyError


def test_atomic_write(tmp_path: Path) -> None:
    target = tmp_path / "table.tsv"
    target.write_text("old")
    with write_atomic(target) as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path, ".tsv")
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.tsv"
    target.write_text("old")
    with pytest.raises(RuntimeError), write_atomic(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["table.tsv", "a[1]*.tsv", "x" * 250 + ".tsv"])
def test_leftovers_of_a_killed_process_are_found_by_the_name_of_their_file(tmp_path: Path, name: str) -> None:
    target, others = tmp_path / name, [tmp_path / "table.tsv2", tmp_path / ".table.tsv", tmp_path / ".tab~1.tsv"]
    for other in others:
        other.touch()
    with write_atomic(target) as temporary:
        temporary.write_text("half")
        left = temporary.with_name(temporary.name.replace("~", "~0"))
        left.write_text("what was killed")
    remove_leftovers(target)
    assert sorted(tmp_path.iterdir()) == sorted([target, *others])


def test_files_from_the_future_keep_their_order(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    ahead = {"b": 3600, "below/c": 7200, "a": 1800, "past": -3600}
    for name, seconds in ahead.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, time.time() + seconds))
    before = (tmp_path / "past").stat().st_mtime_ns
    settle_times(tmp_path)
    times = {name: (tmp_path / name).stat().st_mtime_ns for name in ahead}
    assert times["past"] == before
    assert times["past"] < times["a"] < times["b"] < times["below/c"] <= time.time_ns()
    settle_times(tmp_path / "none")


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    target = tmp_path / "a"
    with write_atomic(target) as first, write_atomic(target) as second:
        first.write_text("first")
        second.write_text("second")
    assert target.read_text() == "first"


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder"), write_atomic(tmp_path / "none" / "a"):
        pass


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(InputError, match="exists and is not a file"), write_atomic(path):
            pass
    assert list(tmp_path.iterdir()) == [tmp_path / "pipe"]


def test_folder_is_made_or_refused(tmp_path: Path) -> None:
    for _ in range(2):
        assert make_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file is a file, not a folder"):
        make_folder(tmp_path / "file")
    with pytest.raises(InputError, match="cannot be made"):
        make_folder(tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MA0139.2", "MA0139.2"),
        ("a/b\\c", "a_b_c"),
        ("..", "_."),
        (".", "_"),
        ("../../x", "_._.._x"),
        ("-rf *", "_rf__"),
        ("\N{GREEK SMALL LETTER ALPHA}\0\n", "___"),
        ("x" * 300, "x" * 200),
    ],
)
def test_names_stay_in_their_folder(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_what_the_system_refuses_is_one_line() -> None:
    with (
        pytest.raises(InputError, match=r"^/proc/table.tsv cannot be written: No such file or directory; give another"),
        write_atomic("/proc/table.tsv") as temporary,
    ):
        temporary.write_text("x")
    with pytest.raises(FileNotFoundError, match="elsewhere"), write_atomic("/tmp/table.tsv"):
        Path("/proc/elsewhere").read_text()


def test_concatenated_cells_stay_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("x\ty\n1.50\tNA\n")
    (tmp_path / "b.tsv").write_text("x\ty\n007\t\n")
    (tmp_path / "empty.tsv").write_text("x\ty\n")
    concatenate([tmp_path / "a.tsv", tmp_path / "empty.tsv", tmp_path / "b.tsv"], tmp_path / "all.tsv")
    assert (tmp_path / "all.tsv").read_text() == "x\ty\n1.50\tNA\n007\t\n"
    (tmp_path / "other.tsv").write_text("x\tz\n1\t2\n")
    with pytest.raises(ValueError, match="other columns"):
        concatenate([tmp_path / "a.tsv", tmp_path / "other.tsv"], tmp_path / "all.tsv")
    assert "007" in (tmp_path / "all.tsv").read_text()


@pytest.mark.parametrize("there", [True, False], ids=["file", "dangling"])
def test_a_link_is_replaced_and_never_written_through(tmp_path: Path, there: bool) -> None:
    elsewhere, target = tmp_path / "elsewhere", tmp_path / "table.tsv"
    if there:
        elsewhere.write_text("mine")
    target.symlink_to(elsewhere)
    with write_atomic(target) as temporary:
        temporary.write_text("new")
    assert target.read_text() == "new" and not target.is_symlink()
    assert (elsewhere.read_text() if there else not elsewhere.exists()) in ("mine", True)

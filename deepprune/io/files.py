"""Plain and gzip files: opening, replacing, joining.

gzip: RFC 1952, https://www.rfc-editor.org/rfc/rfc1952
"""

import glob
import gzip
import hashlib
import io
import os
import re
import secrets
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

from deepprune.errors import InputError

GZIP_MAGIC = b"\x1f\x8b"
HEAD = 1024
MILLISECOND = 1_000_000  # ns; file systems keep no finer times
# Longest file name before its suffix; file systems allow 255 bytes in all.
NAME_LETTERS = 200


@contextmanager
def open_text(path: str | Path) -> Iterator[TextIO]:
    """Open a text file, plain or gzip whatever its name; "-" is standard input.

    InputError, when it is opened or while it is read, if the file is missing, a folder, unreadable, truncated or not
    text.
    """
    with open_bytes(path) as binary:
        if b"\0" in binary.peek(HEAD)[:HEAD]:  # also in UTF-16
            raise InputError(f"{path} is not a text file; plain text or gzip is needed")
        try:
            with io.TextIOWrapper(binary, encoding="utf-8-sig") as text:
                yield text
        except UnicodeDecodeError:
            raise InputError(f"{path} is not a text file in UTF-8; plain text or gzip is needed") from None


@contextmanager
def open_bytes(path: str | Path) -> Iterator[io.BufferedReader | gzip.GzipFile]:
    """Open a file for its bytes, decompressed if it is gzip; "-" is standard input. InputError as for open_text."""
    try:
        raw = sys.stdin.buffer if str(path) == "-" else Path(path).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise unreadable(path, error) from None
    with cast(io.BufferedReader, raw) as raw:
        try:
            yield gzip.GzipFile(fileobj=raw) if raw.peek(2).startswith(GZIP_MAGIC) else raw
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise InputError(f"{path} is a truncated or damaged gzip file; fetch it again") from None


def is_gzip(path: str | Path) -> bool:
    """Return whether a file is gzip (bgzip included), whatever its name."""
    try:
        with Path(path).open("rb") as file:
            return file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: str | Path, error: OSError) -> InputError:
    """Return the error for a file that cannot be opened."""
    return InputError(f"{path}: {error.strerror}; correct the path or make the file readable")


def why_no_file(path: str | Path, remedy: str) -> str:
    """Say why a path is none of a file that can be read twice, and what to do; remedy: where nothing is there."""
    # Functions of Path raise for names that are too long.
    if os.path.isdir(path):  # noqa: PTH112
        return "is a folder; name the file in it"
    if os.path.islink(path) and not os.path.exists(path):  # noqa: PTH110, PTH114
        return f"is a link to {Path(path).readlink()}, where there is no file; mend the link"
    if os.path.exists(path):  # noqa: PTH110
        return "is a pipe or a device, which can be read once only; write its content into a file"
    return f"is missing; {remedy}"


@contextmanager
def write_atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder, with the same suffix; rename it on success, remove it on failure.

    An older file of that name stays intact until then, and the new one is on the disk when it gets its name. InputError
    if the folder does not exist, if the path is a folder or device, or if the system refuses to write it.
    """
    path = Path(path)
    check_target(path)
    temporary = path.with_name(f"{_temporary_name(path)}{secrets.token_hex(8)}{path.suffix}")
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except OSError as error:
        # Errors of other files, or of no file at all, are raised as they are.
        if error.errno is None or error.filename not in (None, str(temporary)):
            raise
        raise InputError(f"{path} cannot be written: {error.strerror}; give another path or make room") from None
    finally:
        temporary.unlink(missing_ok=True)


def check_target(path: str | Path) -> None:
    """Raise InputError if a file cannot be written: if its folder does not exist, or if it is a folder or device."""
    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it or correct the path")
    if path.exists() and not path.is_file():
        raise InputError(f"{path} exists and is not a file; give another path")


def remove_leftovers(path: str | Path) -> None:
    """Remove what write_atomic left of a file when its process was killed.

    A process that is still writing fails then: call this only when no other process should be writing.
    """
    path = Path(path)
    for leftover in path.parent.glob(f"{glob.escape(_temporary_name(path))}*"):
        leftover.unlink(missing_ok=True)


def settle_times(folder: str | Path) -> None:
    """Give files with times in the future the present time, in their order.

    A clock that was set back leaves such files. Snakemake requires outputs to be newer than their inputs, which is
    impossible for inputs from the future.
    """
    now = time.time_ns()
    times = [(path.stat().st_mtime_ns, path) for path in Path(folder).rglob("*") if path.is_file()]
    for place, (_, path) in enumerate(sorted(pair for pair in times if pair[0] > now)[::-1]):
        os.utime(path, ns=(now - place * MILLISECOND, now - place * MILLISECOND))


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _temporary_name(path: Path) -> str:
    """Return the beginning of the names of temporary files for this file and for no other."""
    return f".{path.name[:NAME_LETTERS]}~"


def concatenate(paths: Iterable[str | Path], path: str | Path) -> None:
    """Write the lines of several tables as one table; ValueError if their header lines differ."""
    columns = ""
    with write_atomic(path) as temporary, temporary.open("w", encoding="utf-8") as whole:
        for part in paths:
            first, _, rows = Path(part).read_text(encoding="utf-8").partition("\n")
            if not columns:
                columns = first
                whole.write(f"{columns}\n")
            if first != columns:
                raise ValueError(f"{part} has other columns than the tables before it")
            whole.write(rows)


def make_folder(path: str | Path) -> Path:
    """Make a folder and its parents if they do not exist; InputError if that fails."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError(f"{path} is a file, not a folder; give another path") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; this folder cannot be made, give another path") from None
    return Path(path)


def safe_name(name: str) -> str:
    """Return a name as a file name that stays in its folder, needs no quotes, and leaves room for suffixes."""
    return re.sub(r"^[.-]|[^\w.+=-]", "_", name, flags=re.ASCII)[:NAME_LETTERS]

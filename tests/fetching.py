"""Shared by tests of downloads: a server of one file, a target, and the files that a fetch leaves."""

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
from server import Server

from deepprune.errors import InputError
from deepprune.sources.download import download

# Bytes that do not compress, so that a file of many blocks stays one.
CONTENT = random.Random(1).randbytes(300_000)
PACKED = gzip.compress(CONTENT, mtime=0)
NAME = "peaks.gz"
QUICK: dict[str, Any] = {"timeout": 0.3, "tries": 3, "backoff": 0.001}


def fetch(server: Server, target: Path, checked: bool = True, **options: Any) -> None:
    """Fetch the file of the target's name, with the server's own md5sum.txt."""
    checksums = server.folder / "md5sum.txt" if checked else None
    download(f"{server.url}/{target.name}", target, checksums, **(QUICK | options))


def complaint(server: Server, target: Path, *parts: str, **options: Any) -> str:
    """Fetch in vain; check the one line, and that no file of that name came to be. Returns the line."""
    with pytest.raises(InputError) as caught:
        fetch(server, target, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert not target.with_name(f"{target.name}.part").exists() or "broke off" in message or "another" in message
    assert [part for part in (target.name, *parts) if part not in message] == [], message
    assert not target.exists()
    return message


def names(target: Path) -> list[str]:
    """Return what lies in the target's folder."""
    return sorted(path.name for path in target.parent.iterdir())

"""A server of one file, and the path of the fetched file."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fetching import NAME, PACKED
from server import Server, serving, write_md5sums


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a server of one file with its md5sum.txt; proxies of the environment are left out."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / NAME).write_bytes(PACKED)
    write_md5sums(tmp_path / "mirror")
    with serving(tmp_path / "mirror") as server:
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return where the file is to go, in a folder of its own."""
    (tmp_path / "downloads").mkdir()
    return tmp_path / "downloads" / NAME

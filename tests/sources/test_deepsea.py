"""DeepSEA's bundle from a server: fetched, resumed, unpacked."""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bundled import contents, pack, write_bundle
from server import Server, serving

from deepprune.errors import InputError
from deepprune.sources import download
from deepprune.sources.deepsea import BUNDLE, FOLDER, PARTS, fetch_bundle, fetched_bundle, unpack_bundle

TARGET = f"{FOLDER}/{BUNDLE}"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a server of a small bundle; the working folder is ready for downloads."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    write_bundle(tmp_path / "bundle", contents())
    (tmp_path / "mirror").mkdir()
    pack(tmp_path / "bundle", tmp_path / "mirror" / BUNDLE)
    (tmp_path / FOLDER).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path / "mirror") as server:
        yield server


def fetch(server: Server) -> None:
    fetch_bundle(TARGET, {"deepsea": f"{server.url}/"}, io.StringIO())


def names() -> list[str]:
    return sorted(path.name for path in Path(FOLDER).iterdir())


def unpack(bundle: str = TARGET) -> None:
    unpack_bundle(bundle, {name: f"{FOLDER}/{name}" for name in PARTS})


def test_an_empty_path_stands_for_the_fetched_bundle() -> None:
    row = fetched_bundle({"dataset": "x", "path": ""}, "ucsc")
    assert row == {"dataset": "x", "path": "resources/downloads/deepsea"}


def test_without_a_list_of_sums(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    fetch(server)
    assert names() == [BUNDLE] and Path(TARGET).read_bytes() == (server.folder / BUNDLE).read_bytes()
    assert [path for path, _ in server.requests] == ["/md5sum.txt", f"/{BUNDLE}"]
    assert "no md5 sum: " in (said := capsys.readouterr().out) and "form as expected" in said


def test_with_a_list_of_sums(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    digest = hashlib.md5((server.folder / BUNDLE).read_bytes()).hexdigest()
    (server.folder / "md5sum.txt").write_text(f"{digest}  {BUNDLE}\n")
    fetch(server)
    assert "md5 sum as listed" in capsys.readouterr().out
    Path(TARGET).unlink()
    (Path(FOLDER) / "md5sum.txt").unlink()
    (server.folder / "md5sum.txt").write_text(f"{'0' * 32}  {BUNDLE}\n")
    with pytest.raises(InputError, match=f"has the md5 sum {digest}, but 0"):
        fetch(server)
    assert names() == ["md5sum.txt"]


def test_a_list_without_the_bundle(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (server.folder / "md5sum.txt").write_text(f"{'0' * 32}  other.gz\n")
    fetch(server)
    assert "form as expected" in capsys.readouterr().out


def test_a_broken_transfer_goes_on(server: Server) -> None:
    server.faults.extend(["", "cut", "cut"])
    fetch(server)
    assert Path(TARGET).read_bytes() == (server.folder / BUNDLE).read_bytes()
    assert [headers.get("Range", "")[:6] for _, headers in server.requests] == ["", "", "bytes=", "bytes="]


def test_another_run_goes_on(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def once(*arguments: Any, **options: Any) -> None:
        whole(*arguments, **options, tries=1, backoff=0.001)

    whole = download.download
    monkeypatch.setattr(download, "download", once)
    server.faults.extend(["", "cut"])
    with pytest.raises(InputError, match="broke off"):
        fetch(server)
    assert names() == [f"{BUNDLE}.part", f"{BUNDLE}.part.from"]
    fetch(server)
    assert names() == [BUNDLE]
    assert server.requests[-1][1]["Range"].startswith("bytes=")


def test_unpacked_by_name(server: Server) -> None:
    unpack(str(server.folder / BUNDLE))
    assert names() == sorted(PARTS)
    for name in PARTS:
        assert (Path(FOLDER) / name).read_bytes() == (server.folder.parent / "bundle" / name).read_bytes()


def test_a_bundle_that_is_cut_off_leaves_nothing(server: Server) -> None:
    content = (server.folder / BUNDLE).read_bytes()
    for size in (0, 5, 1000, len(content) // 2, len(content) * 9 // 10):
        Path(TARGET).write_bytes(content[:size])
        with pytest.raises(InputError, match=r"v0\.9\.tar\.gz cannot be unpacked \(.*\); remove it, and it is fetched"):
            unpack()
        assert names() == [BUNDLE]


def test_a_bundle_without_a_file_leaves_nothing(server: Server) -> None:
    (server.folder.parent / "bundle/valid.mat").unlink()
    pack(server.folder.parent / "bundle", Path(TARGET))
    with pytest.raises(InputError, match=r"holds no valid\.mat; give the bundle"):
        unpack()
    assert names() == [BUNDLE]


def test_nothing_but_the_files_is_taken(server: Server, tmp_path: Path) -> None:
    with tarfile.open(TARGET, "w:gz") as archive:
        for name in ("../../evil", "/tmp/evil", "a/../../test.mat"):
            info = tarfile.TarInfo(name)
            info.size = 4
            archive.addfile(info, io.BytesIO(b"text"))
        link = tarfile.TarInfo("train.mat")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name in PARTS:
            archive.add(server.folder.parent / "bundle" / name, f"x/{name}")
    unpack()
    assert names() == sorted([BUNDLE, *PARTS])
    assert (Path(FOLDER) / "test.mat").read_bytes() == b"text"  # the first of that name, in its own place
    assert not (Path(FOLDER) / "train.mat").is_symlink()

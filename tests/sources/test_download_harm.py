"""Fetching from a malicious server or into a malicious folder."""

import tracemalloc
from pathlib import Path

import pytest
from fetching import NAME, PACKED, complaint, fetch, names
from server import Server

from deepprune.sources.download import fault


@pytest.mark.parametrize("scheme", ["file://", "ftp://127.0.0.1", "data:text/plain,", "gopher://127.0.0.1"])
def test_redirects_lead_to_web_servers_alone(server: Server, target: Path, tmp_path: Path, scheme: str) -> None:
    (tmp_path / NAME).write_bytes(PACKED)
    server.faults.append({"Location": f"{scheme}{tmp_path / NAME}"})
    complaint(server, target, "cannot be reached")
    assert names(target) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Length": "9" * 5000},
        {"Content-Length": "-1"},
        {"ETag": '"' + "x" * 5000 + '"'},
        {"Content-Disposition": 'attachment; filename="../../evil"'},
        {"Content-Encoding": "gzip"},
    ],
    ids=["long number", "negative", "long version", "name", "encoding"],
)
def test_no_header_decides_where_bytes_go_or_what_they_are(
    server: Server, target: Path, tmp_path: Path, headers: dict[str, str]
) -> None:
    server.faults.append(headers)
    fetch(server, target)
    assert target.read_bytes() == PACKED and names(target) == [NAME]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["downloads", "mirror"]


@pytest.mark.parametrize("name", ["../peaks.gz", "/etc/peaks.gz", "./../peaks.gz", "sub/peaks.gz"])
def test_names_in_a_list_of_checksums_are_looked_up_and_nothing_else(server: Server, target: Path, name: str) -> None:
    (server.folder / "md5sum.txt").write_text(f"{'0' * 32}  {name}\n")
    complaint(server, target, f"{NAME} is not listed in")
    assert server.requests == []


@pytest.mark.parametrize("name", [NAME, f"{NAME}.part", f"{NAME}.part.from"])
@pytest.mark.parametrize("there", [True, False], ids=["file", "dangling"])
def test_links_are_replaced_and_never_written_through(
    server: Server, target: Path, tmp_path: Path, name: str, there: bool
) -> None:
    elsewhere = tmp_path / "elsewhere"
    if there:
        elsewhere.write_bytes(b"mine")
    target.with_name(name).symlink_to(elsewhere)
    server.faults.append("cut")  # so that all three are used
    fetch(server, target)
    assert target.read_bytes() == PACKED and names(target) == [NAME] and not target.is_symlink()
    assert (elsewhere.read_bytes() if there else not elsewhere.exists()) in (b"mine", True)


def test_a_file_of_one_line_is_not_read_whole_to_see_its_form(tmp_path: Path) -> None:
    (tmp_path / "train.data").write_bytes(b">name " + b"A" * 50_000_000 + b" 1\n")
    tracemalloc.start()
    try:
        assert fault(tmp_path / "train.data", "train.data", "").startswith("starts with '>name AAAA")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()

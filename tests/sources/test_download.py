"""Fetching from a server that fails in every way: recovery, or one clear line and no file of that name."""

import gzip
import io
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from fetching import CONTENT, NAME, PACKED, QUICK, complaint, fetch, names
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server import Server

from deepprune import __version__
from deepprune.errors import InputError
from deepprune.sources.download import download, read_md5sums


def ranges(server: Server) -> list[str]:
    return [headers.get("Range", "") for _, headers in server.requests]


def test_file_comes_whole_and_under_its_name_alone(server: Server, target: Path) -> None:
    fetch(server, target)
    assert target.read_bytes() == PACKED
    assert names(target) == [NAME]
    ((path, headers),) = server.requests
    assert path == f"/{NAME}"
    assert headers["User-Agent"] == f"deepprune/{__version__}"
    assert headers["Accept-Encoding"] == "identity"


def test_file_that_is_there_and_right_costs_no_request(server: Server, target: Path) -> None:
    target.write_bytes(PACKED)
    fetch(server, target)
    fetch(server, target, checked=False)
    assert server.requests == []
    target.write_bytes(PACKED[:-1])
    fetch(server, target)
    assert target.read_bytes() == PACKED and len(server.requests) == 1
    # a wrong file is removed, even if no better one can be fetched
    target.write_bytes(PACKED[:-1])
    server.faults.append(404)
    complaint(server, target, "answers 404")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_passing_trouble_passes(server: Server, target: Path, status: int) -> None:
    server.faults.extend([status, status])
    fetch(server, target)
    assert target.read_bytes() == PACKED and len(server.requests) == 3


def test_redirect_is_followed(server: Server, target: Path) -> None:
    server.faults.append("redirect")
    fetch(server, target)
    assert target.read_bytes() == PACKED


def test_stall_is_given_up_and_asked_again(server: Server, target: Path) -> None:
    server.faults.append("stall")
    fetch(server, target)
    assert target.read_bytes() == PACKED


def test_cut_transfer_goes_on_where_it_stopped(server: Server, target: Path) -> None:
    server.faults.extend(["cut", "cut"])
    fetch(server, target)
    assert target.read_bytes() == PACKED
    half = len(PACKED) // 2
    assert ranges(server) == ["", f"bytes={half}-", f"bytes={half + (len(PACKED) - half) // 2}-"]


def test_later_call_goes_on_too(server: Server, target: Path) -> None:
    server.faults.append("cut")
    complaint(server, target, f"{server.url}/{NAME} broke off 1 times", f"of {len(PACKED)} bytes", tries=1)
    assert names(target) == [f"{NAME}.part", f"{NAME}.part.from"]
    fetch(server, target)
    assert target.read_bytes() == PACKED
    assert ranges(server)[-1] == f"bytes={len(PACKED) // 2}-"
    assert names(target) == [NAME]


@pytest.mark.parametrize("fault", ["whole", "shift"])
def test_server_without_proper_ranges(server: Server, target: Path, fault: str) -> None:
    server.faults.extend(["cut", fault])
    fetch(server, target)
    assert target.read_bytes() == PACKED


def test_changed_file_is_not_glued_to_the_old_one(server: Server, target: Path) -> None:
    server.faults.append("cut")
    complaint(server, target, tries=1)
    other = gzip.compress(CONTENT[::-1], mtime=0)
    (server.folder / NAME).write_bytes(other)
    fetch(server, target, checked=False)
    assert target.read_bytes() == other
    assert ranges(server)[-1].startswith("bytes=")


def test_part_of_another_address_is_not_gone_on_with(server: Server, target: Path) -> None:
    server.faults.append("cut")
    complaint(server, target, tries=1)
    (server.folder / "copy").mkdir()
    (server.folder / "copy" / NAME).write_bytes(PACKED)
    download(f"{server.url}/copy/{NAME}", target, server.folder / "md5sum.txt", **QUICK)
    assert target.read_bytes() == PACKED
    assert ranges(server)[-1] == ""


@pytest.mark.parametrize("sealed", [True, False])
def test_part_that_is_whole_or_wrong(server: Server, target: Path, sealed: bool) -> None:
    server.faults.append("cut")
    complaint(server, target, tries=1)
    part = target.with_name(f"{NAME}.part")
    part.write_bytes(PACKED if sealed else b"x" * (len(PACKED) + 5))
    fetch(server, target)
    assert target.read_bytes() == PACKED


def test_damaged_part_is_thrown_away(server: Server, target: Path) -> None:
    server.faults.append("cut")
    complaint(server, target, tries=1)
    target.with_name(f"{NAME}.part").write_bytes(b"x" * 1000)
    fetch(server, target)
    assert target.read_bytes() == PACKED
    assert ranges(server)[1:] == ["bytes=1000-", ""]


@pytest.mark.parametrize(
    ("faults", "parts"),
    [
        ([404], ["answers 404 Not Found, not 200", "check the data set's id"]),
        ([403], ["answers 403 Forbidden"]),
        ([500] * 9, ["answers 500 Internal Server Error, not 200", "try again later"]),
        (["stall"] * 9, ["cannot be reached (Read timed out"]),
        (["redirect"] * 40, ["cannot be reached (Exceeded 30 redirects"]),
        (["cut"] * 9, ["broke off 3 times", "mirror in the option sources"]),
        (["page"], ["has the md5 sum", "is listed", "remove", "md5sum.txt"]),
    ],
    ids=["404", "403", "500", "stall", "loop", "cut", "page"],
)
def test_lasting_trouble_is_one_line(server: Server, target: Path, faults: list[Any], parts: list[str]) -> None:
    server.faults.extend(faults)
    complaint(server, target, f"{server.url}/{NAME}", *parts)


def test_wrong_md5sums_say_what_was_expected_and_found(server: Server, target: Path) -> None:
    listed = server.folder / "md5sum.txt"
    right = read_md5sums(listed)[NAME]
    listed.write_text(f"{'0' * 32}  {NAME}\n")
    complaint(server, target, f"has the md5 sum {right}, but {'0' * 32} is listed", str(listed))
    assert names(target) == []


def test_file_that_is_not_listed_is_not_asked_for(server: Server, target: Path) -> None:
    complaint(server, target.with_name("other.gz"), "other.gz is not listed in", "check the data set's id")
    assert server.requests == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.gz", PACKED[:-20], "is no gzip file, or a truncated or damaged one"),
        ("a.gz", b"<html></html>", "is no gzip file"),
        ("train.data", b"<html></html>\n", "starts with '<html></html>\\n', not with '>name sequence label'"),
        ("test.data", b"", "starts with ''"),
        ("md5sum.txt", b"<html>\n</html>\n", "is no list of md5 sums"),
    ],
)
def test_without_a_checksum_the_form_is_checked(
    server: Server, target: Path, name: str, content: bytes, message: str
) -> None:
    (server.folder / name).write_bytes(content)
    complaint(server, target.with_name(name), message, checked=False)
    assert names(target) == []


def test_dead_server_and_unwritable_place(server: Server, target: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/{NAME}"
    with pytest.raises(InputError, match=r"cannot be reached \(\[Errno 111\] Connection refused\); check network"):
        download(url, target, **QUICK)
    assert names(target) == []
    with pytest.raises(InputError, match="No such file or directory"):
        download(f"{server.url}/{NAME}", target.parent / "none" / NAME, **QUICK)


def test_proxy_of_the_environment_is_used(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    download(f"http://mirror.example/{NAME}", target, server.folder / "md5sum.txt", **QUICK)
    assert target.read_bytes() == PACKED
    assert [path for path, _ in server.requests] == [f"http://mirror.example/{NAME}"]


def test_dead_proxy_is_told_from_a_dead_server(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free.getsockname()[1]}")
    message = complaint(server, target, "the proxy does not answer: [Errno 111] Connection refused)")
    assert message.endswith("; check network, proxy and the option sources")


def test_killed_download_goes_on_and_ends_with_the_same_bytes(server: Server, target: Path) -> None:
    server.faults.append("drip")
    program = f"from deepprune.sources.download import download\ndownload({server.url + '/' + NAME!r}, {str(target)!r})"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL) as process:
        part = target.with_name(f"{NAME}.part")
        deadline = time.monotonic() + 20
        while (not part.exists() or part.stat().st_size == 0) and time.monotonic() < deadline:
            time.sleep(0.01)
        # meanwhile no other process writes into it
        complaint(server, target, "is being fetched by another process")
        process.send_signal(signal.SIGKILL)
    fetched = part.stat().st_size
    assert 0 < fetched < len(PACKED) and not target.exists()
    fetch(server, target)
    assert target.read_bytes() == PACKED
    assert ranges(server)[-1] == f"bytes={fetched}-"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [io.StringIO, Terminal])
def test_bar_on_a_terminal_and_lines_in_the_log(
    server: Server, target: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, terminal: Any
) -> None:
    monkeypatch.setattr("deepprune.sources.download.BAR_AFTER", 0)
    shown = terminal()
    fetch(server, target, terminal=shown)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{NAME}: 0 of {len(PACKED):,} bytes"
    assert lines[-1] == f"{NAME}: {len(PACKED):,} bytes, md5 sum as listed"
    assert (NAME in shown.getvalue()) == (terminal is Terminal)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=st.lists(st.sampled_from([500, 503, "cut", "whole", "shift", "redirect", "page", ""]), max_size=5))
def test_whatever_happens_the_file_is_right_or_absent(server: Server, target: Path, faults: list[Any]) -> None:
    server.faults.clear()
    server.faults.extend(faults)
    for left in target.parent.iterdir():
        left.unlink()
    try:
        fetch(server, target)
    except InputError as error:
        assert "\n" not in str(error) and not target.exists()
        server.faults.clear()
        fetch(server, target)
    assert target.read_bytes() == PACKED
    assert names(target) == [NAME]


def test_md5sums_are_read_in_the_forms_that_md5sum_writes(tmp_path: Path) -> None:
    path = tmp_path / "md5sum.txt"
    path.write_text(f"{'a' * 32}  one\n{'B' * 32} *two.gz\n{'c' * 32}  ./three\nshort  four\n# five\n")
    assert read_md5sums(path) == {"one": "a" * 32, "two.gz": "b" * 32, "three": "c" * 32}

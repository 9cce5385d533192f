"""The audit of locked packages: pip-audit itself, against a local service instead of the public one."""

import itertools
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# In the form of https://ossf.github.io/osv-schema/ ; the hole is made up.
HOLE = {
    "id": "TEST-1",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}

pytest.importorskip("pip_audit")


class Service(BaseHTTPRequestHandler):
    """Knows of a hole in jinja2, and of none in what else is asked for."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"vulns": [HOLE]} if asked["package"]["name"] == "jinja2" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Return a file of two packages as they stand in requirements.lock."""
    lines = (ROOT / "requirements.lock").read_text().splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line[:1].isalnum()] + [len(lines)]
    chosen = [
        "".join(lines[start:end])
        for start, end in itertools.pairwise(starts)
        if lines[start].startswith(("jinja2==", "markupsafe=="))
    ]
    (tmp_path / "lock").write_text("".join(chosen))
    return tmp_path / "lock"


def audit(lock: Path, url: str) -> list[str]:
    """Return what the report prints."""
    command = [sys.executable, str(ROOT / ".ci/audit.py"), str(lock), "--vulnerability-service=osv", f"--osv-url={url}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_hole_is_printed_and_fails_nothing(lock: Path, service: str) -> None:
    first, last = audit(lock, service)
    assert first.startswith("audit: jinja2 ") and first.endswith(": TEST-1, mended in 99.1")
    assert last == "audit: 1 known hole in the 2 of 2 packages that the service knows"


def test_no_hole(lock: Path, service: str) -> None:
    lock.write_text(lock.read_text()[lock.read_text().index("markupsafe==") :])
    assert audit(lock, service) == ["audit: 0 known holes in the 1 of 1 packages that the service knows"]


def test_without_a_service_one_line_says_so(lock: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        (line,) = audit(lock, f"http://127.0.0.1:{free.getsockname()[1]}")
    assert line.startswith("audit: ") and line.endswith("; nothing was audited") and "Connection refused" in line


def test_a_lock_that_is_none(tmp_path: Path) -> None:
    (line,) = audit(tmp_path / "none", "http://127.0.0.1:1")
    assert "none" in line and line.endswith("; nothing was audited")

"""A loopback HTTP server over a folder, with ranges and versions, that can be told to fail; and a small mirror."""

import email.utils
import gzip
import hashlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from workflow import MOTIF, sequences, write_csail

PEAKS = "hg19/encodeDCC/wgEncodeAwgTfbsUniform"
GENOME = "hg19/bigZips/hg19.fa.gz"
BLOCK = 1 << 14


class Server(ThreadingHTTPServer):
    """Serves the files below a folder.

    faults: what happens to the next requests, one each: a status (500), "stall", "cut" (half of what was asked for),
    "whole" (Range is ignored), "shift" (a wrong part), "page" (HTML with status 200), "redirect", "drip" (slowly), or
    headers of the answer, which redirects if they name a Location; "" is none.  requests: path and headers so far.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.faults: deque[int | str | dict[str, str]] = deque()
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        fault = self.server.faults.popleft() if self.server.faults else ""
        path = self.path.removeprefix("http://mirror.example")  # as a proxy is asked
        file = self.server.folder / path.lstrip("/")
        self.close_connection = True
        if isinstance(fault, int) or not file.is_file():
            return self.answer(fault if isinstance(fault, int) else 404, b"<html>no</html>", {})
        if isinstance(fault, dict):
            return self.answer(302 if "Location" in fault else 200, file.read_bytes(), fault)
        if fault == "redirect":
            return self.answer(302, b"", {"Location": f"{self.server.url}{self.path}"})
        if fault == "page":
            return self.answer(200, b"<html>please log in</html>", {"Content-Type": "text/html"})
        if fault == "stall":
            self.server.released.wait(20)
            return None
        self.send_file(file, str(fault))

    def send_file(self, file: Path, fault: str) -> None:
        body = file.read_bytes()
        headers = {
            "Last-Modified": email.utils.formatdate(file.stat().st_mtime, usegmt=True),
            "ETag": f'"{hashlib.md5(body).hexdigest()}"',
        }
        start = self.start_of_range(len(body), headers["ETag"]) if fault != "whole" else 0
        if start and start >= len(body):
            return self.answer(416, b"", headers | {"Content-Range": f"bytes */{len(body)}"})
        if start:
            begin = start + 1 if fault == "shift" else start
            headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            return self.answer(206, body[begin:], headers, fault)
        self.answer(200, body, headers, fault)

    def start_of_range(self, size: int, tag: str) -> int:
        """Return where the wanted range begins; 0, the whole, if it is of another version."""
        wanted = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-")
        return int(wanted) if self.headers.get("If-Range", tag) == tag else 0

    def answer(self, status: int, body: bytes, headers: dict[str, str], fault: str = "") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if fault == "cut":
            body = body[: len(body) // 2]
        for at in range(0, len(body), BLOCK):
            self.wfile.write(body[at : at + BLOCK])
            if fault == "drip":
                time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve a folder while the block lasts."""
    with Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


def write_md5sums(folder: Path) -> None:
    """List the md5 sums of a folder's .gz files as UCSC does."""
    lines = [f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(folder.glob("*.gz"))]
    (folder / "md5sum.txt").write_text("".join(lines))


def write_mirror(folder: Path, ids: list[str]) -> None:
    """Write a small mirror of both sources: ucsc/ and csail/.

    A genome of two chromosomes; for each id 120 peaks with the motif, and five awkward rows as in the shared mirror:
    too near to a chromosome's start and to its end, an unknown contig, a window cut before, a peak without a summit.
    """
    spaced = [text.center(100, "A") for text in sequences(130, seed=7, motif=MOTIF)]
    contigs = {"chr1": "".join(spaced[:80]), "chr2": "".join(spaced[80:]) + "N" * 100}
    (folder / "ucsc" / PEAKS).mkdir(parents=True)
    (folder / "ucsc" / GENOME).parent.mkdir(parents=True)
    pack(folder / "ucsc" / GENOME, "".join(f">{name}\n{text}\n" for name, text in contigs.items()))
    for id in ids:
        places = [("chr1", 100 * i, 50) for i in range(80)] + [("chr2", 100 * i, 50) for i in range(40)]
        places += [("chr1", 0, 3), ("chr2", 5090, 9), ("chrUn", 100, 50), ("chr1", 20, 30), ("chr2", 4500, -1)]
        rows = [f"{chrom}\t{start}\t{start + 100}\t.\t0\t.\t1\t-1\t-1\t{summit}\n" for chrom, start, summit in places]
        pack(folder / "ucsc" / PEAKS / f"{id}.narrowPeak.gz", "".join(rows))
        write_csail(folder / "csail" / id)
    for path in (PEAKS, str(Path(GENOME).parent)):
        write_md5sums(folder / "ucsc" / path)


def pack(file: Path, text: str) -> None:
    """Write text as gzip."""
    file.write_bytes(gzip.compress(text.encode(), mtime=0))

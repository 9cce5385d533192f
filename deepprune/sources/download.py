"""Downloads over HTTP, resumed and verified.

A broken transfer continues where it stopped, and a file gets its name only after it is verified.
"""

import fcntl
import gzip
import hashlib
import re
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

import requests
import tqdm
import urllib3
from requests.adapters import HTTPAdapter

from deepprune import __version__
from deepprune.errors import InputError, quoted
from deepprune.io.files import unreadable

USER_AGENT = f"deepprune/{__version__}"
CHUNK = 1 << 18
PASSING = (429, 500, 502, 503, 504)  # statuses of temporary failures
LINE_EVERY = 10.0  # seconds between lines in the log
BAR_AFTER = 2.0  # seconds; shorter downloads need no bar
ELSEWHERE = "try again later, or give a mirror in the option sources"


class BrokenTransferError(Exception):
    """A transfer that stopped before its end; another request may continue it."""


def download(
    url: str,
    path: str | Path,
    checksums: str | Path | None = None,
    terminal: TextIO = sys.stderr,
    *,
    timeout: float = 60,
    tries: int = 4,
    backoff: float = 0.5,
) -> None:
    """Fetch a file, unless it exists already and is intact.

    checksums: the md5sum.txt that lists it; without one, only the form that its name promises is checked.  terminal:
    shows a progress bar, if it is a terminal.  timeout: seconds without an answer or a byte.  tries: for each request,
    and for each broken transfer, with backoff * 2^n seconds in between.
    The bytes of a broken transfer stay as <path>.part. InputError says which file, which address, what was expected and
    what was found; no file of that name exists then.
    """
    path = Path(path)
    md5 = listed_md5(checksums, path.name) if checksums else ""
    if path.exists():
        if not fault(path, path.name, md5):
            return
        path.unlink()
    part = path.with_name(f"{path.name}.part")
    try:
        for ours in (part, part.with_name(f"{part.name}.from")):
            if ours.is_symlink():  # never write through a link: the bytes would land elsewhere
                ours.unlink()
        with part.open("ab") as file, session(tries, backoff) as opened:
            claim(file, path)
            transfer = Transfer(opened, url, path, file, terminal, timeout)
            try:
                transfer.run(tries, backoff)
                wrong = fault(part, path.name, md5)
                if wrong and transfer.resumed:
                    print(f"{path.name}: {wrong}; starting anew", flush=True)
                    transfer.discard()
                    transfer.run(tries, backoff)
                    wrong = fault(part, path.name, md5)
                if wrong:
                    transfer.discard()
                    stale = f"; if the file was renewed there, remove {checksums}" if checksums else ""
                    raise InputError(f"{path}: what {url} sends {wrong}; {ELSEWHERE}{stale}")
                part.replace(path)
                transfer.seal.unlink(missing_ok=True)
            finally:
                if file.tell() == 0:
                    part.unlink(missing_ok=True)
    except requests.RequestException as error:
        raise InputError(
            f"{path}: {url} cannot be reached ({cause(error)}); check network, proxy and the option sources"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; make room or the folder writable") from None
    print(
        f"{path.name}: {path.stat().st_size:,} bytes, {'md5 sum as listed' if md5 else 'form as expected'}", flush=True
    )


def session(tries: int, backoff: float) -> requests.Session:
    """Return a session that repeats requests that failed temporarily. Proxies are those of the environment."""
    opened = requests.Session()
    retry = urllib3.Retry(
        total=tries, status_forcelist=PASSING, backoff_factor=backoff, raise_on_status=False, allowed_methods=["GET"]
    )
    for scheme in ("http://", "https://"):
        opened.mount(scheme, HTTPAdapter(max_retries=retry))
    # identity: bytes as they are stored, so that sizes and ranges refer to the file itself
    opened.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
    return opened


def claim(file: BinaryIO, path: Path) -> None:
    """Lock the file for this process: a process that outlived its workflow may still be writing to it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(f"{path} is being fetched by another process; wait until it has ended") from None
    except OSError:  # a file system without locks
        pass


class Transfer:
    """The transfer of one address into one open file.

    Beside the file a seal, <path>.part.from, keeps the address and the version (ETag or time of change) of its bytes. A
    transfer continues only from the same version at the same address.
    """

    def __init__(
        self, opened: requests.Session, url: str, path: Path, file: BinaryIO, terminal: TextIO, timeout: float
    ) -> None:
        self.session, self.url, self.path, self.file = opened, url, path, file
        self.terminal, self.timeout = terminal, timeout
        self.seal = path.with_name(f"{path.name}.part.from")
        self.resumed = False

    def run(self, tries: int, backoff: float) -> None:
        """Fetch until the end, with at most this many requests."""
        for number in range(1, tries + 1):
            try:
                return self.request()
            except BrokenTransferError as broken:
                print(f"{self.path.name}: {broken}", flush=True)
                if number == tries:
                    raise InputError(
                        f"{self.path}: {self.url} broke off {tries} times, at last {broken}; {ELSEWHERE}"
                    ) from None
                time.sleep(backoff * 2 ** (number - 1))

    def request(self) -> None:
        """Fetch the missing bytes; BrokenTransferError if some are still missing."""
        start, version = self.file.tell(), self.sealed_version()
        if start and not version:
            start = self.discard()
        headers = {"Range": f"bytes={start}-", "If-Range": version} if start else {}
        with self.session.get(self.url, headers=headers, stream=True, timeout=self.timeout) as response:
            if start and response.status_code == 416:
                if response.headers.get("Content-Range") == f"bytes */{start}":
                    return
                self.discard()
                raise BrokenTransferError(f"has no byte {start}")
            if response.status_code not in (200, 206):
                raise InputError(f"{self.path}: {explain(response, self.url)}")
            if response.status_code == 206:
                if not continues(response, start, version):
                    self.discard()
                    raise BrokenTransferError(f"sends another part than that from byte {start} on")
                self.resumed = True
            elif start:
                start = self.discard()
            self.seal.write_text(f"{self.url}\n{version_of(response)}\n")
            length = response.headers.get("Content-Length", "")
            self.receive(response, start, start + int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None)

    def receive(self, response: requests.Response, start: int, total: int | None) -> None:
        """Append a response's body to the file; total: the announced size of the whole file, if known."""
        chunks = response.raw.stream(CHUNK, decode_content=False)
        try:
            for chunk in with_progress(chunks, self.path.name, start, total, self.terminal):
                self.file.write(chunk)
        except urllib3.exceptions.HTTPError as error:
            of = f" of {total}" if total is not None else ""
            raise BrokenTransferError(f"after {self.file.tell()}{of} bytes ({cause(error)})") from None
        finally:
            self.file.flush()

    def discard(self) -> int:
        """Delete all that was fetched; return the position to start from."""
        self.file.truncate(0)
        self.file.seek(0)
        self.seal.unlink(missing_ok=True)
        return 0

    def sealed_version(self) -> str:
        """Return the version of the bytes in the file; "" if it is unknown or from another address."""
        lines = self.seal.read_text().splitlines() if self.seal.exists() else []
        return lines[1] if len(lines) == 2 and lines[0] == self.url else ""


def version_of(response: requests.Response) -> str:
    """Return what identifies a version of a file byte by byte: its strong ETag, or its time of change."""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def continues(response: requests.Response, start: int, version: str) -> bool:
    """Return whether a partial response starts at the requested byte, in the requested version."""
    begins = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
    return bool(start) and begins and version_of(response) in ("", version)


def explain(response: requests.Response, url: str) -> str:
    """Say what a refused request means and what to do."""
    remedy = "check the data set's id and the option sources" if response.status_code in (403, 404, 410) else ELSEWHERE
    return f"{url} answers {response.status_code} {response.reason}, not 200; {remedy}"


def cause(error: BaseException) -> str:
    """Return the innermost reason of a failed request, without the addresses that requests and urllib3 prepend."""
    inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else error
    reason = getattr(inner, "reason", None) or inner
    if isinstance(reason, urllib3.exceptions.ProxyError):
        return f"the proxy does not answer: {cause(reason.original_error)}"
    return str(reason).rpartition("): ")[2].removeprefix("Failed to establish a new connection: ")


def with_progress(
    chunks: Iterable[bytes], name: str, start: int, total: int | None, terminal: TextIO
) -> Iterator[bytes]:
    """Yield the chunks and report progress: a bar on a terminal, regular lines in the log."""
    done, next_line = start, time.monotonic()
    bar = tqdm.tqdm(
        desc=name, initial=start, total=total, unit="B", unit_scale=True, leave=False, delay=BAR_AFTER,
        file=terminal, disable=not terminal.isatty(),
    )  # fmt: skip
    with bar:
        for chunk in chunks:
            if time.monotonic() >= next_line:
                of = f" of {total:,}" if total is not None else ""
                print(f"{name}: {done:,}{of} bytes", flush=True)
                next_line = time.monotonic() + LINE_EVERY
            yield chunk
            done += len(chunk)
            bar.update(len(chunk))


def listed_md5(checksums: str | Path, name: str) -> str:
    """Return the md5 sum of a file from its folder's list; InputError if the list lacks it."""
    sums = read_md5sums(Path(checksums))
    if name not in sums:
        raise InputError(f"{name} is not listed in {checksums}: the source has no such file; check the data set's id")
    return sums[name]


def read_md5sums(path: Path) -> dict[str, str]:
    """Return the md5 sums of an md5sum.txt by file name; lines of another form are skipped."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise unreadable(path, error) from None
    return {name: md5.lower() for md5, name in re.findall(r"^([0-9a-fA-F]{32}) [ *](?:\./)?(\S+)$", text, re.MULTILINE)}


def fault(file: Path, name: str, md5: str) -> str:
    """Say what is wrong with a fetched file, "" if nothing: by md5 sum, or else by the form that its name promises."""
    if md5:
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "md5").hexdigest()
        return "" if found == md5 else f"has the md5 sum {found}, but {md5} is listed"
    checks: dict[str, Callable[[Path], str]] = {".gz": gzip_fault, ".data": csail_fault, ".txt": md5sums_fault}
    check = checks.get(Path(name).suffix)
    return check(file) if check else ""


def gzip_fault(file: Path) -> str:
    """Say what is wrong with a gzip file, "" if nothing."""
    try:
        with gzip.open(file) as opened:
            while opened.read(CHUNK):
                pass
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return "is no gzip file, or a truncated or damaged one"
    return ""


def csail_fault(file: Path) -> str:
    """Say whether the first line of a file is not of CSAIL's format."""
    with file.open("rb") as opened:
        first = opened.readline(CHUNK)  # the whole file may be one line
    if not re.fullmatch(rb">\S+\s+[A-Za-z]+\s+[01]\s*", first):
        return f"starts with {quoted(first.decode(errors='replace'))}, not with '>name sequence label'"
    return ""


def md5sums_fault(file: Path) -> str:
    """Say whether a file is not a list of md5 sums."""
    return "" if read_md5sums(file) else "is no list of md5 sums"

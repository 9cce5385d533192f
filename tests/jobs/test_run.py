import contextlib
import fcntl
import io
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest
import yaml
from console import COMMAND
from workflow import LENGTH, MOTIF, write_genome

from deepprune.errors import InputError
from deepprune.io.motif import read_motifs
from deepprune.io.table import read_table
from deepprune.jobs.folder import RESULTS, work_folder
from deepprune.jobs.request import Request
from deepprune.jobs.run import cache_folder, run
from deepprune.models.model_file import load_model_file

SMALL = {
    "model": {"kernel_length": 8, "background": 3},
    "train": {"batch_size": 32, "max_epochs": 8, "patience": 8},
    "prune": {"start": 8, "final": 4},
    "motifs": {"min_sites": 2},
    "tomtom": {"shuffles": 10},
}
PEAKS = ("peaks.narrowPeak", "--genome", "genome.fa", "-o", "out", "--window", str(LENGTH), "--seeds", "2")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with peaks, a genome and options of a small run."""
    folder = tmp_path_factory.mktemp("own")
    write_genome(folder)
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL))
    return folder


def deepprune(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "run", *arguments, "--options", "small.yaml", "--cores", "2"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def done(folder: Path) -> subprocess.CompletedProcess[str]:
    return deepprune(folder, *PEAKS)


def test_one_command_gives_report_motifs_and_model(folder: Path, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {*RESULTS, "auc.tsv", "report.html", "report", "work"}
    assert [path.name for path in (folder / "out/report").iterdir()] == ["peaks.html"]
    motifs = read_motifs(folder / "out/motifs.meme")
    word = MOTIF[1:-1]
    assert any(word in each.consensus for motif in motifs for each in (motif, motif.reverse_complement()))
    assert load_model_file(folder / "out/model.npz").window == LENGTH
    assert len(read_table(folder / "out/skipped.tsv")) == 3
    assert len((folder / "out/windows.bed").read_text().splitlines()) == 1 + 120
    assert read_table(folder / "out/auc.tsv")["seed"].unique().tolist() == [0, 1]


def test_it_tells_what_it_found_and_how_far_it_is(folder: Path, done: subprocess.CompletedProcess[str]) -> None:
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("peaks: ") and "kernels, AUROC " in first and last == "Open out/report.html"
    (model,) = read_table(folder / "out/work/results/tables/models.tsv").to_dict("records")
    assert f"AUROC {model['auroc']:.3f} ({model['auroc_low']:.3f} to {model['auroc_high']:.3f})" in first
    lines = done.stderr.splitlines()
    assert all(line.startswith("deepprune: ") and line.endswith(" %") for line in lines)
    assert lines[-1] == "deepprune: all done, 100 %"
    shares = [int(line.split()[-2]) for line in lines]
    assert shares == sorted(shares) and len(shares) > 10


def test_the_same_command_again_changes_nothing(folder: Path, done: subprocess.CompletedProcess[str]) -> None:
    before = {path: path.read_bytes() for path in (folder / "out").glob("*") if path.is_file()}
    again = deepprune(folder, *PEAKS)
    assert (again.returncode, again.stdout) == (0, done.stdout) and "train" not in again.stderr
    assert {path: path.read_bytes() for path in (folder / "out").glob("*") if path.is_file()} == before


@pytest.mark.release
def test_peaks_that_were_replaced_by_an_older_file_are_used(folder: Path) -> None:
    lines = (folder / "peaks.bed").read_text().splitlines(keepends=True)
    file = folder / "changing.bed"
    arguments = ("changing.bed", "--genome", "genome.fa", "-o", "changing", "--window", str(LENGTH), "--seeds", "1")
    for number, kept in enumerate((lines, lines[:-1])):
        file.write_text("".join(kept))
        os.utime(file, (1e9 - number, 1e9 - number))
        assert deepprune(folder, *arguments).returncode == 0
        assert len((folder / "changing/windows.bed").read_text().splitlines()) == len(kept) + 1 - skipped(folder)


def skipped(folder: Path) -> int:
    return len(read_table(folder / "changing/skipped.tsv"))


def test_a_terminal_shows_a_bar_with_the_time_left(folder: Path, done: subprocess.CompletedProcess[str]) -> None:
    (folder / "out/work/results/report.html").unlink()
    primary, secondary = pty.openpty()
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    command = [*COMMAND, "run", *PEAKS, "--options", "small.yaml", "--cores", "2"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=secondary, text=True) as process:
        os.close(secondary)
        shown = b""
        with contextlib.suppress(OSError):  # when the last process has closed its end
            while part := os.read(primary, 4096):
                shown += part
        assert process.stdout is not None and process.stdout.read() == done.stdout
    frames = [frame for frame in shown.decode().split("\r") if "%" in frame]
    assert process.returncode == 0 and len(frames) > 2
    assert all(re.search(r" \d+ % \|.*\| \d\d:\d\d, [\d:?]+ left", frame) for frame in frames)
    assert any(frame.lstrip().startswith("front_page") for frame in frames)


def processes(work: Path) -> list[str]:
    """Return the command lines of the processes that run the workflow in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes().replace(b"\0", b" ").decode())
    return [line for line in found if str(work) in line and "snakemake" in line]


@pytest.mark.parametrize(
    ("number", "background"),
    [
        (signal.SIGINT, False),
        pytest.param(signal.SIGTERM, False, marks=pytest.mark.release),
        (signal.SIGTERM, True),
        pytest.param(signal.SIGHUP, False, marks=pytest.mark.release),
    ],
)
def test_an_interrupted_run_goes_on(
    folder: Path, done: subprocess.CompletedProcess[str], number: int, background: bool
) -> None:
    out = f"stopped{number}{background}"
    arguments = [argument.replace("out", out) for argument in PEAKS]
    command = [*COMMAND, "run", *arguments, "--options", "small.yaml", "--cores", "1"]
    # A shell's job in the background ignores what the keyboard sends, and so does all that it starts.
    ignored = signal.SIG_IGN if background else signal.SIG_DFL

    def reset() -> None:
        signal.signal(signal.SIGINT, ignored)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup, under which the tests may run, ignores it

    process = subprocess.Popen(command, cwd=folder, text=True, stderr=subprocess.PIPE, preexec_fn=reset)
    with process:
        log = folder / out / "work/run.log"
        while not (log.exists() and "rule train:" in log.read_text()):
            assert process.poll() is None
            time.sleep(0.2)
        assert processes(Path(out, "work"))
        # Another run in the folder waits for this one.
        other = deepprune(folder, *arguments)
        assert other.returncode == 2 and f"another run is at work in {out}" in other.stderr
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number and "Traceback" not in err
    assert err.splitlines()[-1] == "deepprune: interrupted; the same command goes on"
    assert not processes(Path(out, "work"))
    finished = deepprune(folder, *arguments)
    assert finished.returncode == 0, finished.stderr
    for name in ("motifs.meme", "motifs.tsv", "model.npz", "windows.bed"):
        assert (folder / out / name).read_bytes() == (folder / "out" / name).read_bytes(), name


def test_a_mistake_that_the_workflow_finds_is_the_last_line(folder: Path) -> None:
    (folder / "others.bed").write_text("1\t10\t60\n1\t100\t160\n")
    failed = deepprune(folder, "others.bed", "--genome", "genome.fa", "-o", "failed", "--window", str(LENGTH))
    assert failed.returncode == 2 and failed.stdout == "" and "Traceback" not in failed.stderr
    last = failed.stderr.splitlines()[-1]
    assert last.startswith("deepprune: error: ") and "chr1" in last
    assert [path.name for path in (folder / "failed").iterdir()] == ["work"]


def test_both_kinds_of_negatives_have_folders_of_their_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    small = SMALL | {"data": {"window": LENGTH}}
    request = Request("peaks.bed", "genome.fa.gz", "both", seeds=1, negatives=("shuffle", "genomic"), options=small)
    shown = io.StringIO()
    assert run(request, 2, shown) == Path("both")
    assert {path.name for path in Path("both").iterdir()} == {
        *("auc.tsv", "report.html", "report", "work", "peaks.shuffle", "peaks.genomic"),
    }
    for kind in request.negatives:
        assert {path.name for path in Path(f"both/peaks.{kind}").iterdir()} == set(RESULTS)
    assert "deepprune: all done" in shown.getvalue()


def test_a_failure_that_is_no_mistake_names_the_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    request = Request("peaks.bed", "genome.fa", "broken", options=SMALL)
    with work_folder(request) as (work, _):
        (work / "results").write_text("in the way")
    with pytest.raises(InputError, match=r"the workflow failed; broken/work/run\.log says why"):
        run(request, 1, io.StringIO())


def test_a_cache_that_cannot_be_written_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert cache_folder(tmp_path / "work") == {}
    (tmp_path / "file").touch()
    own = {"XDG_CACHE_HOME": str(tmp_path / "work/.cache")}
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file/caches"))
    assert cache_folder(tmp_path / "work") == own
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert cache_folder(tmp_path / "work") == own

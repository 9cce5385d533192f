"""The real workflow from a host of ENCODE's files to data sets and models, over a loopback server."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from server import GENOME, PEAKS, Server, serving, write_md5sums, write_mirror
from workflow import LENGTH, OPTIONS, ROOT, Job, checkout, jobs, snakemake, start_snakemake, write_sheet

from deepprune.data.dataset import TEST, Dataset
from deepprune.io.table import read_table

SHARED = ROOT.parent / "shared" / "data" / "mirror"
IDS = ["wgEncodeAwgTfbsUwK562CtcfUniPk", "wgEncodeAwgTfbsHaibGm12878NrsfPcr1xUniPk"]
COUNTS = ["rows", "positives", "duplicate", "unknown_contig", "beyond_chromosome", "summit_outside", "with_n"]
DOWNLOADS = "resources/downloads"

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a server of a small mirror of both sources."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    write_mirror(tmp_path / "mirror", IDS)
    with serving(tmp_path / "mirror") as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return checkout(tmp_path / "checkout")


def options(server: Server, ucsc: str = "ucsc", csail: str = "csail", **others: Any) -> dict[str, Any]:
    """Return the options of a study of the sheet of 690, fetched from the server."""
    sources = {"ucsc": f"{server.url}/{ucsc}", "csail": f"{server.url}/{csail}"}
    return OPTIONS | {"datasets": "resources/datasets.tsv", "select": IDS, "sources": sources, "seeds": [0]} | others


def counts(folder: Path) -> dict[str, list[int]]:
    table = read_table(folder / "results/tables/datasets.tsv").set_index("dataset")
    return {str(name): row[COUNTS].tolist() for name, row in table.iterrows()}


def downloaded(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder / DOWNLOADS)) for path in (folder / DOWNLOADS).rglob("*") if path.is_file()
    )


def test_prepare_fetches_each_file_once_and_stops_before_training(server: Server, folder: Path) -> None:
    server.faults.extend([500, 503, "redirect", "cut"])
    done = snakemake(folder, "prepare", "--cores", "2", options=options(server))
    assert done.status == 0, done.output
    assert {job.rule for job in jobs(done.output)} == {
        *("download", "download_checksums", "genome", "dataset", "table", "datasets_figure", "prepare")
    }
    assert counts(folder) == {name: [125, 121, 1, 1, 2, 0, 0] for name in IDS}
    assert (folder / "results/figures/datasets.svg").read_bytes().startswith(b"<?xml")
    files = [f"{PEAKS}/{name}.narrowPeak.gz" for name in IDS] + [GENOME]
    files += [f"{PEAKS}/md5sum.txt", f"{Path(GENOME).parent}/md5sum.txt"]
    assert downloaded(folder) == sorted(f"ucsc/{file}" for file in files)
    for file in files:
        assert (folder / DOWNLOADS / "ucsc" / file).read_bytes() == (server.folder / "ucsc" / file).read_bytes()
    assert {path for path, _ in server.requests} == {f"/ucsc/{file}" for file in files}

    # existing files are not fetched again for other results or from another mirror
    server.requests.clear()
    assert "Nothing to be done" in snakemake(folder, "prepare", "--cores", "2", options=options(server)).output
    changed = options(server, ucsc="elsewhere", data={"window": LENGTH, "seed": 1})
    done = snakemake(folder, "prepare", "--cores", "2", options=changed)
    assert done.status == 0, done.output
    assert [job.rule for job in jobs(done.output) if job.dataset] == ["dataset"] * 2
    # files that were put there by hand are used as they are, checked or not
    for path in (folder / DOWNLOADS).rglob("md5sum.txt"):
        path.unlink()
    assert "Nothing to be done" in snakemake(folder, "prepare", "--cores", "2", options=changed).output
    assert server.requests == []


def test_csail_keeps_its_own_split(server: Server, folder: Path) -> None:
    done = snakemake(folder, "prepare", "--cores", "2", options=options(server, source="csail", select=IDS[0]))
    assert done.status == 0, done.output
    assert downloaded(folder) == [f"csail/{IDS[0]}/{part}.data" for part in ("test", "train")]
    made = Dataset.load(folder / f"results/data/{IDS[0]}.npz")
    assert [int((made.split == TEST).sum()), len(made.split)] == [120, 360]


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ([404] * 99, "/ucsc/hg19/bigZips/md5sum.txt answers 404 Not Found, not 200; check the data set's id"),
        (["page"] * 99, "/ucsc/hg19/bigZips/md5sum.txt sends is no list of md5 sums"),
    ],
    ids=["404", "page"],
)
def test_lasting_trouble_is_one_line(server: Server, folder: Path, faults: list[Any], message: str) -> None:
    server.faults.extend(faults)
    target = f"{DOWNLOADS}/ucsc/{GENOME}"
    done = snakemake(folder, "--cores", "1", target, options=options(server))
    assert done.status != 0 and "Traceback" not in done.output
    lines = {line for line in done.output.splitlines() if line.startswith("Error: ")}
    assert len(lines) == 1 and message in lines.pop()
    assert downloaded(folder) == []
    # three retries
    assert len(server.requests) == 4


def test_id_that_the_source_lacks(server: Server, folder: Path) -> None:
    write_sheet(folder / "sheet.tsv", {"mine": {"format": "encode", "path": "wgEncodeX"}})
    chosen = options(server, datasets="sheet.tsv", select="*")
    done = snakemake(folder, "prepare", "--cores", "1", options=chosen)
    lines = {line for line in done.output.splitlines() if line.startswith("Error: ")}
    assert done.status != 0 and len(lines) == 1
    assert "wgEncodeX.narrowPeak.gz is not listed in" in lines.pop()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, half a minute at most."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def begin(folder: Path, chosen: Mapping[str, Any]) -> Any:
    """Start to fetch the genome slowly; return the process once bytes have come."""
    process = start_snakemake(folder, "--cores", "1", f"{DOWNLOADS}/ucsc/{GENOME}", options=chosen)
    part = folder / DOWNLOADS / "ucsc" / f"{GENOME}.part"
    wait_for(lambda: part.exists() and part.stat().st_size > 0)
    return process


def slow_genome(server: Server) -> bytes:
    """Make the genome large and slow to fetch, and return it."""
    genome = server.folder / "ucsc" / GENOME
    content = os.urandom(2_000_000)
    genome.write_bytes(content)
    (genome.parent / "md5sum.txt").unlink()
    write_md5sums(genome.parent)
    server.faults.extend(["", "drip"])
    return content


def test_killed_pipeline_goes_on_and_ends_with_the_same_bytes(server: Server, folder: Path) -> None:
    content, chosen = slow_genome(server), options(server)
    with begin(folder, chosen) as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    genome = folder / DOWNLOADS / "ucsc" / GENOME
    assert not genome.exists()
    assert snakemake(folder, "--unlock", options=chosen).status == 0
    done = snakemake(folder, "--cores", "1", f"{DOWNLOADS}/ucsc/{GENOME}", options=chosen)
    assert done.status == 0, done.output
    assert genome.read_bytes() == content
    _, headers = server.requests[-1]
    assert headers["Range"].startswith("bytes=")


def test_second_pipeline_in_the_same_folder_is_told_of_the_first(server: Server, folder: Path) -> None:
    content, chosen = slow_genome(server), options(server)
    with begin(folder, chosen) as process:
        second = snakemake(folder, "--cores", "1", f"{DOWNLOADS}/ucsc/{GENOME}", options=chosen)
        output, _ = process.communicate(timeout=60)
    assert second.status != 0
    assert "Directory cannot be locked" in second.output
    assert process.returncode == 0, output
    assert (folder / DOWNLOADS / "ucsc" / GENOME).read_bytes() == content


def test_dag_of_all_690_has_one_genome_and_two_lists_of_checksums(folder: Path) -> None:
    everything = OPTIONS | {"datasets": ["resources/datasets.tsv", "resources/simulated.tsv"]}
    done = snakemake(folder, "--cores", "2", "--dry-run", "--quiet", "host", options=everything)
    assert done.status == 0, done.output
    stats = done.output[done.output.index("Job stats:") : done.output.index("total ")]
    numbers = {rule: int(number) for rule, number in re.findall(r"^(\w+) +(\d+)$", stats, re.MULTILINE)}
    assert numbers["download"] == 691 and numbers["download_checksums"] == 2 and numbers["genome"] == 1
    assert numbers["dataset"] == 690 and numbers["simulate"] == 3 and numbers["train"] == 693


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/mirror is absent")
def test_real_files_to_models(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    tcf12, elk1, rest = (
        "wgEncodeAwgTfbsHaibH1hescTcf12Pcr1xUniPk",
        "wgEncodeAwgTfbsSydhGm12878Elk112771IggmusUniPk",
        "wgEncodeAwgTfbsHaibGm12878NrsfPcr1xUniPk",
    )
    write_sheet(folder / "own.tsv", {"kerasGenomicsExample": {"format": "encode"}})
    small: dict[str, Any] = {
        "data": {},
        "train": {"max_epochs": 5},
        "prune": {"start": 8, "final": 4},
        "model": OPTIONS["model"] | {"kernel_length": 15},
    }
    with serving(SHARED) as server:
        real = options(server, ucsc="goldenPath", csail="motif_discovery", select=[tcf12, elk1, rest], **small)
        done = snakemake(folder, "--cores", "2", "prepare", f"results/auc/{rest}.tsv", options=real)
        assert done.status == 0, done.output
        # the last five rows of each: before a chromosome's start, beyond its end, unknown contig, duplicate, no summit
        assert counts(folder) == {
            rest: [6911, 6893, 1, 1, 2, 0, 14],
            tcf12: [7838, 7818, 1, 1, 2, 0, 16],
            elk1: [5589, 5573, 1, 1, 2, 0, 12],
        }
        own = real | {"datasets": "own.tsv", "source": "csail", "select": "*"}
        done = snakemake(folder, "--cores", "2", "results/auc/kerasGenomicsExample.tsv", options=own)
        assert done.status == 0, done.output
        assert Job("dataset", "kerasGenomicsExample") in jobs(done.output)
    for name in (rest, "kerasGenomicsExample"):
        table = read_table(folder / f"results/auc/{name}.tsv")
        assert table["auroc"][table["method"] == "deepprune"].min() > 0.6, name


def test_real_peaks_and_deepbind_sequences(tmp_path: Path) -> None:
    mirror = SHARED / "goldenPath/hg19"
    peaks = mirror / "encodeDCC/wgEncodeAwgTfbsUniform/wgEncodeAwgTfbsSydhGm12878Elk112771IggmusUniPk.narrowPeak.gz"
    genome = mirror / "bigZips/hg19.fa.gz"
    deepbind = SHARED.parent / "chipseq/ELK1_GM12878_ELK1_(1277-1)_Stanford"
    if not (peaks.exists() and genome.exists() and Path(f"{deepbind}_B.seq.gz").exists()):
        pytest.skip(f"no real data in {SHARED}")
    folder = checkout(tmp_path / "real")
    (folder / "study").mkdir()
    rows = {
        "ELK1_peaks": {"format": "narrowpeak", "path": str(peaks), "genome": str(genome)},
        "ELK1_deepbind": {"format": "seqgz", "path": os.path.relpath(deepbind, folder / "study")},
    }
    write_sheet(folder / "study/sheet.tsv", rows)
    options = {
        "datasets": "study/sheet.tsv",
        "seeds": [0],
        "train": {"max_epochs": 5},
        "prune": {"start": 8, "final": 4},
    }
    done = snakemake(folder, "--cores", "2", *(f"results/auc/{name}.tsv" for name in rows), options=options)
    assert done.status == 0, done.output
    for name in rows:
        table = read_table(folder / f"results/auc/{name}.tsv")
        assert table["auroc"][table["method"] == "deepprune"].min() > 0.6
        assert read_table(folder / f"results/data/{name}.summary.tsv")["length"].tolist() == [101]

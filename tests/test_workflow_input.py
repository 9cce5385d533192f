"""A user's mistakes: one clear line, a non-zero exit, nothing half-written."""

import gzip
import shlex
from pathlib import Path
from typing import Any

import pytest
from workflow import (
    LENGTH,
    MOTIF,
    OPTIONS,
    ROWS,
    TARGET,
    Run,
    checkout,
    sequences,
    snakemake,
    write_sheet,
    write_study,
)

from deepprune.io.table import read_table


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with a study that has not been run."""
    folder = checkout(tmp_path_factory.mktemp("workflow") / "input")
    write_study(folder / "study")
    return folder


def complaints(run: Run) -> list[str]:
    """Return the lines that tell of a mistake."""
    assert run.status != 0
    assert "Traceback" not in run.output
    return [line for line in run.output.splitlines() if line.startswith("Error: ")]


SHEET = "study/wrong.tsv"
HEADER = "dataset\tformat\tpath\tgenome\ttarget\tcell_type\n"
ROW = "fasta\tfasta\tbound.fa\t\t\t\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"train": {"learning_rat": 0.1}},
            "config: unknown option train.learning_rat; did you mean train.learning_rate?",
        ),
        ({"train": {"learning_rate": 2}}, "config: train.learning_rate is 2, but must be"),
        (
            {"model": OPTIONS["model"] | {"kernel_length": LENGTH + 1}},
            f"config: model.kernel_length is {LENGTH + 1}, longer than the seq",
        ),
        (
            {"datasets": "study/absent.tsv"},
            "config: datasets is study/absent.tsv, but there is no such file (looked for",
        ),
    ],
    ids=["misspelt", "out of range", "long kernel", "no sheet"],
)
def test_option(folder: Path, options: dict[str, Any], message: str) -> None:
    check_refused(folder, OPTIONS | options, message)


@pytest.mark.parametrize("target", ["results/data/fastb.npz", "results/models/fastb/networks.tsv"])
def test_a_target_of_no_data_set(folder: Path, target: str) -> None:
    run = snakemake(folder, "--cores", "1", target)
    assert complaints(run) == [
        "Error: there is no data set 'fastb' among those chosen from the sheet; did you mean fasta?"
    ]
    assert "MissingInputException" not in run.output and not (folder / "results").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\0a", "config.yaml is not a text file; plain text or gzip is needed"),
        ("seeds: [0]".encode("utf-16"), "config.yaml is not a text file"),
        (b"seeds: [0\n", "config.yaml, line 2, column 1: expected ',' or ']'"),
        (
            b"seeds: [0]\nseeds: [1]\n",
            "config.yaml, line 2, column 1: 'seeds' is given before, in line 1; correct the YAML",
        ),
    ],
)
def test_a_config_in_the_working_folder_that_is_none(
    folder: Path, tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "config.yaml").write_bytes(content)
    run = snakemake(tmp_path, "-s", str(folder / "Snakefile"), "--cores", "1", "--dry-run", options={})
    (line,) = complaints(run)
    assert line.startswith(f"Error: {message}")


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (HEADER.replace("\tpath", "") + ROW, f"{SHEET}, line 1: the column path is missing"),
        (HEADER + ROW + ROW, f"the data set fasta is listed twice: {SHEET}, line 2, and {SHEET}, line 3"),
        (HEADER + "a b" + ROW, f"{SHEET}, line 2: dataset is 'a bfasta'; expected here: Name of the data set"),
        (HEADER + "\n" + ROW.replace("bound", "absent"), f"{SHEET}, line 3: the file study/absent.fa is missing"),
    ],
    ids=["missing column", "duplicate id", "bad id", "missing file"],
)
def test_sheet(folder: Path, sheet: str, message: str) -> None:
    (folder / SHEET).write_text(sheet)
    check_refused(folder, OPTIONS | {"datasets": SHEET}, message)


def check_refused(folder: Path, options: dict[str, Any], message: str) -> None:
    """Check that a run stops before any job with one line, which begins with the message."""
    run = snakemake(folder, "--cores", "1", options=options)
    (line,) = complaints(run)
    assert line.startswith(f"Error: {message}")
    assert not (folder / "results").exists()


# Input files: name of the data set, its row of the sheet, its file's content, and the message after the file's name

TEXTS = sequences(60, seed=1, motif=MOTIF)
FASTA = "".join(f">{number}\n{text}\n" for number, text in enumerate(TEXTS))
PEAK = "chr1\t100\t200\t.\t0\t.\t1\t-1\t-1\t50\n"


def wrong_files() -> dict[str, tuple[dict[str, str], bytes, str]]:
    """Return rows of the sheet, their file's content, and the message that it must give."""
    fasta = {"format": "fasta"}
    peaks = {"format": "narrowpeak", "genome": "genome.fa"}
    beyond = "".join(f"chr1\t{start}\t{start + 100}\n" for start in range(7900, 20_000, 100))
    return {
        "truncated": (fasta, gzip.compress(FASTA.encode())[:-30], " is a truncated or damaged gzip file"),
        "foreign": (fasta, FASTA.replace(TEXTS[1], "ACGTXACGT").encode(), ", line 4: 'X' is no DNA letter"),
        "fields": (peaks, (PEAK + "chr1\t100\t200\n").encode(), ", line 2: 3 fields, but narrowpeak has at least 10"),
        "reversed": (peaks, PEAK.replace("200", "20").encode(), ", line 1: a peak from 100 to 20; start must not"),
        "beyond": (
            peaks | {"format": "bed"},
            beyond.encode(),
            ": 120 of 121 rows had to be skipped (beyond_chromosome",
        ),
        "few": (
            fasta,
            FASTA[: FASTA.index(">49\n")].encode(),
            ": 49 positives remain of 49 rows (none left out), but at",
        ),
        "empty": (fasta, b"", " is empty"),
    }


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """Return the folder and the run in which every wrong file and one good one were to be prepared."""
    folder = checkout(tmp_path_factory.mktemp("workflow") / "files")
    write_study(folder / "study")
    rows = {"good": ROWS["narrowpeak"]}
    for name, (row, content, _) in wrong_files().items():
        (folder / "study" / name).write_bytes(content)
        rows[name] = row | {"path": name}
    write_sheet(folder / "study" / "files.tsv", rows)
    targets = [f"results/data/{name}.npz" for name in rows]
    return folder, snakemake(
        folder, "--cores", "2", "--keep-going", *targets, options=OPTIONS | {"datasets": "study/files.tsv"}
    )


@pytest.mark.slow
def test_wrong_files_give_a_line_each(prepared: tuple[Path, Run]) -> None:
    _, run = prepared
    found = complaints(run)
    expected = [f"Error: study/{name}{message}" for name, (_, _, message) in wrong_files().items()]
    assert len(found) == len(expected)
    for start in expected:
        assert sum(line.startswith(start) for line in found) == 1, (start, found)
    # Again at the end, where Snakemake says no more than that jobs failed
    end = run.output[run.output.index("Exiting because a job execution failed") :].splitlines()
    failed = [line for line in end if line.startswith("Failed: ")]
    assert sorted(failed) == sorted(
        f"Failed: dataset (logs/dataset/{name}.log): "
        + next(line for line in found if f"/{name}" in line)[len("Error: ") :]
        for name in wrong_files()
    )


@pytest.mark.slow
def test_wrong_files_leave_nothing_but_their_log(prepared: tuple[Path, Run]) -> None:
    folder, _ = prepared
    written = {str(path.relative_to(folder / "results")) for path in (folder / "results/data").iterdir()}
    assert written == {
        f"data/good.{part}" for part in ("npz", "summary.tsv", "windows.bed", "skipped.tsv", "profile.tsv")
    }
    summary = read_table(folder / "results/data/good.summary.tsv")
    assert summary[["rows", "positives", "unknown_contig", "beyond_chromosome", "with_n"]].values.tolist() == [
        [123, 120, 1, 1, 1]
    ]
    for name, (_, _, message) in wrong_files().items():
        log = (folder / f"logs/dataset/{name}.log").read_text().splitlines()
        assert [line.startswith(f"Error: study/{name}{message}") for line in log] == [True]


@pytest.mark.slow
def test_torn_genome(prepared: tuple[Path, Run]) -> None:
    folder, _ = prepared
    write_sheet(folder / "study" / "genome.tsv", {"peaks": ROWS["narrowpeak"] | {"genome": "torn.fa.gz"}})
    whole = (folder / "study" / "genome.fa.gz").read_bytes()
    (folder / "study" / "torn.fa.gz").write_bytes(whole[: len(whole) // 2])
    run = snakemake(
        folder, "--cores", "1", "results/data/peaks.npz", options=OPTIONS | {"datasets": "study/genome.tsv"}
    )
    (line,) = complaints(run)
    assert line.startswith("Error: study/torn.fa.gz is a truncated or damaged gzip file")
    assert not list((folder / "results/genomes").glob("torn*"))


@pytest.mark.slow
def test_paths_are_no_commands_and_no_patterns(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = checkout(tmp_path_factory.mktemp("workflow") / "names")
    write_study(folder / "study")
    odd = "-x $(touch pwned);`touch pwned`'\" %s *&|> pwned é#"
    rows = {}
    for name in ("bed", "simulated"):
        rows[name] = {"target": TARGET, "cell_type": TARGET, **ROWS[name]}
        for column in {"path", "genome"} & ROWS[name].keys():
            rows[name][column] = odd + ROWS[name][column]
            (folder / "study" / ROWS[name][column]).rename(folder / "study" / rows[name][column])
    write_sheet(folder / "study" / "sheet.tsv", rows)
    run = snakemake(folder, "--cores", "2", *(f"results/data/{name}.npz" for name in rows))
    assert run.status == 0, run.output
    assert list(folder.rglob("pwned*")) == []
    names = [path.name for path in (folder / "results").rglob("*")]
    assert len(names) > 5 and all(shlex.quote(name) == name for name in names)

import io
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from console import COMMAND, complaint, motif_of

from deepprune.cli.main import main
from deepprune.cli.tomtom import ENGINES
from deepprune.config.schema import schema
from deepprune.io.motif import Motif, read_motifs, write_meme
from deepprune.io.table import read_table
from deepprune.motifs.meme_suite import COLUMNS
from deepprune.motifs.tomtom import tomtom


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    rng = np.random.default_rng(5)
    motifs = [Motif(f"random_{i}", "", rng.dirichlet([0.4] * 4, rng.integers(6, 12)), 100) for i in range(60)]
    write_meme(tmp_path / "targets.meme", [*motifs, motif_of("target", "CACGTTTGC")])
    return tmp_path / "targets.meme"


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    write_meme(tmp_path / "queries.meme", [motif_of("plain", "CACGTTTGC"), motif_of("reversed", "GCAAACGTG")])
    return tmp_path / "queries.meme"


def test_engines_are_those_of_the_options() -> None:
    assert list(ENGINES) == schema("config")["properties"]["tomtom"]["properties"]["engine"]["enum"]


@pytest.mark.parametrize(
    ("arguments", "column", "largest"),
    [([], "q-value", 0.5), (["--thresh", "0.1"], "q-value", 0.1), (["--thresh", "3", "--evalue"], "E-value", 3)],
)
def test_tomtom_writes_matches_up_to_the_threshold(
    queries: Path, targets: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], column: str, largest: float
) -> None:
    assert main(["tomtom", str(queries), str(targets), *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0] == "\t".join(COLUMNS)
    everything = tomtom(read_motifs(queries), read_motifs(targets))
    expected = everything[everything[column] <= largest].reset_index(drop=True)
    assert 2 <= len(expected) < len(everything)
    found = pd.read_csv(io.StringIO(out), sep="\t", dtype=str).astype(COLUMNS)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)  # nothing is lost in print


def test_tomtom_writes_a_file(queries: Path, targets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = queries.parent / "out.tsv"
    assert main(["tomtom", str(queries), str(targets), "-o", str(output)]) == 0
    assert capsys.readouterr().out == ""
    assert read_table(output).iloc[0]["Target_ID"] == "target"


def test_tomtom_of_few_targets_warns_in_one_line(queries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tomtom", str(queries), str(queries)]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "deepprune: warning: 2 target motifs are too few for good p-values; use 50 or more"


def test_tomtom_engine_that_is_not_installed(
    queries: Path, targets: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(queries.parent))
    message = complaint(capsys, "tomtom", queries, targets, "--engine", "meme")
    assert "the MEME Suite's program tomtom is not on PATH" in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--thresh", "1.5"], "--thresh is 1.5; give a q-value from 0 to 1"),
        (["--thresh", "-1"], "--thresh is -1; give a q-value"),
        (["--thresh", "nan"], "--thresh is nan; give a q-value"),
        (["--thresh", "-0.1", "--evalue"], "--thresh is -0.1; give an E-value of zero or more"),
        (["--thresh", "inf", "--evalue"], "--thresh is inf; give an E-value"),
        (["-o", "absent/out.tsv"], "there is no folder absent"),
        (["-o", "."], ". exists and is not a file"),
    ],
)
def test_tomtom_mistakes(
    queries: Path, targets: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert message in complaint(capsys, "tomtom", queries, targets, *arguments)


def test_tomtom_of_files_that_are_none(queries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "table").write_text("a\tb\n")
    output = tmp_path / "out.tsv"
    assert "absent: No such file" in complaint(capsys, "tomtom", queries, tmp_path / "absent", "-o", output)
    assert "not a motif file" in complaint(capsys, "tomtom", tmp_path / "table", queries, "-o", output)
    assert "both standard input" in complaint(capsys, "tomtom", "-", "-", "-o", output)
    assert not output.exists()


def test_reader_of_the_matches_that_leaves_early(queries: Path, tmp_path: Path) -> None:
    motifs = [motif_of(f"target_{i}", "CACGTTTGC") for i in range(3000)]  # more rows than a pipe holds
    write_meme(tmp_path / "many.meme", motifs)
    arguments = ["tomtom", str(queries), str(tmp_path / "many.meme"), "--thresh", "1"]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().startswith(b"Query_ID\t")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141

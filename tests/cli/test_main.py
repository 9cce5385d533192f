"""The console command, as a user runs it."""

import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune import __version__
from deepprune.cli.main import main
from deepprune.cli.tomtom import ENGINES
from deepprune.config.schema import schema
from deepprune.io.motif import Motif, read_motifs, write_meme
from deepprune.io.table import read_table
from deepprune.motifs.meme_suite import COLUMNS
from deepprune.motifs.tomtom import tomtom

COMMAND = [sys.executable, "-c", "import sys; from deepprune.cli.main import main; sys.exit(main())"]
LONG = "ACGATCAGCTAGGCATTACGAGGCATTCAGNTTACGGACT"


@pytest.fixture
def fasta(tmp_path: Path) -> Path:
    path = tmp_path / "in.fa"
    path.write_text(f">first one\n{LONG[:20]}\n{LONG[20:]}\n>b\nACG\n>c\nt\n>d\n{LONG.lower()}\n>e\nRACGTACCA\n")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(arguments) == 0
    return capsys.readouterr().out.splitlines()


def dinucleotides(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def test_shuffle_keeps_names_order_and_dinucleotides(fasta: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "shuffle", str(fasta), "--seed", "1")
    assert lines[::2] == [">first one", ">b", ">c", ">d", ">e"]
    assert lines[3] == "ACG" and lines[5] == "T" and lines[9].startswith("N")
    for shuffled in (lines[1], lines[7]):
        assert dinucleotides(shuffled) == dinucleotides(LONG)
        assert shuffled != LONG
    assert lines[1] != lines[7]  # same bases, another name


def test_shuffle_depends_on_the_record_and_the_seed_alone(
    fasta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = run(capsys, "shuffle", str(fasta), "--seed", "1")
    assert run(capsys, "shuffle", str(fasta), "--seed", "1") == lines
    assert run(capsys, "shuffle", str(fasta), "--seed", "2") != lines
    (tmp_path / "one.fa").write_text(f">d\n{LONG}\n")
    assert run(capsys, "shuffle", str(tmp_path / "one.fa"), "--seed", "1") == lines[6:8]


def test_shuffle_reads_standard_input(
    fasta: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = run(capsys, "shuffle", str(fasta))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(fasta.read_bytes()))))
    assert run(capsys, "shuffle", "-") == lines


@pytest.mark.parametrize(("content", "message"), [(None, "No such file"), ("ACGT\n", "line 1"), ("", "is empty")])
def test_mistakes_end_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, message: str
) -> None:
    path = tmp_path / "in.fa"
    if content is not None:
        path.write_text(content)
    assert main(["shuffle", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"deepprune: error: {path}") and message in err


@pytest.mark.parametrize("arguments", [[], ["shufle", "x"], ["shuffle"], ["shuffle", "x", "--seed", "one"]])
def test_misuse_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: deepprune")


def test_version_without_loading_anything_heavy() -> None:
    check = "import sys; sys.modules.update(numpy=None, numba=None, tensorflow=None)\n"
    check += "from deepprune.cli.main import main; main(['--version'])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"deepprune {__version__}\n", "")


def test_reader_that_leaves_early(tmp_path: Path) -> None:
    path = tmp_path / "in.fa"
    path.write_text("".join(f">{i}\n{LONG}\n" for i in range(20000)))  # more than a pipe holds
    with subprocess.Popen([*COMMAND, "shuffle", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b">0\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_sheet_lists_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in ("AC", "B"):
        (tmp_path / f"CTCF_K562_lab_{suffix}.seq.gz").write_bytes(b"")
    _, row = run(capsys, "sheet", str(tmp_path))
    assert row.split("\t") == ["CTCF_K562_lab", "seqgz", str(tmp_path / "CTCF_K562_lab"), "", "CTCF", "K562"]
    assert main(["sheet", str(tmp_path / "nowhere")]) == 2
    assert "no pair of files" in capsys.readouterr().err


def test_encode_writes_the_committed_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = (Path(__file__).parents[2] / "resources" / "datasets.tsv").read_text()
    (tmp_path / "ids").write_text("\n".join(line.split("\t")[0] for line in sheet.splitlines()[1:]))
    assert main(["encode", str(tmp_path / "ids")]) == 0
    assert capsys.readouterr().out == sheet


def test_encode_refuses_another_name_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ids").write_text("CTCF\n")
    assert main(["encode", str(tmp_path / "ids")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("deepprune: error: CTCF is no id of ENCODE's uniform peaks")


def motif_of(name: str, word: str, alt: str = "") -> Motif:
    return Motif(name, alt, np.where(np.array(list("ACGT")) == np.array(list(word))[:, None], 0.91, 0.03), 100)


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


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """The one line that a mistake ends in."""
    assert main([str(argument) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and err.startswith("deepprune: error: ")
    return err.removeprefix("deepprune: error: ").rstrip()


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
        (["-o", "."], ". is there and not a file"),
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


@pytest.mark.parametrize("arguments", [[], ["--reverse-complement"]], ids=["one", "both"])
def test_logo_draws_each_motif(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    names = ["../escape", "/etc/x y", "..", "MA0004.1", "a" * 300]
    write_meme(tmp_path / "motifs.meme", [motif_of(name.replace(" ", "\N{EM DASH}"), "CACGTG") for name in names])
    folder = tmp_path / "new" / "logos"
    assert main(["logo", str(tmp_path / "motifs.meme"), "-o", str(folder), *arguments]) == 0
    assert capsys.readouterr() == ("", "")
    stems = ["_._escape", "_etc_x_y", "_.", "MA0004.1", "a" * 200]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{stem}.{x}" for stem in stems for x in ("png", "svg")
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["motifs.meme", "new"]
    assert (folder / "_..png").read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in (folder / "_..svg").read_bytes()


def test_logo_of_names_that_become_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_meme(tmp_path / "motifs.meme", [motif_of(name, "CACGTG") for name in ("one", "V$a", "v/A")])
    message = complaint(capsys, "logo", tmp_path / "motifs.meme", "-o", tmp_path / "logos")
    assert message.endswith("motifs V$a and v/A would get the same file name; rename one of them")
    assert not (tmp_path / "logos").exists()


def test_logo_mistakes(queries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("a\tb\n")
    folder = tmp_path / "logos"
    assert "No such file" in complaint(capsys, "logo", tmp_path / "absent", "-o", folder)
    assert "not a motif file" in complaint(capsys, "logo", tmp_path / "file", "-o", folder)
    assert not folder.exists()
    assert "is a file, not a folder" in complaint(capsys, "logo", queries, "-o", tmp_path / "file")
    assert "cannot be made" in complaint(capsys, "logo", queries, "-o", tmp_path / "file" / "logos")
    assert (tmp_path / "file").read_text() == "a\tb\n"

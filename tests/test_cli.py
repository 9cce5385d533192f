"""The console command, as a user runs it."""

import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from deepprune import __version__
from deepprune.cli import main

COMMAND = [sys.executable, "-c", "import sys; from deepprune.cli import main; sys.exit(main())"]
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
    check += "from deepprune.cli import main; main(['--version'])"
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


def test_encode_writes_the_committed_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = (Path(__file__).parents[1] / "resources" / "datasets.tsv").read_text()
    (tmp_path / "ids").write_text("\n".join(line.split("\t")[0] for line in sheet.splitlines()[1:]))
    assert main(["encode", str(tmp_path / "ids")]) == 0
    assert capsys.readouterr().out == sheet


def test_encode_refuses_another_name_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ids").write_text("CTCF\n")
    assert main(["encode", str(tmp_path / "ids")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("deepprune: error: CTCF is no id of ENCODE's uniform peaks")

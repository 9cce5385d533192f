import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from console import COMMAND, LONG, first_line

from deepprune import __version__
from deepprune.cli.main import main


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
    assert first_line("shuffle", str(path)) == b">0\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full device of Linux")
def test_full_disk_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "in.fa"
    for records in (1, 20000):  # written when the command ends, and before
        path.write_text(f">a\n{LONG}\n" * records)
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([*COMMAND, "shuffle", str(path)], stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 2 and done.stderr.count("\n") == 1
        assert done.stderr.startswith("deepprune: error: the output: No space left on device; make room")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_file_that_is_cut_short_is_no_success(tmp_path: Path, unbuffered: str) -> None:
    path, out = tmp_path / "in.fa", tmp_path / "out.fa"
    path.write_text(f">a\n{LONG}\n" * 2000)
    size = path.stat().st_size  # also of its shuffles

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size - 20, size - 20))

    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with out.open("w") as file:
        streams = {"stdout": file, "stderr": subprocess.PIPE, "text": True}
        done = subprocess.run([*COMMAND, "shuffle", str(path)], env=environment, preexec_fn=limit, **streams)
    assert done.returncode == 2 and out.stat().st_size == size - 20
    assert done.stderr.startswith("deepprune: error: the output: File too large; ") and done.stderr.count("\n") == 1


def test_ctrl_c_is_quiet() -> None:
    # The child says when it waits for its input, so that the signal finds it inside the command.
    start = "import io, sys\nfrom deepprune.cli.main import main\n"
    start += "class Input(io.RawIOBase):\n readable = lambda self: True\n"
    start += (
        " def readinto(self, buffer): print('waits', flush=True); return sys.__stdin__.buffer.raw.readinto(buffer)\n"
    )
    start += "sys.stdin = io.TextIOWrapper(io.BufferedReader(Input()))\nsys.exit(main(['shuffle', '-']))"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # A shell's job in the background ignores what the keyboard sends, and so would all that it starts.
    pipes["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen([sys.executable, "-c", start], **pipes) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b"waits\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
        assert process.wait() == 130

"""Snakemake, imported once: a process that forks for each run, because a start takes two seconds of a core.

It runs the same program with the same arguments in the same folder and environment as `python -m snakemake`.
"""

import atexit
import functools
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 600.0  # seconds


@functools.cache
def server() -> subprocess.Popen[bytes]:
    """Return the process that forks; it ends with this one."""
    # -P: the folder of this file is none that Snakemake should see.
    command = [sys.executable, "-P", __file__]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(process.communicate)
    return process


def run_snakemake(
    folder: Path, arguments: Sequence[str], environment: Mapping[str, str], log: Path, python: Path
) -> int:
    """Run Snakemake in a folder, with its output in a file; return its exit status. TimeoutError: it took too long.

    python: starts its jobs.
    """
    process = server()
    assert process.stdin and process.stdout
    request = {
        "folder": str(folder),
        "arguments": list(arguments),
        "environment": dict(environment),
        "log": str(log),
        "python": str(python),
    }
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    pid = int(process.stdout.readline())
    if not select.select([process.stdout], [], [], PATIENCE)[0]:
        os.killpg(pid, signal.SIGKILL)
        raise TimeoutError(f"Snakemake has not ended after {PATIENCE:.0f} s:\n{log.read_text()}")
    return int(process.stdout.readline())


def serve() -> None:
    """Fork for each line of the standard input; write the child's process id, then its exit status."""
    from snakemake.cli import main

    # What the Snakefile imports
    import deepprune.config.locate
    import deepprune.data.readers
    import deepprune.data.sheet  # noqa: F401

    while line := sys.stdin.readline():
        request = json.loads(line)
        if pid := os.fork():
            print(pid, flush=True)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
            continue
        start(**request)
        main()
        break


def start(folder: str, arguments: Sequence[str], environment: Mapping[str, str], log: str, python: str) -> None:
    """Make this process a new Snakemake with a group of its own."""
    sys.executable = python
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    become(folder, ["snakemake", *arguments], environment, (os.open(os.devnull, os.O_RDONLY), output, output))
    sys.path.insert(0, folder)


def become(folder: str, arguments: list[str], environment: Mapping[str, str], streams: Sequence[int]) -> None:
    """Make this process what a new one would be: its folder, arguments, environment and standard streams."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments
    for stream, source in enumerate(streams):
        os.dup2(source, stream)


if __name__ == "__main__":
    serve()

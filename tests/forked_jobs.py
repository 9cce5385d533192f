"""TensorFlow, imported once: a process that forks for each job of a workflow, since an import takes seconds of a core.

It imports TensorFlow when the first job asks for it: many runs have none. A Snakemake whose `sys.executable` is
`python()` runs the scripts that choose TensorFlow's device so, with the same arguments, folder, environment and
streams, and all others as usual. Working folders that have no compiled programs yet share those of all, which take
seconds.
"""

import atexit
import functools
import json
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import job_client
from forks import become

PROGRAMS = "programs"
COMPILED = Path("results/compiled")  # of a working folder


@functools.cache
def python() -> Path:
    """Return a program that stands for this Python; the process that forks ends with this one."""
    folder = Path(tempfile.mkdtemp(prefix="deepprune-jobs-"))
    atexit.register(shutil.rmtree, folder)
    client = folder / "python"
    # Isolated and without packages it starts in some milliseconds.
    client.write_text(f"#!{sys.executable} -IS\n{Path(job_client.__file__).read_text()}\nmain({sys.executable!r})\n")
    client.chmod(0o700)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / job_client.ADDRESS))
        listener.listen(64)  # clients wait while TensorFlow is imported
        (folder / PROGRAMS).mkdir()
        command = [sys.executable, __file__, str(listener.fileno()), str(folder / PROGRAMS)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[listener.fileno()])
    atexit.register(process.wait)
    atexit.register(process.kill)
    return client


def serve(descriptor: int, programs: str) -> None:
    """Fork for each connection to a socket; in the child, run the job that it asks for. programs: a folder."""
    sys.path.pop(0)  # the folder of this file is none that a job should see
    with socket.socket(fileno=descriptor) as listener:
        select.select([listener], [], [])
        _import_tensorflow()
        signal.signal(signal.SIGCHLD, _wait)
        while True:
            connection = listener.accept()[0]
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                break
            connection.close()
    _, streams, *_ = socket.recv_fds(connection, 1, 3)
    with connection.makefile() as lines:
        request = json.loads(lines.readline())
    read, written = os.pipe()
    if job := os.fork():
        os.close(written)
        _watch(job, read, connection)
    else:
        connection.close()
        become(**request, streams=streams)
        with suppress(OSError):  # there are some, or the disk is full
            COMPILED.symlink_to(programs)
        script = sys.argv[0]
        sys.path.insert(0, str(Path(script).parent))
        runpy.run_path(script, run_name="__main__")


def _import_tensorflow() -> None:
    """Import TensorFlow as a job does, before it has chosen its device: that is read later."""
    from deepprune.training.device import UNUSED, absent, quiet

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with quiet(), absent(*UNUSED):
        import tensorflow  # noqa: F401


def _wait(*_: object) -> None:
    """Wait for the children that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch(job: int, ended: int, connection: socket.socket) -> None:
    """Send the exit status of a job to its client; kill the job if the client ends before. ended: closed by the job."""
    events = select.poll()
    events.register(ended)
    events.register(connection, 0)  # its end alone
    if ended not in dict(events.poll()):
        os.kill(job, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(job, 0)[1])
    with suppress(BrokenPipeError):
        connection.sendall(str(status).encode())
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])

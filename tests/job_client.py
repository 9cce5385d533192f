"""The client of forked_jobs.py: it asks for a job, and ends as the job ends. Only the standard library is there."""

import json
import os
import signal
import socket
import sys
from pathlib import Path

ADDRESS = "jobs"  # a socket beside this file
# What scripts import that choose TensorFlow's device
NEEDS_TENSORFLOW = "deepprune.training.device"


def main(python: str) -> None:
    """Run the command line by a fork if it is a script that needs TensorFlow, else by a Python."""
    script = Path(sys.argv[1])
    if script.suffix != ".py" or NEEDS_TENSORFLOW not in script.read_text(encoding="utf-8"):
        os.execv(python, [python, *sys.argv[1:]])
    request = {"arguments": sys.argv[1:], "folder": str(Path.cwd()), "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(str(Path(__file__).with_name(ADDRESS)))
        socket.send_fds(server, [b"\n"], [0, 1, 2])
        server.sendall(json.dumps(request).encode() + b"\n")
        status = int(server.recv(16))
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)

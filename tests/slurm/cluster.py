"""A real Slurm cluster on this machine: munge, accounting, a controller and three nodes, all in a temporary folder."""

import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template

NODES = ("cpu1", "cpu2", "gpu1")  # gpu1 has a pretend GPU
PORTS = ("mariadbd", "slurmdbd", "slurmctld", *NODES)
CLIENTS = ("sbatch", "srun", "scancel", "scontrol", "squeue", "sinfo", "sacct", "sacctmgr", "sshare")
SERVERS = ("munged", "mariadbd", "mariadb-install-db", "my_print_defaults", "slurmdbd", "slurmctld", "slurmd")
SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
# Every process of a cluster, its jobs included, carries the cluster's folder under this name.
MARK = "DEEPPRUNE_TEST_CLUSTER"

DATABASE = """CREATE DATABASE slurm_acct_db;
CREATE USER 'slurm'@'127.0.0.1' IDENTIFIED BY 'slurm';
GRANT ALL ON slurm_acct_db.* TO 'slurm'@'127.0.0.1';
"""
SLURMDBD = """AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
DbdHost=localhost
DbdPort=$slurmdbd
SlurmUser=$user
PidFile=$folder/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=$mariadbd
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm_acct_db
CommitDelay=1
"""


def missing() -> list[str]:
    """Return the programs that a cluster needs and that are not installed."""
    return [name for name in (*SERVERS, *CLIENTS) if not shutil.which(name, path=SEARCH)]


class Cluster:
    """A running cluster. `environment` makes Slurm's commands, and Snakemake's, talk to it."""

    def __init__(self, folder: Path, account: str) -> None:
        self.folder, self.account = folder, account
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}
        self.values = {"folder": str(folder), "user": getpass.getuser(), "host": socket.gethostname().partition(".")[0]}
        self.values |= {name: str(port) for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)}
        self.environment = os.environ | {
            "PATH": f"{folder / 'bin'}{os.pathsep}{SEARCH}",
            "SLURM_CONF": str(folder / "slurm.conf"),
            MARK: str(folder),
        }

    def start(self) -> None:
        """Start all daemons, one after the other as each needs those before. RuntimeError: one did not."""
        self._configure()
        self._daemon("munged", *self._munge(), "--foreground", "--force", "--num-threads=4")
        socket_option = f"-S{self.folder / 'munge.socket'}"
        self._until("munged", lambda: self.asks("sh", "-c", f"munge -n {socket_option} | unmunge {socket_option}"))
        self._start_database()
        self._daemon("slurmdbd", "-D")
        self._until("slurmdbd", lambda: self.asks("sacctmgr", "-n", "list", "cluster"))
        for what in (
            ("cluster", "deepprune"),
            ("account", self.account, "Description=test", "Organization=test"),
            ("user", self.values["user"], f"Account={self.account}"),
        ):
            self.ask("sacctmgr", "-i", "add", *what)
        self._daemon("slurmctld", "-D", "-i")
        self._until("slurmctld", lambda: "is UP" in self.ask("scontrol", "ping"))
        for node in NODES:
            self.start_node(node)
        self._until("the nodes", lambda: self.ask("sinfo", "-h", "-N", "-o", "%t").split().count("idle") == len(NODES))

    def start_node(self, node: str) -> None:
        self._daemon("slurmd", "-D", "-N", node, name=node)

    def kill_node(self, node: str) -> None:
        """Let a node die: its daemon, the steps that it runs and all that runs in them."""
        jobs = self.ask("squeue", "-h", "-w", node, "-o", "%A").split()
        self.daemons[node].kill()
        self.daemons[node].wait()
        for job in jobs:
            for pid in self.processes(job):
                _kill(pid)

    def ask(self, *command: str) -> str:
        """Return what a command of Slurm prints. subprocess.CalledProcessError: it failed."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=30)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, shlex.join(command), done.stdout, done.stderr)
        return done.stdout

    def asks(self, *command: str) -> bool:
        """Whether a command succeeds."""
        with suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            self.ask(*command)
            return True
        return False

    def accounts(self, *columns: str) -> list[dict[str, str]]:
        """Return what accounting tells of all jobs so far, a dictionary of these columns each."""
        lines = self.ask("sacct", "-n", "-X", "-P", "-a", "-D", "-S", "now-1days", "-o", ",".join(columns)).splitlines()
        return [dict(zip(columns, line.split("|"), strict=True)) for line in lines]

    def queue(self) -> list[str]:
        """Return the ids of the jobs that are pending, running or completing."""
        return self.ask("squeue", "-h", "-t", "pending,running,completing", "-o", "%A").split()

    def running(self, comment: str) -> str:
        """Return the id of a running job whose comment begins so, "" if there is none."""
        lines = self.ask("squeue", "-h", "-t", "running", "-o", "%A %k").splitlines()
        return next((line.split()[0] for line in lines if line.split()[1].startswith(comment)), "")

    def comment(self, job: str) -> str:
        """Return the comment of a job in the queue: its rule and wildcards."""
        return self.ask("squeue", "-h", "-j", job, "-o", "%k").strip()

    def processes(self, job: str = "") -> list[int]:
        """Return the ids of all processes of this cluster, or of one of its jobs."""
        ids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        ours = [pid for pid in ids if _carries(pid, f"{MARK}={self.folder}")]
        if job:
            steps = f"slurmstepd: [{job}."
            return [pid for pid in ours if command(pid).startswith(steps) or _carries(pid, f"SLURM_JOB_ID={job}")]
        return ours

    def stop(self) -> None:
        """Stop everything, by process id, whatever state it is in."""
        with suppress(subprocess.SubprocessError):
            self.ask("scancel", f"--user={self.values['user']}")
            deadline = time.monotonic() + 5
            while self.queue() and time.monotonic() < deadline:
                time.sleep(0.1)
        # Nodes before controller, controller before accounting: the reverse of how they were started.
        for process in reversed(self.daemons.values()):
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pid in self.processes():
            _kill(pid)

    def _configure(self) -> None:
        for name in ("log", "state", "bin", *(f"spool.{node}" for node in NODES)):
            (self.folder / name).mkdir()
        for name, text in (
            ("slurm.conf", Path(__file__).with_name("slurm.conf").read_text()),
            ("slurmdbd.conf", SLURMDBD),
            ("gres.conf", "NodeName=gpu1 Name=gpu File=/dev/null\n"),
            ("database.sql", DATABASE),
        ):
            (self.folder / name).write_text(Template(text).substitute(self.values))
        (self.folder / "munge.key").write_bytes(os.urandom(1024))
        for name in ("slurmdbd.conf", "munge.key"):
            (self.folder / name).chmod(0o600)
        # Within a job the plugin drops all variables SLURM_* before it calls srun, that of our configuration too.
        for name in CLIENTS:
            program = shutil.which(name, path=SEARCH)
            script = f'#!/bin/sh\nexec env SLURM_CONF={self.environment["SLURM_CONF"]} {program} "$@"\n'
            (self.folder / "bin" / name).write_text(script)
            (self.folder / "bin" / name).chmod(0o755)

    def _munge(self) -> list[str]:
        names = {"key-file": "munge.key", "socket": "munge.socket", "pid-file": "munge.pid", "seed-file": "munge.seed"}
        names["log-file"] = "log/munge.log"
        return [f"--{option}={self.folder / name}" for option, name in names.items()]

    def _start_database(self) -> None:
        folder, port = self.folder / "database", self.values["mariadbd"]
        common = ("--no-defaults", f"--datadir={folder}", f"--user={self.values['user']}")
        self.ask(
            "mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db",
            "--skip-name-resolve",
        )  # fmt: skip
        self._daemon(
            "mariadbd", *common, f"--socket={self.folder / 'mariadb.socket'}", "--bind-address=127.0.0.1",
            f"--port={port}", "--skip-name-resolve", f"--init-file={self.folder / 'database.sql'}",
            "--innodb-buffer-pool-size=64M", "--innodb-lock-wait-timeout=900",
        )  # fmt: skip
        self._until("mariadbd", lambda: listens(int(port)))

    def _daemon(self, program: str, *arguments: str, name: str = "") -> None:
        name = name or program
        with (self.folder / "log" / f"{name}.out").open("ab") as log:
            self.daemons[name] = subprocess.Popen(
                [str(shutil.which(program, path=SEARCH)), *arguments],
                env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _until(self, what: str, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Wait. RuntimeError: a daemon ended, or it took too long; its last lines."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(subprocess.SubprocessError):
                if ready():
                    return
            ended = [name for name, process in self.daemons.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                logs = sorted((self.folder / "log").iterdir(), key=lambda path: path.stat().st_mtime)
                last = "".join(path.read_text(errors="replace")[-1000:] for path in logs[-2:])
                raise RuntimeError(f"{what} did not start; ended: {ended}\n{last}")
            time.sleep(0.1)


@contextmanager
def cluster(account: str) -> Iterator[Cluster]:
    """Start a cluster with one account, and stop it whatever happens."""
    # Not pytest's folder: the path of a socket may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="deepprune-slurm-"))
    folder.chmod(0o755)  # munge insists
    made = Cluster(folder, account)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Return so many ports of this machine that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def listens(port: int) -> bool:
    """Whether someone listens on a port of this machine."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def command(pid: int) -> str:
    """Return the command line of a process; "" if there is none."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _carries(pid: int, *variables: str) -> bool:
    """Whether all these are in a process's environment."""
    with suppress(OSError):
        return set(variables) <= set(Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0"))
    return False


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)

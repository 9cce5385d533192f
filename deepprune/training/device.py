"""What is settled before TensorFlow is imported.

Its device, its messages, and where compiled programs are kept.
"""

import ctypes
import fcntl
import gc
import hashlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from deepprune.io.files import write_atomic

# Networks are trained side by side, a thread each: to share out their small loops too costs up to a tenth more time.
XLA_FLAGS = "--xla_disable_hlo_passes=cpu-parallel-task-assigner"
YOUNG = 60  # seconds; a folder of that age may not be locked yet
NO_GPU = (
    "Warning: this job was given a GPU, but TensorFlow sees none and trains on the processor. A GPU needs its driver "
    "and TensorFlow's CUDA libraries: pip install 'tensorflow[and-cuda]'"
)


@contextmanager
def device(gpu: int, compiled: Path) -> Iterator[None]:
    """Set TensorFlow's environment: a GPU only if one was given; compiled programs kept in, and taken from, a folder.

    The programs are those of this processor and this TensorFlow: other machines that share the folder leave them alone.
    XLA would fail for good on a damaged file of its cache, so that it works on a copy of the files that are whole.
    """
    gc.set_threshold(100_000)  # imports and traces make objects that stay: looking for garbage took a sixth of them
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's sums must not depend on the number of threads
    if not gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    _append("XLA_FLAGS", XLA_FLAGS)
    kept = compiled / _machine()
    kept.mkdir(parents=True, exist_ok=True)
    with temporary_folder() as cache:
        known = _take(kept, cache)
        _append("TF_XLA_FLAGS", f"--tf_xla_persistent_cache_directory={cache}")
        yield
        for path in cache.glob("*.pb"):
            if path.name not in known:
                content = path.read_bytes()
                with write_atomic(kept / f"{_digest(content)}-{path.name}") as temporary:
                    temporary.write_bytes(content)


def _append(variable: str, flags: str) -> None:
    """To what the user may have set there."""
    present = os.environ.get(variable, "")
    if flags not in present:
        os.environ[variable] = f"{present} {flags}".strip()


@contextmanager
def temporary_folder(prefix: str = "deepprune-programs-") -> Iterator[Path]:
    """A folder for as long as it is needed; those of the same prefix that killed processes left are removed as well."""
    for other in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError), _locked(other):
            if time.time() - other.stat().st_mtime > YOUNG:
                shutil.rmtree(other)
    with tempfile.TemporaryDirectory(prefix=prefix) as folder, _locked(Path(folder)):
        yield Path(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder, which the system takes back when this process ends; OSError if another has it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """For work whose objects all stay, such as tracing: to look for garbage among them takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def release_memory() -> None:
    """Give free memory back to the system; the C library of Linux keeps it, a hundred MB after a compilation."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def _take(kept: Path, cache: Path) -> set[str]:
    """Copy the programs whose content is as their name says; remove the others. Return their names in the cache."""
    known = set()
    for path in kept.glob("[!.]*.pb"):  # what begins with a dot is still being written, by another job
        digest, _, name = path.name.partition("-")
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # another job found it damaged first
            continue
        if digest == _digest(content):
            (cache / name).write_bytes(content)
            known.add(name)
        else:
            path.unlink(missing_ok=True)
    return known


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _machine() -> str:
    """A name for what compiled programs depend on: processor, its instruction sets, TensorFlow, XLA's settings."""
    parts = [platform.machine(), platform.processor(), version("tensorflow"), os.environ["XLA_FLAGS"]]
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        parts += sorted({line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))})
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

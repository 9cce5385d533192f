"""Settings that must precede the import of TensorFlow.

The device, the messages, and the folder of compiled programs.
"""

import ctypes
import fcntl
import gc
import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from deepprune.io.files import write_atomic

# Networks train side by side, one thread each: dividing their small loops among threads too costs up to 10 % more time.
XLA_FLAGS = "--xla_disable_hlo_passes=cpu-parallel-task-assigner"
# Packages that Keras imports where they are installed, for functions that nobody calls here: half a second and two.
UNUSED = ("matplotlib", "sklearn")
YOUNG = 60  # seconds; a younger folder may not be locked yet
NO_GPU = (
    "Warning: this job was given a GPU, but TensorFlow sees none and trains on the processor. A GPU needs its driver "
    "and TensorFlow's CUDA libraries: pip install 'tensorflow[and-cuda]'"
)


@contextmanager
def device(gpu: int, compiled: Path) -> Iterator[None]:
    """Set TensorFlow's environment: a GPU only if one was given; compiled programs are kept in a folder.

    A program serves only the same processor type and TensorFlow: other machines that share the folder ignore it. XLA
    would fail permanently on a damaged file of its cache, so it works on a copy of the intact files.
    """
    gc.set_threshold(
        100_000
    )  # imports and traces make permanent objects; garbage collection took a sixth of their time
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
        with absent(*UNUSED):
            import tensorflow  # noqa: F401 (what follows imports it)
        yield
        for path in cache.glob("*.pb"):
            if path.name not in known:
                content = path.read_bytes()
                with write_atomic(kept / f"{_digest(content)}-{path.name}") as temporary:
                    temporary.write_bytes(content)


def tell_missing_gpu(found: int, wanted: int, terminal: TextIO) -> None:
    """Say in the log and on the terminal if a job was given a GPU that TensorFlow does not see."""
    if wanted and not found:
        print(NO_GPU)
        print(NO_GPU, file=terminal)


@contextmanager
def quiet() -> Iterator[None]:
    """Send what compiled code writes to standard error nowhere: TensorFlow greets while it is imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Let imports of these packages fail as if they were not installed, unless they are imported already."""
    hidden: dict[str, Any] = {name: None for name in names if name not in sys.modules}
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _append(variable: str, flags: str) -> None:
    """Append flags to an environment variable that the user may have set."""
    present = os.environ.get(variable, "")
    if flags not in present:
        os.environ[variable] = f"{present} {flags}".strip()


@contextmanager
def temporary_folder(prefix: str = "deepprune-programs-") -> Iterator[Path]:
    """Yield a temporary folder; also remove folders with the same prefix that killed processes left."""
    for other in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError), _locked(other):
            if time.time() - other.stat().st_mtime > YOUNG:
                shutil.rmtree(other)
    with tempfile.TemporaryDirectory(prefix=prefix) as folder, _locked(Path(folder)):
        yield Path(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder; the system releases it when this process ends. OSError if another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Pause garbage collection, which takes a tenth of the time of work with permanent objects, such as tracing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def release_memory() -> None:
    """Return free memory to the system; the C library of Linux keeps 100 MB after a compilation."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def _take(kept: Path, cache: Path) -> set[str]:
    """Copy the programs whose content matches their name, and remove the others; return their names in the cache."""
    known = set()
    for path in kept.glob("[!.]*.pb"):  # names with a leading dot belong to files that another job is writing
        digest, _, name = path.name.partition("-")
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # another job has removed the damaged file already
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
    """Return a name for what compiled programs depend on: processor, instruction sets, TensorFlow, XLA's settings."""
    parts = [platform.machine(), platform.processor(), version("tensorflow"), os.environ["XLA_FLAGS"]]
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        parts += sorted({line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))})
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

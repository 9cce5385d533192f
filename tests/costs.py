"""What tests cost: wall time and processor time, with that of the processes that they start (pytest --costs FILE).

Fixtures that several tests share have rows of their own. Nothing is known of processes that outlive their parents, as
those of a cluster do.
"""

import os
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

SHARED = ("session", "package", "module", "class")
SHOWN = 20


class Cost(NamedTuple):
    """Seconds of a test or of a shared fixture, without those of the shared fixtures that were made meanwhile."""

    name: str
    wall: float
    cpu: float


class Costs:
    """A plugin that measures each test and each shared fixture, and writes a table of them."""

    def __init__(self, file: Path) -> None:
        self.file, self.began = file, spent()[0]
        self.found: list[Cost] = []

    @contextmanager
    def measured(self, name: str) -> Iterator[None]:
        before, first = spent(), len(self.found)
        yield
        inner = sum((np.array(cost[1:]) for cost in self.found[first:]), np.zeros(2))
        self.found.append(Cost(name, *(spent() - before - inner).tolist()))

    def pytest_collection_finish(self) -> None:
        wall, cpu = spent()
        self.found.append(Cost("(start, imports and collection)", wall - self.began, cpu))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        with self.measured(item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: pytest.FixtureRequest) -> Generator[None, object, object]:
        if fixturedef.scope not in SHARED:
            return (yield)
        with self.measured(f"{fixturedef.baseid}::{fixturedef.argname} (fixture)"):
            return (yield)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        costs = sorted(self.found, key=lambda cost: cost.cpu, reverse=True)
        rows = [f"{cost.cpu:.1f}\t{cost.wall:.1f}\t{cost.name}" for cost in costs]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("\n".join(["cpu\twall\ttest", *rows]) + "\n")
        total = sum(cost.cpu for cost in costs)
        terminalreporter.section(f"{total / 60:.1f} min of processor time; the most expensive")
        for row in rows[:SHOWN]:
            terminalreporter.line(row)


def spent() -> np.ndarray:
    """Return the seconds so far: on the wall, and of the processor in this process and those that it has started."""
    started = []
    for path in Path("/proc/self/task").glob("*/children"):
        with suppress(FileNotFoundError):  # the thread has ended meanwhile
            started += path.read_text().split()
    ticks = sum(map(ticks_of, started))
    return np.array([time.monotonic(), sum(os.times()[:4]) + ticks / os.sysconf("SC_CLK_TCK")])


def ticks_of(pid: str) -> int:
    """Return the ticks of the processor that a process and those that it has waited for have taken."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended
        return 0
    return sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime

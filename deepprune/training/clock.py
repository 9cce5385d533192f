"""The time that the steps of a job take: on the clock, and of the processor."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

# The steps of a learner's job, and the columns of the table of steps
READ, LEARN, PREDICT = "features", "training", "prediction"
STEPS = ["seed", "source", "step", "sequences", "seconds", "processor_seconds"]


class Step(NamedTuple):
    """A step of a job.

    sequences: how many it read.  processor_seconds: of all threads of this process together.
    """

    name: str
    sequences: int
    seconds: float
    processor_seconds: float


class Clock:
    """The steps of a job with their times."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str, sequences: int) -> Iterator[None]:
        """Measure what is done in this context as one step."""
        began, used = time.perf_counter(), time.process_time()
        yield
        self.steps.append(Step(name, sequences, time.perf_counter() - began, time.process_time() - used))

    def seconds(self, *names: str) -> float:
        """Return the seconds of all steps of these names."""
        return sum(step.seconds for step in self.steps if step.name in names)

"""How far a run of the workflow is, from what Snakemake and the training write."""

import re
from collections.abc import Sequence
from pathlib import Path

# Parts of the time of a run on one data set, by rule; other rules count as 1.
WEIGHTS = {"train": 12.0, "tomtom": 4.0}
# A network's part of the time of its training, in kernels, beside its own
PER_NETWORK = 32

_COUNT = re.compile(r"(\w+)\s+(\d+)\s*")
_FINISHED = re.compile(r"Finished jobid: \d+ \(Rule: (\w+)\)")
_NETWORK = re.compile(r" (\d+) kernels  seed \d+: \d+ epochs")


class Progress:
    """The share of a run that is done.

    ladder: numbers of kernels of the networks that are trained for each seed.  logs: folder of the trainings' logs.
    """

    def __init__(self, ladder: Sequence[int], seeds: int, logs: Path) -> None:
        self.networks = seeds * sum(kernels + PER_NETWORK for kernels in ladder)
        self.logs = logs
        self.total = self.done = 0.0
        self.counting = self.training = False
        self.rule = "starting"

    def read(self, line: str) -> str | None:
        """Take a line of Snakemake's; return the rule whose job it says is finished."""
        if self.counting:
            if found := _COUNT.fullmatch(line):
                self.counting = found[1] != "total"
                self.total += WEIGHTS.get(found[1], 1.0) * int(found[2]) if self.counting else 0
        elif line.startswith("Job stats:"):
            self.counting, self.total, self.done = True, 0.0, 0.0
        elif found := re.fullmatch(r"(?:local)?rule (\w+):\s*", line):
            self.rule = found[1]
            self.training = self.training or self.rule == "train"
        elif found := _FINISHED.search(line):
            self.done += WEIGHTS.get(found[1], 1.0)
            self.training = self.training and found[1] != "train"
            return found[1]
        return None

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        if not self.total:
            return 0.0
        trained = WEIGHTS["train"] * self._trained() if self.training else 0.0
        return min(1.0, (self.done + trained) / self.total)

    def _trained(self) -> float:
        """Return the share of the running trainings that is done, from the networks in their logs."""
        done = 0
        for log in self.logs.glob("*.log"):
            done += sum(int(kernels) + PER_NETWORK for kernels in _NETWORK.findall(log.read_text(errors="replace")))
        return min(1.0, done / self.networks)

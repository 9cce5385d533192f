"""The paper's figures that a run makes possible."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from deepprune.errors import InputError
from deepprune.io.files import open_text

# Figure 2 shows the sets with at most this many motifs, Figure 3 the others.
FEW_MOTIFS = 2
# The first line of a matrix in MEME, TRANSFAC and JASPAR files; the first form that the file contains counts.
OPENINGS = ("letter-probability matrix:", r"P[0O]\s", ">")


def count_motifs(path: str | Path) -> int:
    """Return the number of motifs in a MEME, JASPAR or TRANSFAC file.

    The workflow calls this at every parse, so matrices are not read. The number is 0 for an unreadable file; the job
    that makes the data set reports the error.
    """
    try:
        with open_text(path) as file:
            lines = list(file)
    except InputError:
        return 0
    counts = (sum(re.match(opening, line) is not None for line in lines) for opening in OPENINGS)
    return next(filter(None, counts), 0)


def groups(simulated: Mapping[str, str], real: Sequence[str]) -> dict[str, list[str]]:
    """Return the data sets in the groups of the paper's figures: few (motifs implanted), many, real.

    simulated: motif files by data set.
    """
    many = [dataset for dataset, path in simulated.items() if count_motifs(path) > FEW_MOTIFS]
    few = [dataset for dataset in simulated if dataset not in many]
    return {"few": few, "many": many, "real": list(real)}


def paper_figures(
    groups: Mapping[str, Sequence[str]], methods: Mapping[str, Sequence[str]], criteria: Sequence[str]
) -> dict[str, list[str]]:
    """Return the figures of the paper that a run makes possible, with the data sets of each.

    groups: see `groups`.  methods: by kind of data, simulated and chipseq.  criteria: of the run.
    """
    few, many, real = (list(groups[group]) for group in ("few", "many", "real"))
    simulated = few + many

    def preferably_real(method: str) -> list[str]:
        kinds = (real, methods["chipseq"]), (simulated, methods["simulated"])
        return next((datasets for datasets, trained in kinds if datasets and method in trained), [])

    compared = real if "baseline" in methods["chipseq"] else []
    wanted = {
        "figure2": few,
        "figure3": many,
        "figure4": simulated if len(criteria) > 1 else [],
        "figure6": compared,
        "figureS1": preferably_real("winning_ticket"),
        "figureS2": compared,
        "figureS4": preferably_real("circular"),
        "figureS5": compared,
        # One data set cannot represent two quantiles.
        "figureS6": compared if len(compared) > 1 else [],
    }
    return {name: datasets for name, datasets in wanted.items() if datasets}

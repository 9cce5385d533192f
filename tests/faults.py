"""A configuration small enough to test faults: two data sets, one seed, one network pruned once."""

from pathlib import Path

import study

ROWS = {name: study.ROWS[name] for name in ("simulated", "fasta")}
OPTIONS = study.OPTIONS | {
    "seeds": [0],
    "methods": ["baseline", "inter", "deepprune"],
    "prune": {"start": 8, "final": 4},
}


def small_study(folder: Path) -> Path:
    """Make a checkout with the study's files in a new folder."""
    study.checkout(folder)
    study.write_study(folder / "study")
    study.write_sheet(folder / "study" / "sheet.tsv", ROWS)
    return folder

"""A configuration small enough to test faults: two data sets, one seed, one network pruned once."""

from pathlib import Path

import workflow

ROWS = {name: workflow.ROWS[name] for name in ("simulated", "fasta")}
OPTIONS = workflow.OPTIONS | {
    "study": "none",
    "seeds": [0],
    "methods": ["baseline", "inter", "deepprune"],
    "prune": {"start": 8, "final": 4},
}


def small_study(folder: Path) -> Path:
    """Make a checkout with the study's files in a new folder."""
    workflow.checkout(folder)
    workflow.write_study(folder / "study")
    workflow.write_sheet(folder / "study" / "sheet.tsv", ROWS)
    return folder

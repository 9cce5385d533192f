"""A study that trains the networks of a table on one data set, and does nothing else."""

from pathlib import Path
from typing import Any

from workflow import OPTIONS, ROWS, checkout, write_sheet, write_study

# A study that trains all networks of the table and reads no filters
STUDY = """include: "../networks.smk"

STUDY["outputs"] = [
    collect(rules.train_network.output, dataset=SINGLE, network=LAYERED),
    collect(rules.train_machine.output, dataset=SINGLE, network=MACHINES),
]

rule trained:
    input:
        STUDY["outputs"]
"""
CHANGES: dict[str, Any] = {
    "datasets": "study/sheet.tsv",
    "study": "plain",
    "networks": "study/networks.tsv",
    "seeds": [0, 1],
    "data": OPTIONS["data"],
    "train": OPTIONS["train"] | {"max_epochs": 2},
}


def trained_study(folder: Path, table: str) -> Path:
    """Return a new checkout with this study; table: the text of its table of networks."""
    checkout(folder)
    write_study(folder / "study")
    (folder / "rules/studies/plain.smk").write_text(STUDY)
    (folder / "study/networks.tsv").write_text(table)
    write_sheet(folder / "study/sheet.tsv", {"fasta": ROWS["fasta"]})
    return folder

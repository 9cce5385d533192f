"""A small run on a cluster: its options, its start, its tables."""

from pathlib import Path
from subprocess import Popen
from typing import Any, NamedTuple

import yaml
from cluster import Cluster
from workflow import OPTIONS, ROOT, ROWS, checkout, start_snakemake, write_sheet, write_study

Tables = dict[str, list[list[str]]]
PROFILE = yaml.safe_load((ROOT / "profiles/slurm/profile.yaml").read_text())
DATASETS = ("fasta", "csail")
SMALL: dict[str, Any] = OPTIONS | {
    "methods": ["baseline", "deepprune"],
    "prune": {"start": 8, "final": 4},
    "train": {"batch_size": 32, "max_epochs": 10, "patience": 10},
    "tomtom": {"shuffles": 10},
}
# All results of a data set, and tables; the other tables, figures and pages would only take time.
NAMES = ("auc", "comparison", "datasets", "motifs", "tomtom", "table2", "table3", "replication")
TARGETS = tuple(f"results/tables/{name}.tsv" for name in NAMES) + tuple(
    f"results/{file}" for name in DATASETS for file in (f"report/{name}.html", f"figures/logos/{name}.svg")
)
# Of the profile only its patience is overridden: jobs take seconds here, and nobody else asks this controller.
QUICK = ("--slurm-init-seconds-before-status-checks", "5", "--max-status-checks-per-second", "1")


class Study(NamedTuple):
    """A small study's folder on a cluster."""

    folder: Path
    site: Cluster

    def start(self, *arguments: str) -> Popen[str]:
        """Start it with the profile, and leave it running."""
        options = ("--profile", "profiles/slurm", *QUICK, *arguments)
        return start_snakemake(self.folder, *options, options=SMALL, environment=self.site.environment)


def prepare(folder: Path) -> Path:
    checkout(folder)
    write_study(folder / "study")
    write_sheet(folder / "study/sheet.tsv", {name: ROWS[name] for name in DATASETS})
    return folder


def tables(folder: Path) -> Tables:
    """Return the cells of all summary tables, without the column of measured time."""
    found = {}
    for path in sorted((folder / "results/tables").glob("*.tsv")):
        rows = [line.split("\t") for line in path.read_bytes().decode().split("\n")]
        if "seconds" in rows[0]:
            place = rows[0].index("seconds")
            rows = [row[:place] + row[place + 1 :] for row in rows]
        found[path.name] = rows
    return found

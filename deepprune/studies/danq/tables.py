"""The networks and learners of a run beside one another, the autoencoders, and the verdicts on the claims."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepprune.io.table import named, read_table, read_tables, write_table
from deepprune.motifs.filter_summary import filter_tables
from deepprune.studies.claims.named import judge_named, read_named_claims
from deepprune.studies.danq.values import (
    MEASURED,
    MEASURES,
    REFERENCE,
    above_deepsea,
    beside_published,
    claim_values,
    rare_gains,
    with_times,
)
from deepprune.training.clock import STEPS
from deepprune.training.reconstruction import COLUMNS as RECONSTRUCTION

NAMES = "dataset", "network"  # columns before those of a job
DEVIATIONS = ["auroc", "auprc"]  # measures whose standard deviation over seeds is told
AUTOENCODER = [
    *("parameters", "epochs", "kept", "processor_seconds", "loss", "validation_loss", "accuracy", "test_accuracy"),
    *("uniform", "most_frequent", "diverged"),
]


def network_table(times: pd.DataFrame) -> pd.DataFrame:
    """Return means over seeds for each network, with the population's standard deviation over them.

    times: of `with_times`.  relative_time: the total time divided by that of REFERENCE, if it was trained.
    """
    numbers = [*MEASURED, "own_time", "total_time"]
    grouped = times.groupby("network", sort=False)
    table = grouped["source"].first().to_frame().join(grouped["seed"].nunique().rename("seeds"))
    table = table.join(grouped[numbers].mean()).join(grouped[DEVIATIONS].std(ddof=0).add_suffix("_sd"))
    table["relative_time"] = table["total_time"] / table["total_time"].get(REFERENCE, float("nan"))
    return table.reset_index().round(4)


def autoencoder_table(autoencoders: pd.DataFrame) -> pd.DataFrame:
    """Return means over seeds for each autoencoder; gain: of the test accuracy over naming the most frequent base."""
    grouped = autoencoders.groupby("network", sort=False)
    table = grouped["seed"].nunique().rename("seeds").to_frame().join(grouped[AUTOENCODER].mean())
    table["gain"] = table["test_accuracy"] - table["most_frequent"]
    return table.reset_index().round(5)


def published_table(compared: pd.DataFrame) -> pd.DataFrame:
    """Return the mean AUROC and AUPRC of the networks and of the published ones, for each network and group of classes.

    compared: of `beside_published`.  higher: the share of classes whose AUROC is above that of the published REFERENCE.
    """
    columns = [name for name in map(str, compared) if name.startswith(("auroc", "auprc"))]
    measured = compared.dropna(subset=["auroc"])
    measured = measured.assign(higher=(measured["auroc"] > measured[f"auroc_{REFERENCE.lower()}"]).astype(float))
    grouped = measured.groupby(["network", "group"], sort=False)
    return grouped["task"].nunique().rename("classes").to_frame().join(grouped[[*columns, "higher"]].mean()).round(4)


class DatasetTables:
    """The tables of one data set.

    tables: of all data sets by name: networks, tasks, steps, autoencoders.  published: the classes' published values,
    for a data set of these classes.
    """

    def __init__(self, dataset: str, tables: Mapping[str, pd.DataFrame], published: pd.DataFrame | None) -> None:
        own = {name: table[table["dataset"] == dataset] for name, table in tables.items()}
        self.tasks, self.autoencoders = own["tasks"], own["autoencoders"]
        self.times = with_times(own["networks"], own["steps"], self.autoencoders)
        self.compared = None if published is None else beside_published(self.tasks, published)

    def values(self) -> pd.DataFrame:
        """Return the values that claims need."""
        further = [rare_gains(self.tasks)]
        if self.compared is not None:
            further.append(above_deepsea(self.compared))
        return claim_values(self.times, self.autoencoders, further)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the study's tables."""
        found = {"networks": network_table(self.times), "autoencoders": autoencoder_table(self.autoencoders)}
        compared = self.tasks.iloc[:0] if self.compared is None else self.compared
        return found | {"published": published_table(compared).reset_index() if len(compared) else compared}


def write_study_tables(files: Any, datasets: Sequence[str], published: Sequence[str], output: Any) -> None:
    """Write the tables of all data sets, and the verdicts on the claims.

    files: networks, tasks, steps, reconstructions, the tables of all trainings; claims; aucs, the published values; and
    those that `filter_tables` reads for networks of these datasets.  published: the data sets of these classes.
    """
    tables = {
        "networks": read_tables(files.networks),
        "tasks": read_tables(files.tasks),
        "steps": read_tables(files.steps, [*NAMES, *STEPS]),
        "autoencoders": read_tables(files.reconstructions, [*NAMES, *RECONSTRUCTION]),
    }
    claims, aucs = read_named_claims(files.claims, MEASURES), read_table(files.aucs)
    found: dict[str, list[pd.DataFrame]] = {}
    for dataset in tables["networks"]["dataset"].unique():
        own = DatasetTables(dataset, tables, aucs if dataset in published else None)
        verdicts = {"claims": judge_named(own.values(), claims, MEASURES)}
        for name, table in (own.tables() | verdicts).items():
            found.setdefault(name, []).append(named(table, dataset=dataset))
    for name, some in found.items():
        write_table(pd.concat(some, ignore_index=True), output[name])
    filters, summary = filter_tables(files, datasets)
    write_table(filters, output.filters)
    write_table(summary, output.summary)

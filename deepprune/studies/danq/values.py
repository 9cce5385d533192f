"""The measures of all networks of a run, for each seed, as tables and claims need them."""

import pandas as pd

from deepprune.training.clock import LEARN, READ

REFERENCE = "DanQ"
RARE = 0.05  # the largest prevalence of tasks whose accuracy the share of negatives dominates
# The words of the claims' measures
MEASURES = {
    "auroc": "mean test AUROC over tasks",
    "auprc": "mean test AUPRC over tasks",
    "rare_gain": f"test accuracy minus that of a no to everything, mean of tasks of at most {100 * RARE:g} % positives",
    "above_deepsea": "share of classes whose test AUROC is above the published one of DeepSEA",
    "relative_time": f"training time, with that of a network whose features are read, divided by that of {REFERENCE}",
    "epoch_time": f"training time of an epoch divided by that of {REFERENCE}",
    "reconstruction_gain": "share of right bases in test sequences minus that of the most frequent base",
    "diverged": "share of trainings that diverged",
}
# Of the tables of networks
MEASURED = [
    *("parameters", "epochs", "auroc", "auprc", "f1", "accuracy", "accuracy_always_no"),
    *("exact_accuracy", "exact_accuracy_always_no"),
]


def with_times(networks: pd.DataFrame, steps: pd.DataFrame, autoencoders: pd.DataFrame) -> pd.DataFrame:
    """Return the columns network, seed, source, MEASURED, own_time, total_time, a row for each network and seed.

    networks: tables of networks of layers and of learners.  steps: of learners.  autoencoders: tables of
    reconstructions.  source: the row whose features a learner reads, or empty.  own_time: seconds of training, of
    learners those of the processor for features and training; total_time: with those of the source.
    """
    own = steps[steps["step"].isin([READ, LEARN])].groupby(["network", "seed"])
    learners = own.agg(source=("source", "first"), own_time=("processor_seconds", "sum")).reset_index()
    table = networks[["network", "seed", "seconds", *MEASURED]].merge(learners, on=["network", "seed"], how="left")
    table["epochs"] = table["epochs"].where(table["own_time"].isna())
    table["own_time"] = table["own_time"].fillna(table.pop("seconds"))
    table["source"] = table["source"].fillna("")
    trained = autoencoders.rename(columns={"processor_seconds": "own_time"})
    sources = pd.concat([table, trained])[["network", "seed", "own_time"]]
    sources = sources.rename(columns={"network": "source", "own_time": "source_time"})
    table = table.merge(sources, on=["source", "seed"], how="left")
    table["total_time"] = table["own_time"] + table.pop("source_time").fillna(0)
    return table[["network", "seed", "source", *MEASURED, "own_time", "total_time"]]


def rare_gains(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the columns network, seed, rare_gain, of tasks of at most RARE positives; without one, no rows.

    tasks: the tables of tasks of all networks.
    """
    rare = tasks[tasks["prevalence"] <= RARE]
    gains = rare.assign(rare_gain=rare["accuracy"] - rare["accuracy_always_no"])
    return gains.groupby(["network", "seed"], as_index=False, sort=False)[["rare_gain"]].mean()


def beside_published(tasks: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return the tables of tasks with the published values of the same classes; classes without any are left out.

    published: the columns task, group, and auroc_ and auprc_ of the published networks.
    """
    values = [name for name in map(str, published) if name.startswith(("auroc_", "auprc_"))]
    return tasks.merge(published[["task", "group", *values]], on="task")


def above_deepsea(compared: pd.DataFrame) -> pd.DataFrame:
    """Return the columns network, seed, above_deepsea; compared: of `beside_published`."""
    measured = compared.dropna(subset=["auroc"])
    above = measured.assign(above_deepsea=(measured["auroc"] > measured["auroc_deepsea"]).astype(float))
    return above.groupby(["network", "seed"], as_index=False, sort=False)[["above_deepsea"]].mean()


def claim_values(times: pd.DataFrame, autoencoders: pd.DataFrame, further: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the columns network, seed and MEASURES of one data set; what a network does not have is missing.

    times: of `with_times`.  further: tables with the columns network, seed and a measure.
    """
    reference = times[times["network"] == REFERENCE].set_index("seed")
    table = times.assign(relative_time=times["total_time"] / times["seed"].map(reference["total_time"]))
    an_epoch = reference["own_time"] / reference["epochs"]
    table["epoch_time"] = table["own_time"] / table["epochs"] / table["seed"].map(an_epoch)
    coded = autoencoders.assign(
        epoch_time=autoencoders["processor_seconds"] / autoencoders["epochs"] / autoencoders["seed"].map(an_epoch),
        reconstruction_gain=autoencoders["test_accuracy"] - autoencoders["most_frequent"],
    )
    table = pd.concat([table, coded], ignore_index=True)
    for part in further:
        table = table.merge(part, on=["network", "seed"], how="left")
    return table.reindex(columns=["network", "seed", *MEASURES])

"""The paper's Tables 1 and 2 from a run, beside the paper's values, and the verdicts on its claims."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepprune.io.table import named, read_table, read_tables, write_table
from deepprune.motifs.filter_summary import filter_tables
from deepprune.studies.claims.named import judge_named, read_named_claims

# The words of the claims' measures
MEASURES = {
    "auroc": "mean test AUROC over tasks",
    "relevant": "share of filters that match a ground truth motif",
    "irrelevant": "share of filters that match a motif of JASPAR but no ground truth motif",
    "matching": "number of filters that match a ground truth motif",
    "above_chance": "share of filters that match a motif of JASPAR, minus that of filters with shuffled columns",
    "best_localised": "AUROC of filters' activations for instances of the motif that each locates best",
    "factors": "number of factors that filters match",
}
PUBLISHED = ("auroc", "auprc", "any", "relevant")  # columns of the paper's tables
READING = "code"  # of the paper's matches
COMPARED = [*PUBLISHED, "null", "null_relevant", "any_text", "relevant_text"]
RECOVERED = ["factors", "factors_published", "oriented", "copies", "localised", "best_localised"]


def layer_values(
    networks: pd.DataFrame, filters: pd.DataFrame, summary: pd.DataFrame, relevant: pd.DataFrame
) -> pd.DataFrame:
    """Return the values of each layer, network and seed of one data set that tables and claims need.

    networks: tables of the trained networks.  relevant: the columns motif and published, the task that the authors'
    script counts it for.  factors_published: number of factors by that assignment.
    """
    keys = ["network", "layer", "seed"]
    own = summary[summary["reading"] == READING].drop(columns=["dataset", "reading"])
    text = summary.loc[summary["reading"] != READING, [*keys, "any", "relevant"]]
    table = own.merge(text, on=keys, how="left", suffixes=("", "_text"))
    measured = networks[["network", "seed", "parameters", "auroc", "auprc"]]
    table = table.merge(measured, on=["network", "seed"], how="left")
    by_script = filters[filters["reading"] == READING].merge(
        relevant[["motif", "published"]], left_on="relevant_match", right_on="motif", how="left"
    )
    # Motifs that are relevant by their name alone are not in the table.
    tasks = by_script["published"].where(by_script["published"].notna(), by_script["task"])
    counts = by_script.assign(published=tasks).groupby(keys)["published"].nunique().rename("factors_published")
    table = table.merge(counts.reset_index(), on=keys, how="left")
    return table.assign(
        irrelevant=table["any"] - table["relevant"],
        matching=(table["relevant"] * table["filters"]).round(),
        above_chance=table["any"] - table["null"],
    )


def paper_table(values: pd.DataFrame, published: pd.DataFrame | None) -> pd.DataFrame:
    """Return means over seeds for each network and layer, with the population's standard deviation over them.

    values: of `layer_values`.  published: the paper's table, or None for another data set; its values have the suffix
    _paper.
    """
    measured = [*COMPARED, *RECOVERED]
    grouped = values.groupby(["network", "layer"], sort=False)
    table = grouped[measured].mean()
    deviations = grouped[list(PUBLISHED)].std(ddof=0).add_suffix("_sd")
    firsts = grouped[["filters", "parameters"]].first()
    table = table.join(deviations).join(firsts).assign(seeds=grouped["seed"].nunique())
    table = table.reset_index()
    if published is not None:
        renamed = published[["network", "layer", *PUBLISHED]]
        renamed = renamed.rename(columns={name: f"{name}_paper" for name in PUBLISHED})
        table = table.merge(renamed, on=["network", "layer"], how="left")
    else:
        table[[f"{name}_paper" for name in PUBLISHED]] = float("nan")
    order = ["network", "layer", "seeds", "filters", "parameters"]
    for name in PUBLISHED:
        order += [name, f"{name}_sd", f"{name}_paper"]
    return table[[*order, *COMPARED[len(PUBLISHED) :], *RECOVERED]].round(4)


def claim_values(values: pd.DataFrame) -> pd.DataFrame:
    """Return the values for claims, which name a network's first layer by the network alone, or network:layer."""
    named = values.assign(network=values["network"] + ":" + values["layer"].astype(str))
    return pd.concat([values[values["layer"] == 1], named], ignore_index=True)


def write_study_tables(files: Any, datasets: Sequence[str], published: Mapping[str, str], output: Any) -> None:
    """Write the tables of all data sets, and the verdicts on the claims.

    files: claims, relevant, networks, the tables of all trained networks, and those that `filter_tables` reads for
    networks of these datasets.  published:
    the file of the paper's table for data sets that stand for it, by name; claims are about the first of these.
    """
    filters, summary = filter_tables(files, datasets)
    networks = read_tables(files.networks)
    relevant, tables, verdicts = read_table(files.relevant), [], []
    claims = read_named_claims(files.claims, MEASURES)
    for dataset in networks["dataset"].unique():
        trained, read, counted = (table[table["dataset"] == dataset] for table in (networks, filters, summary))
        values = layer_values(trained, read, counted, relevant)
        paper = read_table(published[dataset]) if dataset in published else None
        tables.append(named(paper_table(values, paper), dataset=dataset))
        verdicts.append(named(judge_named(claim_values(values), claims, MEASURES), dataset=dataset))
    for found, path in ((tables, output.table), (verdicts, output.claims)):
        write_table(pd.concat(found, ignore_index=True), path)
    write_table(filters, output.filters)
    write_table(summary, output.summary)

"""The networks of all data sets beside the reference: means, gains, tests."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from deepprune.evaluation.bootstrap import signed_rank
from deepprune.io.table import read_tables, write_table
from deepprune.keys import KEY_COLUMNS, NO_CRITERION
from deepprune.studies.few_kernels.variants import REFERENCE

KEYS = ["variant", "criterion", "kernels"]
MEASURED = ["auroc", "auprc", "validation_loss", "auroc_background", "auroc_kernels", "alive", "distinct", "matched"]
SETS = ["dataset", *KEYS, "seeds", *MEASURED, "ladder_seconds"]
SUMMARY = [*KEYS, "datasets", *MEASURED, "ladder_seconds"]
SUMMARY += [f"{column}_{other}" for other in ("widest", "same") for column in ("over", "share_above", "p_value")]


class VariantFiles(NamedTuple):
    """The tables of a variant, one for each data set: of networks, and of their motifs."""

    auc: Sequence[str]
    motifs: Sequence[str]


def of_data_sets(auc: pd.DataFrame, motifs: pd.DataFrame) -> pd.DataFrame:
    """Return means over seeds of the widest and the pruned networks of a variant: the columns SETS but variant.

    auc: AUC tables.  motifs: tables of motif_counts, which the widest networks have not.  ladder_seconds: training of
    the widest network and of all rungs of the criterion.
    """
    baselines, pruned = auc[auc["method"] == "baseline"], auc[auc["method"] == "deepprune"]
    widest = baselines[baselines["kernels"] == baselines["kernels"].max()]
    narrower = pruned[pruned["kernels"] < widest["kernels"].max()]
    rows = pd.concat([widest, narrower]).merge(motifs, on=["dataset", *KEY_COLUMNS], how="left")
    own = ["dataset", "criterion", "kernels"]
    table = rows.groupby(own, sort=False).agg(seeds=("seed", "nunique"), **{name: (name, "mean") for name in MEASURED})
    spent = pruned.groupby(["dataset", "seed", "criterion"])["seconds"].sum().groupby(["dataset", "criterion"]).mean()
    table = table.reset_index()
    keys = pd.MultiIndex.from_frame(table[["dataset", "criterion"]])
    return table.assign(ladder_seconds=spent.reindex(keys).to_numpy())


def summary(sets: pd.DataFrame) -> pd.DataFrame:
    """Return means over data sets of each kind of network, beside the reference: the columns SUMMARY.

    sets: the columns SETS.  over_widest, share_above_widest, p_value_widest: mean difference of AUROC to the widest
    network of the variant REFERENCE, share of the data sets above it, one-sided signed-rank test.  _same: likewise to
    its network of the same kernels and criterion.
    """
    reference = sets[sets["variant"] == REFERENCE].pivot(
        index="dataset", columns=["criterion", "kernels"], values="auroc"
    )
    widest = sets["kernels"].max()
    rows = []
    for key, own in sets.groupby(KEYS, sort=False):
        _, criterion, kernels = key
        row: dict[Any, Any] = dict(zip(KEYS, key, strict=True)) | {"datasets": len(own)}
        row |= own[[*MEASURED, "ladder_seconds"]].mean().to_dict()
        auroc = own.set_index("dataset")["auroc"]
        others = {"widest": (NO_CRITERION, widest), "same": (criterion, kernels)}
        for name, place in others.items():
            differences = (auroc - reference[place]).dropna()
            row |= {f"over_{name}": differences.mean(), f"share_above_{name}": (differences > 0).mean()}
            row[f"p_value_{name}"] = float(f"{signed_rank(differences.to_numpy()):.4g}")
        rows.append(row)
    rounded = {column: 6 for column in SUMMARY if not column.startswith("p_value")}
    return pd.DataFrame(rows, columns=SUMMARY).round(rounded)


def write_tables(variants: Mapping[str, VariantFiles], sets: str, means: str) -> None:
    """Write the two tables of the study; variants: the files of each."""
    parts = []
    for variant, files in variants.items():
        auc, motifs = map(read_tables, files)
        parts.append(of_data_sets(auc, motifs).assign(variant=variant))
    table = pd.concat(parts, ignore_index=True)[SETS]
    write_table(table.round(6), sets)
    write_table(summary(table), means)

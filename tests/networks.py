"""Tables as training jobs write them, with round numbers, and what figures of them show."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepprune.keys import KIND_COLUMNS

GAINS = (0.03, -0.02, 0.01, 0.05, 0.02)


def tables(
    datasets: int = 3,
    seeds: int = 2,
    criteria: tuple[str, ...] = ("weight",),
    rungs: tuple[int, ...] = (4, 8, 16, 32),
    name: str = "set_{}",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """AUROC 0.7 for a baseline of 4 kernels, 0.02 more for each doubling, GAINS more by pruning, 0.001 by seed."""
    rows = []
    for number in range(datasets):
        for seed in range(seeds):
            own = {"dataset": name.format(number), "seed": seed, "architecture": "few_kernel"}
            for kernels in rungs:
                base = 0.7 + 0.02 * np.log2(kernels / 4) + 0.001 * seed
                rows.append({**own, "method": "baseline", "criterion": "-", "kernels": kernels, "auroc": base})
                for place, criterion in enumerate(criteria):
                    pruned = base if kernels == rungs[-1] else base + GAINS[number % 5] - 0.005 * place
                    kinds = [("deepprune", pruned), ("inter", pruned - 0.1), ("winning_ticket", pruned + 0.002)]
                    for method, auroc in kinds[:1] if kernels == rungs[-1] else kinds[: 3 if place == 0 else 2]:
                        rows.append(
                            {**own, "method": method, "criterion": criterion, "kernels": kernels, "auroc": auroc}
                        )
            circular = {"architecture": "circular", "method": "circular", "criterion": "-", "kernels": 1}
            rows.append({**own, **circular, "auroc": 0.69})
    auc = pd.DataFrame(rows)
    keys = ["dataset", *KIND_COLUMNS]
    comparison = auc.groupby(keys, sort=False, as_index=False).agg(seeds=("seed", "count"), auroc=("auroc", "mean"))
    base = comparison[comparison["method"] == "baseline"].set_index(["dataset", "kernels"])["auroc"]
    comparison = comparison.join(base.rename("base"), on=["dataset", "kernels"])
    comparison["gain"] = (comparison["auroc"] - comparison["base"]).where(comparison["method"] != "baseline")
    return auc, comparison.assign(gain_low=comparison["gain"] - 0.01, gain_high=comparison["gain"] + 0.01)


def with_architecture(table: pd.DataFrame) -> pd.DataFrame:
    """Add the column that tells circular filters from all other networks."""
    return table.assign(architecture=np.where(table["method"] == "circular", "circular", "few_kernel"))


def panels(figure: Figure) -> list[Axes]:
    return [ax for ax in figure.axes if ax.axison]


def labelled(ax: Axes) -> dict[str, Any]:
    return {str(line.get_label()): line for line in ax.get_lines() if not str(line.get_label()).startswith("_")}


def nothing_overlaps(figure: Figure) -> None:
    """Neither legend nor heading covers a panel, nor does either leave the page."""
    figure.draw_without_rendering()
    boxes = [legend.get_window_extent() for legend in figure.legends]
    heading = getattr(figure, "_suptitle", None)
    boxes += [heading.get_window_extent()] if heading else []
    for box in boxes:
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
        assert not any(box.overlaps(ax.get_tightbbox()) for ax in panels(figure))


def auc_table(datasets: int = 1, seeds: int = 2) -> pd.DataFrame:
    """AUROC 0.66 with 4 kernels, 0.03 more for each doubling and 0.01 more by seed, of every method."""
    rows = [
        (f"set_{dataset}", method, criterion, seed, kernels, 0.6 + 0.03 * np.log2(kernels) + 0.01 * seed, 0.5, 10, 1.0)
        for dataset in range(datasets)
        for method, criterion in (("baseline", "-"), ("deepprune", "weight"), ("inter", "weight"), ("mine", "weight"))
        for seed in range(seeds)
        for kernels in (4, 16, 256)
    ]
    columns = ["dataset", "method", "criterion", "seed", "kernels", "auroc", "auprc", "epochs", "seconds"]
    return pd.DataFrame(rows, columns=columns).assign(architecture="few_kernel")


def wider_table() -> pd.DataFrame:
    """Three criteria, winning tickets and circular filters besides; every further kind a step lower."""
    table = auc_table()
    further = [("deepprune", "loss"), ("deepprune", "score"), ("inter", "loss"), ("winning_ticket", "weight")]
    parts = [table]
    for step, (method, criterion) in enumerate(further, start=1):
        rows = table[table["method"] == "deepprune"]
        parts.append(rows.assign(method=method, criterion=criterion, auroc=rows["auroc"] - 0.01 * step))
    rows = table[(table["method"] == "baseline") & (table["kernels"] == 4)]
    parts.append(rows.assign(architecture="circular", method="circular", kernels=1, auroc=0.55))
    return pd.concat(parts, ignore_index=True)

"""The paper's Tables 2 and 3 from a run's networks, and the verdicts on its claims."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from deepprune.evaluation.bootstrap import by_network, interval, rungs, signed_rank
from deepprune.io.table import read_table, read_tables, write_table
from deepprune.keys import KEY_COLUMNS, KIND_COLUMNS, NO_CRITERION, NetworkKind
from deepprune.studies.claims.read import read_claims
from deepprune.studies.claims.tables import RunTables
from deepprune.studies.claims.verdict import judge
from deepprune.studies.deepprune.claims import PUBLISHED, TERMS

PRUNED = ("deepprune", "inter", "winning_ticket")  # the order of rows
MEASURED = ["auroc", "baseline", "gain", "gain_low", "gain_high", "improved"]
TABLE2 = ["group", *KIND_COLUMNS, "datasets", "seeds", *MEASURED, "p_value"]
SURVIVORS = 4  # kernels of Table 3 that survive; two more do not
TABLE3 = ["dataset", *KEY_COLUMNS, *(f"kernel_{i + 1}" for i in range(SURVIVORS + 2))]


def compare_sizes(auc: pd.DataFrame, simulated: Sequence[str], criteria: Sequence[str]) -> pd.DataFrame:
    """Return each kind of network beside the baseline of its size, over all data sets (Table 2): the columns TABLE2.

    auc: AUC table of a run.  simulated: its simulated data sets.  criteria: the pruning criteria, the main one first.
    group: chipseq or simulated.  Means are over seeds, then over data sets; with a baseline, over the seeds that both
    have.  seeds: the smallest number of any data set.  gain: auroc minus baseline, with its 95 % bootstrap interval
    over data sets.  improved: share of the data sets that gained.  p_value: one-sided signed-rank test of the gains.
    Cells are missing if there is nothing to compare with or too few data sets (see `interval`).
    kernels 1 is the circular filter. The row below it is the smallest `deepprune` of the main criterion, whose
    `baseline` is the circular filter. The widest rung has no row of `deepprune`, which is the baseline there.
    """
    networks, ladder = by_network(auc, "auroc"), rungs(auc)
    of_simulated = networks.index.get_level_values("dataset").isin(simulated)
    circular = NetworkKind("circular", "circular", NO_CRITERION, 1)
    smallest = NetworkKind("few_kernel", "deepprune", criteria[0], ladder[0])
    wanted: list[tuple[NetworkKind, NetworkKind | None]] = [(circular, None), (smallest, circular)]
    for kernels in ladder:
        baseline = NetworkKind("few_kernel", "baseline", NO_CRITERION, kernels)
        wanted.append((baseline, None))
        if kernels != ladder[-1]:
            kinds = [NetworkKind("few_kernel", method, name, kernels) for method in PRUNED for name in criteria]
            wanted += [(kind, baseline) for kind in kinds]
    rows = [
        (group, *kind._replace(kernels=(other or kind).kernels), *_cells(part, kind, other))
        for group, part in (("chipseq", networks[~of_simulated]), ("simulated", networks[of_simulated]))
        for kind, other in wanted
    ]
    table = pd.DataFrame(rows, columns=TABLE2)
    return table[table["datasets"] > 0].round(dict.fromkeys(MEASURED, 6)).reset_index(drop=True)


def _cells(networks: pd.DataFrame, kind: NetworkKind, baseline: NetworkKind | None) -> tuple[float, ...]:
    """Return the cells of a row of Table 2 from `datasets` on; 0 data sets if the run lacks these networks."""
    pairs = networks.reindex(columns=pd.MultiIndex.from_tuples([kind, baseline or kind])).dropna().groupby("dataset")
    auroc, reference = pairs.mean().to_numpy().T
    if not len(auroc):
        return (0, 0, *[math.nan] * 7)
    if baseline is None:
        return (len(auroc), pairs.size().min(), auroc.mean(), *[math.nan] * 6)
    gains = auroc - reference
    summary = auroc.mean(), reference.mean(), gains.mean(), *interval(gains), (gains > 0).mean()
    return len(gains), pairs.size().min(), *summary, float(f"{signed_rank(gains):.4g}")


def follow_weights(weights: pd.DataFrame, datasets: Sequence[str], criterion: str) -> pd.DataFrame:
    """Return absolute output weights of six kernels down the ladder (Table 3): the columns TABLE3.

    weights: dataset criterion seed kernels kernel weight; `kernel` is the number in the widest network.  datasets: in
    the order of the rows. The first seed of each that was pruned to the end is used. kernel_1 to kernel_4 survive, the
    largest final weight first. kernel_5 is pruned in the middle of the ladder, kernel_6 in the last step but one; each
    is the largest of the kernels pruned there, and is 0 once pruned. Cells are missing if a ladder has too few kernels
    or steps.
    """
    rows = []
    for dataset in datasets:
        part = weights[(weights["dataset"] == dataset) & (weights["criterion"] == criterion)]
        for seed in part.loc[part["kernels"] == part["kernels"].min(), "seed"].unique()[:1]:
            ladder = part[part["seed"] == seed].pivot(index="kernels", columns="kernel", values="weight").abs()
            ladder = ladder.sort_index(ascending=False)
            followed = {f"kernel_{place}": ladder[kernel].fillna(0).round(6) for place, kernel in _followed(ladder)}
            table = pd.DataFrame(followed, index=ladder.index).reset_index()
            key = {"architecture": "few_kernel", "method": "deepprune", "criterion": criterion, "seed": seed}
            rows += table.assign(dataset=dataset, **key).to_dict("records")
    return pd.DataFrame(rows, columns=TABLE3)


def _followed(ladder: pd.DataFrame) -> Iterator[tuple[int, Hashable]]:
    """Yield the kernels of Table 3 with their places.

    ladder: absolute weights, a row for each rung, missing once pruned.
    """
    final = ladder.iloc[-1].dropna().sort_values(ascending=False, kind="stable")
    yield from enumerate(final.index[:SURVIVORS], start=1)
    dropped = [before[before.notna() & after.isna()] for (_, before), (_, after) in pairwise(ladder.iterrows())]
    steps = len(dropped)
    taken: list[Hashable] = []
    for place, step in enumerate(((steps + 1) // 2, steps - 1), start=SURVIVORS + 1):
        # In short ladders the two steps coincide; the second largest is then used, too.
        rest = dropped[step - 1][~dropped[step - 1].index.isin(taken)] if step > 0 else pd.Series(dtype=float)
        if len(rest):
            taken.append(rest.idxmax())
            yield place, taken[-1]


def read_run(files: Mapping[str, Any], simulated: Sequence[str], criteria: Sequence[str]) -> RunTables:
    """Read the tables of a run: auc, comparison, recovered (empty without simulated sets), weights (several)."""
    return RunTables(
        auc=read_table(files["auc"]),
        comparison=read_table(files["comparison"]),
        recovered=read_table(files["recovered"]) if files["recovered"] else None,
        weights=read_tables(files["weights"]),
        simulated=simulated,
        criteria=criteria,
        published=PUBLISHED,
    )


def write_study_tables(run: RunTables, claims: str | Path, output: Mapping[str, str]) -> None:
    """Write Tables 2 and 3, and the claims with the run's results, to the files that `output` names.

    output: table2, table3, replication.  Table 3 shows the simulated data sets or, if there are none, all.
    """
    datasets = run.simulated or list(dict.fromkeys(run.weights["dataset"]))
    judged = judge(run, read_claims(claims, TERMS), TERMS)
    write_table(compare_sizes(run.auc, run.simulated, run.criteria), output["table2"])
    write_table(follow_weights(run.weights, datasets, run.criteria[0]), output["table3"])
    write_table(judged, output["replication"])

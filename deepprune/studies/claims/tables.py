"""The tables of a study, as the paper's claims look at them.

A claim is a row of resources/paper/claims.tsv, in the columns

sets: the data sets that it is about, one of SETS.  measure: what is measured, one of `measures.MEASURES`, or empty
where this pipeline measures nothing of the kind.  first, second: the networks measured and what they are compared with,
as `method size` or `method/criterion size`; sizes are numbers of kernels, `widest`, `pruned` (all below the widest) or
`ladder` (all).  above, below: where the measure's mean over replicates lies if the claim is true.  least: replicates
that a verdict needs, by default three.  paper: its value, where it gives one.  place, text: where it says what.
"""

from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from deepprune.evaluation.bootstrap import by_network, rungs
from deepprune.keys import NO_CRITERION

# By the number of implanted motifs; "first": the paper's simulated dataset 1, "half": four kernels are half the motifs.
SETS = {
    "chipseq": "real data sets",
    "simulated": "simulated sets",
    "two": "simulated sets of two motifs",
    "complex": "simulated sets of more than two motifs",
    "half": "simulated sets of eight motifs",
    "first": "the first simulated set of two motifs",
}
UNPRUNED = ("baseline", "circular")


class Study:
    """The tables of a study: results/tables/auc.tsv, comparison.tsv, recovered.tsv, and the dense weights.

    recovered: None without simulated sets.  weights: dataset criterion seed kernels kernel weight, of the data sets
    that Table 3 is about.  simulated: in the order of the sheet.  criteria: of its pruning, the main one first.
    """

    def __init__(
        self,
        auc: pd.DataFrame,
        comparison: pd.DataFrame,
        recovered: pd.DataFrame | None,
        weights: pd.DataFrame,
        simulated: Sequence[str],
        criteria: Sequence[str],
    ) -> None:
        self.auc, self.comparison, self.weights = auc, comparison, weights
        nothing = pd.DataFrame(columns=["dataset", "method", "kernels", "seed", "implanted", "found"])
        self.recovered = nothing if recovered is None else recovered
        self.simulated, self.criteria = list(simulated), list(criteria)

    @cached_property
    def auroc(self) -> pd.DataFrame:
        """Test AUROC, rows (dataset, seed), columns (method, criterion, kernels)."""
        return by_network(self.auc, "auroc")

    @cached_property
    def found(self) -> pd.DataFrame:
        """Share of the implanted motifs found, rows and columns as of `auroc`."""
        table = self.recovered
        # Motifs are read of the main criterion's networks.
        criteria = [NO_CRITERION if method in UNPRUNED else self.criteria[0] for method in table["method"]]
        return by_network(table.assign(criterion=criteria, share=table["found"] / table["implanted"]), "share")

    @cached_property
    def rungs(self) -> list[int]:
        """Kernel numbers, ascending."""
        return rungs(self.auc)

    def datasets(self, sets: str) -> list[str]:
        """The data sets of one of SETS."""
        if sets in ("chipseq", "simulated"):
            return [name for name in self.auc["dataset"].unique() if (name in self.simulated) == (sets == "simulated")]
        motifs = self.recovered.groupby("dataset")["implanted"].first()
        motifs = motifs.loc[[dataset for dataset in self.simulated if dataset in motifs.index]]
        few = motifs <= FEW_MOTIFS
        chosen = {"two": few, "first": few, "complex": ~few, "half": motifs == 8}[sets]
        return list(motifs.index[chosen][: 1 if sets == "first" else None])

    def criterion(self, network: str) -> str:
        """The criterion of networks as a claim writes them: as written, or the paper's `weight` if the study has it."""
        method, _, written = network.split()[0].partition("/")
        if method in UNPRUNED:
            return NO_CRITERION
        # Winning tickets exist for the main criterion alone.
        paper = "weight" in self.criteria and method != "winning_ticket"
        return written or ("weight" if paper else self.criteria[0])

    def values(self, table: pd.DataFrame, network: str, datasets: Sequence[str]) -> pd.DataFrame:
        """Of a table like `auroc` the networks that a claim writes: rows (dataset, seed), a column a kernel number."""
        kind, size = network.split()
        sizes = {"widest": self.rungs[-1:], "pruned": self.rungs[:-1], "ladder": self.rungs}
        kernels = sizes[size] if size in sizes else [int(size)]
        method, criterion = kind.partition("/")[0], self.criterion(network)
        rows = table[table.index.get_level_values("dataset").isin(datasets)]
        found = rows.reindex(columns=pd.MultiIndex.from_tuples([(method, criterion, number) for number in kernels]))
        return found.set_axis(kernels, axis=1)

    def ladders(self, network: str, datasets: Sequence[str]) -> dict[tuple[Hashable, ...], pd.DataFrame]:
        """By (dataset, seed) the absolute dense weights of the kernels that survive: rows are rungs, the widest first.

        Networks whose ladder ended early, because their loss left the finite numbers, are left out.
        """
        table = self.weights[self.weights["criterion"] == self.criterion(network)]
        found: dict[tuple[Hashable, ...], pd.DataFrame] = {}
        for (dataset, seed), rows in table[table["dataset"].isin(datasets)].groupby(["dataset", "seed"]):
            wide = rows.pivot(index="kernels", columns="kernel", values="weight").abs().sort_index(ascending=False)
            if wide.index[-1] == self.rungs[0]:
                found[dataset, seed] = wide.dropna(axis=1)
        return found


class Claim(NamedTuple):
    """What of a row of claims.tsv says what is measured."""

    sets: str
    measure: str
    first: str
    second: str


# The paper's Figure 2 has the sets of two motifs, Figure 3 those of more.
FEW_MOTIFS = 2

"""The tables of a run, in the form that claims need."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from deepprune.evaluation.bootstrap import by_network, rungs
from deepprune.keys import KIND_COLUMNS, NO_CRITERION, NetworkKind
from deepprune.studies.claims.claim import UNPRUNED, Networks


@dataclass(frozen=True)
class RunTables:
    """The tables of a run: results/tables/auc.tsv, comparison.tsv, recovered.tsv, and the output weights.

    recovered: None without simulated sets.  weights: dataset criterion seed kernels kernel weight, of some data sets.
    simulated: in the order of the sheet.  criteria: the pruning criteria, the main one first.  published: the criterion
    of claims that name none.
    """

    auc: pd.DataFrame
    comparison: pd.DataFrame
    recovered: pd.DataFrame | None
    weights: pd.DataFrame
    simulated: Sequence[str]
    criteria: Sequence[str]
    published: str

    @cached_property
    def auroc(self) -> pd.DataFrame:
        """Test AUROC, rows (dataset, seed), columns KIND_COLUMNS."""
        return by_network(self.auc, "auroc")

    @cached_property
    def found(self) -> pd.DataFrame:
        """Share of the implanted motifs found, rows and columns like those of `auroc`."""
        table = self.recovered
        if table is None:
            return self.auroc.iloc[:0]
        return by_network(table.assign(share=table["found"] / table["implanted"]), "share")

    @cached_property
    def implanted(self) -> pd.Series:
        """The number of motifs implanted into each simulated data set, in the order of the sheet."""
        if self.recovered is None:
            return pd.Series(dtype=int)
        motifs = self.recovered.groupby("dataset")["implanted"].first()
        return motifs.loc[[dataset for dataset in self.simulated if dataset in motifs.index]]

    @cached_property
    def rungs(self) -> list[int]:
        """Numbers of kernels, ascending."""
        return rungs(self.auc)

    def datasets(self, simulated: bool) -> list[str]:
        """Return the simulated data sets, or the real ones."""
        return [name for name in self.auc["dataset"].unique() if (name in self.simulated) == simulated]

    def criterion(self, networks: Networks) -> str:
        """Return the criterion of networks: the claim's; else the published one if the run has it; else the main."""
        if networks.method in UNPRUNED:
            return NO_CRITERION
        # Winning tickets exist only for the main criterion.
        published = self.published in self.criteria and networks.method != "winning_ticket"
        return networks.criterion or (self.published if published else self.criteria[0])

    def kinds(self, networks: Networks) -> list[NetworkKind]:
        """Return the kinds of networks that a claim names, one for each size."""
        sizes = {"widest": self.rungs[-1:], "pruned": self.rungs[:-1], "ladder": self.rungs}
        kernels = sizes[networks.size] if isinstance(networks.size, str) else [networks.size]
        criterion = self.criterion(networks)
        return [NetworkKind(networks.architecture, networks.method, criterion, number) for number in kernels]

    def values(self, table: pd.DataFrame, networks: Networks, datasets: Sequence[str]) -> pd.DataFrame:
        """Return networks of a table like `auroc`: rows (dataset, seed), a column for each number of kernels."""
        kinds = self.kinds(networks)
        rows = table[table.index.get_level_values("dataset").isin(datasets)]
        found = rows.reindex(columns=pd.MultiIndex.from_tuples(kinds, names=KIND_COLUMNS))
        return found.set_axis([kind.kernels for kind in kinds], axis=1)

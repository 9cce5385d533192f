"""Distinct motifs: the kernels of several networks that read one motif, taken together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from deepprune.io.motif import Motif, by_name
from deepprune.motifs.clusters import clusters
from deepprune.motifs.evidence import judged
from deepprune.motifs.meme_suite import best_matches
from deepprune.motifs.networks import Kernel, NetworkGroup
from deepprune.motifs.windows import is_site

BINS = 20  # of a histogram of positions
COLUMNS = ["dataset", "motif", "kernel", "consensus", "seeds", "of_seeds", "kernels", "members", "importance", "weight"]
COLUMNS += ["sites", "bits", "positives", "negatives", "fold", "p-value"]
POSITIONS = ["dataset", "motif", "from", "to", "positives", "negatives"]
NULL = {"null_rate": "null_rate", "p-value": "null_p"}


class DistinctMotif(NamedTuple):
    """Kernels of one or more networks that read one motif, and what it does on the test sequences.

    members: the kernels, the most important first; its motif stands for all.  importance: what the members add to the
    logit of a positive beyond that of a negative; mean over all networks, also those without a member.  site: bool
    (n,), which test sequences hold a site of the first member.  centre: float64 (n,), the middle of its best window
    without uninformative flanks, in bp from the middle of the sequence.
    """

    members: Sequence[Kernel]
    importance: float
    site: np.ndarray
    centre: np.ndarray

    @property
    def kernel(self) -> Kernel:
        """The kernel whose motif stands for all."""
        return self.members[0]


def distinct_motifs(group: NetworkGroup, kernels: Sequence[Kernel]) -> list[DistinctMotif]:
    """Return the distinct motifs of these networks, the most important first.

    kernels: of all networks of the group, in their order (`network_motifs`). Kernels are alike as in
    `motifs/clusters`. Kernels that are dead, or without an informative position, belong to no motif.
    """
    (codes, bound), windows = group.test, group.windows
    means = [windows.activations[of_class].mean(axis=0, dtype=np.float64) for of_class in (bound, ~bound)]
    importance = (means[0] - means[1]) * group.bank.weights
    site = is_site(windows, group.reading.cuts(windows.activations[bound]), codes.shape[1] - group.bank.width)
    live = [column for column, kernel in enumerate(kernels) if kernel.motif.trimmed]
    number = clusters([kernels[column].motif.full for column in live])
    found = []
    for cluster in np.unique(number):
        columns = [live[place] for place in np.flatnonzero(number == cluster)]
        columns.sort(key=lambda column: -importance[column])
        first = columns[0]
        centre = _centres(kernels[first], windows.start[:, first], windows.reverse[:, first], group.bank.width)
        members = [kernels[column] for column in columns]
        total = float(importance[columns].sum()) / len(group.rows)
        found.append(DistinctMotif(members, total, site[:, first], centre - codes.shape[1] / 2))
    return sorted(found, key=lambda motif: -motif.importance)


def distinct_table(group: NetworkGroup, motifs: Sequence[DistinctMotif]) -> pd.DataFrame:
    """Return a row for each distinct motif: the columns COLUMNS.

    motif: motif_1, motif_2, ...  kernel: the one whose motif stands for all; consensus, weight, sites and bits are its
    own.  seeds: of of_seeds networks, those that have a member.  kernels: the number of members, members their names.
    positives, negatives: the shares of test sequences that hold a site; fold: their ratio.  p-value: Fisher's exact
    test, two-sided, that the shares are equal.
    """
    _, bound = group.test
    rows = []
    for number, motif in enumerate(motifs, start=1):
        kernel, full = motif.kernel, motif.kernel.motif
        assert full.trimmed  # distinct_motifs takes no other kernels
        shares = [float(motif.site[of_class].mean()) for of_class in (bound, ~bound)]
        rows.append(
            (
                kernel.dataset,
                f"motif_{number}",
                kernel.name,
                full.trimmed.consensus,
                len({member.key for member in motif.members}),
                len(group.rows),
                len(motif.members),
                ",".join(member.name for member in motif.members),
                round(motif.importance, 4),
                round(full.weight, 4),
                full.full.sites,
                round(full.information_content, 2),
                *(round(share, 4) for share in shares),
                round(shares[0] / shares[1], 3) if shares[1] else np.inf,
                float(f"{_enrichment(motif.site, bound):.4g}"),
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def positions_table(group: NetworkGroup, motifs: Sequence[DistinctMotif]) -> pd.DataFrame:
    """Return where the sites of each distinct motif are: the columns POSITIONS.

    from, to: bp from the middle of the sequence, which is the summit of a peak that has one.  positives, negatives: the
    test sequences whose best site has its middle there.
    """
    (codes, bound), parts = group.test, []
    edges = np.linspace(-codes.shape[1] / 2, codes.shape[1] / 2, BINS + 1)
    for number, motif in enumerate(motifs, start=1):
        counts = [np.histogram(motif.centre[motif.site & of_class], edges)[0] for of_class in (bound, ~bound)]
        columns = (edges[:-1].round(2), edges[1:].round(2), *counts)
        part = pd.DataFrame(dict(zip(POSITIONS[2:], columns, strict=True)))
        parts.append(part.assign(dataset=motif.kernel.dataset, motif=f"motif_{number}"))
    return pd.concat(parts)[POSITIONS] if parts else pd.DataFrame(columns=POSITIONS)


def with_matches(
    table: pd.DataFrame, motifs: Sequence[Motif], tomtom: pd.DataFrame, chance: pd.DataFrame
) -> tuple[pd.DataFrame, list[Motif]]:
    """Return distinct motifs with their best known motifs: the table with more columns, and the named motifs.

    motifs: of the kernels, trimmed.  tomtom: matches of one data set.  chance: see `motif_rows`.
    match, match_id, E-value: the best match.  null_rate, null_p: how often the motif matches with its columns in random
    order, and the probability of a match at least this good then. The second names of the motifs are their best
    matches', where these are more than chance.
    """
    matches = best_matches(tomtom)[["match", "Target_ID", "E-value"]].rename(columns={"Target_ID": "match_id"})
    null = chance[chance["form"] == "trimmed"].set_index("motif")[list(NULL)].rename(columns=NULL)
    table = table.join(matches, on="kernel").join(null, on="kernel")
    of_kernel = by_name(motifs)
    return table, [_renamed(of_kernel[row["kernel"]], row) for row in judged(table)]


def _renamed(motif: Motif, row: Mapping[Any, Any]) -> Motif:
    return replace(motif, name=row["motif"], alt=row["resembles"])


def _centres(kernel: Kernel, start: np.ndarray, reverse: np.ndarray, width: int) -> np.ndarray:
    """Return the middles of the informative positions of windows, in bp from the start of the sequences."""
    motif = kernel.motif
    assert motif.trimmed
    middle = motif.trimmed_start + motif.trimmed.width / 2
    return np.asarray(start + np.where(reverse, width - middle, middle))


def _enrichment(site: np.ndarray, bound: np.ndarray) -> float:
    """Return Fisher's p-value, two-sided, of sites among positives and negatives."""
    table = [[int((site & of_class).sum()), int((~site & of_class).sum())] for of_class in (bound, ~bound)]
    return float(fisher_exact(table).pvalue)

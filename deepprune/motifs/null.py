"""The empirical null of motif matches: how often kernels match known motifs by chance.

Even a motif of little information matches something in a large database. The null of a motif is the motif with its
columns (positions) in random order: the same letters, information and number of sites, but another pattern.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.io.motif import Motif
from deepprune.motifs.tomtom import best_p_values

RATES = ["form", "motifs", "matched", "rate", "null_rate", "null_low", "null_high", "p-value", "draws"]


class BestMatches(NamedTuple):
    """E-values of best matches: of the motifs, (motifs,), and of their shuffles, (draws, motifs)."""

    observed: np.ndarray
    null: np.ndarray


def shuffled_columns(motif: Motif, rng: np.random.Generator) -> Motif:
    """Return the motif with its positions in random order, each order equally likely."""
    return motif.at(rng.permutation(motif.width))


def null_p_values(
    queries: Sequence[Motif],
    targets: Sequence[Motif],
    draws: int,
    seed: int,
    among: Sequence[Sequence[int]] | None = None,
) -> np.ndarray:
    """Return the p-value of each shuffled query's best match, float64 (draws, queries).

    Each motif has its own random stream, determined by seed and name: other motifs do not change it.  among: sets of
    places in targets; then the best match in each set, (sets, draws, queries).
    """
    streams = [np.random.default_rng([seed, *motif.name.encode()]) for motif in queries]
    drawn = [shuffled_columns(motif, rng) for _ in range(draws) for motif, rng in zip(queries, streams, strict=True)]
    found = best_p_values(drawn, list(targets), among)
    return found.reshape(*found.shape[:-1], draws, len(queries))


def compare_with_null(
    forms: Mapping[str, Sequence[Motif]], targets: Sequence[Motif], evalue: float, draws: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare the motifs' matches with those of their shuffles, for each motif and for all together.

    forms: the motifs of a data set's live kernels in one or more forms (untrimmed, trimmed). A kernel that is missing
    from a form has no position left in it and counts as a kernel without a match.  evalue: the largest E-value of a
    match. Returns the tables of `motif_rows` and of `rates_row`, preceded by a column `form`.
    """
    kernels = len({motif.name for motifs in forms.values() for motif in motifs})
    by_motif, rates = [], []
    for form, motifs in forms.items():
        p_values = best_p_values(list(motifs), list(targets)), null_p_values(motifs, targets, draws, seed)
        matches = BestMatches(*(values * len(targets) for values in p_values))
        by_motif.append(motif_rows([motif.name for motif in motifs], matches, evalue))
        by_motif[-1].insert(0, "form", form)
        rates.append({"form": form} | rates_row(kernels, matches, evalue))
    return pd.concat(by_motif, ignore_index=True), pd.DataFrame(rates, columns=RATES).round(6)


def motif_rows(names: Sequence[str], matches: BestMatches, evalue: float) -> pd.DataFrame:
    """Return a row for each motif: motif E-value matched null_rate p-value.

    null_rate: share of the motif's shuffles that match.  p-value: of a match at least this good under the empirical
    null, (1 + shuffles with such a match) / (1 + draws).
    """
    draws = len(matches.null)
    return pd.DataFrame(
        {
            "motif": names,
            "E-value": matches.observed,
            "matched": matches.observed <= evalue,
            "null_rate": (matches.null <= evalue).mean(axis=0).round(4),
            "p-value": ((1 + (matches.null <= matches.observed).sum(axis=0)) / (1 + draws)).round(6),
        }
    )


def rates_row(kernels: int, matches: BestMatches, evalue: float) -> dict[str, Any]:
    """Return the match rates of all motifs together: the columns RATES but `form`; only counts if there is no kernel.

    Rates are shares of the kernels.  null_rate, null_low, null_high: mean and middle 95 %, over draws, of the shuffles'
    rate.  p-value: of at least this many matches under the empirical null.
    """
    matched, by_draw = int((matches.observed <= evalue).sum()), (matches.null <= evalue).sum(axis=1)
    row: dict[str, Any] = {"motifs": kernels, "matched": matched, "draws": len(by_draw)}
    if not kernels:
        return row
    low, high = np.quantile(by_draw / kernels, [0.025, 0.975])
    row |= {"rate": matched / kernels, "null_rate": (by_draw / kernels).mean(), "null_low": low, "null_high": high}
    return row | {"p-value": (1 + (by_draw >= matched).sum()) / (1 + len(by_draw))}

"""How often kernels match known motifs by chance: match rates beside those of shuffled motifs.

A motif of little information finds something in a large database by itself. The null of a motif is itself with its
columns (positions) in random order: the same letters, information and number of sites, another pattern.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from deepprune.io.motif import Motif
from deepprune.motifs.tomtom import best_p_values


def shuffled_columns(motif: Motif, rng: np.random.Generator) -> Motif:
    """The motif with its positions in random order, each order equally likely."""
    return dataclasses.replace(motif, probabilities=motif.probabilities[rng.permutation(motif.width)])


def null_p_values(queries: Sequence[Motif], targets: Sequence[Motif], draws: int, seed: int) -> np.ndarray:
    """The best match's p-value of each shuffled query: float64 (draws, queries).

    Each draw of each motif has its own stream of chance, by seed and name: other motifs do not change it.
    """
    streams = [np.random.default_rng([seed, *motif.name.encode()]) for motif in queries]
    drawn = [shuffled_columns(motif, rng) for _ in range(draws) for motif, rng in zip(queries, streams, strict=True)]
    return best_p_values(drawn, list(targets)).reshape(draws, len(queries))


def chance(
    forms: Mapping[str, Sequence[Motif]], targets: Sequence[Motif], evalue: float, draws: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Match rates of motifs and of their shuffles, by kernel and all together.

    forms: the motifs of a data set's live kernels in one or more forms (untrimmed, trimmed); a kernel that is missing
    from a form has nothing left there, and counts as one without a match. evalue: the largest of a match.

    First table: form motif E-value matched null_rate p-value. null_rate is the share of the motif's shuffles that
    match, the p-value that of so good a match by chance: (1 + shuffles with as good a match) / (1 + draws).
    Second: form motifs matched rate null_rate null_low null_high p-value draws. Rates are shares of all the motifs, of
    the shuffles their mean over draws with the middle 95 %; the p-value is that of so many matches. Cells are missing
    where there is no motif.
    """
    kernels = len({motif.name for motifs in forms.values() for motif in motifs})
    by_motif, rates = [], []
    for form, motifs in forms.items():
        observed = best_p_values(list(motifs), list(targets))
        null = null_p_values(motifs, targets, draws, seed)
        matched, null_matched = observed * len(targets) <= evalue, null * len(targets) <= evalue
        by_motif.append(
            pd.DataFrame(
                {
                    "form": form,
                    "motif": [motif.name for motif in motifs],
                    "E-value": observed * len(targets),
                    "matched": matched,
                    "null_rate": null_matched.mean(axis=0).round(4),
                    "p-value": ((1 + (null <= observed).sum(axis=0)) / (1 + draws)).round(6),
                }
            )
        )
        row: dict[str, object] = {"form": form, "motifs": kernels, "matched": int(matched.sum())}
        if kernels:
            shares = null_matched.sum(axis=1) / kernels
            low, high = np.quantile(shares, [0.025, 0.975])
            as_many = (null_matched.sum(axis=1) >= matched.sum()).sum()
            row |= {"rate": matched.sum() / kernels, "null_rate": shares.mean(), "null_low": low, "null_high": high}
            row |= {"p-value": (1 + as_many) / (1 + draws)}
        rates.append(row | {"draws": draws})
    columns = ["form", "motifs", "matched", "rate", "null_rate", "null_low", "null_high", "p-value", "draws"]
    return pd.concat(by_motif, ignore_index=True), pd.DataFrame(rates, columns=columns).round(6)

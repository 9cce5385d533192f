"""The verdict on a model in sentences: is it better than chance, than its best single motif, than composition alone?"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from deepprune.evaluation.labels import numbers_text
from deepprune.report.numbers import between, signed

# What the negatives are, by the column `against` of the summary
AGAINST = {
    "shuffle": "dinucleotide shuffles of the positives",
    "genomic": "windows of the genome with the positives' GC content",
    "file": "sequences of a file",
    "random": "random sequences without a motif instance",
    "unbound": "unbound instances of the motif with the positives' GC content and motif strength",
    "tasks": "sequences that are positive in other tasks",
    "source": "the source's own negatives",
}


class Finding(NamedTuple):
    """One comparison of the verdict. good: whether its 95 % interval is above no difference."""

    text: str
    good: bool


def beside_background(model: Mapping[Any, Any], comparison: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the row of the networks of the model's kind; none if they have no background.

    comparison: rows of one data set.
    """
    own = comparison.dropna(subset="auroc_background")
    for column in ("method", "criterion", "kernels"):
        own = own[own[column] == model[column]]
    return own.to_dict("records")


def verdict(model: Mapping[Any, Any], comparison: pd.DataFrame, against: str, motif: str) -> list[Finding]:
    """Return what the model reaches, and what it is better than.

    model: its row of the table of models.  comparison: of the data set, networks beside the baseline and the
    background.  against: what the negatives are (AGAINST).  motif: what the model's best kernel is called.
    """
    low, high = model["auroc_low"], model["auroc_high"]
    text = f"{numbers_text([model['kernels']], 'kernel')}: AUROC {model['auroc']:.3f}{_between(low, high)} "
    text += f"against {AGAINST[against]}, {'better' if low > 0.5 else 'no better'} than chance"
    findings = [Finding(text, low > 0.5)]
    added = model["over_motif"], model["over_motif_low"], model["over_motif_high"]
    findings.append(_beside(f"its best single motif, {motif} ({model['auroc_motif']:.3f})", *added))
    for row in beside_background(model, comparison):
        added = row["motifs_add"], row["motifs_add_low"], row["motifs_add_high"]
        mean = "" if row["seeds"] == 1 else ", means over seeds"
        findings.append(_beside(f"the counts of words alone ({row['auroc_background']:.3f}{mean})", *added))
    return findings


def _beside(other: str, gain: float, low: float, high: float) -> Finding:
    """Return the sentence that compares the model with another predictor."""
    if low > 0:
        return Finding(f"better than {other} by {gain:.3f}{_between(low, high)}", True)
    if high < 0:
        return Finding(f"worse than {other} by {-gain:.3f}{_between(-high, -low)}", False)
    return Finding(f"no better than {other}: {signed(gain, 3)}{_between(low, high)}", False)


def _between(low: float, high: float) -> str:
    """Return an interval in brackets; nothing if a class has a single sequence."""
    text = between(low, high)
    return f" ({text})" if text else ""

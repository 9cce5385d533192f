"""Captions of figures and tables, which tell only of what was run."""

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pandas as pd
from docutils.core import publish_parts
from markupsafe import Markup

from deepprune.evaluation.labels import criteria_of
from deepprune.figures.overview import MOST_PANELS
from deepprune.figures.style import LOOKS

# What a sentence may be about: kinds of networks, and these
SEVERAL_SEEDS, SEVERAL_CRITERIA, SEVERAL_SETS = "several seeds", "several criteria", "several data sets"
MANY_SETS = "many data sets"  # too many for a panel each
BACKGROUND, SIMULATED = "background", "simulated"
# Negatives, by the column `against` of the summary
NEGATIVES = {"shuffle": "shuffled negatives", "genomic": "genomic negatives"}
SEVERAL = SEVERAL_SEEDS, SEVERAL_CRITERIA, SEVERAL_SETS, MANY_SETS
SUBJECTS = (*LOOKS, *SEVERAL, BACKGROUND, SIMULATED, *NEGATIVES.values())


def subjects(comparison: pd.DataFrame, summary: pd.DataFrame) -> set[str]:
    """Return what was run, of SUBJECTS.

    comparison: columns method, criterion, seeds, auroc_background.  summary: columns dataset, against.
    """
    kinds = set(summary["against"])
    known = {
        SEVERAL_SEEDS: comparison["seeds"].max() > 1,
        SEVERAL_CRITERIA: len(criteria_of(comparison)) > 1,
        SEVERAL_SETS: summary["dataset"].nunique() > 1,
        MANY_SETS: summary["dataset"].nunique() > MOST_PANELS,
        BACKGROUND: comparison["auroc_background"].notna().any(),
        SIMULATED: "random" in kinds,
    }
    found = {subject for subject, present in known.items() if present}
    return found | set(comparison["method"]) | {name for kind, name in NEGATIVES.items() if kind in kinds}


def captions(files: Sequence[str | Path], present: Iterable[str] = SUBJECTS) -> dict[str, Markup]:
    """Return captions of report/ by name, without sentences on SUBJECTS that are not present."""
    absent = set(SUBJECTS).difference(present)
    return {Path(caption).stem: as_html(caption, absent) for caption in files}


def as_html(caption: str | Path, absent: Collection[str] = ()) -> Markup:
    """Return a caption of report/ (reStructuredText) as HTML; absent: subjects whose sentences are left out.

    Such a sentence begins with its subjects and a colon, as in `*inter, several seeds*: means over the seeds.` It ends
    with the first period before a space.
    """

    def kept(sentence: re.Match[str]) -> str:
        about = " ".join(sentence[1].split()).split(", ")
        return sentence[0] if set(about).isdisjoint(absent) else ""

    text = re.sub(r"\*([^*]+)\*:\s.*?\.(?:\s|$)", kept, Path(caption).read_text(encoding="utf-8"), flags=re.DOTALL)
    settings = {"halt_level": 2, "raw_enabled": False, "file_insertion_enabled": False}
    return Markup(publish_parts(text, writer="html5", settings_overrides=settings)["body"])

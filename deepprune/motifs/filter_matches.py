"""Matches of filters' motifs with known motifs, and how often chance gives them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from deepprune.io.motif import Motif
from deepprune.motifs.null import null_p_values
from deepprune.motifs.relevant import Relevant, own_places
from deepprune.motifs.tomtom import tomtom

COLUMNS = ["motif", "evalue", "match", "relevant_evalue", "relevant_match", "task", "strand", "null", "null_relevant"]


class Comparison(NamedTuple):
    """What motifs are compared with.

    known: motifs.  relevant: of the data set's tasks.  evalue: the largest of a match.  draws: shuffles of each motif's
    columns.  seed: of these.
    """

    known: Sequence[Motif]
    relevant: Sequence[Relevant]
    evalue: float
    draws: int
    seed: int


def match_filters(motifs: Sequence[Motif], comparison: Comparison) -> pd.DataFrame:
    """Return the columns COLUMNS, a row for each motif, without a match of missing values.

    match, relevant_match: the best matches among all known and among the relevant motifs, with their E-values.  task:
    of the relevant one.  strand: + if the motif is like that task's own motif, - if like its reverse complement.  null,
    null_relevant: shares of the motif's shuffles that match any known, any relevant motif.
    """
    queries, known = list(motifs), list(comparison.known)
    found = tomtom(queries, known, comparison.evalue)
    tasks: dict[str, str] = {}
    for relevant in comparison.relevant:
        tasks.setdefault(known[relevant.place].name, relevant.task)
    turned = _turned(comparison, tasks)
    best = found.drop_duplicates("Query_ID").set_index("Query_ID")
    own = found[found["Target_ID"].isin(tasks)].drop_duplicates("Query_ID").set_index("Query_ID")
    rows: list[dict[str, Any]] = []
    for motif in queries:
        row: dict[str, Any] = {"motif": motif.name}
        if motif.name in best.index:
            row |= {"evalue": best.at[motif.name, "E-value"], "match": best.at[motif.name, "Target_ID"]}
        if motif.name in own.index:
            target, orientation = (str(own.at[motif.name, name]) for name in ("Target_ID", "Orientation"))
            row |= {"relevant_evalue": own.at[motif.name, "E-value"], "relevant_match": target, "task": tasks[target]}
            row["strand"] = "+" if (orientation == "+") != turned[target] else "-"
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    sets = [range(len(known)), sorted({relevant.place for relevant in comparison.relevant})]
    p_values = null_p_values(queries, known, comparison.draws, comparison.seed, sets)
    for name, values in zip(("null", "null_relevant"), p_values, strict=True):
        table[name] = (values * len(known) <= comparison.evalue).mean(axis=0).round(4)
    return table


def _turned(comparison: Comparison, tasks: dict[str, str]) -> dict[str, bool]:
    """Return, for each relevant motif, whether it is on the other strand than its task's own motif."""
    known = list(comparison.known)
    first = {task: known[place] for task, place in own_places(comparison.relevant).items()}
    others = [motif for motif in known if motif.name in tasks]
    compared = tomtom(others, known)
    strands = {
        (query, target): strand
        for query, target, strand in compared[["Query_ID", "Target_ID", "Orientation"]].itertuples(index=False)
    }
    return {motif.name: strands[motif.name, first[tasks[motif.name]].name] == "-" for motif in others}

"""Motif comparison as the MEME Suite's Tomtom does it (Gupta et al. 2007), with memelite as the engine."""

import dataclasses
import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from deepprune import jit
from deepprune.io.motif import Motif

from memelite import tomtom as _memelite  # isort: skip (after jit)

COLUMNS = [
    "Query_ID",
    "Target_ID",
    "Optimal_offset",
    "p-value",
    "E-value",
    "q-value",
    "Overlap",
    "Query_consensus",
    "Target_consensus",
    "Orientation",
]
PSEUDOCOUNT = 0.1
# More bins than target columns: the medians that memelite bins are then exact, as those of the C program.
MEDIAN_BINS = 100_000
FEW_TARGETS = 50
BATCH = 500  # queries at once where there are thousands: their results fill 100 MB
# Of the C program: no estimate of pi0 from this many p-values or fewer, its grid of lambdas, its bootstrap samples.
MIN_P_VALUES = 100
LAMBDAS = np.arange(1, 101) / 100 * 0.5
BOOTSTRAP_SAMPLES = 1000


def tomtom(queries: list[Motif], targets: list[Motif], evalue: float | None = None, threads: int = 1) -> pd.DataFrame:
    """Compare motifs by Euclidean distance over all alignments and both strands, complete scores.

    Returns a row for each query and target with an E-value of at most `evalue` (all of them when None), with the
    columns of the C program, queries in their order, each one's best match first. E = p x number of targets.
    q-values are those of one query against all targets on both strands. Optimal_offset is the position of the query's
    first base in the target (reverse complemented where Orientation is -). The targets are also the background that
    scores are compared with: a handful of them gives no useful p-values, hence a warning, at the C program's limit.
    """
    if not queries or not targets:
        return _table([])
    if len(targets) < FEW_TARGETS:
        warnings.warn(
            f"{len(targets)} target motifs are too few for good p-values; use {FEW_TARGETS} or more", stacklevel=2
        )
    strands = _strands(targets)
    p_values, offsets, overlaps = _compare(queries, targets, threads)
    consensus = [_consensus(matrix) for matrix in strands]
    orientation = np.tile(["+", "-"], len(targets))
    names = np.repeat([motif.name for motif in targets], 2)

    rows = []
    for query, p, offset, overlap in zip(queries, p_values, offsets, overlaps, strict=True):
        order = np.lexsort((names, orientation, -overlap, p))
        q = np.empty(len(p))
        q[order] = q_values(p[order])
        query_consensus = _consensus(_smooth(query))
        seen = set()
        for strand in order:
            e_value = p[strand] * len(targets)
            if evalue is not None and e_value > evalue:
                break
            if strand // 2 in seen:
                continue
            seen.add(strand // 2)
            rows.append(
                (
                    query.name,
                    str(names[strand]),
                    int(offset[strand]),
                    p[strand],
                    e_value,
                    q[strand],
                    int(overlap[strand]),
                    query_consensus,
                    consensus[strand],
                    str(orientation[strand]),
                )
            )
    return _table(rows)


def _strands(targets: list[Motif]) -> list[np.ndarray]:
    """Both strands of each target in turn, as `_smooth` leaves them."""
    return [_smooth(strand) for motif in targets for strand in (motif, motif.reverse_complement())]


def _compare(queries: list[Motif], targets: list[Motif], threads: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """p-value (of the better of two strands), offset and overlap of each query with each strand: (queries, strands)."""
    # Strand by strand, where memelite would only report the better one: the q-values and the ties need both.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of few targets, which memelite would count twice
        p_values, _, offsets, overlaps, _ = _memelite(
            [_smooth(motif).T for motif in queries],
            [matrix.T for matrix in _strands(targets)],
            reverse_complement=False,
            n_target_bins=None,
            n_median_bins=MEDIAN_BINS,
            n_jobs=min(threads, jit.threads),
        )
    # The best of two strands; rounded to single precision as the C program does, where many more become equal.
    return (p_values * (2 - p_values)).astype(np.float32).astype(np.float64), offsets, overlaps


def q_values(p_values: np.ndarray) -> np.ndarray:
    """q-values of ascending p-values (Storey 2002), pi0 included, as the MEME Suite computes them."""
    count = len(p_values)
    rates = np.minimum(1.0, _pi_zero(p_values) * p_values * count / np.arange(1, count + 1))
    return np.minimum.accumulate(rates[::-1])[::-1]


def _pi_zero(p_values: np.ndarray) -> float:
    """Share of true null hypotheses.

    Storey picks the lambda whose estimate has the least mean squared error about the smallest estimate, over bootstrap
    samples. The number of p-values above lambda in such a sample is binomial, so the error is known without drawing
    any: the MEME Suite's value depends a little on its random numbers, this one is what it scatters around.
    """
    if len(p_values) <= MIN_P_VALUES:
        return 1.0
    share = 1 - np.searchsorted(p_values, LAMBDAS) / len(p_values)
    estimates = np.where(share > 0, share / (1 - LAMBDAS), np.inf)
    errors = (estimates - estimates.min()) ** 2 + share * (1 - share) / BOOTSTRAP_SAMPLES / (1 - LAMBDAS) ** 2
    return float(min(1.0, estimates[errors.argmin()]))


def _smooth(motif: Motif) -> np.ndarray:
    """Probabilities with the program's pseudocount, which weighs more the fewer sites there are."""
    return (motif.nsites * motif.probabilities + PSEUDOCOUNT * 0.25) / (motif.nsites + PSEUDOCOUNT)


def _consensus(probabilities: np.ndarray) -> str:
    """The most probable bases. The C program keeps the maximum in single precision: of equal bases the last wins where
    that rounds down, the first where it does not."""
    bases = np.zeros(len(probabilities), dtype=int)
    largest = probabilities[:, 0].astype(np.float32)
    for base in range(1, 4):
        larger = probabilities[:, base] > largest
        bases[larger] = base
        largest[larger] = probabilities[larger, base]
    return "".join("ACGT"[base] for base in bases)


def _table(rows: list[tuple]) -> pd.DataFrame:
    numbers = {"Optimal_offset": "int64", "Overlap": "int64"} | dict.fromkeys(
        ["p-value", "E-value", "q-value"], "float64"
    )
    return pd.DataFrame(rows, columns=COLUMNS).astype(numbers)


def tomtom_databases(queries: list[Motif], databases: Mapping[str, list[Motif]], evalue: float | None) -> pd.DataFrame:
    """Compare with several sets of motifs at once; columns `database` and `Target_name` tell more of the
    target.

    Together, because all targets are the background of the p-values: a handful of them alone would give useless ones.
    E-values count the targets of all sets.
    """
    owner, targets = {}, []
    for database, motifs in databases.items():
        for motif in motifs:
            name = f"{database}:{motif.name}"
            owner[name] = database, motif.name, motif.alt
            targets.append(dataclasses.replace(motif, name=name))
    found = tomtom(queries, targets, evalue)
    origins = pd.DataFrame(
        [owner[name] for name in found["Target_ID"]], columns=["database", "Target_ID", "Target_name"]
    )
    found["Target_ID"] = origins["Target_ID"]
    found.insert(0, "database", origins["database"])
    return found.assign(Target_name=origins["Target_name"])


def best_p_values(queries: list[Motif], targets: list[Motif]) -> np.ndarray:
    """The p-value of each query's best match, float64 (queries,): of `tomtom`'s first row for it."""
    parts = (queries[first : first + BATCH] for first in range(0, len(queries), BATCH))
    return np.concatenate([np.empty(0), *(_compare(part, targets, 1)[0].min(axis=1) for part in parts)])

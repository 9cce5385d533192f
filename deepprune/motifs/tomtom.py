"""Motif comparison with Tomtom.

The method of Gupta et al. 2007, computed by memelite or by the MEME Suite's program.
"""

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from deepprune import jit
from deepprune.io.motif import Motif
from deepprune.motifs import meme_suite
from deepprune.motifs.meme_suite import COLUMNS

from memelite import tomtom as _memelite  # isort: skip (after jit)

PSEUDOCOUNT = 0.1
# More bins than target columns: memelite's binned medians are then exact, as in the C program.
MEDIAN_BINS = 100_000
FEW_TARGETS = 50
BATCH = 500  # queries at a time: their results take 100 MB
# Of the C program: the most p-values without an estimate of pi0, its grid of lambdas, its bootstrap samples
MIN_P_VALUES = 100
LAMBDAS = np.arange(1, 101) / 100 * 0.5
BOOTSTRAP_SAMPLES = 1000


def tomtom(
    queries: list[Motif],
    targets: list[Motif],
    evalue: float | None = None,
    threads: int = 1,
    engine: str = "memelite",
) -> pd.DataFrame:
    """Compare motifs by Euclidean distance over all alignments and both strands, with complete scores.

    Returns a row for each query and target with an E-value of at most `evalue` (all pairs if None), with the columns of
    the C program; queries keep their order, and the best match of each is first. E = p x number of targets. q-values
    are those of one query against all targets on both strands. Optimal_offset is the position of the query's first base
    in the target (reverse complemented if Orientation is -). The targets also are the background of the scores:
    p-values from few targets are useless, hence a warning at the C program's limit.
    engine: memelite, or meme for the C program (`meme_suite`), which has a single thread and prints six digits.
    """
    if queries and targets and len(targets) < FEW_TARGETS:
        warnings.warn(
            f"{len(targets)} target motifs are too few for good p-values; use {FEW_TARGETS} or more", stacklevel=2
        )
    if not queries or not targets:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    if engine == "meme":
        return meme_suite.tomtom(queries, targets, evalue)
    return _compare(queries, targets, np.inf if evalue is None else evalue, threads)


def _compare(queries: list[Motif], targets: list[Motif], evalue: float, threads: int) -> pd.DataFrame:
    """Compare motifs with memelite; see `tomtom`."""
    smoothed_queries, strands = [_smooth(motif) for motif in queries], _strands(targets)
    p_values, offsets, overlaps = _alignments(smoothed_queries, strands, threads)
    names = np.array([motif.name for motif in targets], dtype=object)
    by_name = np.repeat(np.unique(names, return_inverse=True)[1], 2)
    consensus = np.array(_consensus(strands), dtype=object)
    orientation = np.array(["+", "-"], dtype=object)

    parts = []
    rows = zip(queries, _consensus(smoothed_queries), p_values, offsets, overlaps, strict=True)
    for query, query_consensus, p, offset, overlap in rows:
        order = np.lexsort((by_name, np.arange(len(p)) % 2, -overlap, p))
        q = np.empty(len(p))
        q[order] = q_values(p[order])
        below = order[p[order] * len(targets) <= evalue]
        found = below[np.sort(np.unique(below // 2, return_index=True)[1])]  # the better strand of each target
        part = (
            np.full(len(found), query.name, dtype=object),
            names[found // 2],
            offset[found],
            p[found],
            p[found] * len(targets),
            q[found],
            overlap[found],
            np.full(len(found), query_consensus, dtype=object),
            consensus[found],
            orientation[found % 2],
        )
        parts.append(part)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))).astype(COLUMNS)


def best_p_values(
    queries: list[Motif], targets: list[Motif], among: Sequence[Sequence[int]] | None = None
) -> np.ndarray:
    """Return the p-value of each query's best match by memelite, float64 (queries,): its first in `tomtom`.

    among: sets of places in targets; then the best match in each set, (sets, queries).
    """
    strands = _strands(targets)
    sets = [range(len(targets))] if among is None else among
    columns = [[2 * place + strand for place in places for strand in (0, 1)] for places in sets]
    parts = [np.empty((len(sets), 0))]
    for first in range(0, len(queries), BATCH):
        found = _alignments([_smooth(motif) for motif in queries[first : first + BATCH]], strands, 1)[0]
        parts.append(np.stack([found[:, places].min(axis=1, initial=1.0) for places in columns]))
    best = np.concatenate(parts, axis=1)
    return best[0] if among is None else best


def _strands(targets: list[Motif]) -> list[np.ndarray]:
    """Return both strands of each target in turn."""
    return [_smooth(strand) for motif in targets for strand in (motif, motif.reverse_complement())]


def _alignments(
    queries: list[np.ndarray], strands: list[np.ndarray], threads: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return p-value (of the better of two strands), offset and overlap of each query on each strand."""
    # Each strand is a target of its own, since q-values and ties need both; memelite would report only the better one.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # memelite's warning about few targets, which counts both strands
        p_values, _, offsets, overlaps, _ = _memelite(
            [matrix.T for matrix in queries],
            [matrix.T for matrix in strands],
            reverse_complement=False,
            n_target_bins=None,
            n_median_bins=MEDIAN_BINS,
            n_jobs=min(threads, jit.threads),
        )
    # The better of two strands, rounded to single precision as in the C program, which makes many values equal.
    return (p_values * (2 - p_values)).astype(np.float32).astype(np.float64), offsets, overlaps


def q_values(p_values: np.ndarray) -> np.ndarray:
    """Return the q-values of ascending p-values (Storey 2002), pi0 included, as the MEME Suite computes them."""
    count = len(p_values)
    rates = np.minimum(1.0, _pi_zero(p_values) * p_values * count / np.arange(1, count + 1))
    return np.minimum.accumulate(rates[::-1])[::-1]


def _pi_zero(p_values: np.ndarray) -> float:
    """Return the share of true null hypotheses.

    Storey picks the lambda whose estimate has the least mean squared error about the smallest estimate, over bootstrap
    samples. The number of p-values above lambda in such a sample is binomial, so the error is computed without
    sampling. The MEME Suite's value depends slightly on its random numbers and scatters around this one.
    """
    if len(p_values) <= MIN_P_VALUES:
        return 1.0
    above = 1 - np.searchsorted(p_values, LAMBDAS) / len(p_values)
    estimates = np.where(above > 0, above / (1 - LAMBDAS), np.inf)
    errors = (estimates - estimates.min()) ** 2 + above * (1 - above) / BOOTSTRAP_SAMPLES / (1 - LAMBDAS) ** 2
    return float(min(1.0, estimates[errors.argmin()]))


def _smooth(motif: Motif) -> np.ndarray:
    """Return probabilities with the program's pseudocount, which weighs more the fewer the sites."""
    return (motif.sites * motif.probabilities + PSEUDOCOUNT * 0.25) / (motif.sites + PSEUDOCOUNT)


def _consensus(motifs: list[np.ndarray]) -> list[str]:
    """Return the most probable bases of each motif.

    The C program keeps the maximum in single precision: among equal bases it takes the last if the maximum was rounded
    down, the first otherwise.
    """
    probabilities = np.concatenate(motifs)
    bases = np.zeros(len(probabilities), dtype=int)
    largest = probabilities[:, 0].astype(np.float32)
    for base in range(1, 4):
        larger = probabilities[:, base] > largest
        bases[larger] = base
        largest[larger] = probabilities[larger, base]
    letters = "".join(np.array(list("ACGT"))[bases])
    ends = np.cumsum([len(motif) for motif in motifs])
    return [letters[end - len(motif) : end] for motif, end in zip(motifs, ends, strict=True)]


@dataclass(frozen=True, eq=False)
class KnownMotifs:
    """The known motifs of a comparison, and its settings.

    databases: sets of motifs by name.  evalue: the largest E-value of a match.  engine: see `tomtom`.
    """

    databases: Mapping[str, list[Motif]]
    evalue: float
    engine: str = "memelite"

    @property
    def motifs(self) -> list[Motif]:
        """The motifs of all databases."""
        return [motif for motifs in self.databases.values() for motif in motifs]


def tomtom_databases(queries: list[Motif], known: KnownMotifs, everything: bool = False) -> pd.DataFrame:
    """Compare motifs with several databases at once; the columns `database` and `Target_name` describe the target.

    everything: whether to return a row for each query and target, matches or not.
    The databases are compared together, because all targets are the background of the p-values: few targets alone would
    give useless ones. E-values count the targets of all databases.
    """
    owner, targets = {}, []
    for database, motifs in known.databases.items():
        for motif in motifs:
            name = f"{database}:{motif.name}"
            owner[name] = database, motif.name, motif.alt
            targets.append(dataclasses.replace(motif, name=name))
    found = tomtom(queries, targets, None if everything else known.evalue, engine=known.engine)
    origins = pd.DataFrame(
        [owner[name] for name in found["Target_ID"]], columns=["database", "Target_ID", "Target_name"]
    )
    found["Target_ID"] = origins["Target_ID"]
    found.insert(0, "database", origins["database"])
    return found.assign(Target_name=origins["Target_name"])

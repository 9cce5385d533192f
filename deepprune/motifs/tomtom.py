"""Motif comparison by Tomtom.

The method is that of Gupta et al. 2007; memelite or the MEME Suite's program computes it.
"""

import dataclasses
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from deepprune import jit
from deepprune.io.motif import Motif
from deepprune.motifs import meme_suite
from deepprune.motifs.meme_suite import COLUMNS

from memelite import tomtom as _memelite  # isort: skip (after jit)

PSEUDOCOUNT = 0.1
# More bins than target columns: the medians that memelite bins are then exact, as those of the C program.
MEDIAN_BINS = 100_000
FEW_TARGETS = 50
BATCH = 500  # queries at once where there are thousands: their results fill 100 MB
# Of the C program: no estimate of pi0 from this many p-values or fewer, its grid of lambdas, its bootstrap samples.
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
    """Compare motifs by Euclidean distance over all alignments and both strands, complete scores.

    Returns a row for each query and target with an E-value of at most `evalue` (all of them when None), with the
    columns of the C program, queries in their order, each one's best match first. E = p x number of targets.
    q-values are those of one query against all targets on both strands. Optimal_offset is the position of the query's
    first base in the target (reverse complemented where Orientation is -). The targets are also the background that
    scores are compared with: a handful of them gives no useful p-values, hence a warning, at the C program's limit.

    engine: memelite, or meme for the C program itself (`meme_suite`), which has a single thread and prints six digits.
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
    """Compare by memelite; see `tomtom`."""
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


def best_p_values(queries: list[Motif], targets: list[Motif]) -> np.ndarray:
    """Return the p-value of each query's best match by memelite, float64 (queries,): its first row's in `tomtom`."""
    strands = _strands(targets)
    parts = ([_smooth(motif) for motif in queries[first : first + BATCH]] for first in range(0, len(queries), BATCH))
    return np.concatenate([np.empty(0), *(_alignments(part, strands, 1)[0].min(axis=1) for part in parts)])


def _strands(targets: list[Motif]) -> list[np.ndarray]:
    """Return both strands of each target in turn."""
    return [_smooth(strand) for motif in targets for strand in (motif, motif.reverse_complement())]


def _alignments(
    queries: list[np.ndarray], strands: list[np.ndarray], threads: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return p-value (as if of the better of two strands), offset and overlap of each query on each strand."""
    # Strand by strand, where memelite would only report the better one: the q-values and the ties need both.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of few targets, which memelite would count twice
        p_values, _, offsets, overlaps, _ = _memelite(
            [matrix.T for matrix in queries],
            [matrix.T for matrix in strands],
            reverse_complement=False,
            n_target_bins=None,
            n_median_bins=MEDIAN_BINS,
            n_jobs=min(threads, jit.threads),
        )
    # The best of two strands; rounded to single precision as the C program does, where many more become equal.
    return (p_values * (2 - p_values)).astype(np.float32).astype(np.float64), offsets, overlaps


def q_values(p_values: np.ndarray) -> np.ndarray:
    """Return the q-values of ascending p-values (Storey 2002), pi0 included, as the MEME Suite computes them."""
    count = len(p_values)
    rates = np.minimum(1.0, _pi_zero(p_values) * p_values * count / np.arange(1, count + 1))
    return np.minimum.accumulate(rates[::-1])[::-1]


def _pi_zero(p_values: np.ndarray) -> float:
    """Return the share of true null hypotheses.

    Storey picks the lambda whose estimate has the least mean squared error about the smallest estimate, over bootstrap
    samples. The number of p-values above lambda in such a sample is binomial, so the error is known without drawing
    any: the MEME Suite's value depends a little on its random numbers, this one is what it scatters around.
    """
    if len(p_values) <= MIN_P_VALUES:
        return 1.0
    above = 1 - np.searchsorted(p_values, LAMBDAS) / len(p_values)
    estimates = np.where(above > 0, above / (1 - LAMBDAS), np.inf)
    errors = (estimates - estimates.min()) ** 2 + above * (1 - above) / BOOTSTRAP_SAMPLES / (1 - LAMBDAS) ** 2
    return float(min(1.0, estimates[errors.argmin()]))


def _smooth(motif: Motif) -> np.ndarray:
    """Return probabilities with the program's pseudocount, which weighs more the fewer sites there are."""
    return (motif.sites * motif.probabilities + PSEUDOCOUNT * 0.25) / (motif.sites + PSEUDOCOUNT)


def _consensus(motifs: list[np.ndarray]) -> list[str]:
    """Return the most probable bases of each motif.

    The C program keeps the maximum in single precision: of equal bases the last wins where that rounds down, the first
    where it does not.
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
    """What motifs are compared with, and how.

    databases: sets of motifs by name.  evalue: the largest of a match.  engine: see `tomtom`.
    """

    databases: Mapping[str, list[Motif]]
    evalue: float
    engine: str = "memelite"

    @property
    def motifs(self) -> list[Motif]:
        """The motifs of all databases."""
        return [motif for motifs in self.databases.values() for motif in motifs]


def tomtom_databases(queries: list[Motif], known: KnownMotifs, everything: bool = False) -> pd.DataFrame:
    """Compare with several databases at once; columns `database` and `Target_name` tell more of the target.

    everything: whether to return a row for each query and target, matches or not.
    Together, because all targets are the background of the p-values: a handful of them alone would give useless ones.
    E-values count the targets of all databases.
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

"""Clusters of motifs that are alike: distinct motifs."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from deepprune.io.motif import Motif

# The similarity from which two motifs are one
ALIKE = 0.8


def similarities(motifs: Sequence[Motif], strands: str = "both") -> np.ndarray:
    """Return the similarity of each pair of motifs, from -1 to 1: float64 (motifs, motifs).

    It is the largest correlation of their probabilities over all shifts and both strands, or one. Positions where one
    motif ends before the other count as uninformative, so that a short overlap of informative positions is no
    similarity. Motifs without information are alike to none but themselves.
    """
    centred = [motif.probabilities - 0.25 for motif in motifs]
    found = np.eye(len(motifs))
    for one in range(len(motifs)):
        for other in range(one):
            turned = [centred[other], centred[other][::-1, ::-1]][: 2 if strands == "both" else 1]
            found[one, other] = found[other, one] = max(_correlation(centred[one], strand) for strand in turned)
    return found


def clusters(motifs: Sequence[Motif], alike: float = ALIKE) -> np.ndarray:
    """Return the cluster of each motif, int (motifs,), numbered from 0 in the order of their first motifs.

    Motifs are in one cluster if a chain of similarities of at least `alike` joins them (single linkage).
    """
    if len(motifs) < 2:
        return np.zeros(len(motifs), int)
    distances = 1 - similarities(motifs)[np.triu_indices(len(motifs), 1)]
    # Rounding must not part motifs whose similarity is the limit itself.
    found = fcluster(linkage(np.maximum(distances, 0), "single"), 1 - alike + 1e-9, "distance")
    _, first, place = np.unique(found, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[place]


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return the largest correlation of two centred matrices, (positions, 4), over all shifts."""
    norm = np.sqrt((one**2).sum() * (other**2).sum())
    if norm == 0:
        return 0.0
    sums = sum(np.correlate(one[:, base], other[:, base], "full") for base in range(4))
    return float(np.max(sums) / norm)

"""Kernels that read one motif."""

import numpy as np

from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters
from deepprune.motifs.clusters import ALIKE, similarities
from deepprune.motifs.kernels import Reading, kernel_motifs
from deepprune.motifs.windows import side_by_side
from deepprune.training.sequences import Part

# Networks of more kernels need several readings of one motif; few kernels do not.
READABLE = 32
# Bound sequences from which motifs are read
SEQUENCES = 2000


def alike(network: FewKernel, parameters: Parameters, training: Part) -> np.ndarray:
    """Return which kernels of a network read one motif in bound training sequences: bool (kernels, kernels).

    Where the network scans one strand, a motif and its reverse complement are two, since each kernel reads one
    orientation. A kernel without a motif is like no other.
    """
    bound = np.random.default_rng(0).permutation(np.flatnonzero(training.labels.any(axis=1)))[:SEQUENCES]
    reading = Reading(padding=network.padding, activation=network.activation, strands=network.strands)
    motifs = kernel_motifs(training[np.sort(bound)], side_by_side([parameters]), reading)
    places = np.array([place for place, motif in enumerate(motifs) if not motif.dead], int)
    found = np.eye(len(motifs), dtype=bool)
    full = [motifs[place].full for place in places]
    found[np.ix_(places, places)] = similarities(full, network.strands) >= ALIKE
    return found


def duplicates(importance: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """Return which kernels are like a more important one: bool (kernels,); of equal ones the first is no duplicate.

    importance: (kernels,), minus infinity for kernels that are gone.  alike: bool (kernels, kernels).
    """
    own, other = importance[:, None], importance[None, :]
    places = np.arange(len(importance))
    more = (other > own) | ((other == own) & (places[None, :] < places[:, None]))
    return np.isfinite(importance) & (alike & more & np.isfinite(other)).any(axis=1)


def distinct_kernels(importance: np.ndarray, alike: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the most important kernels, ascending, of which no two are alike as long as there are such.

    importance: (kernels,).  alike: bool (kernels, kernels). Kernels that are alike fill up the rest.
    """
    kept: list[int] = []
    spare: list[int] = []
    for place in np.argsort(-importance, kind="stable").tolist():
        (spare if alike[place, kept].any() else kept).append(place)
    return np.sort(np.array([*kept, *spare][:count]))

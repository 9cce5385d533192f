"""First filters that start from known motifs."""

from collections.abc import Sequence

import numpy as np

from deepprune.errors import InputError
from deepprune.io.motif import Motif, information_content

UNIFORM = 0.25  # subtracted from probabilities: a uniform position scores 0
MARGIN = 3  # positions of a filter on either side of the motif, if it has so many
LOWEST = -1.0  # bias; the highest is 0


def fitting(name: str, motifs: Sequence[Motif], width: int, filters: int) -> list[Motif]:
    """Return the motifs that are no longer than filters of this width, in their order, one for each filter at most.

    Of more motifs than filters, the most informative ones: in a long sequence, others fit by chance. InputError if
    there is none. name: of the network.
    """
    found = [motif for motif in motifs if motif.width <= width]
    if not found:
        raise InputError(
            f"network {name}: known_motifs needs motifs of at most {width} bp, the width of its first filters, but of "
            f"{len(motifs)} there is none; widen the filters, or set known_motifs to 0"
        )
    bits = [information_content(motif.probabilities).sum() for motif in found]
    most = sorted(range(len(found)), key=lambda place: -bits[place])[:filters]
    return [found[place] for place in sorted(most)]


def start_from(
    motifs: Sequence[Motif], bias: bool, weights: list[np.ndarray], rng: np.random.Generator
) -> list[np.ndarray]:
    """Return initial weights whose first filters hold motifs, one each, at a random place.

    weights: the kernel (width, 4, filters) first and, with `bias`, then its biases.  A filter keeps its own weights on
    either side of the motif.
    """
    kernel, second, *rest = (np.array(array) if place < 2 else array for place, array in enumerate(weights))
    for number, motif in enumerate(motifs):
        room = len(kernel) - motif.width
        margin = MARGIN if room >= 2 * MARGIN else 0
        first = int(rng.integers(margin, room - margin + 1))
        kernel[first : first + motif.width, :, number] = motif.probabilities - UNIFORM
        if bias:
            second[number] = rng.uniform(LOWEST, 0)
    return [kernel, second, *rest]

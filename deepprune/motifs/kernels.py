"""Kernels become motifs: the windows that activate a kernel, aligned and counted."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deepprune.io.motif import Motif
from deepprune.motifs.windows import Windows, best_windows, count_best, count_every, cuts, is_site

# Share of a kernel's largest activation that makes a window a site: DeepBind's program takes half, Koo & Eddy 0.7.
THRESHOLDS = {"deepbind": 0.5, "koo_eddy": 0.7}


@dataclass(frozen=True, eq=False)
class KernelMotif:
    """What a kernel reads.

    kernel: its index.  weight: its dense weight; a kernel of negative weight speaks against binding.
    counts: int64, shape (width, 4), bases A C G T at each position of its sites.  nsites: number of sites.
    probabilities: float64, (width, 4), (counts + pseudocount / 4) / (total + pseudocount).
    information: float64, (width,), bits.  dead: fewer sites than asked for.
    kept: the positions between flanks that are below the trimming threshold; None where there are none.
    """

    kernel: int
    weight: float
    counts: np.ndarray
    nsites: int
    probabilities: np.ndarray
    information: np.ndarray
    dead: bool
    kept: slice | None

    @property
    def information_content(self) -> float:
        """Bits over all positions, flanks included; 0 for a dead kernel, whose few sites would seem to hold many."""
        return 0.0 if self.dead else float(self.information.sum())

    @property
    def motif(self) -> Motif | None:
        """The motif without its uninformative flanks; None for a dead kernel and where nothing is left."""
        if self.dead or self.kept is None:
            return None
        untrimmed = self.untrimmed()
        return dataclasses.replace(untrimmed, probabilities=untrimmed.probabilities[self.kept])

    @property
    def trimmed_start(self) -> int:
        """The first position of `motif` in the kernel; 0 where there is no such motif."""
        return 0 if self.dead or self.kept is None else int(self.kept.start)

    def untrimmed(self) -> Motif:
        """The motif of the kernel's full width; ValueError for a dead kernel."""
        if self.dead:
            raise ValueError(f"kernel {self.kernel} is dead ({self.nsites} sites); it has no motif")
        return Motif(f"kernel_{self.kernel}", f"weight={self.weight:+.3g}", self.probabilities, self.nsites)


def kernel_motifs(
    codes: np.ndarray,
    kernels: np.ndarray,
    bias: np.ndarray,
    weights: np.ndarray,
    *,
    method: str = "deepbind",
    threshold: float | None = None,
    min_sites: int = 10,
    pseudocount: float = 0.1,
    trim: float = 0.5,
    small_sample: bool = False,
    padding: str = "valid",
    activation: str = "relu",
    indices: Sequence[int] | None = None,
    windows: Windows | None = None,
) -> list[KernelMotif]:
    """Count matrices of kernels from the windows that activate them, by custom those of the positive test sequences.

    codes: uint8, shape (n, length), 0-3 for A C G T and 4 for N.  kernels: (kernels, width, 4).  bias, weights (of the
    dense unit): (kernels,).  indices: the kernels' own numbers if they are not 0, 1, ...  windows: what `best_windows`
    finds, if that is known.

    A window is a site if its activation (that of the network: `padding` and `activation` are those of config's `model`)
    exceeds `threshold` times the kernel's largest over all sequences. `deepbind` looks at the best window of each
    sequence only, the first where several tie (Alipanahi et al. 2015, supplement 10.2; 0 gives every sequence with any
    activation); `koo_eddy` at every window (Koo & Eddy 2019). Windows that an end of the sequence cuts off are no
    sites. N is counted for no base.

    pseudocount: added to each position, shared out equally over the bases.  trim: bits; a flank ends at the first
    position with as much.  small_sample: correct information content for the number of sites.
    """
    width = kernels.shape[1]
    activity, position = windows or best_windows(codes, kernels, bias, padding, activation)
    cut = cuts(activity, site_share(method, threshold))
    if method == "deepbind":
        counts, sites = count_best(codes, position, is_site(activity, position, cut, codes.shape[1] - width), width)
    else:
        counts, sites = count_every(codes, kernels, bias, cut)

    found = []
    for row, kernel in enumerate(range(len(kernels)) if indices is None else indices):
        bases, nsites, weight = counts[row, :, :4], int(sites[row]), float(weights[row])
        totals = bases.sum(axis=1, keepdims=True)
        smoothed = bases + max(pseudocount, np.finfo(float).tiny) / 4  # never 0 / 0
        probabilities = smoothed / smoothed.sum(axis=1, keepdims=True)
        information = information_content(probabilities, totals[:, 0] if small_sample else None)
        found.append(
            KernelMotif(
                kernel=int(kernel),
                weight=weight,
                counts=bases,
                nsites=nsites,
                probabilities=probabilities,
                information=information,
                dead=nsites < max(min_sites, 1),
                kept=_informative(information, trim),
            )
        )
    return found


def site_share(method: str, threshold: float | None = None) -> float:
    """The share of a kernel's largest activation that makes a window a site; the method's own where none is given."""
    if method not in THRESHOLDS:
        raise ValueError(f"method {method!r} is not one of {', '.join(THRESHOLDS)}")
    return THRESHOLDS[method] if threshold is None else threshold


def information_content(probabilities: np.ndarray, nsites: np.ndarray | float | None = None) -> np.ndarray:
    """Bits of each position against a uniform background: 2 - entropy, shape (width,).

    nsites: subtract the small-sample correction 3 / (2 ln 2 n), not below zero (Schneider et al. 1986).
    """
    logs = np.log2(probabilities, where=probabilities > 0, out=np.zeros_like(probabilities))
    bits = 2 + (probabilities * logs).sum(axis=1)
    if nsites is not None:
        bits = bits - 3 / (2 * np.log(2) * np.maximum(nsites, 1))
    return np.clip(bits, 0.0, 2.0)


def _informative(information: np.ndarray, trim: float) -> slice | None:
    """The positions between the first and the last with at least `trim` bits."""
    (kept,) = np.nonzero(information >= trim)
    return slice(kept[0], kept[-1] + 1) if len(kept) else None

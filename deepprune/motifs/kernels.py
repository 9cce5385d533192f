"""Motifs of kernels: windows aligned and counted."""

from dataclasses import dataclass

import numpy as np

from deepprune.dna.codes import reverse_complement
from deepprune.dna.words import background_words
from deepprune.io.motif import Motif, information_content
from deepprune.models.parameters import Parameters
from deepprune.motifs.windows import KernelBank, Windows, best_windows, count_best, count_every, cuts

# The share of a kernel's largest activation above which a window is a site, by method
THRESHOLDS = {"best_window": 0.5, "every_window": 0.7}


@dataclass(frozen=True)
class Reading:
    """How kernels are read as motifs: config's `motifs`, and the options of `model` that the activations depend on.

    method: best_window of each sequence (Alipanahi et al. 2015, supplement 10.2), or every_window (Koo & Eddy 2019).
    threshold: share of a kernel's largest activation that a site exceeds; None for the method's default.  min_sites:
    a kernel with fewer is dead.  pseudocount: added to each position, divided equally among the bases.  trim: bits; the
    positions kept begin and end with at least this many.  small_sample: whether information content is corrected for
    the number of sites.
    """

    method: str = "best_window"
    threshold: float | None = None
    min_sites: int = 10
    pseudocount: float = 0.1
    trim: float = 0.5
    small_sample: bool = False
    padding: str = "valid"
    activation: str = "relu"
    strands: str = "one"
    average_strands: bool = False
    background: int | str = "none"

    def __post_init__(self) -> None:
        if self.method not in THRESHOLDS:
            raise ValueError(f"method {self.method!r} is not one of {', '.join(THRESHOLDS)}")

    def windows(self, codes: np.ndarray, bank: KernelBank) -> Windows:
        """Return the best window of each sequence and kernel."""
        return best_windows(codes, bank, self.padding, self.activation, self.strands)

    def cuts(self, activations: np.ndarray) -> np.ndarray:
        """Return the activation that a site has to exceed, float32 (kernels,)."""
        return cuts(activations, THRESHOLDS[self.method] if self.threshold is None else self.threshold)

    def backgrounds(self, codes: np.ndarray, network: Parameters) -> np.ndarray | None:
        """Return the logits of a network's background, float64 (n, tasks), of averaged strands their mean; or None."""
        words = background_words(self.background, merged=self.strands == "both")
        if not words:
            return None
        strands = [codes, reverse_complement(codes)] if self.average_strands else [codes]
        return np.mean([words.summed(strand, network.background) for strand in strands], axis=0)


@dataclass(frozen=True, eq=False)
class KernelMotif:
    """The motif of a kernel.

    kernel: its number in its network.  weight: its weight in the output layer; if negative, the kernel speaks against
    binding.  full: the motif at the kernel's full width.  information: bits of each position, float64 (width,).  dead:
    whether there are too few sites for a motif.  kept: the positions between uninformative flanks; None if all are
    uninformative.
    """

    kernel: int
    weight: float
    full: Motif
    information: np.ndarray
    dead: bool
    kept: slice | None

    @property
    def information_content(self) -> float:
        """Bits over all positions, flanks included; 0 for a dead kernel, whose few sites would overestimate them."""
        return 0.0 if self.dead else float(self.information.sum())

    @property
    def trimmed(self) -> Motif | None:
        """The motif without its uninformative flanks; None for a dead kernel and if no position is left."""
        return None if self.dead or self.kept is None else self.full.at(self.kept)

    @property
    def trimmed_start(self) -> int:
        """The first position of `trimmed` in the kernel; 0 if there is no such motif."""
        return 0 if self.dead or self.kept is None else int(self.kept.start)


def kernel_motifs(
    codes: np.ndarray, bank: KernelBank, reading: Reading, windows: Windows | None = None
) -> list[KernelMotif]:
    """Return the motif of each kernel in these sequences, usually the positives of the test set.

    codes: uint8, shape (n, length), 0-3 for A C G T and 4 for N, which counts for no base.  windows: the best windows,
    if they are known.  A window that an end of the sequence cuts off is no site, but may be a kernel's most active
    window.
    """
    windows = windows or reading.windows(codes, bank)
    cut = reading.cuts(windows.activations)
    if reading.method == "best_window":
        counts, sites = count_best(codes, windows, cut, bank.width)
    else:
        counts, sites = count_every(codes, bank, cut, reading.strands)
    each = zip(bank.numbers.tolist(), bank.weights.tolist(), counts[:, :, :4], sites.tolist(), strict=True)
    return [_kernel_motif(kernel, weight, bases, number, reading) for kernel, weight, bases, number in each]


def _kernel_motif(kernel: int, weight: float, counts: np.ndarray, sites: int, reading: Reading) -> KernelMotif:
    full = Motif.of_counts(f"kernel_{kernel}", f"weight={weight:+.3g}", counts, sites, reading.pseudocount)
    information = information_content(full.probabilities, counts.sum(axis=1) if reading.small_sample else None)
    dead = sites < max(reading.min_sites, 1)
    return KernelMotif(kernel, weight, full, information, dead, _informative(information, reading.trim))


def _informative(information: np.ndarray, trim: float) -> slice | None:
    """Return the positions between the first and the last with at least `trim` bits."""
    (kept,) = np.nonzero(information >= trim)
    return slice(kept[0], kept[-1] + 1) if len(kept) else None

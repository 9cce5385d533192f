"""Windows side by side on the chromosomes of a genome, by GC content."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.dna.codes import CODE_OF, N_CODE
from deepprune.jit import njit

NOT_FREE = -1
GC_BINS = 50  # of a width of 0.02


class Tiles(NamedTuple):
    """Windows of `width` bp, one beside the other, from a start of its own on each chromosome.

    chroms: the names of the chromosomes.  phases: the start of the first window of each, int64.  firsts: the number of
    the first window of each, int64, and last the number of all.  bins: int8 (windows,), the bin of each window's GC
    content (see gc_bin); NOT_FREE for a window with N and for one that is taken.
    """

    width: int
    chroms: Sequence[str]
    phases: np.ndarray
    firsts: np.ndarray
    bins: np.ndarray

    def take(self, places: pd.DataFrame) -> None:
        """Mark the windows that overlap a place as not free.

        places: chrom, start and end; those on other chromosomes do not matter.
        """
        numbers = {chrom: number for number, chrom in enumerate(self.chroms)}
        known = places[places["chrom"].isin(self.chroms)]
        for chrom, start, end in zip(known["chrom"], known["start"], known["end"], strict=True):
            number = numbers[chrom]
            low, high = self.firsts[number : number + 2]
            first = low + max(0, (start - self.phases[number]) // self.width)
            last = low + (end - 1 - self.phases[number]) // self.width
            self.bins[first : max(low, min(high, last + 1))] = NOT_FREE

    def draw(self, wanted: np.ndarray, chroms: Collection[str], rng: np.random.Generator) -> list[np.ndarray]:
        """Take free windows of each bin of GC content at random, as many as wanted or as there are.

        wanted: (bins,).  chroms: where they may lie. Returns the numbers of the windows of each bin.
        """
        ranges = [self.firsts[i : i + 2] for i, chrom in enumerate(self.chroms) if chrom in chroms]
        drawn = []
        for number, count in enumerate(wanted):
            found = [first + np.flatnonzero(self.bins[first:last] == number) for first, last in ranges if count]
            free = np.concatenate([np.zeros(0, np.int64), *found])
            drawn.append(free[rng.choice(len(free), min(count, len(free)), replace=False)] if len(free) else free)
            self.bins[drawn[-1]] = NOT_FREE
        return drawn

    def places(self, windows: np.ndarray) -> pd.DataFrame:
        """Return chrom, start and end of windows given by number."""
        chrom = np.searchsorted(self.firsts, windows, side="right") - 1
        start = self.phases[chrom] + self.width * (windows - self.firsts[chrom])
        return pd.DataFrame({"chrom": np.array(self.chroms)[chrom], "start": start, "end": start + self.width})


def gc_bin(gc: np.ndarray, width: int) -> np.ndarray:
    """Return the bin of GC content, of GC_BINS, of windows of so many bases G or C; the last includes its upper end."""
    return np.minimum(gc.astype(np.int64) * GC_BINS // width, GC_BINS - 1)


def tiles_of(genome: pyfaidx.Faidx, chroms: Sequence[str], width: int, rng: np.random.Generator) -> Tiles:
    """Return the windows of some chromosomes of an open genome, from random starts; all without N are free."""
    text = np.memmap(genome.filename, np.uint8, "r")
    records = [genome.index[chrom] for chrom in chroms]
    phases = rng.integers(0, width, len(chroms))
    sizes = [max(0, record.rlen - phase) // width for record, phase in zip(records, phases, strict=True)]
    firsts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    bins = np.empty(firsts[-1], np.int8)
    for record, phase, first, last in zip(records, phases, firsts, firsts[1:], strict=False):
        # The first base of a chromosome, the bases of a line, and its bytes with the line's end
        _find_bins(np.asarray(text), CODE_OF, (record.offset, record.lenc, record.lenb), phase, width, bins[first:last])
    return Tiles(width, list(chroms), phases, firsts, bins)


@njit(cache=True, nogil=True)
def _find_bins(
    text: np.ndarray, code_of: np.ndarray, layout: tuple[int, int, int], phase: int, width: int, found: np.ndarray
) -> None:
    offset, bases, line = layout
    column = phase % bases
    at = offset + phase // bases * line + column
    for window in range(len(found)):
        count, clean = 0, True
        for _ in range(width):
            code = code_of[text[at]]
            count += code == 1 or code == 2
            clean &= code < N_CODE
            at += 1
            column += 1
            if column == bases:
                column = 0
                at += line - bases
        found[window] = min(count * GC_BINS // width, GC_BINS - 1) if clean else NOT_FREE

"""The effect of variants: the logit with the reference and with the alternative allele."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk, batches
from deepprune.dna.codes import to_codes, to_text
from deepprune.explain.contributions import Contributions
from deepprune.explain.windows import Explained, explained
from deepprune.io.genome import check_names, fetch_windows
from deepprune.io.vcf import Variant
from deepprune.models.layers_file import AnyModel, LayersModel
from deepprune.models.model_file import Model
from deepprune.motifs.windows import Windows, letters_read

CHUNK = 4096  # variants
SCORED, REF_DIFFERS, BEYOND, UNKNOWN = "scored", "ref_differs", "beyond_chromosome", "unknown_contig"
LOGITS = ["logit_ref", "logit_alt", "change", "background_change"]
KERNEL = ["kernel", "motif", "kernel_change", "word_ref", "word_alt"]
COLUMNS = [*Variant._fields, "status", *LOGITS, *KERNEL, "window_ref", "window_alt"]


class Alleles(NamedTuple):
    """Variants with the windows of both alleles; lists of one length.

    status: SCORED, or why there are no windows.  ref, alt: the windows, upper-case; "" where there are none.
    """

    variants: Sequence[Variant]
    status: list[str]
    ref: list[str]
    alt: list[str]

    def parts(self, size: int) -> "Iterator[Alleles]":
        """Yield its variants in their order, so many at once."""
        for first in range(0, len(self.status), size):
            own = slice(first, first + size)
            yield Alleles(self.variants[own], self.status[own], self.ref[own], self.alt[own])


def longest_allele(model: AnyModel) -> int:
    """Return how long an allele may be so that every window of a kernel that it touches is in the model's window.

    Of a network of several layers, the kernels are the first filters.
    """
    return max(1, model.window - 2 * (model.width - 1))


def strand_averaged(model: AnyModel) -> AnyModel:
    """Return the model whose logits do not depend on the strand.

    A model that scans both strands is such a model. Of one that scans one, the logits of both strands are averaged; of
    a network of several layers, the probabilities.
    """
    if isinstance(model, LayersModel):
        return replace(model, settings=model.settings._replace(average_strands=True))
    return model if model.use.strands == "both" else replace(model, use=replace(model.use, average_strands=True))


def flanks(variant: Variant, width: int, filled: bool = False) -> tuple[int, int]:
    """Return how many bases stand before and after both alleles, where the window of the longer one has this width.

    filled: return those of the shorter one, if its window has this width, too.
    """
    return _beside((min if filled else max)(len(variant.ref), len(variant.alt)), width)


def _beside(length: int, width: int) -> tuple[int, int]:
    """Return how many bases stand before and after an allele in the middle of a window."""
    room = width - length
    return (room + 1) // 2, room // 2


def allele_chunks(
    variants: Iterable[Variant],
    genome: pyfaidx.Faidx,
    width: int,
    where: str = "variants",
    filled: bool = False,
) -> Iterator[Alleles]:
    """Yield variants with their windows, in chunks and in their order; width, filled: see `alleles`.

    where: the file of the variants, for messages.
    InputError if the genome has none of the first chunk's chromosomes, or more of them under other names.
    """
    for number, some in enumerate(batches(variants, CHUNK)):
        if number == 0:
            check_names(pd.Series([variant.chrom for variant in some]), genome, where, "variants")
        yield alleles(some, genome, width, filled)


def alleles(variants: Sequence[Variant], genome: pyfaidx.Faidx, width: int, filled: bool = False) -> Alleles:
    """Return the windows of the alleles, which stand in the middle, between the same bases of the genome.

    The window of the longer allele has this width. That of the other one is shorter: with more of the genome on its
    sides, a kernel could find a site there that has nothing to do with the variant. No allele is longer than a window.
    filled: whether the other one has this width nevertheless, for networks that read no other.
    """
    spans = [span(variant, width, filled) for variant in variants]
    status = [status_of(place, genome) for place in spans]
    found = Alleles(variants, status, [""] * len(variants), [""] * len(variants))
    used = [row for row, own in enumerate(status) if own == SCORED]
    places = pd.DataFrame([spans[row] for row in used], columns=["chrom", "start", "end"])
    for row, text in zip(used, fetch_windows(places, genome), strict=True):
        variant, text = variants[row], text.upper()
        at = variant.start - spans[row][1]
        before, ref, after = text[:at], text[at : at + len(variant.ref)], text[at + len(variant.ref) :]
        if ref != variant.ref.upper():
            status[row] = REF_DIFFERS
            continue
        windows = (_window(before, allele, after, width if filled else None) for allele in (ref, variant.alt.upper()))
        found.ref[row], found.alt[row] = windows
    return found


def _window(before: str, allele: str, after: str, width: int | None) -> str:
    """Return an allele between its neighbours; width: of the window, None for all of them."""
    if width is None:
        return before + allele + after
    left, right = _beside(len(allele), width)
    return before[len(before) - left :] + allele + after[:right]


def status_of(place: tuple[str, int, int], genome: pyfaidx.Faidx) -> str:
    """Return whether the genome holds a place: SCORED, or why not."""
    chrom, start, end = place
    if chrom not in genome.index:
        return UNKNOWN
    return BEYOND if start < 0 or end > genome.index[chrom].rlen else SCORED


def span(variant: Variant, width: int, filled: bool = False) -> tuple[str, int, int]:
    """Return the part of the genome, chrom, start and end, that holds what both windows have of it; see `alleles`."""
    before, after = flanks(variant, width, filled)
    return variant.chrom, variant.start - before, variant.start + len(variant.ref) + after


def effects(model: Model, found: Alleles, task: int = 0) -> pd.DataFrame:
    """Return a row for each variant, in their order, the columns COLUMNS; model: as strand_averaged gives it.

    change: of a task's logit by the alternative allele, the sum of the changes of all kernels and the background.
    kernel: the one that changes most, with the consensus of its motif, its change, and its words: the letters of its
    window as it reads them. All are missing for a variant that is not scored, those of the kernel also if none changes.
    """
    table = pd.DataFrame(found.variants, columns=Variant._fields)
    table["status"] = found.status
    scored = [row for row, status in enumerate(found.status) if status == SCORED]
    windows = {"window_ref": found.ref, "window_alt": found.alt}
    columns = dict.fromkeys(LOGITS, np.empty(0)) | dict.fromkeys(KERNEL, np.empty(0, object))
    if scored:
        ref, alt = (_explained(model, [texts[row] for row in scored], task) for texts in windows.values())
        columns = _changes(model, ref, alt)
    for name, values in columns.items():
        column = np.full(len(table), np.nan if name in (*LOGITS, "kernel_change") else None, object)
        column[scored] = values
        table[name] = column if values.dtype == object else column.astype(float)
    return table.assign(**windows)[COLUMNS]


def _explained(model: Model, windows: Sequence[str], task: int) -> Explained:
    """Return the summands of windows, which may differ in length; codes are filled up with N."""
    lengths = np.array([len(window) for window in windows])
    codes = to_codes([window.ljust(lengths.max(), "N") for window in windows])
    order = np.argsort(lengths, kind="stable")
    parts = [np.flatnonzero(lengths == length) for length in np.unique(lengths)]
    found = [
        explained(model, Chunk.whole(Origins.nowhere(len(own)), codes[own, : lengths[own[0]]]), task) for own in parts
    ]
    kernels, background = (
        np.concatenate([getattr(part.sums, name) for part in found]) for name in ("kernels", "background")
    )
    joined = Windows(*(np.concatenate(arrays) for arrays in zip(*(part.windows for part in found), strict=True)))
    whole = found[0]._replace(
        origins=Origins.nowhere(len(codes)),
        codes=codes[order],
        windows=joined,
        sums=Contributions(kernels, background, found[0].sums.intercept),
    )
    return whole.take(np.argsort(order))


def _changes(model: Model, ref: Explained, alt: Explained) -> dict[str, np.ndarray]:
    """Return the columns LOGITS and KERNEL of scored variants."""
    changes = alt.sums.kernels - ref.sums.kernels
    most = np.abs(changes).argmax(axis=1)
    change = changes[np.arange(len(most)), most]
    # Of averaged strands, the words are those of the strand whose reading changes most.
    own = np.where(ref.kernel == most[:, None], np.abs(alt.contributions - ref.contributions), -1)
    part, names = own.argmax(axis=1), np.array(model.kernels, object)[most]
    consensus = {motif.name: motif.consensus for motif in model.motifs}
    motifs = np.array([consensus.get(name) for name in names], object)
    cells = {"kernel": names, "motif": motifs, "word_ref": _words(ref, part), "word_alt": _words(alt, part)}
    for cell in cells.values():
        cell[change == 0] = None
    return {
        "logit_ref": ref.sums.logits,
        "logit_alt": alt.sums.logits,
        "change": alt.sums.logits - ref.sums.logits,
        "background_change": alt.sums.background - ref.sums.background,
        "kernel_change": np.where(change == 0, np.nan, change),
        **cells,
    }


def _words(found: Explained, part: np.ndarray) -> np.ndarray:
    """Return the word of one part of each sequence, object (n,)."""
    windows = Windows(*(array[np.arange(len(part)), part][:, None] for array in found.windows))
    return np.array(to_text(letters_read(found.codes, windows, found.width)[:, 0]), object)

"""The response of kernels to test sequences.

The kernels are those of a data set's chosen networks.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST
from deepprune.data.origins import Origins
from deepprune.dna.codes import reverse_complement, to_text
from deepprune.io.files import write_atomic
from deepprune.io.table import write_table
from deepprune.keys import KEY_COLUMNS, kernel_name
from deepprune.motifs.kernels import Reading
from deepprune.motifs.networks import NetworkGroup, ScannedNetwork, key_columns
from deepprune.motifs.strongest import origin_fields
from deepprune.motifs.windows import KernelBank, Windows, is_site, side_by_side

BINS = 24
STRONGEST = 10  # test sequences with the largest logits, for each network

OWNER = ["dataset", *KEY_COLUMNS, "motif"]
HISTOGRAM = ["from", "to", "positives", "negatives"]
SITE = ["sequence", "start", "end", "strand", "word", "activation", "contribution"]


class Responses(NamedTuple):
    """The response of one network's kernels to the test sequences.

    histograms: columns `motif` and HISTOGRAM.  strongest: FASTA records.  sites: columns `motif` and SITE.
    """

    histograms: pd.DataFrame
    strongest: list[str]
    sites: pd.DataFrame


def histogram(activations: np.ndarray, bound: np.ndarray) -> pd.DataFrame:
    """Return the numbers of positives and negatives in equal bins of one kernel's activations: the columns HISTOGRAM.

    activations: (n,).  bound: bool (n,).
    """
    low, high = min(0.0, float(activations.min())), float(activations.max())
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    positives, negatives = (np.histogram(activations[of_class], edges)[0] for of_class in (bound, ~bound))
    columns = (edges[:-1].round(4), edges[1:].round(4), positives, negatives)
    return pd.DataFrame(dict(zip(HISTOGRAM, columns, strict=True)))


def sites(codes: np.ndarray, windows: Windows, site: np.ndarray, bank: KernelBank, share: float = 1) -> pd.DataFrame:
    """Return the best windows that are sites, with sequence number and kernel number: the columns kernel and SITE.

    codes: uint8 (n, length).  site: bool (n, kernels).  start, end: as in BED, from 0 and without the end.  strand: the
    one that the kernel reads.  word: the window on this strand.
    contribution: to the logit, activation times the kernel's weight in the output layer.  share: these windows' in the
    logit.
    """
    rows = []
    for row, kernel in zip(*np.nonzero(site), strict=True):
        start, activation = int(windows.start[row, kernel]), float(windows.activations[row, kernel])
        window, strand = codes[row : row + 1, start : start + bank.width], "+"
        if windows.reverse[row, kernel]:
            window, strand = reverse_complement(window), "-"
        (word,) = to_text(window)
        contribution = round(activation * float(bank.weights[kernel]) * share, 4)
        place = int(row), start, start + bank.width, strand
        rows.append((int(kernel), *place, word, round(activation, 4), contribution))
    return pd.DataFrame(rows, columns=["kernel", *SITE])


def responses(
    scanned: ScannedNetwork, test: tuple[np.ndarray, np.ndarray], reading: Reading, origins: Origins | None = None
) -> Responses:
    """Return the response of a network's kernels to the test sequences.

    test: codes, uint8 (n, length), and which sequences are bound, bool (n,).  origins: of these sequences, if known.
    """
    (codes, bound), windows, seed = test, scanned.windows, scanned.key.seed
    bank, last = side_by_side([scanned.network]), codes.shape[1] - scanned.network.kernels.shape[1]
    motifs = [kernel_name(seed, kernel) for kernel in bank.numbers]
    by_kernel = zip(motifs, windows.activations.T, strict=True)
    histograms = pd.concat([histogram(activations, bound).assign(motif=motif) for motif, activations in by_kernel])
    strands, backgrounds = scanned.strands(codes, reading), reading.backgrounds(codes, scanned.network)
    logits = scanned.logits(strands, backgrounds)
    task, most = logits.argmax(axis=1), logits.max(axis=1)
    best = np.argsort(-most, kind="stable")[:STRONGEST]
    names = [f"seed{seed}_{rank}" for rank in range(1, len(best) + 1)]
    fields = [f"seed={seed} logit={most[row]:.4f}" for row in best]
    if backgrounds is not None:
        # The level of a sum of counts is arbitrary, and the intercept makes up for it.
        above = backgrounds - backgrounds.mean(axis=0)
        fields = [f"{field} background={above[row, task[row]]:.4f}" for field, row in zip(fields, best, strict=True)]
    from_where = origin_fields((origins or Origins.nowhere(len(codes))).take(best))
    records = zip(names, fields, bound[best].astype(int), from_where, to_text(codes[best]), strict=True)
    strongest = [f">{name} {field} bound={label}{where}\n{text}\n" for name, field, label, where, text in records]
    cut, chosen = reading.cuts(windows.activations[bound]), [strand.of(best) for strand in strands]
    of_strands = (sites(codes[best], some, is_site(some, cut, last), bank, 1 / len(strands)) for some in chosen)
    found = pd.concat(of_strands).sort_values(["sequence", "kernel"], kind="stable", ignore_index=True)
    found["motif"] = [motifs[kernel] for kernel in found["kernel"]]
    found["sequence"] = [names[row] for row in found["sequence"]]
    return Responses(histograms, strongest, found)


def write_responses(group: NetworkGroup, histograms: str, strongest: str, sites: str) -> None:
    """Write three files on the response of these networks' kernels to the test sequences.

    histograms: activations on positives and negatives.  strongest: the sequences with the largest logits in any task
    (FASTA).  sites: the kernels' sites in these.
    """
    counted, records, found = [], [], []
    origins = group.data.origins.take(group.data.rows(TEST))
    for scanned in group.scanned():
        response = responses(scanned, group.test, group.reading, origins)
        owner = key_columns(scanned.dataset, scanned.key)
        counted.append(response.histograms.assign(**owner))
        records += response.strongest
        found.append(response.sites.assign(**owner))
    write_table(pd.concat(counted)[[*OWNER, *HISTOGRAM]], histograms)
    write_table(pd.concat(found)[[*OWNER, *SITE]], sites)
    with write_atomic(Path(strongest)) as temporary:
        temporary.write_text("".join(records), encoding="utf-8")

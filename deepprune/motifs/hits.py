"""How the kernels of a data set's last networks respond to its test sequences."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepprune.data.dataset import TEST, Dataset
from deepprune.dna.codes import to_text
from deepprune.io.files import write_atomic
from deepprune.io.table import write_table
from deepprune.models.parameters import Parameters
from deepprune.motifs.kernels import site_share
from deepprune.motifs.networks import kernel_name
from deepprune.motifs.windows import Windows, cuts, is_site

BINS = 24
STRONGEST = 10  # sequences shown of each network


def histogram(activity: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Numbers of positives and negatives in equal steps of one kernel's activation: from to positives negatives."""
    low, high = min(0.0, float(activity.min())), float(activity.max())
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    counts = {
        name: np.histogram(activity[labels == label], edges)[0] for label, name in ((1, "positives"), (0, "negatives"))
    }
    return pd.DataFrame({"from": edges[:-1].round(4), "to": edges[1:].round(4)} | counts)


def hits(
    codes: np.ndarray,
    names: Sequence[str],
    activity: np.ndarray,
    position: np.ndarray,
    site: np.ndarray,
    weights: np.ndarray,
    width: int,
) -> pd.DataFrame:
    """The best windows that are sites: sequence kernel start end word activation contribution.

    codes: uint8 (n, length), whose names are given.  activity, position, site: (n, kernels).  weights: (kernels,).
    start, end: as in BED, from 0 and without the end.  contribution: activation times dense weight, to the log-odds.
    """
    rows = []
    for row, kernel in zip(*np.nonzero(site), strict=True):
        start, active = int(position[row, kernel]), float(activity[row, kernel])
        (word,) = to_text(codes[row : row + 1, start : start + width])
        share = active * float(weights[kernel])
        rows.append((names[row], int(kernel), start, start + width, word, round(active, 4), round(share, 4)))
    return pd.DataFrame(rows, columns=["sequence", "kernel", "start", "end", "word", "activation", "contribution"])


def write_responses(
    data: Dataset,
    networks: pd.DataFrame,
    parameters: Sequence[Parameters],
    options: Mapping[str, Any],
    histograms: str,
    strongest: str,
    hit_table: str,
    windows: Windows,
) -> None:
    """Write, for each of these networks, its kernels' activations on positives and negatives, the test sequences of the
    largest log-odds (FASTA), and where its kernels fire in them.

    networks: rows of the table of contents of parameters.  options: of `kernel_motifs`, whose threshold makes a hit.
    windows: see `network_windows`.
    """
    codes, labels = data.part(TEST)
    labels = labels[:, 0]
    share = site_share(options["method"], options.get("threshold"))
    ends = np.cumsum([len(parameters[number].bias) for number in networks["number"]])[:-1]
    of_networks = zip(*(np.split(part, ends, axis=1) for part in windows), strict=True)
    counted, found, records = [], [], []
    for network, (activity, position) in zip(networks.to_dict("records"), of_networks, strict=True):
        seed, weights = network["seed"], parameters[network["number"]]
        width = len(weights.kernels)
        origin = {"dataset": network["dataset"], "seed": seed}
        motifs = [kernel_name(seed, kernel) for kernel in range(len(weights.bias))]
        for motif, active in zip(motifs, activity.T, strict=True):
            counted.append(histogram(active, labels).assign(**origin, motif=motif))
        log_odds = (activity * weights.weights).sum(axis=1) + weights.intercept
        best = np.argsort(-log_odds, kind="stable")[:STRONGEST]
        names = [f"seed{seed}_{rank}" for rank in range(1, len(best) + 1)]
        texts = to_text(codes[best])
        records += [
            f">{name} seed={seed} log_odds={log_odds[row]:.4f} bound={labels[row]}\n{text}\n"
            for name, row, text in zip(names, best, texts, strict=True)
        ]
        site = is_site(activity, position, cuts(activity[labels == 1], share), codes.shape[1] - width)
        table = hits(codes[best], names, activity[best], position[best], site[best], weights.weights, width)
        found.append(table.assign(**origin, motif=[motifs[kernel] for kernel in table["kernel"]]))
    first = ["dataset", "seed", "motif"]
    write_table(pd.concat(counted)[[*first, "from", "to", "positives", "negatives"]], histograms)
    columns = [*first, "sequence", "start", "end", "word", "activation", "contribution"]
    write_table(pd.concat(found)[columns], hit_table)
    with write_atomic(Path(strongest)) as temporary:
        temporary.write_text("".join(records), encoding="ascii")

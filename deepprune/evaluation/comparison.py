"""Each kind of network over its seeds, compared with the baseline.

AUROC and gain over the baseline, with confidence intervals.
"""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean, stdev

import numpy as np
import pandas as pd

from deepprune.evaluation.delong import Components, difference_of, interval_of, rounded
from deepprune.evaluation.metrics import auroc_components
from deepprune.evaluation.networks import Network
from deepprune.keys import KIND_COLUMNS

COLUMNS = ["dataset", *KIND_COLUMNS, "seeds", "auroc", "auroc_low", "auroc_high", "seed_sd"]
COLUMNS += ["gain", "gain_low", "gain_high", "p_value"]
COLUMNS += ["auroc_background", "auroc_kernels", "motifs_add", "motifs_add_low", "motifs_add_high", "motifs_add_p"]

MISSING = (math.nan,) * 4


def comparison(dataset: str, labels: np.ndarray, networks: Sequence[Network]) -> pd.DataFrame:
    """Return each kind of network over all seeds, compared with the baseline of its size: the columns COLUMNS.

    labels: of the test sequences, 0 or 1, shape (sequences,).  networks: in any order, one for each key.
    auroc: mean over seeds, with its 95 % interval over samples of test sequences. The seeds share these sequences, so
    the mean has structural components of its own (DeLong et al. 1988).  seed_sd: standard deviation over seeds.  gain:
    mean AUROC minus the baseline's over the seeds that both have, with interval and two-sided p-value of DeLong's
    paired test.
    auroc_background: of the background alone, fitted without kernels.  auroc_kernels: mean over seeds, of the networks'
    logits without their background.  motifs_add: mean AUROC minus that of the background alone, with interval and
    p-value as for the gain.
    Intervals reflect the sampling of test sequences; seed_sd reflects the randomness of training.
    Cells are missing where there is one seed (seed_sd), no baseline of this size and seed other than the row itself
    (gain), no background (the columns from auroc_background on), or a class with a single sequence (intervals).
    Rows are in the order of method, criterion, and falling number of kernels. ValueError unless both classes occur.
    """
    rows = []
    for kernels in sorted({network.key.kernels for network in networks}, reverse=True):
        of_size = [network for network in networks if network.key.kernels == kernels]
        # Memory: components of the baselines of one size and of one other kind at a time.
        baselines = _by_seed(labels, (network for network in of_size if network.key.method == "baseline"))
        for kind in sorted({network.key.kind for network in of_size}):
            alike = [network for network in of_size if network.key.kind == kind]
            rows.append((dataset, *kind, *_summary(labels, alike, baselines)))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["method", "criterion", "kernels"], ascending=[True, True, False], ignore_index=True)


def _summary(labels: np.ndarray, alike: Sequence[Network], baselines: dict[int, Components]) -> tuple[float, ...]:
    """Return the cells of a row from `seeds` on."""
    alike = sorted(alike, key=lambda network: network.key.seed)
    aurocs = [network.measures.auroc for network in alike]
    baseline = alike[0].key.method == "baseline"
    own = baselines if baseline else _by_seed(labels, alike)
    mean = _mean(list(own.values()))
    auroc = fmean(aurocs)
    spread = stdev(aurocs) if len(aurocs) > 1 else math.nan
    shared = [] if baseline else [seed for seed in own if seed in baselines]
    of_baselines = _mean([baselines[seed] for seed in shared]) if shared else None
    gain = difference_of(_mean([own[seed] for seed in shared]), of_baselines) if of_baselines else MISSING
    cells = [len(aurocs), *rounded(auroc, *interval_of(mean), spread), *gain]
    return (*cells, *_parts(labels, alike, mean))


def _parts(labels: np.ndarray, alike: Sequence[Network], mean: Components) -> tuple[float, ...]:
    """Return the cells of a row from `auroc_background` on; mean: the components of the networks' mean AUROC."""
    background = alike[0].background
    measures = [network.measures for network in alike]
    if background is None or math.isnan(measures[0].auroc_kernels):
        return (math.nan, math.nan, *MISSING)
    alone = fmean(measure.auroc_kernels for measure in measures)
    added = difference_of(mean, auroc_components(labels, background))
    return (*rounded(measures[0].auroc_background, alone), *added)


def _by_seed(labels: np.ndarray, networks: Iterable[Network]) -> dict[int, Components]:
    """Return the structural components of each network by ascending seed.

    Sums therefore do not depend on the order of the networks.
    """
    found = {network.key.seed: auroc_components(labels, network.scores) for network in networks}
    return dict(sorted(found.items()))


def _mean(components: Sequence[Components]) -> Components:
    """Return the components of the mean of several networks' AUROCs on the same sequences."""
    positives, negatives = zip(*components, strict=True)
    return np.mean(positives, axis=0), np.mean(negatives, axis=0)

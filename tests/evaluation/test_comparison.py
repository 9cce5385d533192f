import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.evaluation.comparison import COLUMNS, comparison
from deepprune.evaluation.delong import QUANTILE
from deepprune.evaluation.metrics import auroc, auroc_components, auroc_se, delong_variance
from deepprune.evaluation.networks import Measures, Network
from deepprune.keys import NetworkKey

LABELS = np.array([1, 1, 0, 0, 0])
SCORES = np.array([0.9, 0.4, 0.4, 0.6, 0.1])  # AUROC 3/4
BETTER = np.array([0.9, 0.5, 0.4, 0.6, 0.1])  # AUROC 5/6
GAIN = ["gain", "gain_low", "gain_high", "p_value"]
PARTS = ["auroc_background", "auroc_kernels", "motifs_add", "motifs_add_low", "motifs_add_high", "motifs_add_p"]


def network(method, kernels, seed, scores, labels=LABELS, criterion="weight"):
    criterion = "-" if method in ("baseline", "circular") else criterion
    architecture = "circular" if method == "circular" else "few_kernel"
    key = NetworkKey(architecture, method, criterion, kernels, seed)
    measures = Measures(auroc(labels, scores), math.nan, math.nan, math.nan, 1, 0.0)
    return Network(key, measures, None, None, scores)


def row(table, method, kernels=4, criterion="weight"):
    criterion = "-" if method in ("baseline", "circular") else criterion
    chosen = (table["method"] == method) & (table["kernels"] == kernels) & (table["criterion"] == criterion)
    (found,) = table[chosen].to_dict("records")
    return found


def test_by_hand():
    table = comparison("d", LABELS, [network("baseline", 4, 0, SCORES), network("deepprune", 4, 0, BETTER)])
    assert table.columns.tolist() == COLUMNS
    baseline, pruned = row(table, "baseline"), row(table, "deepprune")
    assert (baseline["dataset"], baseline["seeds"], baseline["auroc"]) == ("d", 1, 0.75)
    # Variance 1/16 + 1/48 as in test_metrics, so that the interval exceeds the range of an AUROC.
    assert baseline["auroc_low"] == pytest.approx(0.75 - 1.959964 * math.sqrt(1 / 12), abs=1e-6)
    assert baseline["auroc_high"] == 1
    assert math.isnan(baseline["gain"])
    assert math.isnan(baseline["p_value"])
    assert math.isnan(baseline["seed_sd"])
    # Components differ by (0, 1/6) and (1/4, 0, 0), variances 1/72 of two and 1/48 of three.
    se = math.sqrt(1 / 144 + 1 / 144)
    assert pruned["gain"] == pytest.approx(1 / 12, abs=1e-6)
    assert pruned["gain_high"] == pytest.approx(1 / 12 + 1.959964 * se, abs=1e-6)
    assert pruned["p_value"] == pytest.approx(math.erfc(0.5), rel=1e-3)  # z = sqrt(1/2)


def with_background(found, background, kernels, labels=LABELS):
    """Return the network with a background: its logits when fitted alone, and what its own kernels reach."""
    measures = found.measures._replace(auroc_background=auroc(labels, background), auroc_kernels=kernels)
    return found._replace(background=background, measures=measures)


def test_what_motifs_add_to_the_background_by_hand():
    networks = [
        with_background(network("deepprune", 4, seed, scores), SCORES, kernels)
        for seed, scores, kernels in ((0, BETTER, 0.6), (1, SCORES, 0.8))
    ]
    found = row(comparison("d", LABELS, networks), "deepprune")
    # On average over two seeds, half of the difference in test_by_hand.
    se = math.sqrt(1 / 144 + 1 / 144) / 2
    gain = 1 / 24
    expected = [0.75, 0.7, gain, gain - 1.959964 * se, gain + 1.959964 * se, math.erfc(0.5)]
    assert [found[column] for column in PARTS] == pytest.approx(expected, abs=2e-6, rel=1e-3)


def test_networks_without_background_beside_others_have_no_parts():
    networks = [with_background(network("deepprune", 4, 0, BETTER), SCORES, 0.6), network("circular", 1, 0, SCORES)]
    table = comparison("d", LABELS, networks)
    circular, pruned = row(table, "circular", 1), row(table, "deepprune")
    assert all(math.isnan(circular[column]) for column in PARTS) and not math.isnan(pruned["motifs_add"])


def test_seeds_are_averaged_and_only_shared_seeds_compared():
    networks = [network("baseline", 4, seed, SCORES) for seed in (0, 1)]
    networks += [network("deepprune", 4, 1, BETTER), network("deepprune", 4, 2, SCORES)]
    table = comparison("d", LABELS, networks)
    pruned = row(table, "deepprune")
    assert (pruned["seeds"], pruned["auroc"]) == (2, pytest.approx((3 / 4 + 5 / 6) / 2, abs=1e-6))
    assert pruned["gain"] == pytest.approx(1 / 12, abs=1e-6)  # seed 1 alone
    assert pruned["seed_sd"] == pytest.approx((5 / 6 - 3 / 4) / math.sqrt(2), abs=1e-6)
    assert row(table, "baseline")["seed_sd"] == 0


def test_order_of_rows_and_of_networks_does_not_matter():
    networks = [
        network(method, kernels, seed, np.roll(SCORES, seed + kernels), criterion=criterion)
        for seed in (100000, 3, 0)
        for method, kernels, criterion in [
            ("inter", 4, "weight"),
            ("deepprune", 4, "weight"),
            ("deepprune", 4, "loss"),
            ("baseline", 4, "-"),
            ("baseline", 8, "-"),
            ("deepprune", 8, "weight"),
            ("circular", 1, "-"),
        ]
    ]
    table = comparison("d", LABELS, networks)
    assert table[["method", "criterion", "kernels"]].to_numpy().tolist() == [
        ["baseline", "-", 8],
        ["baseline", "-", 4],
        ["circular", "-", 1],
        ["deepprune", "loss", 4],
        ["deepprune", "weight", 8],
        ["deepprune", "weight", 4],
        ["inter", "weight", 4],
    ]
    pd.testing.assert_frame_equal(table, comparison("d", LABELS, networks[::-1]), check_exact=True)


def test_networks_without_a_baseline_of_their_size_or_seed_have_no_gain():
    networks = [
        network("baseline", 4, 0, SCORES),
        network("circular", 1, 0, SCORES),
        network("deepprune", 4, 1, BETTER),
    ]
    table = comparison("d", LABELS, networks)
    for method, kernels in (("circular", 1), ("deepprune", 4)):
        found = row(table, method, kernels)
        assert [found[column] for column in GAIN] == pytest.approx([math.nan] * 4, nan_ok=True)
        assert found["auroc"] > 0


def test_no_or_all_in_order():
    labels, order = np.array([0, 0, 1, 1]), np.arange(4.0)
    networks = [network("baseline", 4, 0, -order, labels), network("deepprune", 4, 0, order, labels)]
    table = comparison("d", labels, [*networks, network("inter", 4, 0, -order, labels)])
    wrong, right, same = (row(table, method) for method in ("baseline", "deepprune", "inter"))
    assert (wrong["auroc"], wrong["auroc_low"], wrong["auroc_high"]) == (0, 0, 0)
    assert (right["auroc"], right["auroc_low"], right["auroc_high"]) == (1, 1, 1)
    assert [right[column] for column in GAIN] == [1, 1, 1, 0]
    assert [same[column] for column in GAIN] == [0, 0, 0, 1]


def test_equal_scores_gain_nothing_whatever_their_seeds():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 50)
    scores = {seed: rng.normal(size=50) for seed in range(3)}
    networks = [
        network(method, 256, seed, scores[seed], labels) for method in ("baseline", "deepprune") for seed in scores
    ]
    found = row(comparison("d", labels, networks), "deepprune", 256)
    assert [found[column] for column in GAIN] == [0, 0, 0, 1]


def test_a_class_of_one_sequence_leaves_intervals_empty():
    labels = np.array([1, 0, 0, 0, 0])
    networks = [network("baseline", 4, 0, SCORES[::-1], labels), network("deepprune", 4, 0, BETTER, labels)]
    found = row(comparison("d", labels, networks), "deepprune")
    assert (found["auroc"], found["gain"]) == (1, 1)
    assert math.isnan(found["auroc_low"])
    assert math.isnan(found["gain_high"])
    assert math.isnan(found["p_value"])


def test_no_networks_no_rows():
    assert comparison("d", LABELS, []).columns.tolist() == COLUMNS


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_agrees_with_networks_taken_one_by_one(seed, seeds):
    rng = np.random.default_rng(seed)
    labels = np.append([0, 1, 0, 1], rng.integers(0, 2, 30))
    scores = rng.integers(0, 9, (2, seeds, len(labels))) + labels
    networks = [
        network(method, 4, number, of_method[number], labels)
        for method, of_method in zip(("baseline", "deepprune"), scores, strict=True)
        for number in range(seeds)
    ]
    found = row(comparison("d", labels, networks), "deepprune")
    means = [np.mean([auroc(labels, one) for one in of_method]) for of_method in scores]
    assert found["auroc"] == pytest.approx(means[1], abs=1e-6)
    assert found["gain"] == pytest.approx(means[1] - means[0], abs=1e-6)
    if seeds == 1:
        se = auroc_se(labels, scores[1, 0])
        assert found["auroc_low"] == pytest.approx(max(means[1] - QUANTILE * se, 0), abs=1e-6)
    # The variance of a mean of AUROCs: the mean of the covariances of all pairs of them.
    parts = [auroc_components(labels, one) for one in scores[1]]
    pooled = [np.atleast_2d(np.cov([part[side] for part in parts])) / len(parts[0][side]) for side in (0, 1)]
    se = math.sqrt(sum(np.mean(cov) for cov in pooled))
    assert found["auroc_high"] == pytest.approx(min(means[1] + QUANTILE * se, 1), abs=1e-6)
    assert delong_variance(*map(np.asarray, parts[0])) >= 0

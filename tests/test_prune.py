import keras
import numpy as np
import pytest
from planted import planted

import deepprune.prune as prune
from deepprune.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.io.table import read_table
from deepprune.metrics import auroc
from deepprune.parameters import Parameters, load_parameters
from deepprune.prune import (
    AUC_COLUMNS,
    Criterion,
    auc_table,
    best_kernels,
    check_classes,
    importance,
    train_ladder,
    write_networks,
)
from deepprune.sequence import one_hot
from deepprune.train import Options, Trainer

LADDER = [16, 8, 4]
OPTIONS = Options(batch_size=64, max_epochs=30, patience=4)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data():
    return planted(1200)


@pytest.fixture(scope="module")
def study(data):
    lines = []
    networks = train_ladder("planted", data, [0, 1], LADDER, 9, OPTIONS, Criterion(), log=lines.append)
    return networks, lines


def one(networks, method, seed, kernels):
    (network,) = (n for n in networks if (n.method, n.seed, n.kernels) == (method, seed, kernels))
    return network


def test_best_kernels_keep_the_first_of_equals():
    assert best_kernels(np.array([0.1, 0.5, 0.5, 0.9, 0.5, 0.2]), 3).tolist() == [1, 2, 3]
    assert best_kernels(np.zeros(8), 4).tolist() == [0, 1, 2, 3]


def test_importance_by_hand():
    class Scores:
        codes = None
        labels = np.array([1, 1, 0, 0])

        def activations(self, parameters, codes):
            return np.array([[3, 0, 1], [5, 0, 1], [1, 2, 1], [1, 4, 1]], np.float32)

    network = Parameters(None, None, np.array([-2.0, 0.5, 3.0]), None)
    # Means over positives 4, 0, 1 and over negatives 1, 3, 1.
    assert importance("weight", network, Scores()).tolist() == [2, 0.5, 3]
    assert importance("score", network, Scores()).tolist() == [3, 3, 0]
    assert importance("score_weight", network, Scores()).tolist() == [6, 1.5, 0]


def test_the_table_has_a_row_for_each_method_seed_and_rung(study):
    table = auc_table("planted", study[0])
    assert table.columns.tolist() == AUC_COLUMNS
    rows = table.groupby("method")[["seed", "kernels"]].apply(
        lambda group: sorted(map(tuple, group.to_numpy().tolist()))
    )
    every = sorted((seed, kernels) for seed in (0, 1) for kernels in LADDER)
    assert rows["baseline"] == rows["deepprune"] == every
    assert rows["inter"] == [(seed, kernels) for seed, kernels in every if kernels != 16]
    assert set(table.loc[table.method == "baseline", "criterion"]) == {"-"}
    assert set(table.loc[table.method != "baseline", "criterion"]) == {"weight"}
    assert table["auroc"].between(0.9, 1).sum() > len(table) / 2  # the planted word is found


def test_pruning_keeps_the_kernels_of_largest_weight(study):
    networks, _ = study
    for wide, narrow in ((16, 8), (8, 4)):
        parent, child = one(networks, "deepprune", 1, wide), one(networks, "inter", 1, narrow)
        kept = best_kernels(np.abs(parent.parameters.weights), narrow)
        for before, after in zip(parent.parameters.keep(kept), child.parameters, strict=True):
            np.testing.assert_array_equal(before, after)


def test_the_widest_pruned_network_is_the_baseline(study):
    networks, _ = study
    assert one(networks, "deepprune", 0, 16).parameters is one(networks, "baseline", 0, 16).parameters


def test_the_learning_rate_falls_with_each_pruning(data, monkeypatch):
    rates = []

    class Recorder(Trainer):
        def fit(self, starts, rngs, learning_rate=None):
            rates.append(round(learning_rate, 6))
            return super().fit(starts, rngs, learning_rate)

    monkeypatch.setattr(prune, "Trainer", Recorder)
    train_ladder("planted", data, [0], LADDER, 9, OPTIONS._replace(max_epochs=1), Criterion(), log=lambda line: None)
    assert rates == [0.01, round(0.01 / 1.2, 6), round(0.01 / 1.44, 6), 0.01, 0.01]


def test_the_log_has_a_line_for_each_training_and_pruning(study):
    networks, lines = study
    assert len(lines) == len(networks) - 2  # the widest `deepprune` of each seed is the baseline
    network = one(networks, "deepprune", 1, 4)
    (line,) = (line for line in lines if "deepprune    4 kernels  seed 1" in line)
    assert f"{network.epochs} epochs" in line and f"AUROC {network.auroc:.4f}" in line


@pytest.mark.parametrize("criterion", ["score", "score_weight"])
def test_other_criteria_prune_too(data, criterion):
    options = OPTIONS._replace(max_epochs=2)
    networks = train_ladder("planted", data, [0], [8, 4], 9, options, Criterion(criterion), log=lambda line: None)
    parent, child = one(networks, "deepprune", 0, 8), one(networks, "inter", 0, 4)
    trainer = Trainer(data, options)
    kept = best_kernels(importance(criterion, parent.parameters, trainer), 4)
    np.testing.assert_array_equal(parent.parameters.keep(kept).weights, child.parameters.weights)
    assert child.criterion == criterion


def same(first, second):
    """Whether two lists hold the same networks, to the last bit, measured times aside."""
    return len(first) == len(second) and all(
        a[:6] == b[:6]
        and a.epochs == b.epochs
        and all(np.array_equal(x, y) for x, y in zip(a.parameters, b.parameters, strict=True))
        for a, b in zip(first, second, strict=True)
    )


def test_adding_a_seed_leaves_the_others_as_they_were(data, study):
    alone = train_ladder("planted", data, [1], LADDER, 9, OPTIONS, Criterion(), log=lambda line: None)
    assert same(alone, [network for network in study[0] if network.seed == 1])


@pytest.mark.parametrize("side_by_side", [{"threads": 2}, {"stack": 2}])
def test_networks_do_not_depend_on_how_they_are_trained_side_by_side(data, study, side_by_side):
    networks = train_ladder("planted", data, [0, 1], LADDER, 9, OPTIONS, Criterion(), log=print, **side_by_side)
    in_order = sorted(networks, key=lambda network: [n[:4] for n in study[0]].index(network[:4]))
    assert same(in_order, study[0])
    assert "stack" in side_by_side or same(networks, study[0])


def test_a_diverging_loss_is_reported_and_with_no_seed_left_refused(data, tmp_path):
    lines = []
    options = OPTIONS._replace(learning_rate=1e38)
    networks = train_ladder("planted", data, [0], [8, 4], 9, options, Criterion(), log=lines.append)
    assert any("planted baseline, 8 kernels, seed 0" in line and "learning rate 1e+38" in line for line in lines)
    paths = [tmp_path / name for name in ("auc.tsv", "networks.tsv", "parameters.npz", "keras")]
    with pytest.raises(InputError, match=r"planted: no network is left at 4 kernels.*train\.learning_rate"):
        write_networks("planted", networks, 4, options, *paths)
    assert not any(tmp_path.iterdir())


def test_a_class_that_is_missing_is_named(data):
    def part(chosen, label):
        return Dataset(data.codes, np.where(data.split == chosen, label, data.labels).astype(np.uint8), data.split)

    with pytest.raises(InputError, match="planted: there is no unbound sequence for training"):
        check_classes("planted", part(TRAIN, 1))
    with pytest.raises(InputError, match="planted: there is no bound sequence for test"):
        check_classes("planted", part(TEST, 0))
    check_classes("planted", part(VALIDATION, 0))
    learned = np.where(data.split == VALIDATION, TRAIN, data.split)
    with pytest.raises(InputError, match="planted: there is no bound or unbound sequence for validation"):
        train_ladder("planted", Dataset(data.codes, data.labels, learned), [0], LADDER, 9, OPTIONS, Criterion())


def test_written_networks(study, data, tmp_path):
    networks, _ = study
    paths = [tmp_path / name for name in ("auc.tsv", "networks.tsv", "parameters.npz")]
    write_networks("planted", networks, 4, OPTIONS, *paths, tmp_path / "keras")
    table, contents = read_table(paths[0]), read_table(paths[1])
    assert len(table) == len(contents) == len(load_parameters(paths[2])) == len(networks)
    names = sorted(path.name for path in (tmp_path / "keras").iterdir())
    assert names == [f"{method}_4_seed{seed}.keras" for method in ("baseline", "deepprune") for seed in (0, 1)]
    codes, labels = data.part(TEST)
    opened = keras.models.load_model(tmp_path / "keras" / "deepprune_4_seed1.keras")
    score = auroc(labels, opened.predict(one_hot(codes), verbose=0)[:, 0])
    row = table[(table.method == "deepprune") & (table.seed == 1) & (table.kernels == 4)]
    assert score == pytest.approx(float(row["auroc"].iloc[0]), abs=1e-4)
    assert len(data.part(TRAIN)[0])

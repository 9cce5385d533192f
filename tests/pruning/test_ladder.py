import numpy as np
import pytest
from planted import planted

import deepprune.pruning.ladder as prune
from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.pruning.criteria import best_kernels
from deepprune.pruning.ladder import METHODS, Plan, train_networks
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.trainer import Options, Trainer

LADDER = [16, 8, 4]
PLAN = Plan(LADDER, 9)
FULL = Plan(LADDER, 9, METHODS, ["weight", "loss"])
OPTIONS = Options(batch_size=64, max_epochs=30, patience=4)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data():
    return planted(1200)


@pytest.fixture(scope="module")
def study(data):
    lines = []
    networks = train_networks("planted", data, [0, 1], FULL, OPTIONS, log=lines.append)
    return networks, lines


def silent(line):
    pass


def one(networks, method, seed, kernels, criterion="weight"):
    if method in ("baseline", "circular"):
        criterion = "-"
    (network,) = (n for n in networks if n[:4] == (method, criterion, seed, kernels))
    return network


def keys(networks):
    return sorted(network[:4] for network in networks)


def test_every_method_has_its_networks(study):
    expected = []
    for seed in (0, 1):
        expected += [("baseline", "-", seed, kernels) for kernels in LADDER]
        expected += [("circular", "-", seed, 1)]
        for criterion in ("weight", "loss"):
            expected += [("deepprune", criterion, seed, kernels) for kernels in LADDER]
            expected += [("inter", criterion, seed, kernels) for kernels in LADDER[1:]]
        expected += [("winning_ticket", "weight", seed, kernels) for kernels in LADDER[1:]]
    assert keys(study[0]) == sorted(expected)
    found = [network.auroc for network in study[0]]
    assert sum(value > 0.9 for value in found) > len(found) / 2  # the planted word is found


@pytest.mark.parametrize("methods", [["deepprune"], ["deepprune", "baseline"], ["deepprune", "winning_ticket"]])
def test_methods_are_chosen_and_do_not_depend_on_each_other(data, study, methods):
    networks = train_networks("planted", data, [0], PLAN._replace(methods=methods), OPTIONS, log=silent)
    widest = [("baseline", "-", 0, 16)]  # all pruning starts from it
    wanted = [n for n in study[0] if n.method in methods and n.criterion in "-weight" and n.seed == 0]
    assert keys(networks) == sorted(set(keys(wanted)) | set(widest))
    for network in networks:
        assert same([network], [one(study[0], network.method, 0, network.kernels)])


def test_pruning_keeps_the_kernels_of_largest_weight(study):
    networks, _ = study
    for wide, narrow in ((16, 8), (8, 4)):
        parent, child = one(networks, "deepprune", 1, wide), one(networks, "inter", 1, narrow)
        kept = best_kernels(np.abs(parent.parameters.weights), narrow)
        for before, after in zip(parent.parameters.keep(kept), child.parameters, strict=True):
            np.testing.assert_array_equal(before, after)
        np.testing.assert_array_equal(child.origin, parent.origin[kept])
        np.testing.assert_array_equal(child.origin, one(networks, "deepprune", 1, narrow).origin)


def test_an_inter_network_is_tested_as_if_alone(data, study):
    codes, _ = data.part(TEST)
    trainer = Trainer(data, OPTIONS)
    for criterion in FULL.criteria:
        network = one(study[0], "inter", 0, 4, criterion)
        (expected,) = trainer.predict(network.parameters, codes)
        np.testing.assert_allclose(network.scores, expected, rtol=1e-4, atol=1e-5)
        assert network.validation_loss == pytest.approx(trainer.validation_losses(network.parameters)[0], rel=1e-5)


def test_the_widest_pruned_network_is_the_baseline(study):
    networks, _ = study
    for criterion in FULL.criteria:
        pruned, trained = one(networks, "deepprune", 0, 16, criterion), one(networks, "baseline", 0, 16)
        assert pruned.parameters is trained.parameters and pruned[3:10] == trained[3:10]


def test_a_winning_ticket_starts_where_its_kernels_began(data, monkeypatch):
    starts = {}

    class Recorder(Trainer):
        def fit(self, first, rngs, learning_rate=None, labels=None):
            starts.setdefault((len(first[0].weights), learning_rate), []).append(first[0])
            return super().fit(first, rngs, learning_rate, labels)

    monkeypatch.setattr(prune, "Trainer", Recorder)
    plan = PLAN._replace(methods=["deepprune", "winning_ticket"])
    networks = train_networks("planted", data, [0], plan, OPTIONS._replace(max_epochs=2), log=silent)
    ((widest,), (first,), (second,)) = (starts[kernels, 0.01] for kernels in LADDER)
    for ticket, kernels in ((first, 8), (second, 4)):
        origin = one(networks, "winning_ticket", 0, kernels).origin
        for before, after in zip(widest.keep(origin), ticket, strict=True):
            np.testing.assert_array_equal(before, after)
    assert set(one(networks, "winning_ticket", 0, 4).origin) < set(one(networks, "winning_ticket", 0, 8).origin)


def test_the_learning_rate_falls_with_each_pruning(data, monkeypatch):
    rates = []

    class Recorder(Trainer):
        def fit(self, starts, rngs, learning_rate=None, labels=None):
            rates.append(round(learning_rate, 6))
            return super().fit(starts, rngs, learning_rate, labels)

    monkeypatch.setattr(prune, "Trainer", Recorder)
    train_networks("planted", data, [0], PLAN, OPTIONS._replace(max_epochs=1), log=silent)
    assert rates == [0.01, round(0.01 / 1.2, 6), round(0.01 / 1.44, 6), 0.01, 0.01]


def test_the_widest_network_has_its_share_of_the_labels(data, monkeypatch):
    targets = []

    class Recorder(Trainer):
        def fit(self, starts, rngs, learning_rate=None, labels=None):
            targets.append(labels)
            return super().fit(starts, rngs, learning_rate, labels)

    monkeypatch.setattr(prune, "Trainer", Recorder)
    plan = PLAN._replace(methods=["deepprune"], criteria=["loss"], distill=0.25)
    (widest, *_) = train_networks("planted", data, [0], plan, OPTIONS._replace(max_epochs=2), log=silent)
    codes, labels = data.part(TRAIN)
    probability = 1 / (1 + np.exp(-Trainer(data, OPTIONS).predict(widest.parameters, codes)[0]))
    assert targets[0] is None and len(targets) == 3
    for (target,) in targets[1:]:
        np.testing.assert_allclose(target, 0.75 * labels[:, 0] + 0.25 * probability, atol=1e-6)


def test_the_log_has_a_line_for_each_training_and_pruning(study):
    networks, lines = study
    assert len(lines) == len(networks) - 4  # the baseline of each seed is also the first rung of two ladders
    assert sum("baseline             16 kernels" in line for line in lines) == 2
    network = one(networks, "deepprune", 1, 4)
    (line,) = (line for line in lines if line.startswith("planted: deepprune (weight)    4 kernels  seed 1"))
    assert f"{network.epochs} epochs" in line and f"AUROC {network.auroc:.4f}" in line


def same(first, second):
    """Whether two lists hold the same networks, to the last bit, measured times aside."""
    return len(first) == len(second) and all(
        a[:9] == b[:9]
        and all(np.array_equal(x, y) for x, y in zip(a.parameters, b.parameters, strict=True))
        and np.array_equal(a.origin, b.origin)
        and np.array_equal(a.scores, b.scores)
        for a, b in zip(first, second, strict=True)
    )


def test_adding_a_seed_leaves_the_others_as_they_were(data, study):
    alone = train_networks("planted", data, [1], FULL, OPTIONS, log=silent)
    assert same(alone, [network for network in study[0] if network.seed == 1])


@pytest.mark.parametrize("side_by_side", [{"threads": 2}, {"stack": 2}])
def test_networks_do_not_depend_on_how_they_are_trained_side_by_side(data, study, side_by_side):
    networks = train_networks("planted", data, [0, 1], FULL, OPTIONS, log=silent, **side_by_side)
    in_order = sorted(networks, key=lambda network: [n[:4] for n in study[0]].index(network[:4]))
    assert same(in_order, study[0])
    assert "stack" in side_by_side or same(networks, study[0])


def test_test_labels_change_no_weight_and_no_choice(data, study):
    labels = data.labels.copy()
    labels[data.split == TEST] = np.random.default_rng(0).permutation(labels[data.split == TEST])
    other = train_networks("planted", Dataset(data.codes, labels, data.split), [0, 1], FULL, OPTIONS, log=silent)
    assert len(other) == len(study[0])
    for before, after in zip(study[0], other, strict=True):
        assert before[:4] == after[:4] and before.epochs == after.epochs
        assert before.validation_loss == after.validation_loss
        assert all(np.array_equal(x, y) for x, y in zip(before.parameters, after.parameters, strict=True))
        assert np.array_equal(before.origin, after.origin) and np.array_equal(before.scores, after.scores)
    assert all(before.auroc != after.auroc for before, after in zip(study[0], other, strict=True))


def test_a_diverging_loss_is_reported_and_its_seed_left_out(data):
    lines = []
    options = OPTIONS._replace(learning_rate=1e38)
    networks = train_networks("planted", data, [0], Plan([8, 4], 9), options, log=lines.append)
    assert any("planted: baseline, 8 kernels, seed 0" in line and "learning rate 1e+38" in line for line in lines)
    assert not [network for network in networks if network.method != "baseline"]


def test_a_class_that_is_missing_is_named(data):
    learned = np.where(data.split == VALIDATION, TRAIN, data.split)
    with pytest.raises(InputError, match="planted: there is no positive or negative sequence"):
        train_networks("planted", Dataset(data.codes, data.labels, learned), [0], PLAN, OPTIONS)


def test_a_training_that_was_broken_off_goes_on_after_its_last_network(data, study, tmp_path, monkeypatch):
    trained = []
    fit = Trainer.fit
    monkeypatch.setattr(Trainer, "fit", lambda self, starts, *rest: trained.append(1) or fit(self, starts, *rest))

    def train(log):
        checkpoint = Checkpoint(tmp_path, "key", silent)
        return train_networks("planted", data, [0, 1], FULL, OPTIONS, log=log, checkpoint=checkpoint)

    def interrupt(line):
        if "deepprune (loss)      8 kernels  seed 1" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(interrupt)
    before = len(trained)
    networks = train(silent)
    # Baselines, circular, two criteria and tickets of the rungs below the widest, for each of two seeds
    assert len(trained) == 2 * (3 + 1 + 2 + 2 + 2)
    assert 2 * 3 < before < len(trained)
    assert keys(networks) == keys(study[0])
    for resumed, whole in zip(networks, study[0], strict=True):
        assert resumed[:9] == whole[:9]
        assert all(np.array_equal(x, y) for x, y in zip(resumed.parameters, whole.parameters, strict=True))
        assert np.array_equal(resumed.origin, whole.origin) and np.array_equal(resumed.scores, whole.scores)
    trained.clear()
    train_networks("planted", data, [1, 2], FULL, OPTIONS, log=silent, checkpoint=Checkpoint(tmp_path, "key", silent))
    assert len(trained) == 3 + 1 + 2 + 2 + 2  # of the new seed alone

from dataclasses import replace

import numpy as np
import pytest
from planted import planted, planted_tasks

import deepprune.pruning.ladder as prune
from deepprune.data.dataset import TEST, TRAIN, VALIDATION
from deepprune.dna.codes import one_hot, reverse_complement
from deepprune.errors import InputError
from deepprune.evaluation.metrics import cross_entropy
from deepprune.keys import NetworkKey
from deepprune.models.export import keras_model
from deepprune.models.few_kernel import FewKernel
from deepprune.pruning.ladder import train_networks
from deepprune.pruning.plan import METHODS, Execution, Plan
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.trainer import Options, Trainer

LADDER = [16, 8, 4]
OPTIONS = Options(batch_size=64, max_epochs=30, patience=4)
NETWORK = FewKernel(16, 9)
PLAN = Plan(NETWORK, LADDER, OPTIONS)
FULL = PLAN._replace(methods=METHODS, criteria=["weight", "loss"])

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared_programs")]


@pytest.fixture(scope="module")
def data():
    return planted(1200)


@pytest.fixture(scope="module")
def study(data):
    lines = []
    networks = train_networks("planted", data, [0, 1], FULL, Execution(log=lines.append))
    return networks, lines


def silent(line):
    pass


SILENT = Execution(log=silent)


def limited(plan, epochs):
    """Return the plan with at most this many epochs."""
    return plan._replace(options=OPTIONS._replace(max_epochs=epochs))


def one(networks, method, seed, kernels, criterion="weight"):
    if method in ("baseline", "circular"):
        criterion = "-"
    architecture = "circular" if method == "circular" else "few_kernel"
    (network,) = (n for n in networks if n.key == NetworkKey(architecture, method, criterion, kernels, seed))
    return network


def keys(networks):
    """Return method, criterion, seed and kernels of networks, sorted; check their architectures."""
    for key in (network.key for network in networks):
        assert key.architecture == ("circular" if key.method == "circular" else "few_kernel")
    return sorted((key.method, key.criterion, key.seed, key.kernels) for key in (n.key for n in networks))


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
    found = [network.measures.auroc for network in study[0]]
    assert sum(value > 0.9 for value in found) > len(found) / 2  # the planted word is found


@pytest.mark.parametrize("methods", [["deepprune"], ["deepprune", "baseline"], ["deepprune", "winning_ticket"]])
def test_methods_are_chosen_and_do_not_depend_on_each_other(data, study, methods):
    networks = train_networks("planted", data, [0], PLAN._replace(methods=methods), SILENT)
    widest = [("baseline", "-", 0, 16)]  # all pruning starts from it
    wanted = [n for n in study[0] if n.key.method in methods and n.key.criterion in "-weight" and n.key.seed == 0]
    assert keys(networks) == sorted(set(keys(wanted)) | set(widest))
    for network in networks:
        assert same([network], [one(study[0], network.key.method, 0, network.key.kernels)])


def test_pruning_keeps_the_kernels_of_largest_weight(study):
    networks, _ = study
    for wide, narrow in ((16, 8), (8, 4)):
        parent, child = one(networks, "deepprune", 1, wide), one(networks, "inter", 1, narrow)
        kept = np.sort(np.argsort(-np.abs(parent.parameters.weights[:, 0]), kind="stable")[:narrow])
        for before, after in zip(parent.parameters.keep(kept), child.parameters, strict=True):
            np.testing.assert_array_equal(before, after)
        np.testing.assert_array_equal(child.origin, parent.origin[kept])
        np.testing.assert_array_equal(child.origin, one(networks, "deepprune", 1, narrow).origin)


def test_an_inter_network_is_tested_as_if_alone(data, study):
    codes, _ = data.part(TEST)
    trainer = Trainer(data, OPTIONS)
    for criterion in FULL.criteria:
        network = one(study[0], "inter", 0, 4, criterion)
        architecture, validation = FewKernel(4, 9), trainer.validation
        expected = trainer.predict(architecture, network.parameters, codes)[:, 0]
        np.testing.assert_allclose(network.scores, expected, rtol=1e-4, atol=1e-5)
        logits = trainer.predict(architecture, network.parameters, validation)
        expected = cross_entropy(validation.labels, logits)
        assert network.measures.validation_loss == pytest.approx(expected, rel=1e-5)


def test_networks_of_both_strands(tmp_path):
    """A word in either orientation; every criterion, inter networks, a checkpoint."""
    data = planted(1200, word="AAACCGT")
    codes = data.codes.copy()
    codes[1::4] = reverse_complement(codes[1::4])  # half of the positives
    turned = replace(data, codes=codes)
    criteria = ["weight", "score", "score_weight", "loss"]
    both = Plan(replace(NETWORK, strands="both"), [4, 2, 1], OPTIONS, criteria=criteria)
    checkpoint = Checkpoint(tmp_path, "a", silent)
    networks = train_networks("planted", turned, [0], both, Execution(checkpoint=checkpoint, log=silent))
    assert len(networks) == 3 + len(criteria) * 5
    test, _ = turned.part(TEST)
    for network in networks:
        model = keras_model(network.parameters, both.at(network.key.kernels))
        probability = model.predict(one_hot(test), verbose=0)[:, 0]
        assert 1 / (1 + np.exp(-network.scores)) == pytest.approx(probability, abs=1e-5)
    again = train_networks("planted", turned, [0], both, Execution(checkpoint=checkpoint, log=silent))
    assert all(np.array_equal(a.scores, b.scores) for a, b in zip(networks, again, strict=True))
    one_strand = train_networks("planted", turned, [0], both._replace(network=NETWORK), SILENT)
    for criterion in criteria:  # a single kernel reads both orientations, or something between them
        quality = [one(some, "deepprune", 0, 1, criterion).measures.auroc for some in (one_strand, networks)]
        assert quality[0] + 0.02 < quality[1] > 0.97


def test_both_strands_may_be_averaged_at_prediction_alone(data, study):
    """The same networks, other scores: those of the exported model."""
    plan = FULL._replace(network=replace(NETWORK, average_strands=True), criteria=["weight"])
    networks = train_networks("planted", data, [0], plan, SILENT)
    codes, _ = data.part(TEST)
    for network in networks:
        method, kernels = network.key.method, network.key.kernels
        trained = one(study[0], method, 0, kernels)
        assert all(np.array_equal(a, b) for a, b in zip(network.parameters, trained.parameters, strict=True))
        assert network.measures.validation_loss == trained.measures.validation_loss
        assert not np.array_equal(network.scores, trained.scores)
        if method != "circular":
            probability = keras_model(network.parameters, plan.at(kernels)).predict(one_hot(codes), verbose=0)[:, 0]
            assert 1 / (1 + np.exp(-network.scores)) == pytest.approx(probability, abs=1e-5)


def test_the_widest_pruned_network_is_the_baseline(study):
    networks, _ = study
    for criterion in FULL.criteria:
        pruned, trained = one(networks, "deepprune", 0, 16, criterion), one(networks, "baseline", 0, 16)
        assert pruned.parameters is trained.parameters and pruned.measures == trained.measures


def test_a_winning_ticket_starts_where_its_kernels_began(data, monkeypatch):
    starts = {}

    class Recorder(Trainer):
        def fit(self, network, first, options=None):
            starts.setdefault((network.kernels, options.learning_rate), []).append(first[0].weights)
            return super().fit(network, first, options)

    monkeypatch.setattr(prune, "Trainer", Recorder)
    plan = PLAN._replace(methods=["deepprune", "winning_ticket"])
    networks = train_networks("planted", data, [0], limited(plan, 2), SILENT)
    ((widest,), (first,), (second,)) = (starts[kernels, 0.01] for kernels in LADDER)
    for ticket, kernels in ((first, 8), (second, 4)):
        origin = one(networks, "winning_ticket", 0, kernels).origin
        for before, after in zip(widest.keep(origin), ticket, strict=True):
            np.testing.assert_array_equal(before, after)
    assert set(one(networks, "winning_ticket", 0, 4).origin) < set(one(networks, "winning_ticket", 0, 8).origin)


@pytest.mark.parametrize("criterion", ["weight", "loss"])
def test_fine_tuning_starts_from_the_output_weights_as_they_were(data, monkeypatch, criterion):
    """Those that the criterion loss readjusts are of the inter network alone."""
    starts = {}

    class Recorder(Trainer):
        def fit(self, network, first, options=None):
            starts[network.kernels] = first[0].weights
            return super().fit(network, first, options)

    monkeypatch.setattr(prune, "Trainer", Recorder)
    plan = PLAN._replace(methods=["deepprune", "inter"], criteria=[criterion])
    networks = train_networks("planted", data, [0], limited(plan, 2), SILENT)
    for wide, narrow in ((16, 8), (8, 4)):
        before, inter = (one(networks, *kind, criterion) for kind in (("deepprune", 0, wide), ("inter", 0, narrow)))
        kept = np.flatnonzero(np.isin(before.origin, inter.origin))
        for expected, found in zip(before.parameters.keep(kept), starts[narrow], strict=True):
            np.testing.assert_array_equal(expected, found)
        assert np.array_equal(inter.parameters.weights, starts[narrow].weights) == (criterion == "weight")


def test_the_learning_rate_falls_with_each_pruning(data, monkeypatch):
    rates = []

    class Recorder(Trainer):
        def fit(self, network, starts, options=None):
            rates.append(round(options.learning_rate, 6))
            return super().fit(network, starts, options)

    monkeypatch.setattr(prune, "Trainer", Recorder)
    train_networks("planted", data, [0], limited(PLAN, 1), SILENT)
    assert rates == [0.01, round(0.01 / 1.2, 6), round(0.01 / 1.44, 6), 0.01, 0.01]


@pytest.mark.parametrize("rising", [False, True])
def test_a_wider_network_of_lower_validation_loss_has_its_share_of_the_labels(data, monkeypatch, rising):
    """Rising losses: the widest network is the best; falling ones: the wide networks know their sequences by heart."""
    targets = {}

    class Recorder(Trainer):
        def fit(self, network, starts, options=None):
            targets[network.kernels] = starts[0].labels
            loss = 1 / network.kernels if rising else network.kernels
            return [fit._replace(validation_loss=loss) for fit in super().fit(network, starts, options)]

    monkeypatch.setattr(prune, "Trainer", Recorder)
    plan = PLAN._replace(methods=["deepprune"], criteria=["loss"], distill=0.25)
    (widest, *_) = train_networks("planted", data, [0], limited(plan, 2), SILENT)
    codes, labels = data.part(TRAIN)
    probability = 1 / (1 + np.exp(-Trainer(data, OPTIONS).predict(NETWORK, widest.parameters, codes)))
    assert targets[16] is None
    np.testing.assert_array_equal(targets[8], labels)  # no network is wider than the one that was pruned
    expected = 0.75 * labels + 0.25 * probability if rising else labels
    np.testing.assert_allclose(targets[4], expected, atol=1e-6)


def test_the_log_has_a_line_for_each_training_and_pruning(study):
    networks, lines = study
    assert len(lines) == len(networks) - 4  # the baseline of each seed is also the first rung of two ladders
    assert sum("baseline             16 kernels" in line for line in lines) == 2
    network = one(networks, "deepprune", 1, 4)
    (line,) = (line for line in lines if line.startswith("planted: deepprune (weight)    4 kernels  seed 1"))
    assert f"{network.measures.epochs} epochs" in line and f"AUROC {network.measures.auroc:.4f}" in line


def untimed(network):
    """Who a network is and how it did, without the measured time."""
    return network.key, network.measures._replace(seconds=0)


def same(first, second):
    """Whether two lists hold the same networks, to the last bit, measured times aside."""
    return len(first) == len(second) and all(
        untimed(a) == untimed(b)
        and all(np.array_equal(x, y) for x, y in zip(a.parameters, b.parameters, strict=True))
        and np.array_equal(a.origin, b.origin)
        and np.array_equal(a.scores, b.scores)
        for a, b in zip(first, second, strict=True)
    )


def test_adding_a_seed_leaves_the_others_as_they_were(data, study):
    alone = train_networks("planted", data, [1], FULL, SILENT)
    assert same(alone, [network for network in study[0] if network.key.seed == 1])


@pytest.mark.parametrize("side_by_side", [{"threads": 2}, pytest.param({"stack": 2}, marks=pytest.mark.release)])
def test_networks_do_not_depend_on_how_they_are_trained_side_by_side(data, study, side_by_side):
    networks = train_networks("planted", data, [0, 1], FULL, SILENT._replace(**side_by_side))
    in_order = sorted(networks, key=lambda network: [n.key for n in study[0]].index(network.key))
    assert same(in_order, study[0])
    assert "stack" in side_by_side or same(networks, study[0])


def test_test_labels_change_no_weight_and_no_choice(data, study):
    labels = data.labels.copy()
    labels[data.split == TEST] = np.random.default_rng(0).permutation(labels[data.split == TEST])
    other = train_networks("planted", replace(data, labels=labels), [0, 1], FULL, SILENT)
    assert len(other) == len(study[0])
    for before, after in zip(study[0], other, strict=True):
        assert before.key == after.key and before.measures.epochs == after.measures.epochs
        assert before.measures.validation_loss == after.measures.validation_loss
        assert all(np.array_equal(x, y) for x, y in zip(before.parameters, after.parameters, strict=True))
        assert np.array_equal(before.origin, after.origin) and np.array_equal(before.scores, after.scores)
    assert all(before.measures.auroc != after.measures.auroc for before, after in zip(study[0], other, strict=True))


def test_a_diverging_loss_is_reported_and_its_seed_left_out(data):
    lines = []
    plan = Plan(FewKernel(8, 9), [8, 4], OPTIONS._replace(learning_rate=1e38))
    networks = train_networks("planted", data, [0], plan, Execution(log=lines.append))
    assert any("planted: baseline, 8 kernels, seed 0" in line and "learning rate 1e+38" in line for line in lines)
    assert not [network for network in networks if network.key.method != "baseline"]


def test_a_class_that_is_missing_is_named(data):
    learned = np.where(data.split == VALIDATION, TRAIN, data.split)
    with pytest.raises(InputError, match="planted: there is no positive or negative sequence"):
        train_networks("planted", replace(data, split=learned), [0], PLAN, SILENT)


def test_a_data_set_of_several_tasks_is_refused():
    with pytest.raises(InputError, match=r"^several has 2 tasks, but only networks of one task can be pruned$"):
        train_networks("several", planted_tasks(words=["TGACTCA", "GGCGCC"]), [0], PLAN, SILENT)


def test_a_training_that_was_broken_off_goes_on_after_its_last_network(data, study, tmp_path, monkeypatch):
    trained = []
    fit = Trainer.fit
    monkeypatch.setattr(Trainer, "fit", lambda self, *rest: trained.append(1) or fit(self, *rest))

    def train(log):
        checkpoint = Checkpoint(tmp_path, "key", silent)
        return train_networks("planted", data, [0, 1], FULL, Execution(log=log, checkpoint=checkpoint))

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
        assert untimed(resumed) == untimed(whole)
        assert all(np.array_equal(x, y) for x, y in zip(resumed.parameters, whole.parameters, strict=True))
        assert np.array_equal(resumed.origin, whole.origin) and np.array_equal(resumed.scores, whole.scores)
    trained.clear()
    execution = SILENT._replace(checkpoint=Checkpoint(tmp_path, "key", silent))
    train_networks("planted", data, [1, 2], FULL, execution)
    assert len(trained) == 3 + 1 + 2 + 2 + 2  # of the new seed alone

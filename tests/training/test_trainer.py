import keras
import numpy as np
import pytest
import tensorflow as tf
from options import changed
from planted import planted, planted_tasks

from deepprune.data.dataset import TRAIN, VALIDATION
from deepprune.dna.codes import one_hot
from deepprune.errors import InputError
from deepprune.models.export import keras_model, weights_of
from deepprune.models.few_kernel import FewKernel
from deepprune.training.optimizers import Rates
from deepprune.training.trainer import Options, Start, Trainer

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared_programs")]

NETWORK = FewKernel(8, 7)
# Most tests have data and batches of these sizes, and so a program in common.
SEQUENCES = 420
OPTIONS = Options(batch_size=32, max_epochs=3)


class InOrder:
    """Shuffles nothing, so that another program can see the same batches."""

    def permutation(self, count):
        return np.arange(count)


def initial(seed=0, network=NETWORK):
    return network.initial(np.random.default_rng(seed))


def start(seed=0, network=NETWORK, labels=None):
    return Start(initial(seed, network), np.random.default_rng([seed, 1]), labels)


def equal(first, second):
    return all(np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(("tasks", "strands"), [(1, "one"), (1, "both"), (3, "one"), (3, "both")])
def test_an_epoch_equals_keras_also_in_its_last_small_batch(tasks, strands):
    data = planted(SEQUENCES) if tasks == 1 else planted_tasks(SEQUENCES)
    network = FewKernel(8, 7, tasks=tasks, strands=strands)
    codes, labels = data.part(TRAIN)
    options = OPTIONS._replace(max_epochs=1)
    assert len(codes) % options.batch_size  # the last batch is smaller
    (ours,) = Trainer(data, options).fit(network, [Start(initial(network=network), InOrder())])
    model = keras_model(initial(network=network), network)
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    model.fit(one_hot(codes), labels, batch_size=32, epochs=1, shuffle=False, verbose=0)
    for field, expected in zip(ours.weights, weights_of(model), strict=True):
        np.testing.assert_allclose(field, expected, atol=2e-4)
    assert np.abs(ours.weights.kernels - initial(network=network).kernels).max() > 0.01


@pytest.mark.parametrize("tasks", [1, 3])
def test_the_validation_loss_is_that_of_the_returned_weights(tasks):
    data = planted(SEQUENCES) if tasks == 1 else planted_tasks(SEQUENCES)
    network = FewKernel(8, 7, tasks=tasks)
    trainer = Trainer(data, OPTIONS._replace(max_epochs=40, patience=5))
    (fit,) = trainer.fit(network, [start(network=network)])
    codes, labels = data.part(VALIDATION)
    probability = 1 / (1 + np.exp(-trainer.predict(network, fit.weights, codes)))
    expected = -np.mean(np.where(labels == 1, np.log(probability), np.log1p(-probability)))
    assert fit.validation_loss == pytest.approx(expected, rel=1e-6)


def test_training_stops_after_patience_epochs_without_a_lower_loss():
    data, options = planted(SEQUENCES), OPTIONS._replace(patience=6)
    (patient,) = Trainer(data, options._replace(max_epochs=400)).fit(NETWORK, [start()])
    assert 6 < patient.epochs < 400
    best_epoch = patient.epochs - 6
    (stopped_there,) = Trainer(data, options._replace(max_epochs=best_epoch)).fit(NETWORK, [start()])
    assert equal(stopped_there.weights, patient.weights)


def test_options_of_a_call_override_those_of_the_trainer():
    data, options = planted(SEQUENCES), OPTIONS
    trainer = Trainer(data, options)
    (slow,) = trainer.fit(NETWORK, [start()], options._replace(learning_rate=0.001, max_epochs=2))
    (alone,) = Trainer(data, options._replace(learning_rate=0.001, max_epochs=2)).fit(NETWORK, [start()])
    assert slow.epochs == 2 and equal(slow.weights, alone.weights)


def test_networks_side_by_side_are_as_each_alone_and_the_finished_leave():
    data, options = planted(SEQUENCES), OPTIONS._replace(max_epochs=60, patience=2)
    starts = [start(seed) for seed in range(5)]
    trainer = Trainer(data, options)
    alone = [trainer.fit(NETWORK, [one])[0] for one in starts]
    together = trainer.fit(NETWORK, starts)
    assert len({fit.epochs for fit in alone}) > 2
    for one, other in zip(alone, together, strict=True):
        assert equal(one.weights, other.weights) and one[2:5] == other[2:5]
    assert not equal(together[0].weights, together[1].weights)


def test_a_device_without_enough_memory_gets_half_the_stack(monkeypatch):
    data, options, lines = planted(SEQUENCES), OPTIONS, []
    starts = [start(seed) for seed in range(5)]
    trainer = Trainer(data, options, lines.append)
    expected = trainer.fit(NETWORK, starts)
    epochs = trainer.programs(NETWORK).epochs
    epoch = epochs["adam"]

    def little_memory(batches, progress, rate):
        if len(batches.orders) > 2:
            raise tf.errors.ResourceExhaustedError(None, None, "out of memory")
        return epoch(batches, progress, rate)

    monkeypatch.setitem(epochs, "adam", little_memory)
    fits = trainer.fit(NETWORK, starts)
    assert all(equal(one.weights, other.weights) for one, other in zip(fits, expected, strict=True))
    assert lines == [
        "the device lacks the memory for 5 networks at once; continuing with 3",
        "the device lacks the memory for 3 networks at once; continuing with 2",
    ]

    def no_memory(*_):
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")

    monkeypatch.setitem(epochs, "adam", no_memory)
    with pytest.raises(InputError, match=r"lower train\.batch_size"):
        trainer.fit(NETWORK, starts[:1])


def test_the_config_s_options_are_those_of_the_trainer():
    config = changed("train.beta_1", 0.95)["train"]
    assert Options(**config)._asdict() == config
    assert Options(**config).rates == Rates(config["learning_rate"], 0.95, 1 - 0.95, 1e-7)
    for optimizer in ("adadelta", "rmsprop"):
        assert Options(**config | {"optimizer": optimizer, "rho": 0.5}).rates.decay == 0.5


def test_the_optimizer_of_the_options_trains():
    rng = np.random.default_rng(0)
    start = Start(NETWORK.initial(rng), rng)
    losses = {}
    for optimizer, rate in (("adam", 0.01), ("adadelta", 1.0), ("rmsprop", 0.01)):
        options = OPTIONS._replace(learning_rate=rate, optimizer=optimizer, rho=0.9, epsilon=1e-6)
        (fit,) = Trainer(planted(SEQUENCES), options).fit(NETWORK, [start])
        losses[optimizer] = fit.loss
    assert max(losses.values()) < np.log(2) and len(set(losses.values())) == 3


def test_a_training_set_smaller_than_a_batch_is_one_batch():
    data = planted(40)
    options = Options(batch_size=256, max_epochs=1)
    (ours,) = Trainer(data, options).fit(NETWORK, [start()])
    codes, labels = data.part(TRAIN)
    model = keras_model(initial())
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    model.fit(one_hot(codes), labels, batch_size=len(codes), epochs=1, verbose=0)
    np.testing.assert_allclose(ours.weights.kernels, weights_of(model).kernels, atol=2e-4)


def test_a_seed_that_diverges_leaves_the_others_alone():
    data, options = planted(SEQUENCES), OPTIONS
    broken = start()._replace(weights=initial()._replace(intercept=np.array([np.nan], np.float32)))
    bad, good = Trainer(data, options).fit(NETWORK, [broken, start(1)])
    assert bad.diverged and bad.epochs == 1
    assert not good.diverged and np.isfinite(good.validation_loss)


def test_predictions_do_not_depend_on_the_batches_they_come_in():
    data = planted(SEQUENCES)
    small, large = (
        Trainer(data, Options(batch_size=size)).predict(NETWORK, initial(), data.codes) for size in (32, 256)
    )
    np.testing.assert_allclose(small, large, rtol=1e-5, atol=1e-6)
    assert small.shape == (SEQUENCES, 1)


def test_what_pruning_leaves_is_predicted_from_the_activations_of_the_whole():
    data = planted(SEQUENCES)
    whole, trainer = initial(), Trainer(data, OPTIONS)
    kept = np.array([1, 4, 6])
    left = whole.keep(kept)._replace(intercept=np.array([0.5], np.float32))
    found = trainer.map_features(
        NETWORK, whole, data.codes, lambda activations: NETWORK.head(activations[:, kept], left)
    )
    np.testing.assert_allclose(found, trainer.predict(FewKernel(3, 7), left, data.codes), rtol=1e-5, atol=1e-6)


def test_labels_between_zero_and_one_are_learned():
    data, options = planted(SEQUENCES), OPTIONS._replace(max_epochs=60, patience=60)
    trainer = Trainer(data, options)
    labels = trainer.training.labels
    unsure = 0.3 + 0.4 * labels
    hard, soft = trainer.fit(NETWORK, [start(labels=labels), start(labels=unsure)])
    (alone,) = trainer.fit(NETWORK, [start(labels=unsure)])
    assert equal(soft.weights, alone.weights) and not equal(soft.weights, hard.weights)
    # the cross-entropy with labels of 0.3 and 0.7 is their entropy at least
    assert soft.loss > 0.61 > 0.3 > hard.loss

import keras
import numpy as np
import pytest
import tensorflow as tf
from planted import planted

from deepprune.data.dataset import TRAIN, VALIDATION
from deepprune.dna.codes import one_hot
from deepprune.errors import InputError
from deepprune.models.few_kernel import Architecture, keras_model
from deepprune.models.parameters import Pruned, initial_parameters
from deepprune.training.trainer import Options, Trainer, _round_up

pytestmark = pytest.mark.slow


class InOrder:
    """Shuffles nothing, so that another program can see the same batches."""

    def permutation(self, count):
        return np.arange(count)


def start(seed=0, kernels=8):
    return initial_parameters(7, kernels, np.random.default_rng(seed))


def rng(seed=0):
    return np.random.default_rng([seed, 1])


def equal(first, second):
    return all(np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in zip(first, second, strict=True))


def test_an_epoch_equals_keras_also_in_its_last_small_batch():
    data = planted(420)
    codes, labels = data.part(TRAIN)
    options = Options(batch_size=32, max_epochs=1)
    assert len(codes) % options.batch_size  # the last batch is smaller
    (ours,) = Trainer(data, options).fit([start()], [InOrder()])
    model = keras_model(start())
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    model.fit(one_hot(codes), labels[:, 0], batch_size=32, epochs=1, shuffle=False, verbose=0)
    theirs = [*model.get_layer("convolution").get_weights(), *model.get_layer("dense").get_weights()]
    for field, expected in zip(ours.parameters, theirs, strict=True):
        np.testing.assert_allclose(field, expected.reshape(field.shape), atol=2e-4)
    assert np.abs(ours.parameters.kernels - start().kernels).max() > 0.01


def test_the_validation_loss_is_that_of_the_returned_weights():
    data = planted()
    trainer = Trainer(data, Options(batch_size=64, max_epochs=40, patience=5))
    (fit,) = trainer.fit([start()], [rng()])
    codes, labels = data.part(VALIDATION)
    (log_odds,) = trainer.predict(fit.parameters, codes)
    probability = 1 / (1 + np.exp(-log_odds))
    expected = -np.mean(np.where(labels[:, 0] == 1, np.log(probability), np.log1p(-probability)))
    assert fit.validation_loss == pytest.approx(expected, rel=1e-6)


def test_training_stops_after_patience_epochs_without_a_lower_loss():
    data = planted(200)
    (patient,) = Trainer(data, Options(batch_size=32, max_epochs=400, patience=6)).fit([start()], [rng()])
    assert 6 < patient.epochs < 400
    best_epoch = patient.epochs - 6
    (stopped_there,) = Trainer(data, Options(batch_size=32, max_epochs=best_epoch, patience=6)).fit([start()], [rng()])
    assert equal(stopped_there.parameters, patient.parameters)


def test_networks_side_by_side_are_as_each_alone_and_the_finished_leave():
    data, options = planted(300), Options(batch_size=64, max_epochs=60, patience=2)
    starts, seeds = [start(seed) for seed in range(5)], range(5)
    trainer = Trainer(data, options)
    alone = [trainer.fit([start(seed)], [rng(seed)])[0] for seed in seeds]
    together = trainer.fit(starts, [rng(seed) for seed in seeds])
    assert len({fit.epochs for fit in alone}) > 2
    for one, other in zip(alone, together, strict=True):
        assert equal(one.parameters, other.parameters) and one[1:4] == other[1:4]
    assert not equal(together[0].parameters, together[1].parameters)


def test_networks_of_many_sizes_are_trained_by_one_program():
    data, options = planted(300), Options(batch_size=64, max_epochs=3)
    trainer = Trainer(data, options)
    fits = [trainer.fit([start(kernels=kernels)], [rng()])[0] for kernels in (3, 8, 32)]
    assert trainer.epoch.experimental_get_tracing_count() == 1
    own = Trainer(data, options, architecture=Architecture(room=lambda kernels: kernels))
    for kernels, fit in zip((3, 8, 32), fits, strict=True):
        (expected,) = own.fit([start(kernels=kernels)], [rng()])
        for field, value in zip(fit.parameters, expected.parameters, strict=True):
            np.testing.assert_allclose(field, value, rtol=1e-4, atol=1e-5)
        assert trainer.activations(fit.parameters, data.codes).shape == (300, kernels)
    assert own.epoch.experimental_get_tracing_count() == 3


def test_a_device_without_enough_memory_gets_half_the_stack(monkeypatch):
    data, options, lines = planted(300), Options(batch_size=64, max_epochs=2), []
    starts, seeds = [start(seed) for seed in range(5)], range(5)
    trainer = Trainer(data, options, lines.append)
    expected = trainer.fit(starts, [rng(seed) for seed in seeds])
    epoch = trainer.epoch

    def little_memory(codes, count, labels, orders, state, used, rate):
        if len(orders) > 2:
            raise tf.errors.ResourceExhaustedError(None, None, "out of memory")
        return epoch(codes, count, labels, orders, state, used, rate)

    monkeypatch.setattr(trainer, "epoch", little_memory)
    fits = trainer.fit(starts, [rng(seed) for seed in seeds])
    assert all(equal(one.parameters, other.parameters) for one, other in zip(fits, expected, strict=True))
    assert lines == [
        "the device has not the memory for 5 networks at once; going on with 3",
        "the device has not the memory for 3 networks at once; going on with 2",
    ]

    def no_memory(*_):
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")

    monkeypatch.setattr(trainer, "epoch", no_memory)
    with pytest.raises(InputError, match=r"lower train\.batch_size"):
        trainer.fit(starts[:1], [rng()])


def test_a_training_set_smaller_than_a_batch_is_one_batch():
    data = planted(40)
    options = Options(batch_size=256, max_epochs=1)
    (ours,) = Trainer(data, options).fit([start()], [rng()])
    codes, labels = data.part(TRAIN)
    model = keras_model(start())
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    model.fit(one_hot(codes), labels[:, 0], batch_size=len(codes), epochs=1, verbose=0)
    expected = model.get_layer("convolution").get_weights()[0]
    np.testing.assert_allclose(ours.parameters.kernels, expected, atol=2e-4)


def test_rounding_up_is_coarse_and_never_far():
    assert [_round_up(count) for count in (1, 64, 65, 1000, 1025, 5400, 200_000)] == [
        64, 64, 128, 1024, 1152, 5632, 212_992,
    ]  # fmt: skip


def test_a_seed_that_diverges_leaves_the_others_alone():
    data, options = planted(), Options(batch_size=64, max_epochs=3)
    broken = start()._replace(intercept=np.float32(np.nan))
    bad, good = Trainer(data, options).fit([broken, start(1)], [rng(0), rng(1)])
    assert bad.diverged and bad.epochs == 1
    assert not good.diverged and np.isfinite(good.validation_loss)


def test_predictions_do_not_depend_on_the_batches_they_come_in():
    data = planted(300)
    network = start()
    small, large = (Trainer(data, Options(batch_size=size)).predict(network, data.codes) for size in (32, 256))
    np.testing.assert_allclose(small, large, rtol=1e-5, atol=1e-6)
    assert small.shape == (1, 300)


def test_what_pruning_leaves_is_predicted_from_the_activations_of_the_whole():
    data = planted(300)
    network, trainer = start(), Trainer(data, Options(batch_size=64))
    kept = np.array([1, 4, 6])
    left = network.keep(kept)._replace(intercept=np.float32(0.5))
    whole, part = trainer.predict(network, data.codes, Pruned(left, kept))
    np.testing.assert_allclose(part, trainer.predict(left, data.codes)[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(whole, trainer.predict(network, data.codes)[0])
    losses = trainer.validation_losses(network, Pruned(left, kept))
    assert losses.shape == (2,) and losses[0] != losses[1]


def test_labels_between_zero_and_one_are_learned():
    data, options = planted(300), Options(batch_size=64, max_epochs=60, patience=60)
    trainer = Trainer(data, options)
    unsure = 0.3 + 0.4 * trainer.labels
    hard, soft = trainer.fit([start(), start()], [rng(), rng()], labels=[trainer.labels, unsure])
    (alone,) = trainer.fit([start()], [rng()], labels=[unsure])
    assert equal(soft.parameters, alone.parameters) and not equal(soft.parameters, hard.parameters)
    # the cross-entropy with labels of 0.3 and 0.7 is their entropy at least
    assert soft.loss > 0.61 > 0.3 > hard.loss

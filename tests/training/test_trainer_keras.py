"""An ordinary Keras network in the trainer: agreement with keras.Model.fit, seeds, checkpoints, restarts."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from planted import planted_tasks
from two_layers import two_layers

from deepprune.data.dataset import TRAIN, VALIDATION
from deepprune.dna.codes import one_hot
from deepprune.keys import NetworkKey
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.trainer import Options, Start, Trainer

pytestmark = pytest.mark.slow

LENGTH, TASKS = 40, 3
OPTIONS = Options(batch_size=64, max_epochs=1, learning_rate=0.001)


class InOrder:
    """Shuffles nothing, so that another program can see the same batches."""

    def permutation(self, count):
        return np.arange(count)

    def spawn(self, count):
        return [np.random.default_rng(seed) for seed in range(count)]


@pytest.fixture(scope="module")
def data():
    return planted_tasks(700, LENGTH)


def train(data, seed=0, dropout=0.5, options=OPTIONS):
    network = two_layers(LENGTH, TASKS, dropout)
    rng = np.random.default_rng(seed)
    (fit,) = Trainer(data, options).fit(network, [Start(network.initial(rng), rng)])
    return fit


def same(first, second):
    pairs = zip([*first.weights, *first.state], [*second.weights, *second.state], strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("beta_1", [0.9, 0.5])
def test_an_epoch_equals_that_of_keras(data, beta_1):
    network = two_layers(LENGTH, TASKS)
    weights = network.initial(np.random.default_rng(3))
    (ours,) = Trainer(data, OPTIONS._replace(beta_1=beta_1)).fit(network, [Start(weights, InOrder())])
    model = network.build()
    for variable, value in zip(model.trainable_weights, weights, strict=True):
        variable.assign(value)
    model.compile(keras.optimizers.Adam(0.001, beta_1), keras.losses.BinaryCrossentropy(from_logits=True))
    (codes, labels), (held_out, expected) = data.part(TRAIN), data.part(VALIDATION)
    assert len(codes) % OPTIONS.batch_size  # the last batch is smaller
    history = model.fit(
        one_hot(codes),
        labels,
        batch_size=OPTIONS.batch_size,
        epochs=1,
        shuffle=False,
        verbose=0,
        validation_data=(one_hot(held_out), expected),
    ).history
    assert ours.loss == pytest.approx(history["loss"][0], abs=1e-4)
    assert ours.validation_loss == pytest.approx(history["val_loss"][0], abs=1e-4)
    for before, after, theirs in zip(weights, ours.weights, model.trainable_weights, strict=True):
        np.testing.assert_allclose(after, theirs.numpy(), atol=1e-4)
        assert not np.array_equal(before, after)
    moved = zip(network.initial_state(), ours.state, model.non_trainable_weights, strict=True)
    for before, after, theirs in moved:
        np.testing.assert_allclose(after, theirs.numpy(), atol=1e-4)
        assert not np.array_equal(before, after)  # the moving averages of batch norm


def test_the_seed_decides_start_order_and_dropout(data):
    first, again, other = train(data), train(data), train(data, seed=1)
    assert same(first, again) and first.loss == again.loss
    assert not same(first, other)
    assert first.loss != train(data, dropout=0.0).loss


def test_it_learns_and_predicts_with_its_state(data):
    options = OPTIONS._replace(max_epochs=30, learning_rate=0.01)
    network = two_layers(LENGTH, TASKS, 0.2)
    trainer = Trainer(data, options)
    (fit,) = trainer.fit(network, [Start(network.initial(np.random.default_rng(0)), np.random.default_rng(0))])
    _, labels = data.part(VALIDATION)
    logits = trainer.predict(network, fit.weights, trainer.validation, fit.state)
    expected = np.mean(np.logaddexp(0, logits) - logits * labels)
    assert logits.shape == labels.shape and fit.validation_loss == pytest.approx(expected, rel=1e-6)
    assert fit.validation_loss < 0.5  # of ln 2 without any knowledge
    assert not np.allclose(logits, trainer.predict(network, fit.weights, trainer.validation))  # the state matters


def test_a_checkpoint_keeps_weights_and_state(data, tmp_path):
    network = two_layers(LENGTH, TASKS, 0.5)
    key, like = NetworkKey("two_layers", "baseline", "-", 16, 0), (network.initial(np.random.default_rng(0)),)
    like = (*like, network.initial_state())
    fit = train(data)
    Checkpoint(tmp_path, "a").train_missing([key], like, lambda places: [fit])
    (kept,) = Checkpoint(tmp_path, "a", lambda _: None).train_missing([key], like, lambda places: pytest.fail("again"))
    assert same(kept, fit) and kept[2:] == fit[2:]


# Prints what two networks become that are trained side by side.
SIDE_BY_SIDE = """
import sys
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from deepprune.training.trainer import Options, Start, Trainer, prepare_devices
from planted import planted_tasks
from two_layers import two_layers

threads = int(sys.argv[1])
network = two_layers(40, 3, 0.3)
prepare_devices(threads, network.compiled)
trainer = Trainer(planted_tasks(700), Options(batch_size=64, max_epochs=2))

def train(seed):
    (fit,) = trainer.fit(network, [Start(network.initial(np.random.default_rng(seed)), np.random.default_rng(seed))])
    return fit.loss, fit.validation_loss, [value.tobytes().hex() for value in (*fit.weights, *fit.state)]

with ThreadPoolExecutor(threads) as pool:
    print(list(pool.map(train, range(2))))
"""


@pytest.mark.release
def test_networks_do_not_depend_on_the_number_of_threads():
    path = os.pathsep.join(str(folder) for folder in (Path(__file__).parents[2], Path(__file__).parents[1]))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SIDE_BY_SIDE, str(threads)],
            env=os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
            stdout=subprocess.PIPE,
        )
        for threads in (1, 2, 4)
    ]
    one, *others = (process.communicate()[0] for process in processes)
    assert len(one) > 10_000 and others == [one, one]

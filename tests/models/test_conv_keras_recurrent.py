"""Stacks with an LSTM: its layers, its numbers beside an LSTM written out, and its initial weights."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from planted import planted

from deepprune.dna.codes import one_hot
from deepprune.models.conv_keras import conv_model
from deepprune.models.conv_settings import VALID, Convolution, ConvSettings
from deepprune.models.conv_stack import conv_stack
from deepprune.models.networks import network_of
from deepprune.training.replicates import train_replicates
from deepprune.training.trainer import Options, Trainer

pytestmark = pytest.mark.slow

SETTINGS = ConvSettings((Convolution(6, 7, 5),), (8,), False, False, padding=VALID, lstm=3)
LENGTH = 43  # 37 positions: 7 pools, and 2 are dropped
CODES = np.random.default_rng(0).integers(0, 5, (4, LENGTH)).astype(np.uint8)


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def passed(inputs: np.ndarray, kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return the outputs of an LSTM (batch, positions, units); inputs: (batch, positions, channels)."""
    units = len(recurrent)
    output, cell, found = np.zeros((len(inputs), units)), np.zeros((len(inputs), units)), []
    for position in range(inputs.shape[1]):
        scores = inputs[:, position] @ kernel + output @ recurrent + bias
        enter, keep, new, leave = (scores[:, gate * units : (gate + 1) * units] for gate in range(4))
        cell = sigmoid(keep) * cell + sigmoid(enter) * np.tanh(new)
        output = sigmoid(leave) * np.tanh(cell)
        found.append(output)
    return np.stack(found, axis=1)


def test_the_network_written_out() -> None:
    network = conv_stack("blstm", SETTINGS, LENGTH, 2)
    rng = np.random.default_rng(1)
    weights = [(weight + rng.normal(0, 0.3, weight.shape)).astype(np.float32) for weight in network.initial(rng)]
    kernel, bias, *both, dense, shift, last, end = weights
    assert [array.shape for array in both] == 2 * [(6, 12), (3, 12), (12,)]
    letters = np.lib.stride_tricks.sliding_window_view(CODES, 7, axis=1)
    scores = one_hot(letters).reshape(4, 37, -1) @ kernel.reshape(28, 6) + bias
    pooled = np.maximum(scores, 0)[:, :35].reshape(4, 7, 5, 6).max(axis=2)
    forward, backward = passed(pooled, *both[:3]), passed(pooled[:, ::-1], *both[3:])[:, ::-1]
    values = np.concatenate([forward, backward], axis=2).reshape(4, -1)
    wanted = np.maximum(values @ dense + shift, 0) @ last + end
    model = network.build()
    model.set_weights(weights)
    np.testing.assert_allclose(np.asarray(model(one_hot(CODES))), wanted, atol=1e-5)
    found, state = network.logits(
        [weight[None] for weight in weights], [], CODES[None], False, np.zeros((1, 2), np.int32)
    )
    np.testing.assert_allclose(found[0], wanted, atol=1e-5)
    assert state == network.initial_state() == []


def test_what_a_gpu_needs_to_use_cudnn() -> None:
    settings = SETTINGS._replace(lstm_dropout=0.5, l2=1e-3, initializer="he_normal")
    layer = conv_model(settings, LENGTH, 2).get_layer("lstm")
    assert layer.output.shape == (None, 7, 6)
    for own in (layer.forward_layer, layer.backward_layer):
        assert (own.activation, own.recurrent_activation) == (keras.activations.tanh, keras.activations.sigmoid)
        assert own.use_bias and not (own.unroll or own.dropout or own.recurrent_dropout)
        assert own.use_cudnn == "auto" and own.dtype == "float32"


def test_initial_weights() -> None:
    start = conv_stack("blstm", SETTINGS, LENGTH, 2).initial(np.random.default_rng(0))
    again = conv_stack("blstm", SETTINGS, LENGTH, 2).initial(np.random.default_rng(0))
    assert all(np.array_equal(a, b) for a, b in zip(start, again, strict=True))
    _, _, kernel, recurrent, bias, other, other_recurrent, _, *_ = start
    assert not np.array_equal(kernel, other) and not np.array_equal(recurrent, other_recurrent)
    np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(3), atol=1e-5)
    assert bias.tolist() == [0] * 3 + [1] * 3 + [0] * 6  # nothing is forgotten at first


def test_the_penalty_is_on_all_kernels() -> None:
    network = conv_stack("blstm", SETTINGS._replace(l2=0.5), LENGTH, 2)
    ones = [np.ones((1, *weight.shape), np.float32) for weight in network.initial(np.random.default_rng(0))]
    kernels = 7 * 4 * 6 + 2 * (6 * 12 + 3 * 12) + 42 * 8 + 8 * 2
    assert float(network.penalty(ones, [])) == pytest.approx(0.5 * kernels)


def test_outputs_drop_out_in_training() -> None:
    model = conv_model(SETTINGS._replace(lstm_dropout=0.75, conv_dropout=0.25), LENGTH, 2)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds[3:7] == ["MaxPooling1D", "Dropout", "Bidirectional", "Dropout"]
    assert [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)] == [0.25, 0.75]
    plain = conv_model(SETTINGS, LENGTH, 2)
    assert not any(isinstance(layer, keras.layers.Dropout) for layer in plain.layers)


def test_training_learns_and_repeats_to_the_last_bit() -> None:
    settings = SETTINGS._replace(lstm_dropout=0.2, conv_dropout=0.1)
    data = planted(600)
    network = network_of("blstm", settings, data.codes.shape[1], 1)
    options = Options(32, 0.01, 8, 8, "rmsprop", rho=0.9)
    one, other = (train_replicates(network, Trainer(data, options), [0, 1], threads) for threads in (1, 2))
    for seed, fit in one.items():
        assert fit.validation_loss < 0.6
        assert all(np.array_equal(a, b) for a, b in zip(fit.weights, other[seed].weights, strict=True))
    assert one[0].loss != one[1].loss


def test_with_a_gpu_an_epoch_s_program_holds_cudnn_s_lstm(monkeypatch: pytest.MonkeyPatch) -> None:
    # A program is only traced here, which needs no GPU, only Keras's belief that there is one.
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind: [kind])
    data = planted(100)
    network = network_of("blstm", SETTINGS, data.codes.shape[1], 1)
    trainer = Trainer(data, Options(32, optimizer="rmsprop"))
    trainer.trace([network])
    programs = trainer.programs(network)
    counts = [
        sum(node.op in ("CudnnRNNV3", "CudnnRNNBackpropV3") for function in functions for node in function.node_def)
        for functions in (
            program._list_all_concrete_functions()[0].graph.as_graph_def().library.function
            for program in (programs.epochs["rmsprop"], programs.features)
        )
    ]
    assert counts == [4, 2]  # two directions, forwards and, in training, backwards

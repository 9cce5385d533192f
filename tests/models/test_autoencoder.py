"""Autoencoders: sizes, outputs of known weights, losses and accuracy by hand."""

import keras
import numpy as np
import pytest

from deepprune.dna.codes import one_hot, to_codes
from deepprune.models.autoencoder import (
    BaseAccuracy,
    autoencoder_model,
    compile_autoencoder,
    encoder_model,
)
from deepprune.models.conv_settings import AutoencoderSettings, Convolution, ConvSettings

SMALL = AutoencoderSettings(ConvSettings((Convolution(3, 4, 5),), conv_norm=False, padding="valid", lstm=2), 6)
LENGTH = 12


def names(model: keras.Model) -> list[str]:
    return [layer.name for layer in model.layers]


def test_the_published_size() -> None:
    encoder = ConvSettings((Convolution(320, 26, 13),), conv_norm=False, padding="valid", lstm=320)
    model = autoencoder_model(AutoencoderSettings(encoder, 500, conv_relu=False), 1000)
    lstm = 2 * 4 * 320 * (320 + 320 + 1)
    parts = [26 * 4 * 320 + 320, lstm, (75 * 640 + 1) * 500, (500 + 1) * 4000]
    assert sum(np.prod(weight.shape) for weight in model.trainable_weights) == sum(parts)
    assert model.output_shape == (None, 1000, 4)


def test_layers_are_those_of_the_row() -> None:
    with_relu, without = (names(autoencoder_model(SMALL._replace(conv_relu=relu), LENGTH)) for relu in (True, False))
    assert "conv1_active" in with_relu and "conv1_active" not in without
    assert len(with_relu) == len(without) + 1
    assert {"conv1", "conv1_pooled", "lstm", "code", "decoder", "sequence"} <= set(without)
    norm = SMALL._replace(encoder=SMALL.encoder._replace(conv_norm=True))
    assert "conv1_norm" in names(encoder_model(norm, LENGTH))


def test_the_first_weights_are_the_encoders() -> None:
    model, encoder = autoencoder_model(SMALL, LENGTH), encoder_model(SMALL, LENGTH)
    shapes = [weight.shape for weight in encoder.trainable_weights]
    assert [weight.shape for weight in model.trainable_weights][: len(shapes)] == shapes
    assert len(model.trainable_weights) == len(shapes) + 2


def test_without_activations_the_code_is_linear_in_a_single_pool() -> None:
    """One filter of width 1, which counts A as 1 and T as -2, without a pool; the code is its sum, and twice that."""
    settings = AutoencoderSettings(ConvSettings((Convolution(1, 1),), conv_norm=False), 2, conv_relu=False)
    kernel = np.array([1, 0, 0, -2], np.float32).reshape(1, 1 * 4, 1)
    code = np.array([[1, 2]] * 3, np.float32)
    values = one_hot(to_codes(["AAT", "CCC", "TNA"]))
    for relu, sums in ((False, [0, 0, -1]), (True, [2, 0, 1])):
        model = encoder_model(settings._replace(conv_relu=relu), 3)
        model.set_weights([kernel, np.zeros(1), code, np.zeros(2)])
        assert model(values).numpy().tolist() == [[one, 2 * one] for one in sums]


def test_losses_and_accuracy_of_constant_outputs() -> None:
    """The decoder's bias alone gives the outputs: A everywhere."""
    sequences = one_hot(to_codes(["AAAAAAAACGTN", "CCCCAAAANNNN"]))
    logits = np.log([0.7, 0.1, 0.1, 0.1])
    for output, values in (("softmax", logits), ("identity", np.array([1.0, 0.25, 0.25, 0.25]))):
        model = autoencoder_model(SMALL._replace(output=output), LENGTH)
        zeros = [np.zeros(weight.shape) for weight in model.get_weights()[:-1]]
        model.set_weights([*zeros, np.tile(values, LENGTH)])
        compile_autoencoder(model, SMALL._replace(output=output))
        found = model.evaluate(sequences, sequences, verbose=0, return_dict=True)
        # 8 + 4 of the 19 bases that are known are A; N adds nothing to the cross-entropy.
        assert found["accuracy"] == pytest.approx(12 / 19)
        entropy = -(12 * np.log(0.7) + 7 * np.log(0.1)) / 24
        squares = (12 * 3 * 0.0625 + 7 * (1 + 0.5625 + 0.125) + 5 * (1 + 0.1875)) / 96
        assert found["loss"] == pytest.approx(entropy if output == "softmax" else squares, rel=1e-5)


def test_optimizers_are_those_of_the_row() -> None:
    model = autoencoder_model(SMALL, LENGTH)
    for name, kind in (("adam", keras.optimizers.Adam), ("nadam", keras.optimizers.Nadam)):
        compile_autoencoder(model, SMALL._replace(optimizer=name, learning_rate=0.015))
        assert type(model.optimizer) is kind
        assert float(model.optimizer.learning_rate) == pytest.approx(0.015)


def test_accuracy_by_hand() -> None:
    accuracy = BaseAccuracy("accuracy")
    truth = one_hot(to_codes(["ACGTN"]))
    accuracy.update_state(truth, one_hot(to_codes(["AGGTA"])))  # 3 of 4
    accuracy.update_state(one_hot(to_codes(["NNNNN"])), truth)
    assert float(accuracy.result()) == pytest.approx(0.75)
    accuracy.update_state(truth[:, :1], truth[:, :1])
    assert float(accuracy.result()) == pytest.approx(0.8)

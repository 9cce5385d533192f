import keras
import numpy as np
import pytest
import tensorflow as tf

from deepprune.dna.codes import one_hot
from deepprune.models import few_kernel as model_module
from deepprune.models.few_kernel import activations, keras_model, load_model, log_odds, room, save_model
from deepprune.models.parameters import initial_parameters
from deepprune.training.stack import stacked


@pytest.fixture
def codes():
    return np.random.default_rng(1).integers(0, 5, (20, 60)).astype(np.uint8)


@pytest.fixture
def network():
    rng = np.random.default_rng(0)
    start = initial_parameters(9, 16, rng)
    return start._replace(
        kernels=start.kernels * 5, bias=rng.normal(size=16).astype(np.float32), intercept=np.float32(0.3)
    )


def probabilities(network, codes, padding="valid", activation="relu"):
    @tf.function(jit_compile=True, autograph=False)
    def graph(parameters, codes):
        used = tf.constant(len(network.bias))
        return log_odds(activations(parameters, used, codes, padding, activation), parameters)

    return tf.sigmoid(graph(stacked([network]), codes[None]))[0].numpy()


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("activation", ["relu", "clipped_leaky_relu"])
def test_graph_equals_the_plain_keras_model(network, codes, padding, activation):
    if activation == "clipped_leaky_relu":  # some scores beyond the clip, some below zero
        network = network._replace(kernels=network.kernels * 3, bias=network.bias * 8 - 8)
    model = keras_model(network, padding, activation)
    expected = model.predict(one_hot(codes), verbose=0)[:, 0]
    np.testing.assert_allclose(probabilities(network, codes, padding, activation), expected, rtol=1e-4, atol=1e-6)


def test_room_is_of_few_sizes_and_on_a_gpu_of_every(monkeypatch):
    sizes = [1, 32, 33, 256, 257]
    assert [room(kernels) for kernels in sizes] == [32, 32, 256, 256, 257]
    monkeypatch.setattr(model_module, "on_gpu", lambda: True)
    assert [room(kernels) for kernels in sizes] == sizes


def test_masking_equals_slicing(network, codes):
    kept = [0, 3, 4, 10]
    mask = np.isin(np.arange(16), kept)
    masked = keras_model(network, mask=mask).predict(one_hot(codes), verbose=0)
    sliced = keras_model(network.keep(kept)).predict(one_hot(codes), verbose=0)
    np.testing.assert_allclose(masked, sliced, rtol=1e-5)
    np.testing.assert_allclose(probabilities(network.keep(kept), codes), sliced[:, 0], rtol=1e-4, atol=1e-6)
    whole = keras_model(network).predict(one_hot(codes), verbose=0)
    assert np.abs(whole - sliced).max() > 1e-3  # the other kernels did say something


def test_saved_models_open_with_keras(network, codes, tmp_path):
    save_model(tmp_path / "network.keras", network, "valid", "relu")
    opened = keras.models.load_model(tmp_path / "network.keras")
    np.testing.assert_allclose(
        opened.predict(one_hot(codes), verbose=0)[:, 0], probabilities(network, codes), rtol=1e-4, atol=1e-6
    )
    loaded = load_model(tmp_path / "network.keras")
    assert all(np.array_equal(a, b) for a, b in zip(network, loaded, strict=True))
    assert [path.name for path in tmp_path.iterdir()] == ["network.keras"]


def test_the_mask_survives_saving(network, codes, tmp_path):
    model = keras_model(network, mask=[0.0] * 15 + [1.0])
    model.save(tmp_path / "masked.keras")
    opened = keras.models.load_model(tmp_path / "masked.keras")
    np.testing.assert_array_equal(opened.predict(one_hot(codes), verbose=0), model.predict(one_hot(codes), verbose=0))


def test_code_in_a_model_is_refused(tmp_path):
    path = tmp_path / "network.keras"
    keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda values: values, output_shape=(3,))]).save(path)
    with pytest.raises(ValueError, match="unsafe"):
        load_model(path)
    assert keras.models.load_model(path, safe_mode=False).layers  # nothing else is wrong with it

import keras
import numpy as np
import pytest
import tensorflow as tf

from deepprune.dna.codes import one_hot, reverse_complement
from deepprune.models import few_kernel
from deepprune.models.few_kernel import FewKernel, keras_model, load_model, padded_width, save_model
from deepprune.models.parameters import initial_parameters
from deepprune.training.stack import stacked


@pytest.fixture
def codes():
    return np.random.default_rng(1).integers(0, 5, (20, 60)).astype(np.uint8)


@pytest.fixture(params=[1, 3], ids=["one task", "three tasks"])
def weights(request):
    rng = np.random.default_rng(0)
    start = initial_parameters(9, 16, rng, request.param)
    return start._replace(
        kernels=start.kernels * 5,
        bias=rng.normal(size=16).astype(np.float32),
        intercept=np.array([0.3, -0.2, 0.1], np.float32)[: request.param],
    )


def probabilities(weights, codes, **options):
    """Those of the graph, and of the head on the features."""
    network = FewKernel(len(weights.bias), 9, tasks=len(weights.intercept), **options)
    state = stacked([network.initial_state()])

    @tf.function(jit_compile=True, autograph=False)
    def graph(packed, codes):
        random = tf.zeros((1, 2), tf.int32)
        return network.logits(packed, state, codes, False, random)[0], network.features(packed, state, codes)

    logits, features = graph(stacked([network.packed(weights)]), codes[None])
    by_head = network.head(features[0, :, : network.kernels].numpy(), weights)
    np.testing.assert_allclose(by_head, logits[0], rtol=1e-4, atol=1e-5)
    return tf.sigmoid(logits)[0].numpy()


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("activation", ["relu", "clipped_leaky_relu"])
@pytest.mark.parametrize("strands", ["one", "both"])
def test_graph_equals_the_plain_keras_model(weights, codes, padding, activation, strands):
    if activation == "clipped_leaky_relu":  # some scores beyond the clip, some below zero
        weights = weights._replace(kernels=weights.kernels * 3, bias=weights.bias * 8 - 8)
    options = {"padding": padding, "activation": activation, "strands": strands}
    model = keras_model(weights, FewKernel(16, 9, **options))
    expected = model.predict(one_hot(codes), verbose=0)
    assert expected.shape == (len(codes), len(weights.intercept))
    np.testing.assert_allclose(probabilities(weights, codes, **options), expected, rtol=1e-4, atol=1e-6)


def test_both_strands_of_a_sequence_are_worth_the_same(weights, codes):
    for padding in ("valid", "same"):
        found, other = (
            probabilities(weights, strand, padding=padding, strands="both")
            for strand in (codes, reverse_complement(codes))
        )
        # Padded windows of a kernel of odd width are the same on both strands.
        np.testing.assert_allclose(found, other, rtol=1e-4, atol=1e-6)
    assert np.abs(found - probabilities(weights, codes, padding="same")).max() > 1e-3


def test_padded_widths_are_few_and_on_a_gpu_there_is_no_padding(monkeypatch):
    sizes = [1, 32, 33, 256, 257]
    assert [padded_width(kernels) for kernels in sizes] == [32, 32, 256, 256, 257]
    monkeypatch.setattr(few_kernel, "on_gpu", lambda: True)
    assert [padded_width(kernels) for kernels in sizes] == sizes


def test_packing_fills_with_zeros_and_is_undone(weights):
    network = FewKernel(16, 9, tasks=len(weights.intercept))
    packed = network.packed(weights)
    assert packed.kernels.shape == (9, 4, 32) and packed.bias.shape == (32,)
    assert packed.weights.shape == (32, len(weights.intercept)) and packed.intercept is weights.intercept
    assert not packed.kernels[..., 16:].any() and not packed.bias[16:].any() and not packed.weights[16:].any()
    for found, expected in zip(network.unpacked(packed), weights, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_the_start_is_of_the_size_and_tasks_of_the_network():
    network = FewKernel(5, 9, tasks=2)
    start = network.initial(np.random.default_rng(3))
    assert [value.shape for value in start] == [(5, 9, 4), (5,), (5, 2), (2,)]
    assert network.feature_count(start) == 5 and network.initial_state().used == 5
    assert FewKernel(7, 9, tasks=2).program == network.program != FewKernel(5, 9).program


def test_masking_equals_slicing(weights, codes):
    kept = [0, 3, 4, 10]
    mask = np.isin(np.arange(16), kept)
    masked = keras_model(weights, mask=mask).predict(one_hot(codes), verbose=0)
    sliced = keras_model(weights.keep(kept)).predict(one_hot(codes), verbose=0)
    np.testing.assert_allclose(masked, sliced, rtol=1e-5)
    np.testing.assert_allclose(probabilities(weights.keep(kept), codes), sliced, rtol=1e-4, atol=1e-6)
    whole = keras_model(weights).predict(one_hot(codes), verbose=0)
    assert np.abs(whole - sliced).max() > 1e-3  # the other kernels had an effect


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_the_keras_model_averages_the_logits_of_both_strands(weights, codes, padding):
    forward, reverse = (
        np.log(found / (1 - found))
        for found in (probabilities(weights, strand, padding=padding) for strand in (codes, reverse_complement(codes)))
    )
    model = keras_model(weights, FewKernel(16, 9, padding, average_strands=True))
    probability = model.predict(one_hot(codes), verbose=0)
    np.testing.assert_allclose(probability, 1 / (1 + np.exp(-(forward + reverse) / 2)), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("strands", ["one", "both"])
def test_saved_models_open_with_keras(weights, codes, strands, tmp_path):
    save_model(tmp_path / "network.keras", weights, FewKernel(16, 9, strands=strands))
    opened = keras.models.load_model(tmp_path / "network.keras")
    np.testing.assert_allclose(
        opened.predict(one_hot(codes), verbose=0), probabilities(weights, codes, strands=strands), rtol=1e-4, atol=1e-6
    )
    loaded = load_model(tmp_path / "network.keras")
    assert all(np.array_equal(a, b) for a, b in zip(weights, loaded, strict=True))
    assert [path.name for path in tmp_path.iterdir()] == ["network.keras"]


def test_the_mask_survives_saving(weights, codes, tmp_path):
    model = keras_model(weights, mask=[0.0] * 15 + [1.0])
    model.save(tmp_path / "masked.keras")
    opened = keras.models.load_model(tmp_path / "masked.keras")
    np.testing.assert_array_equal(opened.predict(one_hot(codes), verbose=0), model.predict(one_hot(codes), verbose=0))


def test_code_in_a_model_is_refused(tmp_path):
    path = tmp_path / "network.keras"
    keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda values: values, output_shape=(3,))]).save(path)
    with pytest.raises(ValueError, match="unsafe"):
        load_model(path)
    assert keras.models.load_model(path, safe_mode=False).layers  # nothing else is wrong with it

import keras
import numpy as np
import pytest
from graphs import probabilities, with_background

from deepprune.dna.codes import one_hot, reverse_complement
from deepprune.dna.words import Words
from deepprune.models.export import keras_model, load_model, save_model
from deepprune.models.few_kernel import FewKernel

WORDS = [Words(3, merged=True), Words(4), Words(6, 4, merged=True)]


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


def test_the_keras_model_averages_the_backgrounds_of_both_strands(weights, codes):
    words = Words(3)
    weights, _ = with_background(weights, words)
    weights = weights._replace(background=weights.background / 10)
    forward, reverse = (
        np.log(found / (1 - found))
        for found in (probabilities(weights, strand, words=words) for strand in (codes, reverse_complement(codes)))
    )
    model = keras_model(weights, FewKernel(16, 9, average_strands=True, words=words))
    probability = model.predict(one_hot(codes), verbose=0)
    np.testing.assert_allclose(probability, 1 / (1 + np.exp(-(forward + reverse) / 2)), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("words", WORDS, ids=str)
@pytest.mark.parametrize("length", [60, 9], ids=["long", "shorter than the longest word"])
@pytest.mark.parametrize("standard", [False, True], ids=["as stored", "standardized"])
def test_graph_equals_the_keras_model_with_a_background(weights, codes, words, length, standard, tmp_path):
    weights, standard = with_background(weights, words, standard)
    weights = weights._replace(background=weights.background / 10)
    options = {"strands": "both" if words.merged else "one", "words": words}
    codes = codes[:, :length]
    save_model(tmp_path / "network.keras", weights, FewKernel(16, 9, **options))
    opened = keras.models.load_model(tmp_path / "network.keras")
    expected = opened.predict(one_hot(codes), verbose=0)
    found = probabilities(weights, codes, **options, standard=standard)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    without = probabilities(weights._replace(background=()), codes, strands=options["strands"])
    assert np.abs(found - without).max() > 1e-2
    loaded = load_model(tmp_path / "network.keras")
    assert all(np.array_equal(a, b) for a, b in zip(weights, loaded, strict=True))


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

"""Features of sequences: words by hand; the layers of trained rows against their own models."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from deepprune.dna.codes import one_hot, reverse_complement, to_codes
from deepprune.dna.words import Words
from deepprune.errors import InputError
from deepprune.models.activations import Activations
from deepprune.models.autoencoder import encoder_model
from deepprune.models.conv_settings import AutoencoderSettings, Convolution, ConvSettings
from deepprune.models.features import Source, source_reader, word_reader
from deepprune.models.keras_network import KerasNetwork
from deepprune.models.networks import network_of
from deepprune.models.store import save_nests

LENGTH = 24
CODES = np.random.default_rng(0).integers(0, 5, (300, LENGTH)).astype(np.uint8)
CODER = AutoencoderSettings(ConvSettings((Convolution(3, 4, 5), Convolution(3, 2)), padding="valid", lstm=2), 6)
STACK = ConvSettings((Convolution(6, 5, 12), Convolution(4, 3)), (5,), conv_dropout=0.3, tied_strands=True)


def saved(path: Path, network: KerasNetwork, seeds: list[int]) -> Path:
    """Write random weights and moving averages of a network for each seed."""
    nests = {}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        weights = [weight + rng.normal(0, 0.2, weight.shape) for weight in network.initial(rng)]
        nests[f"seed{seed}"] = weights, [state + rng.random(state.shape) for state in network.initial_state()]
    save_nests(path, nests)
    return path


def test_counts_of_words_by_hand() -> None:
    counts = word_reader(2)(to_codes(["AACGTT", "NACNNN", "NNNNNN"]))
    names = Words(2, merged=True).names
    found = [{word: int(n) for word, n in zip(names, row, strict=True) if n} for row in counts]
    # AA and TT are one word, AC and GT too; CG is its own complement.
    assert found == [{"AA": 2, "AC": 2, "CG": 1}, {"AC": 1}, {}]
    assert counts.dtype == np.float32 and counts.shape == (3, 10)


def test_counts_are_those_of_the_other_strand() -> None:
    read = word_reader(4)
    assert np.array_equal(read(CODES), read(reverse_complement(CODES)))
    assert read(CODES).sum() == (np.lib.stride_tricks.sliding_window_view(CODES, 4, axis=1) < 4).all(-1).sum()
    assert read(CODES[:, :3]).shape == (300, 136) and not read(CODES[:, :3]).any()


def test_the_code_is_that_of_the_seeds_encoder(tmp_path: Path) -> None:
    network = KerasNetwork("coder", partial(encoder_model, CODER, LENGTH))
    source = Source("coder", CODER, saved(tmp_path / "coder.npz", network, [12, 3]))
    assert source.seeds() == [3, 12]
    found = {seed: source_reader(source, seed, LENGTH, 2)(CODES) for seed in (3, 12)}
    assert found[3].shape == (300, 6) and not np.allclose(found[3], found[12])
    model = network.build()
    with np.load(source.weights) as file:
        for part, variables in enumerate((model.trainable_weights, model.non_trainable_weights)):
            for place, variable in enumerate(variables):
                variable.assign(file[f"seed3.{part}.{place}"])
    assert found[3] == pytest.approx(model.predict(one_hot(CODES), verbose=0), abs=1e-5)


@pytest.mark.parametrize("pool", [12, 0])
def test_pooled_scores_are_the_maxima_of_the_activations(tmp_path: Path, pool: int) -> None:
    settings = STACK._replace(convolutions=(STACK.convolutions[0]._replace(pool=pool), STACK.convolutions[1]))
    network = network_of("stack", settings, LENGTH, 2)
    assert isinstance(network, KerasNetwork)
    source = Source("stack", settings, saved(tmp_path / "stack.npz", network, [0]))
    found = source_reader(source, 0, LENGTH, 2)(CODES)
    rng = np.random.default_rng(0)
    weights = [weight + rng.normal(0, 0.2, weight.shape) for weight in network.initial(rng)]
    fitted = weights, [state + rng.random(state.shape) for state in network.initial_state()]
    values = np.concatenate([part for _, part in Activations(network, fitted, "conv1_active", CODES).batches()])
    pools = values.reshape(300, -1, pool or LENGTH, 6).max(2).reshape(300, -1)
    assert found == pytest.approx(pools, abs=1e-5)


def test_an_encoder_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="network coder: convolution 1 reads 3 positions, but its filters have 4"):
        source_reader(Source("coder", CODER, tmp_path / "none.npz"), 0, 3, 2)

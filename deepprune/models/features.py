"""Features of sequences for learners: counts of words, codes of autoencoders, pooled scores of convolutions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from deepprune.dna.words import Words
from deepprune.models.activations import layer_values
from deepprune.models.autoencoder import CODE_LAYER, encoder_model
from deepprune.models.background import counted
from deepprune.models.conv_keras import POOLED_LAYER
from deepprune.models.conv_settings import AutoencoderSettings, ConvSettings, check_settings
from deepprune.models.keras_network import KerasNetwork
from deepprune.models.networks import network_of
from deepprune.models.store import load_nests, nest_names

# From codes, uint8 (n, length), to features, float32 (n, features)
Reader = Callable[[np.ndarray], np.ndarray]


class Source(NamedTuple):
    """A trained row of a table of networks. weights: the file of its weights by seed."""

    name: str
    settings: AutoencoderSettings | ConvSettings
    weights: Path

    def seeds(self) -> list[int]:
        """Return the seeds from which it was trained, ascending."""
        return sorted(int(name.removeprefix("seed")) for name in nest_names(self.weights))


def word_reader(letters: int) -> Reader:
    """Return a reader of the counts of all words of so many letters, a word and its reverse complement taken together.

    Words with N do not count.
    """
    words = Words(letters, merged=True)
    return lambda codes: counted(words, codes).toarray().astype(np.float32)


def source_reader(source: Source, seed: int, length: int, tasks: int) -> Reader:
    """Return a reader of the code of an autoencoder, or of a network's first convolution, maximum in its pools.

    length, tasks: of the data set that the row was trained on.
    """
    if isinstance(source.settings, AutoencoderSettings):
        check_settings(source.name, source.settings.encoder, length)
        network, layer = KerasNetwork(source.name, partial(encoder_model, source.settings, length)), CODE_LAYER
    else:
        found = network_of(source.name, source.settings, length, tasks)
        assert isinstance(found, KerasNetwork)
        network, layer = found, POOLED_LAYER
    like = network.initial(np.random.default_rng(0)), network.initial_state()
    (fitted,) = load_nests(source.weights, like, [f"seed{seed}"]).values()
    values = layer_values(network, fitted, layer, length)
    return lambda codes: values(codes).reshape(len(codes), -1)

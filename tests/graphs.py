"""The graph of a few-kernel network of 16 kernels of 9 bp, run once; random weights of a background."""

from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf

from deepprune.dna.words import Words
from deepprune.models.background import Standard, standard_of
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters
from deepprune.training.stack import stacked


@cache
def graph(network: FewKernel) -> Any:
    """Return the graph of networks of this program; compiling it takes seconds."""

    @tf.function(jit_compile=True, autograph=False)
    def both(packed, state, inputs):
        random = tf.zeros((1, 2), tf.int32)
        return network.logits(packed, state, inputs, False, random)[0], network.features(packed, state, inputs)

    return both


def probabilities(weights: Parameters, codes: np.ndarray, **options: Any) -> np.ndarray:
    """Those of the graph, and of the head on the features."""
    network = FewKernel(len(weights.bias), 9, tasks=len(weights.intercept), **options)
    inputs = tf.nest.map_structure(lambda array: array[None], network.inputs(codes))
    stack = stacked([network.packed(weights)]), stacked([network.initial_state()])
    logits, features = graph(network.program)(*stack, inputs)
    by_head = network.head(features[0, :, : network.feature_count(weights)].numpy(), weights)
    np.testing.assert_allclose(by_head, logits[0], rtol=1e-4, atol=1e-5)
    return tf.sigmoid(logits)[0].numpy()


def with_background(weights: Parameters, words: Words, standard: bool = False) -> tuple[Parameters, Standard | None]:
    """Return the weights with random ones of a background and, if wanted, a standard of its counts."""
    rng = np.random.default_rng(4)
    background = rng.normal(size=(words.number, len(weights.intercept))).astype(np.float32)
    mean, spread = rng.random(words.number), rng.integers(1, 3, words.number)
    return weights._replace(background=background), standard_of(mean, spread, 0.1) if standard else None

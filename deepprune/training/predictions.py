"""Predictions of trained networks, of one strand or averaged over both."""

import numpy as np

from deepprune.dna.codes import reverse_complement
from deepprune.models.architecture import Architecture
from deepprune.models.keras_network import KerasNetwork
from deepprune.training.fits import Fit
from deepprune.training.sequences import OtherStrand, Part
from deepprune.training.trainer import Trainer


def predictions(trainer: Trainer, network: Architecture, fit: Fit, sequences: np.ndarray | Part) -> np.ndarray:
    """Return logits, float64 (sequences, tasks): of the mean probability of both strands if the network averages these.

    sequences: a part of a data set, or codes, uint8 (sequences, length).
    """
    logits = trainer.predict(network, fit.weights, sequences, fit.state)
    if not (isinstance(network, KerasNetwork) and network.average_strands):
        return logits
    other = OtherStrand(sequences) if isinstance(sequences, Part) else reverse_complement(sequences)
    return mean_logits(logits, trainer.predict(network, fit.weights, other, fit.state))


def mean_logits(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the logits of the mean probabilities, without ever forming a probability that rounds to 0 or 1."""
    # With odds e^a and e^b, those of the mean are (e^a + e^b + 2 e^(a + b)) / (e^a + e^b + 2).
    together = np.logaddexp(one, other)
    return np.asarray(np.logaddexp(together, one + other + np.log(2)) - np.logaddexp(together, np.log(2)))

"""The interface between training and networks."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any

import numpy as np

# A nest (named tuples, dicts, lists) of float32: arrays of one network or, in a stack, tensors whose first axis is the
# models
Weights = Any
# A nest of values without gradients that a network carries besides its weights, such as moving averages; () if none
State = Any
# What a network reads of sequences: a nest of arrays or tensors whose first axis is the sequences
Inputs = Any


class Architecture(ABC):
    """A kind of network of a given size. Instances hold only settings; weights and state are passed as arguments.

    name: in keys and tables.  compiled: whether XLA compiles the epochs; on a processor this speeds up table look-ups
    and slows down convolutions.  stochastic: whether training draws random numbers, for instance for dropout.
    """

    name: str
    compiled: bool = True
    stochastic: bool = False

    @property
    def program(self) -> Hashable:
        """What its compiled programs depend on beside the shapes of their inputs."""
        return self

    @abstractmethod
    def initial(self, rng: np.random.Generator) -> Weights:
        """Return the initial weights."""

    def initial_state(self) -> State:
        """Return the initial state."""
        return ()

    @property
    def reads(self) -> Hashable:
        """What `inputs` depends on beside the sequences; networks with equal values share their inputs."""
        return None

    def inputs(self, codes: np.ndarray) -> Inputs:
        """Return what the network reads of sequences, made once for a data set: by default their codes.

        codes: uint8 (sequences, length), 0-3 for A C G T and 4 for N.
        """
        return codes

    @abstractmethod
    def logits(self, weights: Weights, state: State, inputs: Inputs, training: bool, random: Any) -> tuple[Any, State]:
        """Return the logits of a stack, float32 (models, batch, tasks), and its state after this batch.

        inputs: those of a batch for each model, with the axes (models, batch, ...).  random: int32 (models, 2), a seed
        for each model, another one in each batch.
        """

    def penalty(self, weights: Weights, state: State) -> Any:
        """Return the penalty that is added to the cross-entropy, summed over the models of a stack."""
        return 0.0

    def features(self, weights: Weights, state: State, inputs: Inputs) -> Any:
        """Return the input of `head`, float32 (models, batch, features): by default the logits themselves."""
        return self.logits(weights, state, inputs, False, np.zeros((inputs.shape[0], 2), np.int32))[0]

    @abstractmethod
    def feature_count(self, weights: Weights) -> int:
        """Return the number of features of a network or a stack with these weights."""

    def head(self, features: np.ndarray, weights: Weights) -> np.ndarray:
        """Return the logits of one network, float64 (sequences, tasks), from its features (sequences, features)."""
        return features.astype(np.float64)

    def packed(self, weights: Weights) -> Weights:
        """Return the weights of one network in the form that its program takes; `logits` gets stacks of this form."""
        return weights

    def unpacked(self, weights: Weights) -> Weights:
        """Return the weights of one network from the form that its program takes."""
        return weights

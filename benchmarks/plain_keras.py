"""The method in plain Keras: one-hot tensors, `fit`, early stopping, smaller models."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.dna.codes import one_hot
from deepprune.evaluation.metrics import auroc
from deepprune.models.export import keras_model, weights_of
from deepprune.models.parameters import Parameters, initial_parameters
from deepprune.training.trainer import Options


class PlainKeras:
    """Trains on one data set; options: see the engine's."""

    def __init__(self, data: Dataset, options: Options) -> None:
        self.options = options
        self.parts = {
            part: (one_hot(codes), labels[:, 0])
            for part in (TRAIN, VALIDATION, TEST)
            for codes, labels in [data.part(part)]
        }

    def fit(self, start: Parameters, learning_rate: float, seed: int) -> tuple[Parameters, float]:
        """Return the trained network and its test AUROC."""
        keras.utils.set_random_seed(seed)
        model = keras_model(start)
        model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
        stop = keras.callbacks.EarlyStopping(patience=self.options.patience, restore_best_weights=True)
        model.fit(
            *self.parts[TRAIN],
            validation_data=self.parts[VALIDATION],
            batch_size=self.options.batch_size,
            epochs=self.options.max_epochs,
            callbacks=[stop],
            verbose=0,
        )
        codes, labels = self.parts[TEST]
        score = auroc(labels, model.predict(codes, batch_size=self.options.batch_size, verbose=0)[:, 0])
        return weights_of(model), score

    def ladder(self, sizes: Sequence[int], kernel_length: int, decay: float) -> Iterator[tuple[str, int, float]]:
        """Baseline and pruned network at every size: method, kernels, AUROC."""
        rate = self.options.learning_rate
        rng = np.random.default_rng(0)
        pruned = None
        for rung, kernels in enumerate(sizes):
            network, score = self.fit(initial_parameters(kernel_length, kernels, rng), rate, rung)
            yield "baseline", kernels, score
            if pruned:
                kept = np.sort(np.argsort(-np.abs(pruned.weights[:, 0]), kind="stable")[:kernels])
                network, score = self.fit(pruned.keep(kept), rate / decay**rung, rung)
                yield "deepprune", kernels, score
            pruned = network

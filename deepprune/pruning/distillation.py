"""Labels of fine-tuning that a wider network has a share in (Hinton, Vinyals & Dean 2015)."""

import numpy as np

from deepprune.pruning.plan import Trained
from deepprune.training.trainer import Trainer


class Teachers:
    """For each seed, the rung of lowest validation loss so far, and the labels of the next fine-tuning.

    A teacher must be better than the network that it teaches. While validation losses fall down the ladder, the wide
    networks know their training sequences by heart, and the data set's own labels teach more than they do.

    share: of the teacher's probabilities, from 0 to 1; the data set's labels have the rest.
    """

    def __init__(self, trainer: Trainer, share: float) -> None:
        self.trainer, self.share = trainer, share
        self._best: dict[int, tuple[float, np.ndarray]] = {}

    def labels(self, rung: Trained) -> dict[int, np.ndarray]:
        """Return what networks pruned from a rung learn, by seed, float (training sequences, 1).

        Call this for each rung of the ladder, the widest first.
        """
        return {seed: self._labels(rung, seed) for seed in rung.fits}

    def _labels(self, rung: Trained, seed: int) -> np.ndarray:
        fit, training = rung.fits[seed], self.trainer.training
        loss, probability = self._best.get(seed, (np.inf, None))
        if probability is None or fit.validation_loss <= loss:
            logits = self.trainer.predict(rung.network, fit.weights, training)
            self._best[seed] = fit.validation_loss, 1 / (1 + np.exp(-logits))
            return training.labels.astype(np.float64)
        return (1 - self.share) * training.labels + self.share * probability

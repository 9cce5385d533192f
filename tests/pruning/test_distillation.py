from types import SimpleNamespace

import numpy as np

from deepprune.models.few_kernel import FewKernel
from deepprune.pruning.distillation import Teachers
from deepprune.pruning.plan import Trained
from deepprune.training.fits import Fit

LABELS = np.array([[0], [1], [1]], np.uint8)
LOGITS = np.array([[-1.0], [2.0], [-3.0]])


class Scaled:
    """A trainer whose networks' weights are a factor of known logits."""

    training = SimpleNamespace(labels=LABELS)

    def predict(self, network, weights, codes):
        assert codes is self.training
        return weights * LOGITS


def rung(kernels, **networks):
    """Return networks by seed, each from its weights and its validation loss."""
    fits = {int(seed[1:]): Fit(weights, (), 1, 0.0, loss, 0.0, False) for seed, (weights, loss) in networks.items()}
    return Trained(FewKernel(kernels, 9), "deepprune", "loss", fits, {})


def taught(weights):
    return 0.2 * LABELS + 0.8 / (1 + np.exp(-weights * LOGITS))


def test_a_teacher_is_the_rung_of_lowest_validation_loss_if_it_is_better_than_the_network_it_teaches():
    teachers = Teachers(Scaled(), 0.8)
    for met, expected in (
        (rung(16, s0=(9, 0.5), s1=(8, 0.4)), {0: LABELS, 1: LABELS}),  # nothing is wider
        (rung(8, s0=(7, 0.4), s1=(6, 0.5)), {0: LABELS, 1: taught(8)}),  # a wide network that remembers, and another
        (rung(4, s0=(5, 0.45)), {0: taught(7)}),  # seed 1 has diverged
        (rung(2, s0=(3, 0.4)), {0: LABELS}),
        (rung(1, s0=(2, 0.6)), {0: taught(3)}),  # among equals, the narrower one, which is nearer
    ):
        labels = teachers.labels(met)
        assert labels.keys() == expected.keys()
        for seed, values in expected.items():
            np.testing.assert_allclose(labels[seed], values)

"""The evaluation of the networks of a data set on its test sequences, which decide nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from deepprune.data.dataset import TEST, Dataset
from deepprune.dna.codes import reverse_complement
from deepprune.evaluation.metrics import auprc, auroc, auroc_se, cross_entropy
from deepprune.evaluation.networks import Measures, Network
from deepprune.keys import NO_CRITERION
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Pruned
from deepprune.pruning.plan import Plan, Trained
from deepprune.training.background import Background
from deepprune.training.fits import Fit
from deepprune.training.trainer import Trainer


class Evaluation:
    """The test sequences of a data set, and what networks predict for them.

    background: fitted without kernels; None if the plan's network has none.  say: takes the lines of the log.
    """

    def __init__(
        self, data: Dataset, trainer: Trainer, plan: Plan, background: Background | None, say: Callable[[str], None]
    ) -> None:
        self.trainer, self.plan, self.say = trainer, plan, say
        self.codes, labels = data.part(TEST)
        self.labels = labels[:, 0]
        self.background = self._background(background) if background else None

    def _background(self, background: Background) -> np.ndarray:
        """Return the logits of the background alone, float32 (sequences,), and log what it reaches."""
        words, network = self.plan.network.words, self.plan.network
        assert words
        strands = [self.codes, reverse_complement(self.codes)] if network.average_strands else [self.codes]
        logits = np.mean([words.summed(codes, background.weights)[:, 0] for codes in strands], axis=0)
        self.say(
            f"background alone, {words.number} words: validation loss {background.validation_loss:.4f}, "
            f"AUROC {auroc(self.labels, logits):.4f}, {background.seconds:.1f} s"
        )
        return np.asarray(logits, np.float32)

    def of(self, trained: Trained, pruned: Mapping[int, Pruned] | None = None) -> list[Network]:
        """Evaluate trained networks by seed, each also as pruned to the next size."""
        return [
            network
            for seed in trained.fits
            for network in self._of_seed(trained, seed, pruned[seed] if pruned else None)
        ]

    def _of_seed(self, trained: Trained, seed: int, pruned: Pruned | None) -> list[Network]:
        """Evaluate a network and, as inter, what pruning leaves of it, whose activations are among its own."""
        fit, key = trained.fits[seed], trained.key(seed)
        variants = [Pruned(fit.weights, np.arange(len(fit.weights.weights)))]
        if pruned and key.method == "deepprune" and "inter" in self.plan.methods:
            variants.append(pruned)
        scores = self._predict_test(trained.network, variants)[..., 0].swapaxes(0, 1)
        losses = [fit.validation_loss]
        if len(variants) > 1:
            validation = self.trainer.validation
            losses = list(cross_entropy(validation.labels, self._predict(trained.network, variants, validation)[0]))
        networks = []
        for variant, logits, loss in zip(variants, scores, losses, strict=True):
            first = variant is variants[0]
            spent = (fit.epochs, fit.seconds) if first else (0, 0.0)
            own = key if first else key._replace(method="inter", kernels=len(variant.kept))
            origin = trained.origins[seed] if first else trained.origins[seed][variant.kept]
            measures = self._measures(logits, float(loss), *spent)
            scored = logits[0].astype(np.float32)
            networks.append(Network(own, measures, variant.parameters, origin, scored, self.background))
            self._report(networks[-1], fit if first else None)
        return networks

    def _measures(self, logits: np.ndarray, loss: float, epochs: int, seconds: float) -> Measures:
        """Return the measures of a network; logits: (1 or 2, sequences), see `_heads`."""
        labels, whole = self.labels, logits[0]
        quality = auroc(labels, whole), auroc_se(labels, whole), auprc(labels, whole)
        measures = Measures(*quality, loss, epochs, seconds)
        if len(logits) == 1 or self.background is None:
            return measures
        return measures._replace(
            auroc_background=auroc(labels, self.background), auroc_kernels=auroc(labels, logits[1])
        )

    def _predict_test(self, network: Any, variants: Sequence[Pruned]) -> np.ndarray:
        """Return `_predict` of the test sequences, averaged over both strands if the plan's network says so."""
        logits = self._predict(network, variants, self.codes)
        if not self.plan.network.average_strands:
            return logits
        return (logits + self._predict(network, variants, reverse_complement(self.codes))) / 2

    def _predict(self, network: Any, variants: Sequence[Pruned], codes: Any) -> np.ndarray:
        """Return the logits of parts of a network from its own activations.

        float64 (1 or 2, variants, sequences, tasks), see `_heads`.
        """

        def logits(features: np.ndarray) -> np.ndarray:
            own = [features if part is variants[0] else network.of_pruned(features, part) for part in variants]
            both = [
                [head(some, part.parameters) for some, part in zip(own, variants, strict=True)]
                for head in _heads(network)
            ]
            return np.stack(both)

        return self.trainer.map_features(network, variants[0].parameters, codes, logits)

    def _report(self, network: Network, fit: Fit | None) -> None:
        """Log a network; the first rung, common to all ladders, is logged once, as baseline."""
        if network.key.method == "deepprune" and network.key.kernels == self.plan.ladder[0]:
            if network.key.criterion != self.plan.criteria[0]:
                return
            network = network._replace(key=network.key._replace(method="baseline", criterion=NO_CRITERION))
        self.say(_progress(network, fit))


def _heads(network: Any) -> list[Callable[[np.ndarray, Any], np.ndarray]]:
    """Return what gives a network's logits from features: all of them and, beside a background, those of kernels."""
    beside_background = isinstance(network, FewKernel) and network.words
    return [network.head, network.motif_logits] if beside_background else [network.head]


def _progress(network: Network, fit: Fit | None) -> str:
    """Return a line of the training log."""
    key, auroc = network.key, network.measures.auroc
    criterion = "" if key.criterion == NO_CRITERION else f" ({key.criterion})"
    head = f"{key.method + criterion:<18} {key.kernels:>4} kernels  seed {key.seed}: "
    if fit is None:
        return f"{head}AUROC {auroc:.4f}"
    return (
        f"{head}{fit.epochs} epochs, loss {fit.loss:.4f}, validation loss {fit.validation_loss:.4f}, "
        f"AUROC {auroc:.4f}, {fit.seconds:.1f} s"
    )

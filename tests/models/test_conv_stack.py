import numpy as np
import pytest
import tensorflow as tf

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.errors import InputError
from deepprune.evaluation.metrics import auroc
from deepprune.io.motif import Motif
from deepprune.models.conv_settings import ENTIRE, VALID, Convolution, ConvSettings
from deepprune.models.conv_stack import LookUpStack, conv_stack
from deepprune.models.keras_network import KerasNetwork
from deepprune.models.known_motifs import fitting
from deepprune.training.trainer import Options, Start, Trainer

pytestmark = pytest.mark.slow

LENGTH, TASKS = 60, 3
TWO = ConvSettings((Convolution(6, 7, 10), Convolution(8, 3, 3)), (10,), l2=1e-3)
VARIANTS = {
    "two": TWO,
    "entire": TWO._replace(convolutions=(Convolution(6, 8, ENTIRE),)),
    "even": TWO._replace(convolutions=(Convolution(6, 8, 20), Convolution(8, 4))),
    "three": TWO._replace(convolutions=(Convolution(6, 7, 10), Convolution(8, 3, 3), Convolution(5, 3, ENTIRE))),
    "bias": TWO._replace(conv_norm=False, dense_norm=False),
    "half": TWO._replace(dense_norm=False, dense=(10, 5)),
    "ragged": TWO._replace(convolutions=(Convolution(6, 8, 14, ragged=True), Convolution(8, 3, 3, ragged=True))),
    "ragged, two pools": TWO._replace(convolutions=(Convolution(6, 7, 31, ragged=True),)),
    "ragged, bias": TWO._replace(
        convolutions=(Convolution(6, 8, 7, ragged=True), Convolution(8, 4, 4, ragged=True)), conv_norm=False
    ),
    "none": TWO._replace(dense=()),
    "tied": TWO._replace(tied_strands=True),
    "tied, even": TWO._replace(convolutions=(Convolution(6, 8, ENTIRE),), tied_strands=True),
    "tied, bias": TWO._replace(tied_strands=True, conv_norm=False, dense_norm=False, l1_first=1e-3),
}
CODES = np.random.default_rng(0).integers(0, 5, (12, LENGTH)).astype(np.uint8)


def both(settings: ConvSettings) -> tuple[LookUpStack, KerasNetwork]:
    fast = conv_stack("cnn", settings, LENGTH, TASKS)
    assert isinstance(fast, LookUpStack)
    return fast, KerasNetwork("cnn", fast.build)


def random_weights(network: KerasNetwork) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return weights and state in which also shifts, scales of either sign and moving averages are random."""
    rng = np.random.default_rng(1)
    weights = [(w + rng.normal(0, 0.3, w.shape)).astype(np.float32) for w in network.initial(rng)]
    weights = [w * np.where(rng.random(w.shape) < 0.3, -1, 1).astype(np.float32) if w.ndim == 1 else w for w in weights]
    return weights, [(s + rng.random(s.shape)).astype(np.float32) for s in network.initial_state()]


def passed(
    network: KerasNetwork, weights: list[np.ndarray], state: list[np.ndarray], training: bool
) -> list[np.ndarray]:
    """Return logits, the state after the batch and, in training, the gradients of a loss."""
    stack = [tf.constant(weight[None]) for weight in weights]
    inputs = tf.nest.map_structure(lambda array: tf.constant(array[None]), network.inputs(CODES))
    with tf.GradientTape() as tape:
        tape.watch(stack)
        logits, after = network.logits(
            stack, [tf.constant(s[None]) for s in state], inputs, training, np.ones((1, 2), np.int32)
        )
        loss = tf.reduce_sum(logits * np.random.default_rng(2).normal(size=logits.shape).astype(np.float32))
        loss += network.penalty(stack, after)
    gradients = tape.gradient(loss, stack) if training else []
    return [value.numpy() for value in (logits, *after, *gradients)]


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS)
def test_the_compiled_form_is_the_keras_model(settings: ConvSettings, training: bool) -> None:
    fast, plain = both(settings)
    weights, state = random_weights(plain)
    found, wanted = (passed(network, weights, state, training) for network in (fast, plain))
    assert len(found) == len(wanted) == 1 + len(state) + training * len(weights)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-4 * max(1, np.abs(other).max()))


def dataset() -> Dataset:
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, (240, TASKS)).astype(np.uint8)
    codes = rng.integers(0, 4, (240, LENGTH)).astype(np.uint8)
    codes[labels[:, 0] == 1, 20:27] = [0, 1, 2, 3, 2, 1, 0]
    split = np.repeat(np.array([TRAIN, VALIDATION, TEST], np.uint8), [160, 40, 40])
    return Dataset(codes, labels, split, ("a", "b", "c"))


@pytest.mark.parametrize("name", ["two", "tied", "tied, bias"])
def test_training_is_that_of_the_keras_model(name: str) -> None:
    fast, plain = both(VARIANTS[name])
    trainer = Trainer(dataset(), Options(32, 0.01, 3, 3), print)
    start = Start(plain.initial(np.random.default_rng(0)), np.random.default_rng(1))
    (one,), (other,) = (trainer.fit(network, [start]) for network in (fast, plain))
    assert one.validation_loss == pytest.approx(other.validation_loss, abs=2e-3)
    if name.startswith("tied"):
        assert one.weights[0].shape == (7, 4, 3)
    for mine, keras in zip(one.state, other.state, strict=True):
        np.testing.assert_allclose(mine, keras, atol=2e-2)


def test_training_with_dropout_learns_and_repeats() -> None:
    settings = TWO._replace(conv_dropout=0.1, dense_dropout=0.5)
    fast = conv_stack("cnn", settings, LENGTH, TASKS)
    assert fast.stochastic
    trainer = Trainer(dataset(), Options(32, 0.01, 20, 20), print)
    start = Start(fast.initial(np.random.default_rng(0)), np.random.default_rng(1))
    (fit,), (again,) = (trainer.fit(fast, [start]) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(fit.weights, again.weights, strict=True))
    codes, labels = dataset().part(TEST)
    logits = trainer.predict(fast, fit.weights, codes, fit.state)
    assert auroc(labels[:, 0], logits[:, 0]) > 0.9


@pytest.mark.parametrize(
    "settings", [TWO._replace(padding=VALID), TWO._replace(lstm=3), VARIANTS["entire"]._replace(padding=VALID)]
)
def test_unpadded_and_recurrent_networks_are_left_to_keras(settings: ConvSettings) -> None:
    network = conv_stack("cnn", settings, LENGTH, TASKS)
    assert type(network) is KerasNetwork and not network.compiled and not network.average_strands


@pytest.mark.parametrize("settings", [TWO, TWO._replace(padding=VALID)])
@pytest.mark.parametrize(("norm", "tied", "most"), [(True, False, 6), (False, False, 6), (False, True, 3)])
def test_first_filters_start_from_known_motifs(settings: ConvSettings, norm: bool, tied: bool, most: int) -> None:
    matrices = np.random.default_rng(0).dirichlet(np.ones(4), (9, 7))
    motifs = [Motif(f"m{number}", "", matrix, 20) for number, matrix in enumerate(matrices)]
    settings = settings._replace(conv_norm=norm, tied_strands=tied, known_motifs=True)
    weights = conv_stack("cnn", settings, LENGTH, TASKS, motifs).initial(np.random.default_rng(3))
    # Motifs as wide as the filters: nothing is left to chance but the biases.
    taken = np.array([motif.probabilities for motif in fitting("cnn", motifs, 7, most)])
    np.testing.assert_array_equal(weights[0], (taken.transpose(1, 2, 0) - 0.25).astype(np.float32))
    assert (weights[1] == 1).all() if norm else (weights[1] < 0).all() and (weights[1] >= -1).all()
    plain = conv_stack("cnn", settings._replace(known_motifs=False), LENGTH, TASKS, motifs)
    others = plain.initial(np.random.default_rng(3))
    assert (others[0] != weights[0]).all()
    assert all(np.array_equal(a, b) for a, b in zip(weights[2:], others[2:], strict=True))
    again = conv_stack("cnn", settings, LENGTH, TASKS, motifs).initial(np.random.default_rng(3))
    assert all(np.array_equal(a, b) for a, b in zip(weights, again, strict=True))
    with pytest.raises(InputError, match=r"network cnn: known_motifs needs motifs of at most 7 bp"):
        conv_stack("cnn", settings, LENGTH, TASKS, [])
    # Where weights are read, no motifs are needed.
    assert conv_stack("cnn", settings, LENGTH, TASKS).start is None


@pytest.mark.parametrize(
    "convolutions",
    [(Convolution(6, 7, 4),), (Convolution(6, 7, 20, 2),), (Convolution(6, 7, 10), Convolution(6, 3, 3, 1))],
)
def test_short_and_overlapping_pools_are_left_to_keras(convolutions: tuple[Convolution, ...]) -> None:
    network = conv_stack("cnn", TWO._replace(convolutions=convolutions), LENGTH, TASKS)
    assert type(network) is KerasNetwork and not network.compiled

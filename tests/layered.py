"""Networks of several layers in tests: two whose logits can be worked out by hand, and random ones of any settings."""

import numpy as np

from deepprune.dna.codes import to_codes
from deepprune.models.conv_settings import ENTIRE, VALID, Convolution, ConvSettings, array_shapes
from deepprune.models.layers_file import LayersModel

TASKS = ("MAX", "GM12878|CTCF  (2)")
ABOUT = {"dataset": "example", "genome": "hg38.fa", "data": "0f"}
RECURRENT = ConvSettings((Convolution(4, 5, 3, 2), Convolution(3, 3)), (6,), padding=VALID, lstm=2)


def whole_model(average_strands: bool = False) -> LayersModel:
    """Return a network of one filter that counts the letters of ACG, at its best window, beyond one.

    The logits are twice this number less 0.5, and the negative number.
    """
    settings = ConvSettings((Convolution(1, 3, ENTIRE),), conv_norm=False, average_strands=average_strands)
    weights = [_word("ACG"), [-1.0], [[2.0, -1.0]], [-0.5, 0.0]]
    return _made("whole", settings, weights, 5)


def placed_model(average_strands: bool = False) -> LayersModel:
    """Return a network that reads five letters: the logits are what A's at the first, and at the last position give."""
    settings = ConvSettings((Convolution(1, 1),), conv_norm=False, average_strands=average_strands)
    places = np.zeros((5, 2))
    places[0, 0], places[4, 1] = 3, -2
    return _made("placed", settings, [_word("A"), [0.0], places, [0.0, 1.0]], 5)


def random_model(settings: ConvSettings, window: int, seed: int = 0) -> LayersModel:
    """Return a network of random weights and moving averages."""
    rng = np.random.default_rng(seed)
    shapes = array_shapes(settings, window, len(TASKS))
    weights = [rng.normal(0, 1, shape) for shape in shapes.weights]
    return _made("random", settings, weights, window, [rng.uniform(0.5, 1.5, shape) for shape in shapes.state])


def _word(word: str) -> np.ndarray:
    """Return the kernel of one filter, (width, 4, 1), whose value is the number of the letters that fit."""
    return np.eye(4)[to_codes([word])[0]][:, :, None]


def _made(name: str, settings: ConvSettings, weights: list, window: int, state: list = []) -> LayersModel:  # noqa: B006
    arrays = ([np.asarray(array, np.float32) for array in arrays] for arrays in (weights, state))
    return LayersModel(name, settings, *arrays, seed=3, window=window, tasks=TASKS, about=ABOUT)

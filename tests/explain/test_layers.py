import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from layered import RECURRENT, placed_model, random_model, whole_model
from planted import planted_tasks

from deepprune.dna.codes import reverse_complement, to_codes
from deepprune.explain.layers import Layers
from deepprune.models.conv_keras import conv_model
from deepprune.models.conv_settings import ENTIRE, VALID, Convolution, ConvSettings, array_shapes
from deepprune.models.layers_file import LayersModel, save_any_model
from deepprune.models.networks import network_of
from deepprune.training.fits import Fit
from deepprune.training.predictions import predictions
from deepprune.training.trainer import Options, Trainer

pytestmark = pytest.mark.slow

SETTINGS = {
    "normed": ConvSettings((Convolution(6, 7), Convolution(5, 3, 6, 2), Convolution(4, 3)), (10, 4), dense_dropout=0.5),
    "tied": ConvSettings((Convolution(4, 5, 4), Convolution(3, 3, ENTIRE)), (3,), tied_strands=True, dense_norm=False),
    "tied without norm": ConvSettings((Convolution(4, 5, 4),), (), False, tied_strands=True, l2=1e-3),
    "looked up": ConvSettings((Convolution(4, 7, 10),), (8,), average_strands=True),
    "recurrent": RECURRENT,
    "recurrent, padded": ConvSettings((Convolution(4, 5, 4),), (8,), lstm=3, lstm_dropout=0.5, average_strands=True),
    "unpadded": ConvSettings((Convolution(4, 5, 4), Convolution(3, 3, ENTIRE)), padding=VALID, conv_norm=False),
}
CODES = np.random.default_rng(0).integers(0, 5, (50, 40)).astype(np.uint8)


def test_logits_by_hand() -> None:
    found = Layers(whole_model()).logits(to_codes(["TTACG", "TTCGT", "NNNNN"]))
    # Of CGT, C and CG fit ACG at different places: two letters of TCG.
    assert found.tolist() == [[3.5, -2.0], [1.5, -1.0], [-0.5, 0.0]]
    assert Layers(placed_model()).logits(to_codes(["AGGGG", "GGGGA", "CAAAC"])).tolist() == [[3, 1], [0, -1], [0, 1]]


def test_both_strands_by_hand() -> None:
    # The other strand of TTCGT is ACGAA. Odds of the mean probabilities
    given, turned = np.array([1.5, -1.0]), np.array([3.5, -2.0])
    mean = (1 / (1 + np.exp(-given)) + 1 / (1 + np.exp(-turned))) / 2
    (found,) = Layers(whole_model(average_strands=True)).logits(to_codes(["TTCGT"]))
    np.testing.assert_allclose(found, np.log(mean / (1 - mean)), atol=1e-7)


def test_networks_of_one_pool_at_the_end_read_any_length() -> None:
    layers = Layers(whole_model())
    assert layers.logits(to_codes(["ACG"])).tolist() == [[3.5, -2.0]]
    assert layers.logits(to_codes(["T" * 500 + "ACG"])).tolist() == [[3.5, -2.0]]


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_they_are_the_predictions_of_training(settings: ConvSettings) -> None:
    own, data = random_model(settings, 40), planted_tasks(60, words=("TGACTCA", "GGCGCC"))
    network, fit = network_of("cnn", settings, 40, 2), Fit(own.weights, own.state, 1, 0.0, 0.0, 0.0, False)
    expected = predictions(Trainer(data, Options(32), print), network, fit, CODES)
    layers = Layers(own)
    found = layers.logits(CODES)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=2e-5)
    assert found.dtype == np.float64 and found.std(axis=0).min() > 0.01
    np.testing.assert_allclose(layers.logits(CODES[:1]), found[:1], rtol=1e-5, atol=2e-5)
    if settings.average_strands:
        np.testing.assert_allclose(layers.logits(reverse_complement(CODES)), found, rtol=1e-5, atol=2e-5)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_shapes_are_those_of_the_model(settings: ConvSettings) -> None:
    keras_model, shapes = conv_model(settings, 40, 2), array_shapes(settings, 40, 2)
    assert [weight.shape for weight in keras_model.trainable_weights] == shapes.weights
    assert [weight.shape for weight in keras_model.non_trainable_weights] == shapes.state


def test_threads_do_not_change_the_logits() -> None:
    layers = Layers(replace(random_model(RECURRENT, 40)))
    expected = [layers.logits(CODES[first : first + 10]) for first in range(0, 50, 10)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda first: layers.logits(CODES[first : first + 10]), range(0, 50, 10)))
    assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


def test_without_tensorflow_one_line_says_so(tmp_path: Path) -> None:
    own: LayersModel = placed_model()
    save_any_model(tmp_path / "m.npz", own)
    (tmp_path / "s.fa").write_text(">a\nACGTA\n")
    command = "import sys; sys.modules['tensorflow'] = None; from deepprune.cli.main import main; sys.exit(main())"
    arguments = ["predict", str(tmp_path / "m.npz"), str(tmp_path / "s.fa")]
    done = subprocess.run([sys.executable, "-c", command, *arguments], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "deepprune: error: network placed has several layers and needs TensorFlow, but there is no tensorflow; install "
        "tensorflow into this environment\n"
    )

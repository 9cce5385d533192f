from types import MappingProxyType

import numpy as np
import pytest
from layered import RECURRENT, random_model
from planted import of_tasks

from deepprune.keys import NetworkKey
from deepprune.models.conv_settings import FewSettings
from deepprune.models.layers_file import LayersModel
from deepprune.models.model_file import Model, Use
from deepprune.models.parameters import initial_parameters
from deepprune.training.fits import Fit
from deepprune.training.model import best_model
from deepprune.training.search import Subject
from deepprune.training.trainer import Options

ABOUT = MappingProxyType({"dataset": "set", "data": "0f"})
DATA = of_tasks(np.zeros((4, 30), np.uint8), np.zeros((4, 2), np.uint8), np.zeros(4, np.uint8))


def fits(networks: list, losses: list[float]) -> dict[int, Fit]:
    """Return networks (weights and state) as trained from the seeds 5, 4, ... with these validation losses."""
    pairs = zip(networks, losses, strict=True)
    return {5 - place: Fit(*network, 1, 0.0, loss, 0.0, False) for place, (network, loss) in enumerate(pairs)}


@pytest.mark.parametrize(("losses", "seed"), [([0.3, 0.2, 0.4], 4), ([0.2, 0.3, 0.2], 3)])
def test_the_lowest_validation_loss_decides_and_then_the_lowest_seed(losses: list[float], seed: int) -> None:
    made = [random_model(RECURRENT, 30, number) for number in range(3)]
    subject = Subject("cnn", RECURRENT, Options())
    found = best_model(subject, fits([(one.weights, one.state) for one in made], losses), DATA, ABOUT)
    assert isinstance(found, LayersModel)
    assert (found.name, found.settings, found.seed, found.window) == ("cnn", RECURRENT, seed, 30)
    assert found.tasks == ("task0", "task1") and found.about == ABOUT
    assert found.weights is made[5 - seed].weights and found.state is made[5 - seed].state


def test_networks_of_few_kernels_become_few_kernel_models() -> None:
    made = [(initial_parameters(8, 3, np.random.default_rng(number), 2), ()) for number in range(2)]
    subject = Subject("few", FewSettings(3, 8, "both"), Options())
    found = best_model(subject, fits(made, [0.2, 0.1]), DATA, ABOUT)
    assert isinstance(found, Model) and found.parameters is made[1][0]
    assert found.key == NetworkKey("few_kernel", "baseline", "-", 3, 4) and found.use == Use(8, strands="both")
    assert found.about == {"network": "few", "dataset": "set", "data": "0f"}
    assert found.tasks == ("task0", "task1") and found.window == 30

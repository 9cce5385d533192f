import math

import numpy as np
import pytest

from deepprune.errors import InputError
from deepprune.evaluation.choice import best_network, chance_loss, chosen_kernels
from deepprune.evaluation.networks import Measures, Network
from deepprune.keys import NetworkKey
from deepprune.models.parameters import initial_parameters

LADDER = [16, 8, 4]


def network(kernels: int, seed: int, loss: float, method: str = "deepprune", criterion: str = "loss") -> Network:
    parameters = initial_parameters(5, kernels, np.random.default_rng(seed))
    key = NetworkKey("few_kernel", method, criterion, kernels, seed)
    return Network(key, Measures(0.8, 0.01, 0.8, loss, 1, 1.0), parameters, np.arange(kernels), np.zeros(3, np.float32))


# Means .40, .45, .55: gains over .70 of .30, .25 and .15
NETWORKS = [network(16, 0, 0.38), network(8, 0, 0.44), network(4, 0, 0.60)]
NETWORKS += [network(16, 1, 0.42), network(8, 1, 0.46), network(4, 1, 0.50)]
OTHERS = [network(4, 2, 0.1, criterion="weight"), network(4, 2, 0.1, method="baseline", criterion="-")]


@pytest.mark.parametrize(("kept", "kernels"), [(None, 4), (1.0, 16), (0.84, 16), (0.83, 8), (0.51, 8), (0.49, 4)])
def test_the_fewest_kernels_that_keep_the_gain(kept: float | None, kernels: int) -> None:
    assert chosen_kernels([*NETWORKS, *OTHERS], LADDER, kept, 0.70) == kernels


def test_networks_no_better_than_chance_and_none_at_all() -> None:
    assert chosen_kernels(NETWORKS, LADDER, 0.9, 0.40) == 16
    assert chosen_kernels(NETWORKS, LADDER, 0.9, 0.30) == 16
    assert chosen_kernels([], LADDER, 0.9, 0.7) == 4
    assert chosen_kernels(NETWORKS[:2], LADDER, None, 0.7) == 4  # which best_network then refuses


def test_the_best_seed_is_that_of_the_lowest_validation_loss() -> None:
    assert best_network("some", [*NETWORKS, *OTHERS], 4).key.seed == 1
    assert best_network("some", [*NETWORKS, *OTHERS], 16).key.seed == 0
    assert best_network("some", [network(4, 3, 0.5), network(4, 1, 0.5)], 4).key.seed == 1


def test_no_network_of_the_chosen_size() -> None:
    with pytest.raises(InputError, match=r"some: no network is left at 4 kernels.*train\.learning_rate"):
        best_network("some", [*NETWORKS[:2], *OTHERS], 4)


def test_the_loss_of_chance_by_hand() -> None:
    assert chance_loss(np.array([[1], [0]])) == pytest.approx(math.log(2))
    quarter = -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    assert chance_loss(np.array([[1, 1], [0, 0], [0, 1], [0, 0]])) == pytest.approx((quarter + math.log(2)) / 2)
    assert chance_loss(np.ones((3, 1))) == pytest.approx(0, abs=1e-7)

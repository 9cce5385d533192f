import numpy as np
import pytest
from harm import Harm

from deepprune.models.parameters import Parameters, initial_parameters, load_parameters, save_parameters


def test_initial_parameters_have_the_limits_of_keras():
    start = initial_parameters(24, 256, np.random.default_rng(0))
    assert start.kernels.shape == (24, 4, 256) and start.weights.shape == (256,)
    # Glorot: sqrt(6 / (fan in + fan out)), with 24 x 4 inputs and 24 x 256 outputs for the convolution.
    limit = np.sqrt(6 / (24 * 4 + 24 * 256))
    assert 0.99 * limit < np.abs(start.kernels).max() <= limit
    assert np.abs(start.weights).max() <= np.sqrt(6 / 257)
    assert not start.bias.any() and start.intercept == 0
    assert {np.asarray(value).dtype for value in start} == {np.dtype(np.float32)}


def test_the_same_generator_gives_the_same_start():
    first, second = (initial_parameters(5, 3, np.random.default_rng(7)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_keep_slices_every_part():
    network = Parameters(np.arange(24.0).reshape(2, 4, 3), np.array([1, 2, 3]), np.array([4, 5, 6]), np.float32(7))
    kept = network.keep([0, 2])
    assert kept.kernels.shape == (2, 4, 2) and kept.kernels[0, 0].tolist() == [0, 2]
    assert kept.bias.tolist() == [1, 3] and kept.weights.tolist() == [4, 6] and kept.intercept == 7


def test_saved_networks_read_back(tmp_path):
    rng = np.random.default_rng(0)
    networks = [initial_parameters(5, count, rng) for count in (16, 8, 4, 2, 1, 3, 5, 6, 7, 9, 10, 11)]
    save_parameters(tmp_path / "networks.npz", networks)
    loaded = load_parameters(tmp_path / "networks.npz")
    assert [len(network.weights) for network in loaded] == [len(network.weights) for network in networks]
    for before, after in zip(networks, loaded, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_equal_networks_give_equal_bytes(tmp_path):
    networks = [initial_parameters(5, 4, np.random.default_rng(0))]
    for name in ("a.npz", "b.npz"):
        save_parameters(tmp_path / name, networks)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_nothing_is_unpickled(tmp_path):
    harm = np.array([Harm(tmp_path / "done")], dtype=object)
    np.savez(tmp_path / "networks.npz", **{f"0.{field}": harm for field in Parameters._fields})
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_parameters(tmp_path / "networks.npz")
    assert not (tmp_path / "done").exists()

from typing import NamedTuple

import numpy as np
import pytest
from harm import Harm
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.models.parameters import Parameters, initial_parameters
from deepprune.models.store import (
    flattened,
    load_nests,
    load_parameters,
    nest_names,
    restored,
    save_nests,
    save_parameters,
)


class Pair(NamedTuple):
    left: object
    right: object


arrays = st.builds(
    lambda number, shape, kind: np.full(shape, number, kind),
    st.integers(0, 100),
    st.sampled_from([(), (1,), (2, 3)]),
    st.sampled_from([np.float32, np.int32, np.uint8]),
)
names = st.text("abc", min_size=1, max_size=3)
nests = st.recursive(
    arrays,
    lambda parts: (
        st.dictionaries(names, parts, min_size=1, max_size=3)
        | st.lists(parts, min_size=1, max_size=3)
        | st.lists(parts, min_size=1, max_size=3).map(tuple)
        | st.builds(Pair, parts, parts)
    ),
    max_leaves=8,
)


def like(nest):
    """Return a nest of the same structure with other arrays."""
    if isinstance(nest, dict):
        return {name: like(part) for name, part in nest.items()}
    if isinstance(nest, Pair):
        return Pair(*map(like, nest))
    return type(nest)(map(like, nest)) if isinstance(nest, list | tuple) else np.zeros(9)


def same(first, second):
    """Whether two nests have one structure and equal arrays."""
    if type(first) is not type(second):
        return False
    if isinstance(first, dict):
        return list(first) == list(second) and all(same(first[name], second[name]) for name in first)
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(same, first, second))
    return first.dtype == second.dtype and first.shape == second.shape and np.array_equal(first, second)


@given(nests, st.sampled_from(["", "few_kernel.baseline.-.8"]))
def test_any_nest_is_restored_from_its_arrays(nest, name):
    found = flattened(nest, name)
    assert all(isinstance(value, np.ndarray) for value in found.values())
    assert same(restored(like(nest), found, name), nest)


def test_arrays_are_named_by_their_places():
    nest = {"dense": [np.zeros(1), np.ones(2)], "pair": Pair(np.zeros(3), (np.zeros(4),))}
    found = flattened(nest)
    assert list(found) == ["dense.0", "dense.1", "pair.left", "pair.right.0"]
    assert [len(array) for array in found.values()] == [1, 2, 3, 4]
    assert list(flattened(Pair(1, 2), "state")) == ["state.left", "state.right"]


@pytest.mark.parametrize("nothing", [(), [], {}])
def test_an_empty_nest_is_restored_from_nothing(nothing):
    assert flattened(nothing, "state") == {}
    assert restored(nothing, {}, "state") == nothing


def test_a_missing_array_is_named():
    with pytest.raises(KeyError, match=r"dense\.1"):
        restored({"dense": [0, 0]}, {"dense.0": np.zeros(1)})


@pytest.mark.parametrize("tasks", [1, 3])
def test_saved_networks_read_back(tmp_path, tasks):
    rng = np.random.default_rng(0)
    networks = [initial_parameters(5, count, rng, tasks) for count in (16, 8, 4, 2, 1, 3, 5, 6, 7, 9, 10, 11)]
    save_parameters(tmp_path / "networks.npz", networks)
    loaded = load_parameters(tmp_path / "networks.npz")
    assert [len(network.weights) for network in loaded] == [len(network.weights) for network in networks]
    for before, after in zip(networks, loaded, strict=True):
        assert all(same(a, b) for a, b in zip(before, after, strict=True))


def test_equal_networks_give_equal_bytes(tmp_path):
    networks = [initial_parameters(5, 4, np.random.default_rng(0))]
    for name in ("a.npz", "b.npz"):
        save_parameters(tmp_path / name, networks)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_nothing_is_unpickled(tmp_path):
    harm = np.array([Harm(tmp_path / "done")], dtype=object)
    np.savez(tmp_path / "networks.npz", **{f"0.{field}": harm for field in Parameters._fields})
    with pytest.raises(InputError, match="is no file of weights"):
        load_parameters(tmp_path / "networks.npz")
    assert not (tmp_path / "done").exists()


def test_named_nests_read_back(tmp_path):
    path = tmp_path / "networks.npz"
    rng = np.random.default_rng(0)
    fits = {
        f"seed{seed}": ([rng.normal(size=(2, seed)), [rng.normal(size=3)]], [rng.integers(5, size=seed)])
        for seed in (1, 10, 2)
    }
    save_nests(path, fits)
    found = load_nests(path, like(fits["seed1"]), ["seed2", "seed1"])
    assert list(found) == ["seed2", "seed1"] and all(same(found[name], fits[name]) for name in found)
    with pytest.raises(
        InputError, match=r"networks\.npz is no file of weights of deepprune, or it is damaged; remove the"
    ):
        load_nests(path, like(fits["seed1"]), ["seed3"])
    assert nest_names(path) == ["seed1", "seed10", "seed2"]
    first = path.read_bytes()
    save_nests(path, fits)
    assert path.read_bytes() == first


@pytest.mark.parametrize("content", [None, b"", b"text", b"PK\x03\x04" + bytes(60)])
def test_files_that_hold_no_weights(tmp_path, content):
    path = tmp_path / "networks.npz"
    if content is not None:
        path.write_bytes(content)
    message = f"{path}: No such file or directory; remove" if content is None else f"{path} is no file of weights"
    for read in (load_parameters, nest_names, lambda where: load_nests(where, [0], ["seed0"])):
        with pytest.raises(InputError) as caught:
            read(path)
        assert str(caught.value).startswith(message)


def test_a_byte_that_changed_is_noticed(tmp_path):
    path = tmp_path / "networks.npz"
    save_parameters(path, [initial_parameters(5, 4, np.random.default_rng(0))])
    whole = path.read_bytes()
    middle = len(whole) // 3
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    with pytest.raises(InputError, match="or it is damaged; remove the file and run snakemake again, which trains it"):
        load_parameters(path)


def test_a_network_without_a_state_reads_back(tmp_path):
    save_nests(tmp_path / "networks.npz", {"seed0": ([np.ones(3)], ())})
    found = load_nests(tmp_path / "networks.npz", ([0], ()), ["seed0"])
    assert same(found, {"seed0": ([np.ones(3)], ())})


def test_nothing_of_nests_is_unpickled(tmp_path):
    np.savez(tmp_path / "networks.npz", **{"seed0.0": np.array([Harm(tmp_path / "done")], dtype=object)})
    with pytest.raises(InputError, match="is no file of weights"):
        load_nests(tmp_path / "networks.npz", [0], ["seed0"])
    assert not (tmp_path / "done").exists()

"""Mapped arrays."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from deepprune.errors import InputError
from deepprune.io.npz import map_arrays, scratch_array, write_arrays

dtypes = st.sampled_from([np.dtype(name) for name in ("u1", "<i8", "<f4", "S3", "<U2", "?")])
values = dtypes.flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, min_side=0)))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,9}", fullmatch=True), values, max_size=4))
def test_arrays_are_mapped_as_they_were_written_and_numpy_reads_them(
    tmp_path_factory: pytest.TempPathFactory, written: dict[str, np.ndarray]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.npz"
    write_arrays(path, written)
    mapped = map_arrays(path, written)
    with np.load(path, allow_pickle=False) as read:
        assert list(read) == list(mapped) == list(written)
        for name, array in written.items():
            for found in (mapped[name], read[name]):
                assert found.dtype == array.dtype and found.shape == array.shape
                assert found.tobytes() == array.tobytes()


def test_only_what_is_asked_for_and_never_written_to(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.npz", {"one": np.arange(3), "two": np.arange(4)})
    mapped = map_arrays(tmp_path / "a.npz", ["two"])
    assert list(mapped) == ["two"] and not mapped["two"].flags.writeable and not mapped["two"].flags.owndata
    with pytest.raises(ValueError, match="three"):
        map_arrays(tmp_path / "a.npz", ["three"])


@pytest.mark.parametrize("change", [0x01, 0x20, 0xFF])
def test_a_changed_byte_is_seen_or_harmless(tmp_path: Path, change: int) -> None:
    path, refused = tmp_path / "a.npz", 0
    write_arrays(path, {"one": np.arange(20, dtype=np.uint8), "two": np.array([b"ab", b"c"])})
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :])
        try:
            mapped = map_arrays(path, ["one", "two"])
        except ValueError:
            refused += 1
        else:
            assert mapped["one"].tolist() == list(range(20)) and mapped["two"].tolist() == [b"ab", b"c"]
    assert refused > len(whole) / 2  # the remaining bytes are never read, such as dates


def test_a_scratch_array_has_no_name_and_is_kept_while_it_is_used(tmp_path: Path) -> None:
    array = scratch_array((3, 5), tmp_path)
    assert array.dtype == np.uint8 and not array.any() and not list(tmp_path.iterdir())
    array[1:, 2] = 7
    part = array[1:]
    del array
    assert part[:, 2].tolist() == [7, 7] and part.sum() == 14
    assert scratch_array((0, 5)).shape == (0, 5) and scratch_array((2, 2)).tolist() == [[0, 0], [0, 0]]
    write_arrays(tmp_path / "a.npz", {"part": part})
    assert map_arrays(tmp_path / "a.npz", ["part"])["part"].tolist() == part.tolist()


def test_a_scratch_array_that_finds_no_room(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no room for 1,125,899,906,842,624 bytes \(.*\); make room"):
        scratch_array((1 << 25, 1 << 25), tmp_path)
    with pytest.raises(InputError, match=r"none: no room for 4 bytes \(No such file"):
        scratch_array((2, 2), tmp_path / "none")
    assert not list(tmp_path.iterdir())

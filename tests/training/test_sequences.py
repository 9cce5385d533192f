import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import planted, planted_tasks
from two_layers import two_layers

from deepprune.data.dataset import TRAIN, VALIDATION
from deepprune.models.few_kernel import FewKernel
from deepprune.training import sequences
from deepprune.training.early_stopping import Run
from deepprune.training.sequences import (
    InOrder,
    Part,
    Resident,
    Source,
    Streamed,
    feed,
    round_up,
    seeds,
    whole_batches,
)
from deepprune.training.trainer import Options, Start, Trainer


@pytest.fixture
def streaming(monkeypatch):
    """Every set is too large to stay in memory; a chunk has 96 rows of 40 bp."""
    monkeypatch.setattr(sequences, "RESIDENT_BYTES", 0)
    monkeypatch.setattr(sequences, "CHUNK_BYTES", 65 * 40)


def run(seed=0) -> Run:
    return Run(np.random.default_rng(seed), 3)


def test_a_part_reads_what_it_is_asked_for() -> None:
    data = planted(60)
    part, (codes, labels) = Part(data, TRAIN), data.part(TRAIN)
    assert (len(part), part.length) == (len(codes), 40)
    np.testing.assert_array_equal(part[:], codes)
    np.testing.assert_array_equal(part[np.array([3, 1])], codes[[3, 1]])
    np.testing.assert_array_equal(part.labels, labels)
    assert len(part) + len(Part(data, VALIDATION)) < 60


def test_parts_in_order_have_one_shape_and_are_kept_where_wanted(monkeypatch) -> None:
    part = Part(planted(100), TRAIN)
    source = Source(part, FewKernel(4, 7))
    kept = InOrder(source, 32, keep=True)
    for parts in (InOrder(source, 32), kept):
        (inputs, counts) = zip(*parts, strict=True)
        assert list(counts) == [32] * (len(part) // 32) + [len(part) % 32]
        whole = np.concatenate(inputs)
        np.testing.assert_array_equal(whole[: len(part)], part[:])
        assert len(whole) == 32 * len(counts) and not whole[len(part) :].any()
    assert all(first is again for (first, _), (again, _) in zip(kept, kept, strict=True))
    monkeypatch.setattr(sequences, "RESIDENT_BYTES", 0)
    large = InOrder(source, 32, keep=True)
    assert not any(first is again for (first, _), (again, _) in zip(large, large, strict=True))


def test_a_resident_epoch_is_one_chunk_in_a_random_order() -> None:
    part = Part(planted(200), TRAIN)
    fed = Resident(Source(part, FewKernel(4, 7)), 32)
    (batches,) = fed.epoch([run(0), run(1)], fed.targets([part.labels, 1 - part.labels]), False)
    count = len(part)
    assert int(batches.count) == count and not batches.random.numpy().any()
    for order, labels, expected in zip(batches.orders.numpy(), batches.labels.numpy(), (0, 1), strict=True):
        assert sorted(order[:count]) == list(range(count)) and not order[count:].any()
        np.testing.assert_array_equal(labels[:count, 0], part.labels[:, 0] ^ expected)
    np.testing.assert_array_equal(batches.inputs.numpy()[:count], part[:])


def test_a_streamed_epoch_reads_the_same_sequences_in_the_same_order(streaming) -> None:
    part = Part(planted(400), TRAIN)
    network = FewKernel(4, 7)
    resident, streamed = Resident(Source(part, network), 32), feed(part, network, 32)
    assert isinstance(streamed, Streamed) and streamed.rows == 96
    (whole,) = resident.epoch([run()], resident.targets([part.labels]), False)
    chunks = list(streamed.epoch([run()], streamed.targets([part.labels]), False))
    counts = [int(chunk.count) for chunk in chunks]
    assert len(part) % 96 and counts == [96] * (len(part) // 96) + [len(part) % 96]
    order = whole.orders.numpy()[0, : len(part)]
    read = np.concatenate([chunk.inputs.numpy()[:count] for chunk, count in zip(chunks, counts, strict=True)])
    np.testing.assert_array_equal(read, part[order])
    labels = np.concatenate([chunk.labels.numpy()[0, :count] for chunk, count in zip(chunks, counts, strict=True)])
    np.testing.assert_array_equal(labels, part.labels[order])


@pytest.mark.slow
@pytest.mark.parametrize(
    "network", [FewKernel(4, 7), FewKernel(4, 7, tasks=3), two_layers(40, 3)], ids=["one task", "three tasks", "Keras"]
)
def test_streamed_training_gives_the_same_bytes(network, monkeypatch, request) -> None:
    data = planted_tasks(400) if getattr(network, "tasks", 3) == 3 else planted(400)
    options = Options(batch_size=32, max_epochs=3)
    starts = [Start(network.initial(np.random.default_rng(seed)), np.random.default_rng(seed)) for seed in (0, 1)]
    # One after another, like streamed networks: with several in one graph, TensorFlow adds in another order.
    trainer = Trainer(data, options)
    resident = [fit for start in starts for fit in trainer.fit(network, [start])]
    request.getfixturevalue("streaming")
    trainer = Trainer(data, options)
    assert isinstance(trainer.read(network).training, Streamed)
    for one, other in zip(resident, trainer.fit(network, starts), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))
        assert one.validation_loss == other.validation_loss
        assert one.loss == pytest.approx(other.loss, rel=1e-6)


def test_networks_that_draw_get_seeds_that_change_from_epoch_to_epoch() -> None:
    runs = [run(0), run(1)]
    first, second = (seeds(runs, True).numpy() for _ in range(2))
    assert first.shape == (2, 2) and len({*map(tuple, first), *map(tuple, second)}) == 4
    np.testing.assert_array_equal(seeds([run(0), run(1)], True).numpy(), first)
    # Drawing them leaves the order of the sequences as it is.
    np.testing.assert_array_equal(runs[0].rng.permutation(9), run(0).rng.permutation(9))


def test_rounding_up_is_coarse() -> None:
    assert [round_up(count) for count in (1, 64, 65, 1000, 1025, 5400, 200_000)] == [
        64, 64, 128, 1024, 1152, 5632, 212_992,
    ]  # fmt: skip


@given(st.integers(1, 10**7), st.integers(1, 4096))
def test_rounding_up_is_never_far(count: int, size: int) -> None:
    assert count <= round_up(count) <= max(count + 63, count * 9 / 8)
    assert 0 <= whole_batches(count, size) - count < size and whole_batches(count, size) % size == 0

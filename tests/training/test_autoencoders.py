"""Autoencoders on data sets: what they learn, seeds, stopping, divergence, checkpoints."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planted import planted

from deepprune.data.dataset import TEST, TRAIN, Dataset
from deepprune.dna.codes import one_hot
from deepprune.errors import InputError
from deepprune.models.conv_settings import AutoencoderSettings, Convolution, ConvSettings
from deepprune.training import autoencoders
from deepprune.training.autoencoders import OneHot, Training
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.reconstruction import HISTORY, epochs_table, reconstruction_table
from deepprune.training.sequences import Part

pytestmark = pytest.mark.slow

# A code as large as a sequence's one-hot form: short sequences can be returned.
ENCODER = ConvSettings((Convolution(16, 3, 2),), conv_norm=False, conv_dropout=0.05)
SETTINGS = AutoencoderSettings(ENCODER, 48, learning_rate=0.01, epochs=4, patience=0)


def short(seed: int = 0) -> Dataset:
    return planted(400, 12, seed=seed)


def training(settings: AutoencoderSettings = SETTINGS, data: Dataset | None = None, lines: list[str] | None = None):
    return Training("coder", settings, data or short(), 32, [].append if lines is None else lines.append)


def same(first: Fit, second: Fit) -> bool:
    histories = (fit.state.history[:, : HISTORY.index("seconds")] for fit in (first, second))
    return all(map(np.array_equal, first.weights, second.weights)) and np.array_equal(*histories)


def test_a_large_code_returns_sequences_and_a_seed_decides() -> None:
    lines: list[str] = []
    data = short()
    found = training(SETTINGS._replace(epochs=40), data, lines).fits([1])[1]
    table = reconstruction_table({1: found}, data).iloc[0]
    assert table["test_accuracy"] > 0.6 > 2 * table["most_frequent"] and not table["diverged"]
    assert found.epochs == table["kept"] == len(found.state.history) == 40
    assert len(lines) == 40 and lines[0].startswith("coder, seed 1, epoch 1: loss ")
    history = epochs_table({1: found})
    assert history["loss"].iloc[-1] < history["loss"].iloc[0] and (history["seconds"] > 0).all()
    together, alone = training().fits([5, 2]), training().fits([2])
    assert same(together[2], alone[2]) and not same(together[5], together[2])


def test_the_kept_encoder_is_that_of_the_best_epoch() -> None:
    settings = SETTINGS._replace(epochs=60, patience=2, learning_rate=0.05)
    stopped = training(settings).fits([0])[0]
    losses = stopped.state.history[:, 1]
    best = int(losses.argmin())
    assert stopped.epochs == best + 3 < 60 and stopped.state.kept == best + 1
    assert stopped.validation_loss == losses[best]
    # The same training, ended at that epoch
    until = training(settings._replace(epochs=best + 1, patience=0)).fits([0])[0]
    assert all(map(np.array_equal, until.weights, stopped.weights))


def test_a_training_that_diverges_is_a_result() -> None:
    wild = SETTINGS._replace(conv_relu=False, output="identity", optimizer="nadam", learning_rate=30.0, epochs=3)
    fits = training(wild).fits([0])
    assert fits[0].diverged and reconstruction_table(fits, short())["diverged"].tolist() == [1]
    # Rates beyond all numbers give NaN, which ends the training.
    lost = training(wild._replace(learning_rate=1e38)).fits([0])[0]
    assert lost.diverged and lost.epochs == 1 and not np.isfinite(lost.loss)


def test_test_sequences_teach_nothing() -> None:
    data, settings = short(), SETTINGS._replace(epochs=2, patience=1)
    other = replace(data, codes=np.where(data.split[:, None] == TEST, 0, data.codes).astype(np.uint8))
    first, second = (training(settings, each).fits([0])[0] for each in (data, other))
    assert same(first, second) and first.state.test[1] != second.state.test[1]


def test_encoders_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    norm = SETTINGS._replace(encoder=ENCODER._replace(conv_norm=True), epochs=1)
    first = training(norm).fits([0, 1], Checkpoint(tmp_path, "0" * 16, [].append))
    monkeypatch.setattr(autoencoders, "autoencoder_model", lambda *_: pytest.fail("trained again"))
    again = training(norm).fits([1, 0], Checkpoint(tmp_path, "0" * 16, [].append))
    assert same(first[0], again[0]) and same(first[1], again[1])
    assert len(first[0].state.averages) == 2
    assert all(map(np.array_equal, first[0].state.averages, again[0].state.averages))
    assert epochs_table(first).equals(epochs_table({0: again[0], 1: again[1]}))


def test_batches_hold_every_sequence_once_in_an_order_of_their_own() -> None:
    part = Part(short(), TRAIN)
    batches = OneHot(part, 32, np.random.default_rng(0))
    orders = []
    for _ in range(2):
        inputs, targets = (
            np.concatenate(both) for both in zip(*(batches[n] for n in range(len(batches))), strict=True)
        )
        assert np.array_equal(inputs, targets) and np.array_equal(inputs, one_hot(part[batches.order]))
        orders.append(batches.order)
        batches.on_epoch_end()
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(len(part))) and list(orders[0]) != list(orders[1])
    assert len(batches) == -(-len(part) // 32) and len(batches[len(batches) - 1][0]) == len(part) % 32
    assert np.array_equal(OneHot(part, 500)[0][0], one_hot(part[:]))


def test_settings_that_do_not_fit_are_refused() -> None:
    long = SETTINGS._replace(encoder=ConvSettings((Convolution(4, 13),)))
    with pytest.raises(InputError, match="network coder: convolution 1 reads 12 positions, but its filters have 13"):
        training(long)

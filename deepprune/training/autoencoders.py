"""Training of autoencoders on the sequences of a data set."""

import time
from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.dna.codes import one_hot
from deepprune.keys import NO_CRITERION, NetworkKey
from deepprune.models.autoencoder import CODE_LAYER, autoencoder_model, compile_autoencoder, encoder_model
from deepprune.models.conv_settings import AutoencoderSettings, check_settings
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.fits import Fit
from deepprune.training.reconstruction import HISTORY, Course, has_diverged
from deepprune.training.replicates import INITIAL, ORDER
from deepprune.training.sequences import Part

SECONDS = HISTORY.index("seconds")


class OneHot(keras.utils.PyDataset):
    """Batches of one-hot sequences, as inputs and as what is to be predicted, made when they are needed.

    rng: of their order, a new one in each epoch; None for the order of the part.
    """

    def __init__(self, part: Part, batch_size: int, rng: np.random.Generator | None = None) -> None:
        super().__init__()
        self.part, self.batch_size, self.rng = part, batch_size, rng
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self.part) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return a batch twice, float32 (sequences, length, 4)."""
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        batch = one_hot(self.part[rows])
        return batch, batch

    def on_epoch_end(self) -> None:
        """Draw the order of the next epoch."""
        self.order = np.arange(len(self.part)) if self.rng is None else self.rng.permutation(len(self.part))


class Epochs(keras.callbacks.Callback):
    """The history of a training, told line by line. history: a row with the columns HISTORY for each epoch."""

    def __init__(self, name: str, log: Callable[[str], None]) -> None:
        super().__init__()
        self.name, self.log = name, log
        self.history: list[tuple[float, ...]] = []

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Start the clock."""
        self.began = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Add a row, and tell it."""
        assert logs
        took = time.perf_counter() - self.began[0], time.process_time() - self.began[1]
        measured = tuple(float(logs[name]) for name in ("loss", "val_loss", "accuracy", "val_accuracy"))
        self.history.append((*measured, *took))
        loss, validation_loss, accuracy, validation_accuracy = measured
        self.log(
            f"{self.name}, epoch {epoch + 1}: loss {loss:.6g}, validation loss {validation_loss:.6g}, accuracy "
            f"{accuracy:.4f}, validation accuracy {validation_accuracy:.4f}, {took[0]:.1f} s"
        )


class Training:
    """The training of one autoencoder on a data set from any seed, one after another.

    A seed decides initial weights, the order of the sequences and dropout. Test sequences are read after training.
    """

    def __init__(
        self,
        name: str,
        settings: AutoencoderSettings,
        data: Dataset,
        batch_size: int,
        log: Callable[[str], None] = print,
    ) -> None:
        self.length = int(data.codes.shape[1])
        check_settings(name, settings.encoder, self.length)
        self.name, self.settings, self.batch_size, self.log = name, settings, batch_size, log
        self.training, self.validation, self.test = (Part(data, part) for part in (TRAIN, VALIDATION, TEST))

    def fits(self, seeds: Sequence[int], checkpoint: Checkpoint | None = None) -> dict[int, Fit]:
        """Return the trained encoders by seed, with a Course as state. A training that diverged is one of them."""
        store, like = checkpoint or Checkpoint(), self._like()

        def fit(seed: int) -> Fit:
            key = NetworkKey(self.name, "baseline", NO_CRITERION, 0, seed)
            (found,) = store.train_missing([key], like, lambda _: [self._fit(seed)])
            return found

        return {seed: fit(seed) for seed in seeds}

    def _like(self) -> tuple[list[np.ndarray], Course]:
        """Return the structure of weights and state."""
        weights, averages = arrays_of(encoder_model(self.settings, self.length))
        return weights, Course(averages, *[np.empty(0)] * 4)

    def _fit(self, seed: int) -> Fit:
        initial, order = (np.random.default_rng([seed, stream]) for stream in (INITIAL, ORDER))
        keras.utils.set_random_seed(int(initial.integers(2**31)))
        model = autoencoder_model(self.settings, self.length)
        compile_autoencoder(model, self.settings)
        epochs, patience = Epochs(f"{self.name}, seed {seed}", self.log), self.settings.patience
        stopping = keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
        model.fit(
            OneHot(self.training, self.batch_size, order),
            validation_data=OneHot(self.validation, self.batch_size),
            epochs=self.settings.epochs,
            callbacks=[epochs, keras.callbacks.TerminateOnNaN(), *([stopping] if patience else [])],
            shuffle=False,  # the batches are drawn already
            verbose=0,
        )
        kept = stopping.best_epoch + 1 if patience else len(epochs.history)
        return self._outcome(model, np.array(epochs.history), kept)

    def _outcome(self, model: keras.Model, history: np.ndarray, kept: int) -> Fit:
        """Return the trained encoder. kept: the epoch of its weights, from 1."""
        test = model.evaluate(OneHot(self.test, self.batch_size), verbose=0, return_dict=True)
        encoder = keras.Model(model.input, model.get_layer(CODE_LAYER).output)
        weights, averages = arrays_of(encoder)
        loss, validation_loss, *_ = history[kept - 1]
        course = Course(
            averages,
            history,
            np.array(kept),
            np.array(sum(np.size(weight) for weight in model.trainable_weights)),
            np.array([test["loss"], test["accuracy"]]),
        )
        diverged = has_diverged(loss, self.settings.output)
        return Fit(weights, course, len(history), loss, validation_loss, history[:, SECONDS].sum(), diverged)


def arrays_of(model: keras.Model) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the trained weights and the moving averages of a model."""
    trained, others = model.trainable_weights, model.non_trainable_weights
    return [weight.numpy() for weight in trained], [weight.numpy() for weight in others]

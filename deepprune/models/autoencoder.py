"""Autoencoders of sequences as plain Keras models."""

import keras

from deepprune.models.conv_keras import before_dense
from deepprune.models.conv_settings import SOFTMAX, AutoencoderSettings

CODE_LAYER = "code"
OPTIMIZERS = {"adam": keras.optimizers.Adam, "nadam": keras.optimizers.Nadam}


def autoencoder_model(settings: AutoencoderSettings, length: int) -> keras.Model:
    """Return the model from one-hot sequences (batch, length, 4) to outputs of the same shape.

    Outputs are logits of the bases, or numbers. The layers up to `code` are those of the encoder.
    """
    encoder = encoder_model(settings, length)
    layers = keras.layers
    outputs = layers.Reshape((length, 4), name="sequence")(layers.Dense(4 * length, name="decoder")(encoder.output))
    return keras.Model(encoder.input, outputs)


def encoder_model(settings: AutoencoderSettings, length: int) -> keras.Model:
    """Return the model from one-hot sequences (batch, length, 4) to their codes (batch, code).

    Its weights are the first of the autoencoder's.
    """
    sequences = keras.Input((length, 4))
    values = before_dense(settings.encoder, sequences, settings.conv_relu)
    return keras.Model(sequences, keras.layers.Dense(settings.code, name=CODE_LAYER)(values))


def compile_autoencoder(model: keras.Model, settings: AutoencoderSettings) -> None:
    """Set optimizer, loss and accuracy of a model."""
    entropy = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(
        OPTIMIZERS[settings.optimizer](settings.learning_rate),
        entropy if settings.output == SOFTMAX else keras.losses.MeanSquaredError(),
        metrics=[BaseAccuracy("accuracy")],
        # On a processor, XLA's convolutions are several times slower.
        jit_compile=False,
    )


class BaseAccuracy(keras.metrics.Mean):
    """The share of positions whose base has the largest output. Positions with N do not count."""

    def update_state(
        self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor, sample_weight: keras.KerasTensor | None = None
    ) -> None:
        """Add the positions of a batch; y_true: one-hot sequences, zeros for N."""
        ops = keras.ops
        right = ops.equal(ops.argmax(y_true, -1), ops.argmax(y_pred, -1))
        super().update_state(ops.ravel(right), sample_weight=ops.ravel(ops.sum(y_true, -1)))

"""Stacks of convolutions and dense layers, perhaps with an LSTM between them, as plain Keras models."""

import keras

from deepprune.models.conv_settings import ENTIRE, Convolution, ConvSettings

EPSILON = 1e-8  # in batch norm
MOMENTUM = 0.99  # of batch norm's moving averages
POOLED_LAYER = "conv1_pooled"  # the first convolution, pooled


def conv_model(settings: ConvSettings, length: int | None, tasks: int) -> keras.Model:
    """Return the Keras model of these settings, from one-hot sequences (batch, length, 4) to logits (batch, tasks).

    length: None for any, if the settings allow this (`any_length`).

    The layers are named conv1, conv1_active (after batch norm and ReLU), conv1_pooled, ..., lstm, dense1, ..., logits.
    """
    sequences = keras.Input((length, 4))
    values = before_dense(settings, sequences)
    for number, units in enumerate(settings.dense, start=1):
        options = {"use_bias": not settings.dense_norm, **_kernels(settings)}
        dense = keras.layers.Dense(units, name=f"dense{number}", **options)
        values = _active(f"dense{number}", dense, settings.dense_norm, values)
        if settings.dense_dropout:
            values = keras.layers.Dropout(settings.dense_dropout)(values)
    return keras.Model(sequences, keras.layers.Dense(tasks, name="logits", **_kernels(settings))(values))


def before_dense(settings: ConvSettings, values: keras.KerasTensor, relu: bool = True) -> keras.KerasTensor:
    """Return what dense layers read, (batch, units), from one-hot sequences; relu: whether it follows convolutions."""
    for number, layer in enumerate(settings.convolutions, start=1):
        convolution = _convolution(settings, layer, number)
        values = _active(f"conv{number}", convolution, settings.conv_norm, values, relu)
        values = _pooled(layer, settings.padding, f"conv{number}_pooled", values)
        if settings.conv_dropout:
            values = keras.layers.Dropout(settings.conv_dropout)(values)
    return keras.layers.Flatten()(_recurrent(settings, values) if settings.lstm else values)


def _convolution(settings: ConvSettings, layer: Convolution, number: int) -> keras.layers.Layer:
    options = {"use_bias": not settings.conv_norm, **_kernels(settings, first=number == 1)}
    if number == 1 and settings.tied_strands:
        return TiedConvolution(layer.filters // 2, layer.width, padding=settings.padding, name="conv1", **options)
    return keras.layers.Conv1D(layer.filters, layer.width, padding=settings.padding, name=f"conv{number}", **options)


@keras.saving.register_keras_serializable("deepprune")
class TiedConvolution(keras.layers.Conv1D):
    """A convolution of one-hot sequences with its filters and with their reverse complements, in this order."""

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return values of twice as many channels as there are filters."""
        ops = keras.ops
        both = ops.concatenate([self.kernel, ops.flip(self.kernel, (0, 1))], axis=2)
        values = ops.conv(inputs, both, padding=self.padding)
        return values + ops.concatenate([self.bias, self.bias]) if self.use_bias else values

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape of the values."""
        return (*super().compute_output_shape(input_shape)[:-1], 2 * self.filters)


def _kernels(settings: ConvSettings, first: bool = False) -> dict[str, object]:
    """Return the options of a layer that concern its kernel."""
    regularizer = keras.regularizers.L1L2(settings.l1_first if first else 0.0, settings.l2)
    penalized = settings.l2 or (first and settings.l1_first)
    return {"kernel_initializer": settings.initializer, "kernel_regularizer": regularizer if penalized else None}


def _active(
    name: str, layer: keras.layers.Layer, norm: bool, values: keras.KerasTensor, relu: bool = True
) -> keras.KerasTensor:
    """Return values after a layer, batch norm if wanted, and ReLU unless it is not wanted."""
    values = layer(values)
    if norm:
        values = keras.layers.BatchNormalization(epsilon=EPSILON, momentum=MOMENTUM, name=f"{name}_norm")(values)
    return keras.layers.ReLU(name=f"{name}_active")(values) if relu else values


def _recurrent(settings: ConvSettings, values: keras.KerasTensor) -> keras.KerasTensor:
    """Return the outputs of an LSTM in both directions at each position, (batch, positions, 2 x units).

    Activations, recurrent dropout (none) and biases stay Keras's defaults, without which a GPU would not use cuDNN.
    """
    options = {**_kernels(settings), "recurrent_regularizer": _kernels(settings)["kernel_regularizer"]}
    lstm = keras.layers.LSTM(settings.lstm, return_sequences=True, **options)
    values = keras.layers.Bidirectional(lstm, name="lstm")(values)
    return keras.layers.Dropout(settings.lstm_dropout)(values) if settings.lstm_dropout else values


def _pooled(layer: Convolution, padding: str, name: str, values: keras.KerasTensor) -> keras.KerasTensor:
    if layer.pool == ENTIRE:
        return keras.layers.GlobalMaxPooling1D(keepdims=True, name=name)(values)
    if layer.pool == 1:
        return values
    return keras.layers.MaxPooling1D(layer.pool, layer.stride or layer.pool, padding=padding, name=name)(values)

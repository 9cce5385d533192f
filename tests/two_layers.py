"""An ordinary two-layer Keras network, to prove that the trainer takes any architecture."""

import keras

from deepprune.models.keras_network import KerasNetwork


def two_layers(length: int, tasks: int, dropout: float = 0.0) -> KerasNetwork:
    """Return a network of convolution, batch norm, pooling, dropout and dense layers: one-hot to logits."""

    def build() -> keras.Model:
        layers = keras.layers
        one_hot = keras.Input((length, 4))
        hidden = layers.Conv1D(16, 9, padding="same", use_bias=False)(one_hot)
        hidden = layers.ReLU()(layers.BatchNormalization()(hidden))
        hidden = layers.Dropout(dropout)(layers.MaxPooling1D(4)(hidden))
        hidden = layers.ReLU()(layers.Conv1D(32, 5, padding="same")(hidden))
        hidden = layers.Flatten()(layers.MaxPooling1D(5)(hidden))
        hidden = layers.Dropout(dropout)(layers.Dense(32, activation="relu")(hidden))
        return keras.Model(one_hot, layers.Dense(tasks)(hidden))

    return KerasNetwork("two_layers", build)

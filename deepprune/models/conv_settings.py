"""The settings of networks, and the sizes of the layers of stacks of convolutions."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from deepprune.errors import InputError

ENTIRE = 0  # a pool of the whole length
# Padding, as Keras names it: all positions stay, those beyond the ends are zeros; or filters and pools are whole ones
# alone, and what is left at the end is dropped
SAME, VALID = PADDINGS = "same", "valid"


class Convolution(NamedTuple):
    """A convolution, then batch norm or a bias, ReLU, max pooling, dropout.

    filters: their number.  width: theirs, in positions.  pool: positions; 1 for none, ENTIRE for all.  stride: of the
    pool; None for its size.  ragged: with padding SAME, whether the pools at both ends may be shorter, if the stride
    does not divide what the layer reads.
    """

    filters: int
    width: int
    pool: int = 1
    stride: int | None = None
    ragged: bool = False


class ConvSettings(NamedTuple):
    """Convolutions, perhaps an LSTM, then dense layers with ReLU, then one output for each task.

    dense: units of each layer.  conv_norm, dense_norm: whether these layers have batch norm instead of a bias.
    conv_dropout, dense_dropout, lstm_dropout: shares of units dropped in training.  l2, l1_first: penalties on the sum
    of squares of all kernels, and on the sum of absolute values of those of the first convolution.  initializer: of all
    kernels, a name that Keras knows; recurrent ones are orthogonal.  tied_strands: whether the second half of the first
    filters are the reverse complements of the first half.  padding: of convolutions and pools, SAME or VALID.
    lstm: units in either direction of an LSTM, which gives the outputs of both at each position; 0 for none.
    average_strands: whether predictions are the mean probability of both strands; training reads the sequences as they
    are.  known_motifs: whether the first filters start from known motifs.
    """

    convolutions: tuple[Convolution, ...]
    dense: tuple[int, ...] = ()
    conv_norm: bool = True
    dense_norm: bool = True
    conv_dropout: float = 0.0
    dense_dropout: float = 0.0
    l2: float = 0.0
    l1_first: float = 0.0
    initializer: str = "glorot_uniform"
    tied_strands: bool = False
    padding: str = SAME
    lstm: int = 0
    lstm_dropout: float = 0.0
    average_strands: bool = False
    known_motifs: bool = False


class FewSettings(NamedTuple):
    """A few-kernel network: convolution, ReLU, maximum over all positions and, with both strands, over these; outputs.

    width: of the kernels, in bp.  strands: one, or both.
    """

    kernels: int
    width: int
    strands: str = "both"


class GkmSettings(NamedTuple):
    """A gkm-SVM: a support vector machine on gapped words of both strands (Ghandi et al. 2014).

    word: letters of a word with its gaps, l.  informative: those that are no gaps, k.  mismatches: in which two words
    differ at most, d.  most: sequences of each class that it is trained on at most.
    """

    word: int
    informative: int
    mismatches: int
    most: int = 5000


# Outputs of an autoencoder: probabilities of the four bases, with cross-entropy, or numbers, with mean squared error
SOFTMAX, IDENTITY = OUTPUTS = "softmax", "identity"

OPTIMIZERS = "adam", "nadam"  # of autoencoders, with Keras's other options


class AutoencoderSettings(NamedTuple):
    """An autoencoder: convolutions, perhaps an LSTM, a dense code, and a dense layer that gives the sequence again.

    encoder: what precedes the code; it has no dense layers.  code: its units, without activation.  conv_relu: whether
    ReLU follows the convolutions.  output: the activation of the last layer, SOFTMAX or IDENTITY.  optimizer: one of
    OPTIMIZERS.  epochs: at most.  patience: epochs without a lower validation loss before training stops, and the
    best weights are kept; with 0 it never stops early, and the last are.
    """

    encoder: ConvSettings
    code: int
    conv_relu: bool = True
    output: str = SOFTMAX
    optimizer: str = "adam"
    learning_rate: float = 0.001
    epochs: int = 50
    patience: int = 5


FOREST, LINEAR = LEARNERS = "forest", "linear"
# Features of sequences: counts of words of both strands, the code of an autoencoder, and the scores of the first
# convolution of a network, maximum in its pools
WORDS, CODE, POOLS = FEATURES = "words", "code", "pools"


class LearnerSettings(NamedTuple):
    """A forest or a linear model on features of sequences.

    letters: of words.  source: the name of the autoencoder or network.  trees: of a forest.  leaf: training sequences
    in each of their leaves, at least.  most: training sequences, at most.
    """

    learner: str
    features: str
    letters: int = 0
    source: str = ""
    trees: int = 100
    leaf: int = 1
    most: int = 50_000


LayerSettings = ConvSettings | FewSettings
NetworkSettings = LayerSettings | GkmSettings | AutoencoderSettings | LearnerSettings


def pooled_lengths(settings: ConvSettings, length: int) -> Iterator[tuple[int, int]]:
    """Yield the positions that each convolution reads and, after its pool, returns; length: of the sequences, in bp."""
    for layer in settings.convolutions:
        pooled = _pools(layer, _scored(settings, layer, length), settings.padding)
        yield length, pooled
        length = pooled


def _scored(settings: ConvSettings, layer: Convolution, reads: int) -> int:
    """Return the positions at which the filters of a layer have values, before its pool."""
    return reads if settings.padding == SAME else reads - layer.width + 1


def _pools(layer: Convolution, positions: int, padding: str) -> int:
    """Return the number of pools of so many positions."""
    stride = layer.stride or layer.pool
    if layer.pool == ENTIRE:
        return 1
    return -(-positions // stride) if padding == SAME else (positions - layer.pool) // stride + 1


Shape = tuple[int, ...]


class Shapes(NamedTuple):
    """The shapes of the arrays of a network: trained weights, and moving averages; both in the order of its layers."""

    weights: list[Shape]
    state: list[Shape]


def array_shapes(settings: ConvSettings, length: int, tasks: int) -> Shapes:
    """Return the shapes of a network's arrays; length: of the sequences, in bp."""
    shapes, channels = Shapes([], []), 4
    for place, layer in enumerate(settings.convolutions):
        own = layer.filters // 2 if settings.tied_strands and not place else layer.filters
        _add(shapes, (layer.width, channels, own), layer.filters if settings.conv_norm else 0)
        channels = layer.filters
    if settings.lstm:  # two directions of four gates
        gates = 4 * settings.lstm
        shapes.weights.extend(2 * [(channels, gates), (settings.lstm, gates), (gates,)])
        channels = 2 * settings.lstm
    *_, (_, positions) = pooled_lengths(settings, length)
    inputs = positions * channels
    for units in settings.dense:
        _add(shapes, (inputs, units), units if settings.dense_norm else 0)
        inputs = units
    _add(shapes, (inputs, tasks), 0)
    return shapes


def _add(shapes: Shapes, kernel: Shape, normed: int) -> None:
    """Add the arrays of a layer: kernel, and a bias or the scale and shift of batch norm of so many channels."""
    shapes.weights.extend([kernel, *(2 * [(normed,)] if normed else [kernel[-1:]])])
    shapes.state.extend(2 * [(normed,)] if normed else [])


def parameter_count(settings: ConvSettings, length: int, tasks: int) -> int:
    """Return the number of trained weights; length: of the sequences, in bp."""
    return sum(math.prod(shape) for shape in array_shapes(settings, length, tasks).weights)


def any_length(settings: ConvSettings) -> bool:
    """Return whether a network reads sequences of any length: those whose last pool is of the whole length."""
    return settings.convolutions[-1].pool == ENTIRE


def shortest_length(settings: ConvSettings) -> int:
    """Return the shortest length in bp in which the first filters and all pools have room."""
    length = 1
    for layer in reversed(settings.convolutions):
        scored = 1 if layer.pool == ENTIRE else (length - 1) * (layer.stride or layer.pool) + layer.pool
        length = scored + (layer.width - 1 if settings.padding == VALID else 0)
    return max(length, settings.convolutions[0].width)


def check_settings(name: str, settings: ConvSettings, length: int) -> None:
    """Raise InputError if filters or pools are longer than what they read, or if pools leave positions out.

    With padding VALID, pools leave out the remainder at the end. InputError also if filters that are to be tied are odd
    in number.
    """
    if settings.tied_strands and settings.convolutions[0].filters % 2:
        filters = settings.convolutions[0].filters
        raise InputError(
            f"network {name}: tied_strands pairs the filters of the first convolution, but they are {filters}; give an "
            "even number"
        )
    for number, (reads, _) in enumerate(pooled_lengths(settings, length), start=1):
        layer = settings.convolutions[number - 1]
        place = f"network {name}: convolution {number} reads {reads} positions"
        # With padding SAME, later ones may be wider: they pad what they read.
        if layer.width > reads and (number == 1 or settings.padding == VALID):
            raise InputError(f"{place}, but its filters have {layer.width}; shorten them or lengthen the sequences")
        _check_pool(place, layer, _scored(settings, layer, reads), settings.padding)


def _check_pool(place: str, layer: Convolution, scored: int, padding: str) -> None:
    """Raise InputError if a pool does not fit so many positions. place: the layer and what it reads, in words."""
    stride = layer.stride or layer.pool
    if layer.pool > scored:
        left = "" if padding == SAME else f", of which its filters leave {scored}"
        raise InputError(f"{place}{left}, but its pool has {layer.pool}; shorten this pool or those before it")
    if layer.pool != ENTIRE and stride > layer.pool:
        raise InputError(f"{place}, of which its pool of {layer.pool} misses some by its stride; shorten the stride")
    if layer.pool != ENTIRE and padding == SAME and not layer.ragged and scored % stride:
        step = "stride" if layer.stride else "pool"
        raise InputError(
            f"{place}, which its {step} of {stride} does not divide; change one, or add a + to the pool, so that those "
            "at the ends are shorter"
        )


class Field(NamedTuple):
    """The letters that the units of a convolution read, the receptive field.

    The unit at position p reads `width` letters from jump x p + start on; beyond the ends of the sequence is nothing.
    """

    width: int
    start: int
    jump: int


def receptive_field(settings: ConvSettings, number: int, length: int) -> Field:
    """Return the field of the units of a convolution (from 1) before its pool; length: of the sequences, in bp."""
    field, same = Field(1, 0, 1), settings.padding == SAME
    layers = zip(settings.convolutions[:number], pooled_lengths(settings, length), strict=False)
    for place, (layer, (reads, pooled)) in enumerate(layers, start=1):
        left = (layer.width - 1) // 2 if same else 0
        field = Field(field.width + (layer.width - 1) * field.jump, field.start - left * field.jump, field.jump)
        if place < number:
            pool = layer.pool or _scored(settings, layer, reads)
            stride = layer.stride or pool
            before = max((pooled - 1) * stride + pool - reads, 0) // 2 if same else 0
            field = Field(field.width + (pool - 1) * field.jump, field.start - before * field.jump, field.jump * stride)
    return field


def aligned_layers(settings: ConvSettings) -> list[int]:
    """Return the convolutions (from 1) before which nothing is pooled: their units keep the place of letters."""
    pooled = [layer.pool != 1 for layer in settings.convolutions]
    return list(range(1, 2 + (pooled.index(True) if True in pooled else len(pooled) - 1)))

"""The settings of networks, and the sizes of the layers of stacks of convolutions."""

from collections.abc import Iterator
from typing import NamedTuple

from deepprune.errors import InputError

ENTIRE = 0  # a pool of the whole length


class Convolution(NamedTuple):
    """A convolution with padding "same", then batch norm or a bias, ReLU, max pooling, dropout.

    filters: their number.  width: theirs, in positions.  pool: positions; 1 for none, ENTIRE for all.  stride: of the
    pool; None for its size.  ragged: whether the pools at both ends may be shorter, if the stride does not divide what
    the layer reads.
    """

    filters: int
    width: int
    pool: int = 1
    stride: int | None = None
    ragged: bool = False


class ConvSettings(NamedTuple):
    """Convolutions, then dense layers with ReLU, then one output for each task.

    dense: units of each layer.  conv_norm, dense_norm: whether these layers have batch norm instead of a bias.
    conv_dropout, dense_dropout: shares of units dropped in training.  l2, l1_first: penalties on the sum of squares of
    all kernels, and on the sum of absolute values of those of the first convolution.  initializer: of all kernels, a
    name that Keras knows.  tied_strands: whether the second half of the first filters are the reverse complements of
    the first half.
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


LayerSettings = ConvSettings | FewSettings
NetworkSettings = LayerSettings | GkmSettings


def pooled_lengths(settings: ConvSettings, length: int) -> Iterator[tuple[int, int]]:
    """Yield the positions that each convolution reads and, after its pool, returns; length: of the sequences, in bp."""
    for layer in settings.convolutions:
        pooled = 1 if layer.pool == ENTIRE else -(-length // (layer.stride or layer.pool))
        yield length, pooled
        length = pooled


def check_settings(name: str, settings: ConvSettings, length: int) -> None:
    """Raise InputError if filters or pools are longer than what they read, or if pools leave positions out.

    Likewise if filters that are to be tied are odd in number.
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
        if number == 1 and layer.width > reads:  # later ones may: they pad what they read
            raise InputError(f"{place}, but its filters have {layer.width}; shorten them or lengthen the sequences")
        if layer.pool > reads:
            raise InputError(f"{place}, but its pool has {layer.pool}; shorten this pool or those before it")
        if layer.pool != ENTIRE and (layer.stride or 0) > layer.pool:
            raise InputError(
                f"{place}, of which its pool of {layer.pool} misses some by its stride; shorten the stride"
            )
        if layer.pool != ENTIRE and not layer.ragged and reads % (layer.stride or layer.pool):
            step = "stride" if layer.stride else "pool"
            raise InputError(
                f"{place}, which its {step} of {layer.stride or layer.pool} does not divide; change one, or add a + to "
                "the pool, so that those at the ends are shorter"
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
    field = Field(1, 0, 1)
    layers = zip(settings.convolutions[:number], pooled_lengths(settings, length), strict=False)
    for place, (layer, (reads, pooled)) in enumerate(layers, start=1):
        left = (layer.width - 1) // 2
        field = Field(field.width + (layer.width - 1) * field.jump, field.start - left * field.jump, field.jump)
        if place < number:
            pool = layer.pool or reads
            stride = layer.stride or pool
            before = max((pooled - 1) * stride + pool - reads, 0) // 2
            field = Field(field.width + (pool - 1) * field.jump, field.start - before * field.jump, field.jump * stride)
    return field


def aligned_layers(settings: ConvSettings) -> list[int]:
    """Return the convolutions (from 1) before which nothing is pooled: their units keep the place of letters."""
    pooled = [layer.pool != 1 for layer in settings.convolutions]
    return list(range(1, 2 + (pooled.index(True) if True in pooled else len(pooled) - 1)))

"""Networks by their settings."""

from collections.abc import Sequence

from deepprune.errors import InputError
from deepprune.io.motif import Motif
from deepprune.models.conv_settings import FewSettings, LayerSettings
from deepprune.models.conv_stack import conv_stack
from deepprune.models.few_kernel import FewKernel
from deepprune.models.keras_network import KerasNetwork


def network_of(
    name: str, settings: LayerSettings, length: int, tasks: int, motifs: Sequence[Motif] | None = None
) -> FewKernel | KerasNetwork:
    """Return the architecture of these settings for sequences of this length; InputError if they do not fit it.

    motifs: from which the first filters start, if the settings say so; None where no training starts.
    """
    if not isinstance(settings, FewSettings):
        return conv_stack(name, settings, length, tasks, motifs)
    if settings.width > length:
        raise InputError(
            f"network {name}: its kernels have {settings.width} bp, but the sequences {length}; shorten them or "
            "lengthen the sequences"
        )
    return FewKernel(settings.kernels, settings.width, strands=settings.strands, tasks=tasks)

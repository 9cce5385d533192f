"""The layers of networks in words."""

from deepprune.models.conv_settings import (
    ENTIRE,
    FOREST,
    VALID,
    WORDS,
    AutoencoderSettings,
    Convolution,
    FewSettings,
    GkmSettings,
    LearnerSettings,
    NetworkSettings,
)


def layers_text(settings: NetworkSettings) -> str:
    """Return the layers of a network as a table has them, such as `30x19/25 128x5/4, dense 512`."""
    if isinstance(settings, GkmSettings):
        return f"gapped words of {settings.word}/{settings.informative}/{settings.mismatches}"
    if isinstance(settings, FewSettings):
        return f"{settings.kernels}x{settings.width}, {settings.strands} strand{'s' * (settings.strands == 'both')}"
    if isinstance(settings, AutoencoderSettings):
        return f"{layers_text(settings.encoder)}, code {settings.code}"
    if isinstance(settings, LearnerSettings):
        kind = f"forest of {settings.trees} trees" if settings.learner == FOREST else f"{settings.learner} model"
        of = f"of {settings.letters}" if settings.features == WORDS else f"of {settings.source}"
        return f"{kind} on {settings.features} {of}"
    padding = " unpadded" if settings.padding == VALID else ""
    lstm = f", LSTM {settings.lstm}" if settings.lstm else ""
    dense = f", dense {' '.join(map(str, settings.dense))}" if settings.dense else ""
    return " ".join(map(_convolution_text, settings.convolutions)) + padding + lstm + dense


def _convolution_text(layer: Convolution) -> str:
    pool = {1: "", ENTIRE: "/all"}.get(layer.pool, f"/{layer.pool}{'+' * layer.ragged}")
    return f"{layer.filters}x{layer.width}{pool}" + (f":{layer.stride}" if layer.stride else "")

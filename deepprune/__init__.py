"""Few-kernel CNNs of DNA-protein binding: train wide, prune step by step, read the kernels as motifs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deepprune.api import LoadedModel, LoadedNetwork, load_model, run

__version__ = "0.1.0"
__all__ = ["LoadedModel", "LoadedNetwork", "__version__", "load_model", "run"]


def __getattr__(name: str) -> Any:
    """Return a part of the interface; imported when it is used, since commands must answer at once."""
    if name in ("LoadedModel", "LoadedNetwork", "load_model", "run"):
        from deepprune import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

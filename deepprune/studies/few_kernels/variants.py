"""The networks that the study compares, as changes of the options."""

from collections.abc import Mapping
from typing import Any

# The first is the reference: the network of Luo, Chi and Deng (2019).
VARIANTS: dict[str, dict[str, Any]] = {
    "paper": {"strands": "one", "background": "none"},
    "strands": {"strands": "both", "background": "none"},
    "background": {"strands": "one", "background": 5},
    "words4": {"strands": "both", "background": 4},
    "words5": {"strands": "both", "background": 5},
    "words6": {"strands": "both", "background": 6},
    "gapped": {"strands": "both", "background": "gapped"},
}
REFERENCE = next(iter(VARIANTS))


def options_of(config: Mapping[str, Any], variant: str) -> dict[str, Any]:
    """Return the options of a variant; all others are those of the configuration."""
    return {**config, "model": {**config["model"], "average_strands": False, **VARIANTS[variant]}}

"""The networks that the study compares, as changes of the options."""

from collections.abc import Mapping
from typing import Any

# Wider networks have more kernels than anybody reads.
READABLE = 32
# The first is the reference: the network of Luo, Chi and Deng (2019).
VARIANTS: dict[str, dict[str, Any]] = {
    "paper": {"strands": "one", "background": "none", "distinct": False},
    "strands": {"strands": "both", "background": "none", "distinct": False},
    "background": {"strands": "one", "background": 5, "distinct": False},
    "both": {"strands": "both", "background": 5, "distinct": False},
    "distinct": {"strands": "both", "background": 5, "distinct": True},
    "words6": {"strands": "both", "background": 6, "distinct": True},
    "gapped": {"strands": "both", "background": "gapped", "distinct": True},
}
REFERENCE = next(iter(VARIANTS))


def options_of(config: Mapping[str, Any], variant: str) -> dict[str, Any]:
    """Return the options of a variant; all others are those of the configuration."""
    strands, background, distinct = VARIANTS[variant].values()
    model = {**config["model"], "average_strands": False, "strands": strands, "background": background}
    return {**config, "model": model, "prune": {**config["prune"], "distinct": distinct}}

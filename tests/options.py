"""The default options for tests."""

import copy
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = yaml.safe_load((ROOT / "config.yaml").read_text())


def changed(option: str, value: Any) -> dict[str, Any]:
    """Return the default configuration with one option, named by its dotted key, changed."""
    config = copy.deepcopy(DEFAULT)
    *groups, last = option.split(".")
    level = config
    for group in groups:
        level = level[group]
    level[last] = value
    return config

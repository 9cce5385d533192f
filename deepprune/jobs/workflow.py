"""The workflow beside the package: its folder, and its default options."""

from pathlib import Path
from typing import Any

import yaml

PACKAGE = Path(__file__).resolve().parents[1]


def workflow_folder() -> Path:
    """Return the folder of the Snakefile: in the installed package or, of a checkout, above it."""
    installed = PACKAGE / "workflow"
    return installed if installed.is_dir() else PACKAGE.parent


def default_options() -> dict[str, Any]:
    """Return the options of the workflow with their defaults."""
    options: dict[str, Any] = yaml.safe_load((workflow_folder() / "config.yaml").read_text(encoding="utf-8"))
    return options

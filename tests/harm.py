"""An object that makes a file when it is unpickled, to detect unpickling."""

from pathlib import Path
from typing import Any


class Harm:
    """Unpickled, it is what Path.touch makes of a path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)

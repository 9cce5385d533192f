"""What commands tell on standard error beside their output."""

import sys


def note(text: str) -> None:
    """Write a line on what a command did, such as how many rows it left out."""
    print(f"deepprune: {text}", file=sys.stderr)


def warn(text: str) -> None:
    """Write a line on a result that may not be what was meant."""
    note(f"warning: {text}")

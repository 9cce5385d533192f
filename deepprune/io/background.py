"""Background files of the MEME Suite.

https://meme-suite.org/meme/doc/bfile-format.html
"""

from pathlib import Path

from deepprune.dna.codes import BASES
from deepprune.errors import InputError, quoted
from deepprune.io.files import open_text
from deepprune.io.motif import SUM_TOLERANCE


def read_background(path: str | Path) -> tuple[float, ...]:
    """Return the frequencies of A C G T in a background file; longer words in it are ignored.

    InputError with its line for a malformed frequency, or if a letter is missing or the sum is not one.
    """
    frequencies = {}
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            words = line.split()
            if words and not words[0].startswith("#"):
                frequencies[words[0].upper()] = frequency(words, f"{path}, line {number}")
    missing = [base for base in BASES if base not in frequencies]
    if missing:
        raise InputError(f"{path}: no frequency of {', '.join(missing)}; a background file has lines like 'A 0.25'")
    letters = tuple(frequencies[base] for base in BASES)
    if abs(sum(letters) - 1) > SUM_TOLERANCE:
        raise InputError(
            f"{path}: the frequencies of A C G T sum to {sum(letters):g}, not one; divide them by their sum"
        )
    return letters


def frequency(words: list[str], where: str) -> float:
    """Return the frequency in the words of a line."""
    try:
        word, value = words[0], float(words[1])
        if len(words) == 2 and word.isalpha() and 0 < value <= 1:
            return value
    except (ValueError, IndexError):
        pass
    raise InputError(
        f"{where}: {quoted(' '.join(words))} is no letter with a frequency above 0 and at most 1, like 'A 0.25'"
    )

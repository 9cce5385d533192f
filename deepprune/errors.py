"""The exception that a user's mistake raises."""

QUOTED = 60  # letters of a text that a message quotes
LONGEST = 4000  # letters of a message; paths may have so many


def quoted(text: str) -> str:
    """Return a text in quotes for a message; of a long one its beginning and three dots."""
    return repr(text) if len(text) <= QUOTED else f"{text[:QUOTED]!r}..."


def shortened(text: str) -> str:
    """Return a text for a message; of a long one its beginning, what is left out in words, and its end."""
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} ({len(text) - 2 * half:,} letters) {text[-half:]}"


class InputError(ValueError):
    """A mistake in the user's input; its message is one line: what is wrong, where, and what to do.

    The message quotes the input and goes to a terminal. Characters that cannot be printed (line ends, terminal
    commands, changes of the reading direction) are therefore shown as Python escapes. A very long message lacks its
    middle: files may hold any amount of text where a name should be.
    """

    def __str__(self) -> str:
        return "".join(
            letter if letter.isprintable() else ascii(letter)[1:-1] for letter in shortened(super().__str__())
        )

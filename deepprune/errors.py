"""The exception that a user's mistake raises."""


class InputError(ValueError):
    """A mistake in the user's input; its message is one line: what is wrong, where, and what to do.

    Names of the input stand in it, and it goes to a terminal: as text, what cannot be printed is shown as Python writes
    it, be it an end of line, a terminal's command or a letter that turns the direction of reading.
    """

    def __str__(self) -> str:
        return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in super().__str__())

"""The exception that a user's mistake raises."""


class InputError(ValueError):
    """A mistake in the user's input; its message is one line: what is wrong, where, and what to do.

    The message quotes the input and goes to a terminal. Characters that cannot be printed (line ends, terminal
    commands, changes of the reading direction) are therefore shown as Python escapes.
    """

    def __str__(self) -> str:
        return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in super().__str__())

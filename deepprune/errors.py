"""The one exception that a user's mistake raises."""


class InputError(ValueError):
    """A mistake in the user's input; its message is one line: what is wrong, where, and what to do."""

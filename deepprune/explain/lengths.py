"""Lengths of sequences that are far from what a model was trained on."""

from collections.abc import Iterable, Iterator

from deepprune.data.stream import Chunk

FAR = 2  # times longer or shorter than the model's window; the message says it in words


class Lengths:
    """The number of sequences that are more than FAR times longer or shorter than a model's window.

    window: bp; 0 for a model of sequences of any length, from which no length is far.  seen, far: numbers of sequences.
    shortest, longest: bp, of those that are far.
    """

    def __init__(self, window: int) -> None:
        self.window = window
        self.seen = self.far = self.shortest = self.longest = 0

    def counted(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield chunks of sequences and count them."""
        for chunk in chunks:
            self.count(*chunk.codes.shape)
            yield chunk

    def count(self, number: int, length: int) -> None:
        """Count sequences of one length."""
        self.seen += number
        if self.window and not self.window <= FAR * length <= FAR * FAR * self.window:
            self.shortest = min(length, self.shortest) if self.far else length
            self.longest = max(length, self.longest)
            self.far += number

    @property
    def about(self) -> str:
        """How many are far and what to do, in words; "" if none is."""
        if not self.far:
            return ""
        lengths = f"{self.shortest}" + f" to {self.longest}" * (self.shortest < self.longest)
        return (
            f"{self.far} of {self.seen} sequences have {lengths} bp, less than half or more than twice the "
            f"{self.window} bp that the model was trained on; predictions for them may be wrong, "
            f"give sequences of {self.window} bp"
        )

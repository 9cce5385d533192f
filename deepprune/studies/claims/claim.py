"""A claim, and the networks that it is about."""

from typing import NamedTuple, Self

# Of networks that no criterion pruned.
UNPRUNED = ("baseline", "circular")
KNOWN_METHODS = ("deepprune", "inter", "winning_ticket", *UNPRUNED)
CRITERIA = ("weight", "score", "score_weight", "loss")
# What a claim may write instead of a number of kernels, and how a sentence says it.
SIZES = {"widest": "at the widest", "pruned": "below the widest", "ladder": "of all sizes"}


class Networks(NamedTuple):
    """Networks of one method, as a claim names them.

    criterion: empty where the claim leaves it to the study.  size: a number of kernels, or one of SIZES: several.
    """

    method: str
    criterion: str
    size: int | str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `method size` or `method/criterion size`; ValueError says what is wrong with it."""
        kind, _, size = text.partition(" ")
        method, slash, criterion = kind.partition("/")
        if method not in KNOWN_METHODS:
            raise ValueError(f"{text!r} is of no known method; begin with one of {', '.join(KNOWN_METHODS)}")
        if slash and method in UNPRUNED:
            raise ValueError(f"{text!r} has a criterion, but {method} is not pruned; write '{method} {size}'")
        if slash and criterion not in CRITERIA:
            raise ValueError(f"{text!r} is of no known criterion; give one of {', '.join(CRITERIA)}")
        if size in SIZES:
            return cls(method, criterion, size)
        if not (size.isascii() and size.isdigit() and int(size)):
            raise ValueError(f"{text!r} is of no known size; end with a number of kernels or {', '.join(SIZES)}")
        return cls(method, criterion, int(size))

    @property
    def architecture(self) -> str:
        """Circular filters are an architecture of their own; all other methods are of few-kernel networks."""
        return "circular" if self.method == "circular" else "few_kernel"

    @property
    def many(self) -> bool:
        """Whether they may be of several sizes."""
        return self.size in ("pruned", "ladder")

    def __str__(self) -> str:
        """Name them in a sentence."""
        named = f"{self.method} by {self.criterion}" if self.criterion else self.method
        if isinstance(self.size, str):
            return f"{named} {SIZES[self.size]}"
        return f"{named} with {self.size} kernel{'s' * (self.size != 1)}"


class Claim(NamedTuple):
    """A row of a table of claims.

    claim: its name.  place, text: where the publication says what.  paper: its value, where it gives one.  sets: the
    data sets that it is about.  measure: what is measured of the first networks, or of the first and second; empty, and
    then without networks, where this pipeline measures nothing of the kind.  above, below: where the mean over
    replicates lies if the claim is true; one may be missing.  least: replicates that a verdict needs.
    """

    claim: str
    place: str
    text: str
    paper: float | str | None
    sets: str
    measure: str
    first: Networks | None
    second: Networks | None
    above: float | None
    below: float | None
    least: int

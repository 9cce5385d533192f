"""A claim, and the networks that it compares."""

from typing import NamedTuple, Self

# Methods without a pruning criterion
UNPRUNED = ("baseline", "circular")
KNOWN_METHODS = ("deepprune", "inter", "winning_ticket", *UNPRUNED)
CRITERIA = ("weight", "score", "score_weight", "loss")
# Sizes that a claim may name instead of a number of kernels, and their words in a sentence
SIZES = {"widest": "at the widest", "pruned": "below the widest", "ladder": "of all sizes"}


class Networks(NamedTuple):
    """Networks of one method, as named in a claim.

    criterion: empty if the claim leaves it to the run.  size: a number of kernels, or one of SIZES, for several.
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
        """The architecture: circular for circular filters, few_kernel for all other methods."""
        return "circular" if self.method == "circular" else "few_kernel"

    @property
    def many(self) -> bool:
        """Whether they may have several sizes."""
        return self.size in ("pruned", "ladder")

    def __str__(self) -> str:
        """Return their name in a sentence."""
        named = f"{self.method} by {self.criterion}" if self.criterion else self.method
        if isinstance(self.size, str):
            return f"{named} {SIZES[self.size]}"
        return f"{named} with {self.size} kernel{'s' * (self.size != 1)}"


class Claim(NamedTuple):
    """A row of a table of claims.

    claim: its name.  place, text: the passage of the publication.  paper: the published value, if there is one.  sets:
    the data sets of the claim.  measure: the measure of the first networks, or of the first and second; empty, without
    networks, if this pipeline does not measure the claim.  above, below: bounds of the mean over replicates if the
    claim is true; one may be missing.  least: the smallest number of replicates for a verdict.
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

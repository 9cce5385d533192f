"""The identity of a network.

Tables, checkpoints, files, claims and labels share this key.
"""

from typing import NamedTuple

# The criterion of networks that were not pruned
NO_CRITERION = "-"
# The method of networks that were pruned and fine-tuned
PRUNED = "deepprune"


class NetworkKind(NamedTuple):
    """What networks that differ only by their seed have in common.

    architecture: few_kernel or circular.  method: how the network came to its size.  criterion: the pruning criterion,
    NO_CRITERION where nothing was pruned.
    """

    architecture: str
    method: str
    criterion: str
    kernels: int


class NetworkKey(NamedTuple):
    """One network of a data set. Its fields are columns of every table of networks, in this order."""

    architecture: str
    method: str
    criterion: str
    kernels: int
    seed: int

    @property
    def kind(self) -> NetworkKind:
        """The key without the seed."""
        return NetworkKind(*self[:-1])


def kernel_name(seed: int, kernel: int) -> str:
    """Return the name of a kernel of a chosen network in tables and files."""
    return f"seed{seed}_kernel{kernel}"


KIND_COLUMNS = list(NetworkKind._fields)
KEY_COLUMNS = list(NetworkKey._fields)

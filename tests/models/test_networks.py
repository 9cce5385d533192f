import numpy as np
import pytest

from deepprune.errors import InputError
from deepprune.io.motif import Motif
from deepprune.models.conv_settings import Convolution, ConvSettings, FewSettings
from deepprune.models.few_kernel import FewKernel
from deepprune.models.keras_network import KerasNetwork
from deepprune.models.networks import network_of

pytestmark = pytest.mark.slow


def test_settings_become_architectures() -> None:
    few = network_of("few", FewSettings(12, 19), 200, 3)
    assert few == FewKernel(12, 19, strands="both", tasks=3)
    stack = network_of("stack", ConvSettings((Convolution(4, 5, 2),)), 20, 3)
    assert isinstance(stack, KerasNetwork) and stack.name == "stack"


def test_only_networks_that_say_so_start_from_motifs() -> None:
    motifs = [Motif("m", "", np.full((3, 4), 0.25), 20)]
    settings = ConvSettings((Convolution(4, 5, 2),), known_motifs=True)
    network, other = (network_of("n", some, 20, 1, motifs) for some in (settings, FewSettings(4, 5)))
    assert isinstance(network, KerasNetwork) and network.start and isinstance(other, FewKernel)
    (first, *_), (drawn, *_) = (
        some.initial(np.random.default_rng(0)) for some in (network, KerasNetwork("n", network.build))
    )
    assert ((first != drawn).sum(axis=(0, 1)) == [12, 0, 0, 0]).all()


def test_kernels_longer_than_the_sequences_are_one_line() -> None:
    with pytest.raises(InputError, match="network few: its kernels have 30 bp, but the sequences 20; shorten them"):
        network_of("few", FewSettings(12, 30), 20, 3)

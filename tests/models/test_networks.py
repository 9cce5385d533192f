import pytest

from deepprune.errors import InputError
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


def test_kernels_longer_than_the_sequences_are_one_line() -> None:
    with pytest.raises(InputError, match="network few: its kernels have 30 bp, but the sequences 20; shorten them"):
        network_of("few", FewSettings(12, 30), 20, 3)

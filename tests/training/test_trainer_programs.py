"""The compiled programs of a trainer: how many there are, and what shares them."""

import numpy as np
import pytest
from planted import planted

import deepprune.models.few_kernel as few_kernel
from deepprune.models.few_kernel import FewKernel
from deepprune.training.trainer import Options, Start, Trainer

pytestmark = pytest.mark.slow

NETWORK = FewKernel(8, 7)


def start(network=NETWORK):
    return Start(network.initial(np.random.default_rng(0)), np.random.default_rng([0, 1]))


def test_networks_of_many_sizes_are_trained_by_one_program(monkeypatch):
    data, options = planted(300), Options(batch_size=64, max_epochs=3)
    networks = [FewKernel(kernels, 7) for kernels in (3, 8, 32)]
    trainer = Trainer(data, options)
    fits = [trainer.fit(network, [start(network)])[0] for network in networks]
    epoch = trainer.programs(NETWORK).epochs["adam"]
    assert epoch.experimental_get_tracing_count() == 1
    monkeypatch.setattr(few_kernel, "padded_width", lambda kernels: kernels)
    own = Trainer(data, options)
    for network, fit in zip(networks, fits, strict=True):
        (expected,) = own.fit(network, [start(network)])
        for field, value in zip(fit.weights, expected.weights, strict=True):
            np.testing.assert_allclose(field, value, rtol=1e-4, atol=1e-5)
        assert trainer.features(network, fit.weights, data.codes).shape == (300, network.kernels)
    assert own.programs(NETWORK).epochs["adam"].experimental_get_tracing_count() == 3


def test_traced_programs_are_those_that_training_uses():
    data, options = planted(300), Options(batch_size=64, max_epochs=2)
    trainer = Trainer(data, options)
    trainer.trace([NETWORK])
    trainer.fit(NETWORK, [start()])
    programs = trainer.programs(NETWORK)
    assert programs.epochs["adam"].experimental_get_tracing_count() == 1
    assert programs.features.experimental_get_tracing_count() == 1


def test_a_trainer_with_other_options_shares_programs_and_what_was_read():
    trainer = Trainer(planted(300), Options(batch_size=64, max_epochs=1))
    (short,) = trainer.fit(NETWORK, [start()])
    other = trainer.with_options(trainer.options._replace(max_epochs=3))
    (long,) = other.fit(NETWORK, [start()])
    assert (short.epochs, long.epochs) == (1, 3) and trainer.options.max_epochs == 1
    assert other.programs(NETWORK) is trainer.programs(NETWORK) and other.read(NETWORK) is trainer.read(NETWORK)
    for changed in ({"batch_size": 32}, {"bias_rate": 2.0}):
        with pytest.raises(ValueError, match="another trainer"):
            trainer.with_options(trainer.options._replace(**changed))

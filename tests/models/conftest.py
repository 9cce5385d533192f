import numpy as np
import pytest

from deepprune.models.parameters import initial_parameters


@pytest.fixture
def codes():
    return np.random.default_rng(1).integers(0, 5, (20, 60)).astype(np.uint8)


@pytest.fixture(params=[1, 3], ids=["one task", "three tasks"])
def weights(request):
    rng = np.random.default_rng(0)
    start = initial_parameters(9, 16, rng, request.param)
    return start._replace(
        kernels=start.kernels * 5,
        bias=rng.normal(size=16).astype(np.float32),
        intercept=np.array([0.3, -0.2, 0.1], np.float32)[: request.param],
    )

"""Few-kernel networks of one task from arrays as one writes them by hand."""

import numpy as np

from deepprune.models.parameters import Parameters


def one_task(kernels: np.ndarray, bias: np.ndarray, weights: np.ndarray, intercept: float) -> Parameters:
    """Return a network; kernels: (kernels, width, 4).  bias, weights: (kernels,)."""
    return Parameters(kernels, bias, np.asarray(weights)[:, None], np.array([intercept], np.float32))

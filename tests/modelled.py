"""Models in tests: one whose sums can be worked out by hand, and random ones that read sequences in every way."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from deepprune.dna.codes import to_codes
from deepprune.dna.words import background_words
from deepprune.keys import NetworkKey
from deepprune.models.model_file import Model, Use, save_model_file
from deepprune.models.parameters import Parameters, initial_parameters

KEY = NetworkKey("few_kernel", "deepprune", "loss", 6, 0)
USES = [
    Use(7),
    Use(7, "same", "clipped_leaky_relu"),
    Use(7, strands="both", background=4),
    Use(7, average_strands=True, background="gapped"),
]


def model(use: Use, seed: int = 0) -> Model:
    """Return a random model of six kernels."""
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(use.width, 6, rng)._replace(bias=rng.normal(size=6).astype(np.float32))
    if words := background_words(use.background, merged=use.strands == "both"):
        parameters = parameters._replace(background=rng.normal(0, 0.1, (words.number, 1)).astype(np.float32))
    return Model(parameters._replace(intercept=np.array([0.3], np.float32)), KEY, use, 40, ("bound",))


def hand_model(average_strands: bool = False) -> Model:
    """Return a model whose one kernel is ACG: (matches - 1) * 2 - 0.5, and 0.25 for each word of three letters.

    It scans both strands, or averages over them.
    """
    kernel = np.eye(4, dtype=np.float32)[to_codes(["ACG"])[0]][None]
    parameters = Parameters(kernel, np.array([-1.0], np.float32), np.array([[2.0]], np.float32), np.array([-0.5]))
    strands = "one" if average_strands else "both"
    words = background_words(3, merged=not average_strands)
    assert words is not None
    parameters = parameters._replace(background=np.full((words.number, 1), 0.25, np.float32))
    use = Use(3, strands=strands, average_strands=average_strands, background=3)
    return Model(parameters, KEY._replace(kernels=1), use, 5, ("bound",))


def of_two_tasks(own: Model) -> Model:
    """Return a model whose second task has twice the weights of the first, and no intercept."""
    one = own.parameters
    doubled = {name: np.hstack([getattr(one, name), 2 * getattr(one, name)]) for name in ("weights", "background")}
    if not len(one.background):
        doubled["background"] = ()
    intercept = np.append(one.intercept, 0).astype(np.float32)
    return replace(own, parameters=one._replace(**doubled, intercept=intercept), tasks=("a", "b"))


def model_path(folder: Path, model: Model) -> str:
    """Write a model file and return its path."""
    save_model_file(folder / "model.npz", model)
    return str(folder / "model.npz")

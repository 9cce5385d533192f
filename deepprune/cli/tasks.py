"""What commands share that take models of several tasks and networks of several layers."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

if TYPE_CHECKING:
    import numpy as np

    from deepprune.explain.logits import Predictor
    from deepprune.models.layers_file import AnyModel
    from deepprune.models.model_file import Model

THREADS = 16  # at most; each has a batch of a network's values in memory


class Engine(NamedTuple):
    """What computes logits. threads: how many may call it at once."""

    predict: "Predictor"
    threads: int


def of_kernels(model: "AnyModel") -> "TypeGuard[Model]":
    """Return whether commands tell a model's logit as a sum over kernels: of few-kernel models of one task."""
    from deepprune.models.model_file import Model

    return isinstance(model, Model) and len(model.tasks) == 1


def engine_of(model: "AnyModel") -> Engine:
    """Return what computes a model's logits; InputError if it needs TensorFlow, but this is not installed.

    TensorFlow is imported for networks of several layers alone, without its greetings, and takes a GPU that it sees.
    """
    from deepprune.explain.logits import predictor
    from deepprune.models.model_file import Model

    if isinstance(model, Model):
        return Engine(predictor(model), 2)
    from deepprune.training.device import quiet

    threads = min(THREADS, os.cpu_count() or 1)
    with quiet():
        # RuntimeError: TensorFlow computes already in this process, with settings of its own.
        with suppress(RuntimeError, ModuleNotFoundError):
            from deepprune.training.trainer import prepare_devices

            threads = 1 if prepare_devices(threads, compiled=False) else threads
        return Engine(predictor(model), threads)


def columns(names: "tuple[str, ...]", model: "AnyModel") -> Iterator[str]:
    """Yield the names of the tasks' columns, `name_task` for each name and task; of an only task the names alone.

    Blanks in the name of a task, tabs among them, become spaces.
    """
    for name in names:
        yield from (f"{name}_{' '.join(task.split())}" for task in model.tasks) if len(model.tasks) > 1 else [name]


def cells_of(numbers: "np.ndarray") -> list[str]:
    """Return the cells of each row, separated by tabs: the shortest text of single-precision numbers, none of NaN.

    orjson writes them in a fifth of the time that Python takes; its list of lists is a table but for brackets and
    commas.
    """
    import numpy as np
    import orjson

    text = orjson.dumps(np.ascontiguousarray(numbers, np.float32), option=orjson.OPT_SERIALIZE_NUMPY)
    return text[2:-2].decode().replace("null", "").replace(",", "\t").split("]\t[")

"""The model of a network of a table: of its seeds the one with the lowest validation loss."""

from collections.abc import Mapping

from deepprune.data.dataset import Dataset
from deepprune.keys import NO_CRITERION, NetworkKey
from deepprune.models.conv_settings import FewSettings
from deepprune.models.layers_file import AnyModel, LayersModel
from deepprune.models.model_file import Model, Use
from deepprune.training.fits import Fit
from deepprune.training.search import Subject


def best_model(subject: Subject, fits: Mapping[int, Fit], data: Dataset, about: Mapping[str, str]) -> AnyModel:
    """Return the network of the seed with the lowest validation loss, of equal ones the lowest seed, for a model file.

    fits: by seed.  data: that it was trained on.  about: text on this data. A network of few kernels becomes a
    few-kernel model, whose `about` also says its name, `network`.
    """
    seed = min(fits, key=lambda seed: (fits[seed].validation_loss, seed))
    fit, settings, window = fits[seed], subject.settings, int(data.codes.shape[1])
    if isinstance(settings, FewSettings):
        key = NetworkKey("few_kernel", "baseline", NO_CRITERION, settings.kernels, seed)
        use, about = Use(settings.width, strands=settings.strands), {"network": subject.name, **about}
        return Model(fit.weights, key, use, window, data.tasks, about)
    return LayersModel(subject.name, settings, fit.weights, fit.state, seed, window, data.tasks, about)

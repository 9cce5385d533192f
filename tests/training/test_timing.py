import numpy as np
import pytest

from deepprune.data.dataset import TRAIN, VALIDATION, Dataset
from deepprune.models.conv_settings import ENTIRE, Convolution, ConvSettings, FewSettings
from deepprune.models.networks import network_of
from deepprune.training.timing import COLUMNS, training_times
from deepprune.training.trainer import Options, Trainer

pytestmark = pytest.mark.slow


def test_networks_take_turns_and_train_whole_epochs() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, (120, 1)).astype(np.uint8)
    split = np.repeat(np.array([TRAIN, VALIDATION], np.uint8), [80, 40])
    data = Dataset(rng.integers(0, 4, (120, 30)).astype(np.uint8), labels, split)
    lines: list[str] = []
    trainer = Trainer(data, Options(20, 0.01, 5, 1), lines.append)
    settings = {
        "stack": ConvSettings((Convolution(4, 8, ENTIRE),), (4,), conv_norm=False, dense_norm=False),
        "few": FewSettings(2, 8),
    }
    networks = {name: network_of(name, own, 30, 1) for name, own in settings.items()}
    table = training_times(networks, trainer, 200, 2)
    assert list(table) == COLUMNS
    assert table["network"].tolist() == ["stack", "few"] * 2 and table["repeat"].tolist() == [0, 0, 1, 1]
    # 80 training sequences: 200 are two and a half epochs; one is timed, then one and three more.
    assert (table["sequences"] == 200).all() and (table["epochs"] == 3).all()
    assert (table["seconds"] > 0).all() and len(lines) == 4
    # 5,000 sequences are 62.5 epochs.
    assert (training_times(networks, trainer, 80 * 1000, 1)["epochs"] == 63).all()

import keras
import numpy as np
import pytest

from deepprune.evaluation.networks import (
    AUC_COLUMNS,
    WEIGHT_COLUMNS,
    Measures,
    Network,
    NetworkFiles,
    auc_table,
    networks_table,
    weights_table,
    write_networks,
)
from deepprune.io.table import read_table
from deepprune.keys import KEY_COLUMNS, NetworkKey
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import initial_parameters
from deepprune.models.store import load_parameters

ARCHITECTURE = FewKernel(4, 5)
MODEL = NetworkKey("few_kernel", "deepprune", "weight", 2, 0)


def network(method, criterion, seed, kernels, origin=None):
    parameters = initial_parameters(5, kernels, np.random.default_rng([seed, kernels]))
    origin = np.arange(kernels) if origin is None else np.array(origin)
    scores = np.linspace(-1, 1, 6, dtype=np.float32)
    key = NetworkKey("few_kernel", method, criterion, kernels, seed)
    return Network(key, Measures(0.87654321, 0.0123, 0.75, 0.5, 12, 3.14159), parameters, origin, scores)


def narrow_by_loss(networks):
    return next(n for n in networks if n.key == NetworkKey("few_kernel", "deepprune", "loss", 2, 1))


def written(folder):
    return NetworkFiles(
        *(folder / name for name in ("auc.tsv", "networks.tsv", "weights.tsv", "parameters.npz", "keras"))
    )


@pytest.fixture
def networks():
    """Two criteria, as a training job gives them: by seed first."""
    found = []
    for seed in (1, 0):
        found += [network("baseline", "-", seed, 4), network("baseline", "-", seed, 2)]
        for criterion, origin in (("weight", [0, 3]), ("loss", [1, 2])):
            found += [network("deepprune", criterion, seed, 4), network("deepprune", criterion, seed, 2, origin)]
            found += [network("inter", criterion, seed, 2, origin)]
    return found


def test_the_auc_table_is_in_order_and_rounded(networks):
    table = auc_table("some", networks)
    assert table.columns.tolist() == AUC_COLUMNS == ["dataset", *KEY_COLUMNS, *Measures._fields]
    assert set(table["architecture"]) == {"few_kernel"}
    assert table["auroc"].unique().tolist() == [0.876543] and table["seconds"].unique().tolist() == [3.14]
    rows = table[["method", "criterion", "seed", "kernels"]].to_numpy().tolist()
    assert rows[:4] == [
        ["baseline", "-", 0, 4],
        ["baseline", "-", 0, 2],
        ["baseline", "-", 1, 4],
        ["baseline", "-", 1, 2],
    ]
    # criteria in the order of the options, not of the alphabet
    assert rows[4:6] == [["deepprune", "weight", 0, 4], ["deepprune", "weight", 0, 2]]
    assert rows[8:10] == [["deepprune", "loss", 0, 4], ["deepprune", "loss", 0, 2]]
    assert len(rows) == len(networks)


def test_the_table_of_contents_keeps_the_order_of_the_file(networks):
    table = networks_table("some", networks, MODEL)
    assert table["number"].tolist() == list(range(len(networks)))
    assert table.loc[0, ["method", "seed", "kernels"]].tolist() == ["baseline", 1, 4]
    chosen = table[table["chosen"] == 1]
    assert chosen[["method", "criterion", "kernels"]].drop_duplicates().to_numpy().tolist() == [
        ["deepprune", "weight", 2]
    ]
    assert chosen["seed"].tolist() == [1, 0] and set(table["chosen"]) == {0, 1}
    model = table[table["model"] == 1]
    assert model[["method", "criterion", "kernels", "seed"]].to_numpy().tolist() == [["deepprune", "weight", 2, 0]]


def test_weights_follow_a_kernel_down_the_ladder(networks):
    table = weights_table("some", networks)
    assert table.columns.tolist() == WEIGHT_COLUMNS
    part = table[(table["criterion"] == "loss") & (table["seed"] == 1)]
    assert part["kernel"].tolist() == [0, 1, 2, 3, 1, 2]
    expected = narrow_by_loss(networks).parameters.weights[:, 0]
    np.testing.assert_allclose(part["weight"].iloc[4:], expected, atol=1e-6)


def test_written_networks(networks, tmp_path):
    paths = written(tmp_path)
    write_networks("some", networks, MODEL, ARCHITECTURE, paths)
    assert len(read_table(paths[0])) == len(read_table(paths[1])) == len(load_parameters(paths[3])) == len(networks)
    assert len(read_table(paths[2])) == 2 * 2 * (4 + 2)
    names = {path.name for path in paths[4].iterdir()}
    assert names == {
        f"{name}_2_seed{seed}.keras" for name in ("baseline", "deepprune_weight", "deepprune_loss") for seed in (0, 1)
    }
    opened = keras.models.load_model(paths[4] / "deepprune_loss_2_seed1.keras")
    expected = narrow_by_loss(networks).parameters.weights
    np.testing.assert_array_equal(opened.get_layer("dense").get_weights()[0], expected)

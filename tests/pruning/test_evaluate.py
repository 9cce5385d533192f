import math
from dataclasses import replace

import keras
import numpy as np
import pytest
from planted import composed, planted

from deepprune.data.dataset import TEST
from deepprune.dna.codes import one_hot, reverse_complement
from deepprune.dna.words import Words
from deepprune.evaluation.metrics import auroc
from deepprune.keys import NetworkKey
from deepprune.models.export import keras_model
from deepprune.models.few_kernel import FewKernel
from deepprune.pruning.ladder import train_networks
from deepprune.pruning.plan import Execution, Plan
from deepprune.training.checkpoint import Checkpoint
from deepprune.training.trainer import Options

OPTIONS = Options(batch_size=64, max_epochs=30, patience=4)
NETWORK = FewKernel(16, 9)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared_programs")]


def silent(line):
    pass


def one(networks, method, kernels, criterion="weight"):
    criterion = "-" if method == "baseline" else criterion
    (network,) = (n for n in networks if n.key == NetworkKey("few_kernel", method, criterion, kernels, 0))
    return network


@pytest.fixture(scope="module")
def composition():
    """Positives hold more C and G, and most of them a word of A and T."""
    return composed(1600, word="AATTTAT")


@pytest.mark.parametrize("average", [pytest.param(False, marks=pytest.mark.release), True])
def test_networks_with_a_background(composition, average, tmp_path):
    """Every criterion, inter networks, a checkpoint."""
    criteria, lines = ["weight", "score", "score_weight", "loss"], []
    network = replace(NETWORK, words=Words(3), average_strands=average)
    plan = Plan(network, [4, 2, 1], OPTIONS._replace(patience=30), criteria=criteria)
    checkpoint = Checkpoint(tmp_path, "a", silent)
    networks = train_networks("planted", composition, [0], plan, Execution(checkpoint=checkpoint, log=lines.append))
    assert lines[0].startswith("planted: background alone, 64 words: validation loss 0.5")
    codes, labels = composition.part(TEST)
    for each in networks:
        model = keras_model(each.parameters, plan.at(each.key.kernels))
        probability = model.predict(one_hot(codes), verbose=0)[:, 0]
        assert 1 / (1 + np.exp(-each.scores)) == pytest.approx(probability, abs=1e-5)
        measures = each.measures
        if not average:
            alone = keras.Model(model.input, model.get_layer("dense").output).predict(one_hot(codes), verbose=0)
            assert measures.auroc_kernels == pytest.approx(auroc(labels[:, 0], alone[:, 0]), abs=1e-4)
        assert measures.auroc_background == auroc(labels[:, 0], each.background)
    best = max((each.measures for each in networks), key=lambda measures: measures.auroc)
    assert best.auroc > max(best.auroc_background, best.auroc_kernels) + 0.01
    # Scaled as a whole by the criterion loss, kept as it is by the others
    widest, inter = one(networks, "baseline", 4), one(networks, "inter", 2, "loss")
    ratio = inter.parameters.background / widest.parameters.background
    assert ratio == pytest.approx(np.full_like(ratio, ratio[0, 0]), rel=1e-4) and ratio[0, 0] != 1
    by_weight = one(networks, "inter", 2).parameters.background
    np.testing.assert_array_equal(by_weight, widest.parameters.background)
    again = train_networks("planted", composition, [0], plan, Execution(checkpoint=checkpoint, log=silent))
    assert all(np.array_equal(a.scores, b.scores) for a, b in zip(networks, again, strict=True))


def test_kernels_leave_composition_to_the_background(composition):
    plan = Plan(replace(NETWORK, words=Words(3)), [4, 1], OPTIONS)
    plain = train_networks("planted", composition, [0], plan._replace(network=NETWORK), Execution(log=silent))
    networks = train_networks("planted", composition, [0], plan, Execution(log=silent))
    quality = [one(some, "deepprune", 1).measures.auroc for some in (plain, networks)]
    assert quality[0] + 0.02 < quality[1]
    assert math.isnan(plain[0].measures.auroc_background) and plain[0].background is None


def odd(name, codes):
    """Return sequences that are odd in a way, made of random ones."""
    if name == "palindromes":
        return np.concatenate([codes[:, :20], reverse_complement(codes[:, :20])], axis=1)
    return {"all N": np.full_like(codes, 4), "one letter": np.zeros_like(codes), "short": codes[:, :9]}[name]


@pytest.mark.parametrize("name", ["palindromes", "all N", "one letter", "short"])
def test_odd_sequences_train_and_are_pruned(name):
    """Sequences that are their own reverse complement, without words, without variation, or shorter than a word."""
    data = planted(300)
    network = replace(
        NETWORK, strands="both", words=Words(6, 4, merged=True) if name == "short" else Words(3, merged=True)
    )
    plan = Plan(network, [4, 2], OPTIONS._replace(max_epochs=2), criteria=["loss", "weight"], distinct=True)
    networks = train_networks("odd", replace(data, codes=odd(name, data.codes)), [0], plan, Execution(log=silent))
    assert len(networks) == 8
    for each in networks:
        assert all(np.isfinite(array).all() for array in each.parameters) and np.isfinite(each.scores).all()
        if name in ("all N", "one letter"):
            assert each.measures.auroc == each.measures.auroc_background == 0.5
            assert not each.parameters.background.any()

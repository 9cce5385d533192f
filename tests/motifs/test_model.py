import math

import numpy as np
import pandas as pd
import pytest
from planted import detector, halved

from deepprune.dna.codes import to_codes
from deepprune.evaluation.delong import interval, paired_difference
from deepprune.models.model_file import Use
from deepprune.models.parameters import Parameters
from deepprune.motifs.kernels import Reading
from deepprune.motifs.model import COLUMNS, model_of, model_table, use_of, with_model_alone
from deepprune.motifs.networks import NetworkGroup, network_motifs

# Two words, each in half of the positives; the first also in a negative
TEXTS = ["TGACTCAAAA", "TGACTCAAAA", "AAGGCGCCCA", "AAGGCGCCCA", "TGACTCAAAA", *["A" * 10] * 3]
LABELS = np.array([1] * 4 + [0] * 4)


def group(*networks: Parameters, **reading: object) -> NetworkGroup:
    """Return networks of which the last is the model."""
    numbers = range(len(networks))
    rows = pd.DataFrame({"dataset": "some", "architecture": "few_kernel", "method": "deepprune"}, index=numbers)
    rows = rows.assign(criterion="loss", kernels=2, seed=numbers, number=numbers)
    rows["model"] = [*[0] * (len(networks) - 1), 1]
    return NetworkGroup(halved(to_codes(TEXTS)), rows, networks, Reading(min_sites=2, **reading))


def test_the_model_is_one_network_with_its_motifs() -> None:
    both = group(detector(["ACGTACG"], [1]), detector(["TGACTCA", "CCCCCCC"], [1, 1]), strands="both", padding="same")
    model = model_of(with_model_alone(both), network_motifs(both), {"target": "AP-1"})
    assert (model.key.seed, model.window, model.tasks, model.about) == (1, 10, ("bound",), {"target": "AP-1"})
    assert model.use == Use(7, "same", "relu", "both", False, "none") == use_of(both.reading, 7)
    # The second kernel finds no site, so that it has no motif.
    assert [(motif.name, motif.consensus) for motif in model.motifs] == [("seed1_kernel0", "TGACTCA")]
    assert np.array_equal(model.parameters.kernels, both.parameters[1].kernels)


def test_a_row_by_hand() -> None:
    one = group(detector(["TGACTCA", "GGCGCCC"], [1, 2]))
    table = model_table(one, network_motifs(one))
    assert list(table.columns) == COLUMNS
    (row,) = table.to_dict("records")
    # Logits 1 1 2 2 against 1 0 0 0: two ties of sixteen pairs. The second word alone: 0 0 1 1 against zeros.
    assert row["auroc"] == 15 / 16 and row["motif"] == "seed0_kernel1" and row["auroc_motif"] == 0.75
    scores, single = np.array([1, 1, 2, 2, 1, 0, 0, 0]), np.array([0, 0, 1, 1, 0, 0, 0, 0])
    assert [row["auroc_low"], row["auroc_high"]] == pytest.approx(interval(LABELS, scores), abs=1e-6)
    difference = [row[name] for name in ("over_motif", "over_motif_low", "over_motif_high", "over_motif_p")]
    assert difference == pytest.approx(paired_difference(LABELS, scores, single)) and difference[0] == 3 / 16


def test_a_kernel_that_speaks_against_binding_counts_by_its_absence() -> None:
    one = group(detector(["AAAAAAA", "CCCCCCC"], [-1, 1]))
    (row,) = model_table(one, network_motifs(one)).to_dict("records")
    assert row["motif"] == "seed0_kernel0" and row["auroc"] == row["auroc_motif"] == 0.875
    assert row["over_motif"] == 0 and row["over_motif_p"] == 1


def test_averaged_strands_are_averaged_for_the_single_motif_too() -> None:
    one = group(detector(["GGGCGCC", "CCCCCCC"], [1, 1]), average_strands=True)
    (row,) = model_table(one, network_motifs(one)).to_dict("records")
    assert row["auroc"] == row["auroc_motif"] == 0.75 and not math.isnan(row["auroc_low"])

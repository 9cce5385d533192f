from collections.abc import Sequence

import numpy as np
import pytest
from layered import random_model
from modelled import USES, hand_model, model, of_two_tasks

from deepprune.dna.codes import to_codes
from deepprune.explain.logits import BATCH_BYTES, predictor
from deepprune.explain.task_changes import batched, task_changes
from deepprune.explain.variants import SCORED, UNKNOWN, Alleles, effects, strand_averaged
from deepprune.io.vcf import Variant
from deepprune.models.conv_settings import Convolution, ConvSettings
from deepprune.models.model_file import Use

TEXTS = ["".join(np.random.default_rng(place).choice(list("ACGT"), 40)) for place in range(6)]


def found_of(ref: Sequence[str], alt: Sequence[str]) -> Alleles:
    """Return variants with these windows; those without are on an unknown contig."""
    variants = [Variant("chr1", number, ".", "A", "C") for number in range(len(ref))]
    return Alleles(variants, [SCORED if window else UNKNOWN for window in ref], list(ref), list(alt))


def test_changes_by_hand() -> None:
    own = of_two_tasks(hand_model())
    # TTCGT holds CGT, of which TTCTT keeps one letter beyond the first; windows of four letters have two words.
    found = task_changes(predictor(own), 2, found_of(["TTCGT", "", "TCGT"], ["TTCTT", "", "TCGTT"]))
    assert found.ref[0].tolist() == [4.25, 9.5] and found.ref[2].tolist() == [4.0, 9.0]
    assert found.alt[0].tolist() == [2.25, 5.5] and found.alt[2].tolist() == [4.25, 9.5]
    assert found.change[[0, 2]].tolist() == [[-2, -4], [0.25, 0.5]]
    assert np.isnan(found.change[1]).all() and found.change.shape == (3, 2)


def test_variants_that_are_not_scored_ask_nothing() -> None:
    found = task_changes(lambda codes: pytest.fail("asked"), 2, found_of(["", ""], ["", ""]))
    assert found.ref.shape == (2, 2) and np.isnan(found.change).all()


@pytest.mark.parametrize("use", [Use(7), *USES[1:]], ids=str)
def test_the_only_task_changes_as_the_sum_over_kernels(use: Use) -> None:
    own = strand_averaged(model(use))
    found = found_of(TEXTS, [text[:20] + "GATTACA"[:place] + text[21:] for place, text in enumerate(TEXTS)])
    expected, changes = effects(own, found), task_changes(predictor(own), 1, found)
    for name, values in (("logit_ref", changes.ref), ("logit_alt", changes.alt), ("change", changes.change)):
        np.testing.assert_allclose(values[:, 0], expected[name], atol=1e-9)


def test_networks_of_several_layers_take_as_many_windows_as_fit() -> None:
    found = found_of(TEXTS, TEXTS)
    assert list(batched(model(Use(7)), found)) == [found]
    filters = BATCH_BYTES // (4 * 40 * 4)  # four windows at once
    parts = list(batched(random_model(ConvSettings((Convolution(filters, 1),)), 40), found))
    assert [len(part.status) for part in parts] == [2, 2, 2]
    assert [window for part in parts for window in part.alt] == TEXTS
    wider = random_model(ConvSettings((Convolution(6 * filters, 1),)), 40)
    assert [len(part.status) for part in batched(wider, found)] == 6 * [1]
    assert to_codes(parts[0].ref).shape == (2, 40)

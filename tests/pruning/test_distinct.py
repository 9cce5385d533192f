from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import planted

from deepprune.data.dataset import TRAIN, Dataset
from deepprune.dna.codes import to_codes
from deepprune.models.few_kernel import FewKernel
from deepprune.models.parameters import Parameters
from deepprune.pruning.criteria import Subject, prune
from deepprune.pruning.distinct import alike, distinct_kernels, duplicates
from deepprune.training.sequences import Part
from deepprune.training.trainer import Options, Trainer

WORD, OTHER = "AAACCCTGC", "GGCTAATTT"
REVERSE = WORD[::-1].translate(str.maketrans("ACGT", "TGCA"))


def reading(*words: str) -> Parameters:
    """Return a network whose kernels of 12 bp score 3 where they meet their word; N is no letter of it."""
    letters = np.vstack([np.eye(4), np.zeros(4)])
    kernels = np.stack([letters[to_codes([word.ljust(12, "N")])[0]] for word in words]).astype(np.float32)
    bias = np.array([3 - len(word.replace("N", "")) for word in words], np.float32)
    return Parameters(kernels, bias, np.ones((len(words), 1), np.float32), np.zeros(1, np.float32))


def of_two_words() -> Dataset:
    """Return a data set each of whose positives holds one of the two words."""
    one, other = (planted(1200, word=word) for word in (WORD, OTHER))
    return replace(one, codes=np.where((np.arange(1200) % 4 == 1)[:, None], one.codes, other.codes))


def groups(*pairs: tuple[int, int], kernels: int = 4) -> np.ndarray:
    found = np.eye(kernels, dtype=bool)
    for one, other in pairs:
        found[one, other] = found[other, one] = True
    return found


def test_shifted_readings_and_on_both_strands_reverse_complements_are_alike():
    training = Part(planted(1200, word=WORD), TRAIN)
    network = reading(WORD, f"NN{WORD}", REVERSE, "A" * 12)  # the last one has no site
    assert (alike(FewKernel(4, 12, strands="both"), network, training) == groups((0, 1), (0, 2), (1, 2))).all()
    # On one strand the third kernel has hardly a site, and what it reads is a motif of its own.
    assert (alike(FewKernel(4, 12), network, training) == groups((0, 1))).all()


def test_of_alike_kernels_the_most_important_is_no_duplicate():
    same = groups((0, 1), (1, 3))
    assert duplicates(np.array([1.0, 2.0, 0.0, 1.5]), same).tolist() == [True, False, False, True]
    assert duplicates(np.array([1.0, -np.inf, 0.0, 1.5]), same).tolist() == [False] * 4
    assert duplicates(np.array([1.0, 1.0, 0.0, 1.0]), same).tolist() == [False, True, False, True]


def test_alike_kernels_stay_only_where_there_are_no_others():
    importance = np.array([4.0, 3.0, 2.0, 1.0])
    assert distinct_kernels(importance, groups((0, 1)), 2).tolist() == [0, 2]
    assert distinct_kernels(importance, groups((0, 1), (0, 2), (1, 2)), 2).tolist() == [0, 3]
    assert distinct_kernels(importance, groups((0, 1), (0, 2), (1, 2)), 3).tolist() == [0, 1, 3]


def test_without_alike_kernels_the_first_of_equals_stay():
    same = np.eye(6, dtype=bool)
    assert distinct_kernels(np.array([0.1, 0.5, 0.5, 0.9, 0.5, 0.2]), same, 3).tolist() == [1, 2, 3]
    assert distinct_kernels(np.zeros(6), same, 4).tolist() == [0, 1, 2, 3]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8), st.data())
def test_what_stays_is_no_duplicate_while_distinct_kernels_last(importance, data):
    kernels = len(importance)
    cells = data.draw(st.lists(st.booleans(), min_size=kernels**2, max_size=kernels**2))
    same = np.array(cells).reshape(kernels, kernels)
    same |= same.T | np.eye(kernels, dtype=bool)
    kept = distinct_kernels(np.array(importance), same, data.draw(st.integers(1, kernels)))
    independent = distinct_kernels(np.array(importance), same, kernels)
    assert len(set(kept.tolist())) == len(kept) and (np.diff(kept) > 0).all() and len(independent) == kernels
    doubled = [place for place in kept if same[place, kept[kept != place]].any()]
    if doubled:  # every kernel left out is like one that stays
        gone = np.setdiff1d(np.arange(kernels), kept)
        assert all(same[place, kept].any() for place in gone)


@pytest.mark.slow
@pytest.mark.parametrize("criterion", ["weight", "score", "score_weight", "loss"])
def test_pruning_keeps_one_reading_of_each_motif(criterion):
    trainer = Trainer(of_two_words(), Options(batch_size=64))
    network = reading(WORD, f"NN{WORD}", OTHER, f"N{REVERSE}")
    network = network._replace(weights=np.array([[3], [2.5], [0.5], [2]], np.float32))
    subject = Subject(FewKernel(4, 12, strands="both"), network, trainer)
    plain, distinct = (prune(criterion, subject, 2, distinct=distinct).kept.tolist() for distinct in (False, True))
    assert 2 in distinct and len(distinct) == 2
    if criterion == "weight":
        assert (plain, distinct) == ([0, 1], [0, 2])

import numpy as np
import pytest
from layered import RECURRENT, placed_model, random_model, whole_model
from modelled import USES, hand_model, model, of_two_tasks

from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.explain.contributions import contributions, probabilities
from deepprune.explain.logits import (
    BATCH_BYTES,
    MOST,
    batch_size,
    check_reads,
    predictor,
    text_logits,
)
from deepprune.models.conv_settings import Convolution, ConvSettings
from deepprune.models.model_file import Use


def test_logits_of_few_kernels_by_hand() -> None:
    # As in test_contributions: 4 of the kernel, 0.75 of three words, -0.5; and twice the first two
    found = predictor(of_two_tasks(hand_model()))(to_codes(["TTCGT", "NNNNN"]))
    assert found.tolist() == [[4.25, 9.5], [-0.5, 0.0]]


@pytest.mark.parametrize("use", USES, ids=str)
def test_each_task_has_the_logits_of_its_contributions(use: Use) -> None:
    codes = np.random.default_rng(1).integers(0, 5, (50, 40)).astype(np.uint8)
    own = of_two_tasks(model(use))
    found = predictor(own)(codes)
    for task in (0, 1):
        np.testing.assert_allclose(found[:, task], contributions(own, codes, task).logits, atol=1e-9)


def test_texts_of_many_lengths_keep_their_order() -> None:
    texts = ["TTCGT", "NNNNNN", "ACG", "TTCGT", "CGTTT"]
    own, seen = hand_model(), []

    def predict(codes: np.ndarray) -> np.ndarray:
        seen.append(codes.shape)
        return predictor(own)(codes)

    expected = [contributions(own, to_codes([text])).logits.tolist() for text in texts]
    assert text_logits(predict, texts, 1, 2).tolist() == expected
    assert seen == [(1, 3), (2, 5), (1, 5), (1, 6)]
    assert text_logits(predict, [], 1).shape == (0, 1)


def test_batches_are_as_large_as_the_largest_layer_allows() -> None:
    # 1000 positions of 128 filters take 512,000 bytes, those of the second layer less.
    wide = random_model(ConvSettings((Convolution(128, 9, 10), Convolution(256, 3))), 1000)
    assert batch_size(wide, 1000) == BATCH_BYTES // 512_000 == 131
    assert batch_size(whole_model(), 5) == MOST and batch_size(whole_model(), BATCH_BYTES) == 1


def test_lengths_that_a_network_reads() -> None:
    check_reads(whole_model(), 3, "")
    check_reads(whole_model(), 900, "")
    check_reads(placed_model(), 5, "")
    with pytest.raises(InputError, match=r"^the first has 2 bp, but network whole needs 3; remove shorter sequences$"):
        check_reads(whole_model(), 2, "the first has")
    for own, length in ((placed_model(), 4), (random_model(RECURRENT, 30), 31)):
        with pytest.raises(InputError) as caught:
            check_reads(own, length, "--window is")
        assert str(caught.value) == (
            f"--window is {length} bp, but network {own.name} reads exactly {own.window} bp; give sequences of "
            f"{own.window} bp"
        )


def test_probabilities_do_not_overflow() -> None:
    with np.errstate(all="raise"):
        found = probabilities(np.array([[0.0, -2000.0], [2000.0, np.log(3)]]))
    np.testing.assert_allclose(found, [[0.5, 0], [1, 0.75]])

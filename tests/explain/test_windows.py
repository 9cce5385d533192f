import numpy as np
import pandas as pd
import pytest
from modelled import USES, hand_model, model

from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk
from deepprune.dna.codes import reverse_complement, to_codes
from deepprune.explain.contributions import contributions
from deepprune.explain.windows import COLUMNS, explained, label_of, place_table, strongest, window_table
from deepprune.models.model_file import Use


def chunk_of(texts: list[str], chrom: str = "", start: int = 0) -> Chunk:
    names = [f"s{i}" for i in range(len(texts))]
    end = start + len(texts[0]) if chrom else 0
    return Chunk.whole(
        Origins(names, *([cell] * len(texts) for cell in (chrom, start, end, chrom and "+"))), to_codes(texts)
    )


def test_rows_by_hand() -> None:
    found = explained(hand_model(), chunk_of(["TTCGT", "NNACG"], "chr1", 100))
    table = window_table(found, ["k"])
    assert list(table) == COLUMNS
    place = ["s0", "chr1", 100, 105, "+"]
    # CGT at 2 is ACG on the other strand: (3 - 1) * 2; three words, 0.25 each
    assert table.iloc[0].tolist() == [*place, "k", 2, 5, 102, 105, "-", "ACG", 2.0, 2.0, 4.0]
    background, intercept = (table.iloc[row].tolist() for row in (1, 2))
    assert background[:6] == [*place, "background"] and background[-1] == 0.75
    assert intercept[:6] == [*place, "intercept"] and intercept[-1] == -0.5
    assert table.iloc[1:3, 6:-1].isna().all(axis=None)
    assert table["sequence"].tolist() == ["s0"] * 3 + ["s1"] * 3
    assert table.iloc[3, 6:12].tolist() == [2, 5, 102, 105, "+", "ACG"]


def test_averaged_strands_have_a_row_for_each_strand() -> None:
    own = hand_model(average_strands=True)
    table = window_table(explained(own, chunk_of(["ACGTA"])), ["k"])
    # ACG on both strands; half of the weight each.
    assert table["summand"].tolist() == ["k", "k", "background", "intercept"]
    assert table["window_strand"].tolist()[:2] == ["+", "-"] and table["word"].tolist()[:2] == ["ACG", "ACG"]
    assert table[["window_start", "window_end"]].to_numpy()[:2].tolist() == [[0, 3], [1, 4]]
    assert table[["activation", "weight", "contribution"]].to_numpy()[:2].tolist() == [[2, 1, 2], [2, 1, 2]]
    assert table["genome_start"].isna().all() and set(table["chrom"]) == {"."}


@pytest.mark.parametrize("use", USES, ids=str)
def test_rows_of_a_sequence_sum_to_its_logit(use: Use) -> None:
    codes = np.random.default_rng(1).integers(0, 5, (50, 40)).astype(np.uint8)
    own = model(use)
    found = explained(own, Chunk.whole(Origins.nowhere(50, [f"s{i}" for i in range(50)]), codes))
    table = window_table(found, own.kernels)
    sums = table.groupby("sequence", sort=False)["contribution"].sum()
    np.testing.assert_allclose(sums, contributions(own, codes).logits, rtol=0, atol=1e-12)
    kernels = table[table["summand"].str.startswith("seed")]
    np.testing.assert_allclose(kernels["contribution"], kernels["activation"] * kernels["weight"])


@pytest.mark.parametrize("use", USES, ids=str)
def test_the_word_is_what_gives_the_activation(use: Use) -> None:
    """The words alone, as sequences of the kernels' width, activate the kernels as the whole sequences do."""
    codes = np.random.default_rng(2).integers(0, 5, (20, 40)).astype(np.uint8)
    own = model(use)
    table = window_table(explained(own, Chunk.whole(Origins.nowhere(20), codes)), own.kernels)
    rows = table[table["word"].notna()]
    words, kernel = to_codes(rows["word"].tolist()), np.array([own.kernels.index(name) for name in rows["summand"]])
    one_hot = np.eye(5, 4)[words]
    scores = (one_hot * own.parameters.kernels[kernel]).sum(axis=(1, 2)) + own.parameters.bias[kernel]
    expected = np.maximum(scores, 0) if use.activation == "relu" else np.minimum(np.maximum(scores, scores / 2), 10)
    np.testing.assert_allclose(rows["activation"], expected, atol=1e-5)
    # and they stand where the row says
    row = np.repeat(np.arange(20), len(rows) // 20)
    padded = np.pad(codes, ((0, 0), (7, 7)), constant_values=4)
    at = rows["window_start"].to_numpy(int)[:, None] + 7 + np.arange(7)
    there = padded[row[:, None], at]
    reverse = (rows["window_strand"] == "-").to_numpy()[:, None]
    assert np.array_equal(np.where(reverse, reverse_complement(there), there), words)
    assert (rows["window_end"] - rows["window_start"] == 7).all()


def test_the_strongest_come_first_and_equal_ones_in_their_order() -> None:
    # ACG on either strand, two letters of it, ACG again, one letter
    texts = ["CGTNN", "ACNNN", "ACGNN", "NNNNA"]
    own = hand_model()
    chunks = [explained(own, chunk_of(texts[:2])), explained(own, chunk_of(["NNACGN"]))]
    best = strongest([*strongest(chunks[:1], 2), chunks[1]], 2)
    assert [one.origins.name[0] for one in best] == ["s0", "s0"] and [one.codes.shape[1] for one in best] == [5, 6]
    whole = strongest([explained(own, chunk_of(texts))], 9)
    assert [one.origins.name[0] for one in whole] == ["s0", "s2", "s1", "s3"]
    assert [float(one.sums.logits[0]) for one in whole] == [3.75, 3.75, 1.5, -0.5]
    assert whole[1].windows.start.tolist() == [[0]] and len(whole[1].codes) == 1


def test_names_with_places() -> None:
    origins = Origins(["a", "chr1:5-9", ""], ["chr1", "chr1", ""], [5, 5, 0], [9, 9, 0], [".", ".", ""])
    labels = [label_of(origins.take(np.array([row]))) for row in range(3)]
    assert labels == ["a (chr1:5-9)", "chr1:5-9", "."]
    expected = {"sequence": ["a", "chr1:5-9", "."], "chrom": ["chr1", "chr1", "."], "start": [5, 5, 0]}
    pd.testing.assert_frame_equal(place_table(origins)[list(expected)], pd.DataFrame(expected), check_dtype=False)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.dna.codes import to_codes
from deepprune.io.motif import Motif
from deepprune.motifs.clusters import clusters, similarities


def motif(word: str, sharp: float = 1.0) -> Motif:
    """Return a motif that reads a word; N is uninformative. sharp: 1 for probabilities of 0 and 1."""
    letters = np.vstack([np.eye(4), np.full(4, 0.25)])[to_codes([word])[0]]
    return Motif(word, "", 0.25 + sharp * (letters - 0.25), 50)


def test_shifts_strands_and_sharpness_do_not_matter():
    found = similarities([motif("TGACTCA"), motif("NNTGACTCA", 0.5), motif("TGAGTCANN")])
    np.testing.assert_allclose(found, 1, rtol=1e-12)


def test_similarities_by_hand():
    # Five of six letters agree; a wrong one correlates by -1/3 with the right one.
    assert similarities([motif("ACGTTC"), motif("ACGTTG")])[0, 1] == pytest.approx((5 - 1 / 3) / 6)
    # Half of each motif is beyond the end of the other.
    assert similarities([motif("CCCCGGAA"), motif("GGAATTTT")])[0, 1] == pytest.approx(0.5, abs=0.1)
    assert similarities([motif("NNNN"), motif("ACGT"), motif("NNN")]).tolist() == np.eye(3).tolist()


def test_chains_join_and_clusters_are_numbered_by_their_first_motif():
    chain = ["AACCGGTA", "AACCGGTC", "CACCGGTC"]  # neighbours share seven letters of eight
    words = ["TTTTAAAT", chain[0], "CGCGCATG", chain[1], chain[2]]
    assert clusters([motif(word) for word in words]).tolist() == [0, 1, 2, 1, 1]
    ends = similarities([motif(chain[0]), motif(chain[2])])[0, 1]
    assert ends < 0.8 <= similarities([motif(word) for word in chain[:2]])[0, 1]


def test_the_limit_itself_is_alike():
    one, other = motif("ACGTTC"), motif("ACGTTG")
    limit = similarities([one, other])[0, 1]
    assert clusters([one, other], limit).tolist() == [0, 0]
    assert clusters([one, other], limit + 1e-6).tolist() == [0, 1]


def test_none_and_one():
    assert clusters([]).tolist() == [] and clusters([motif("ACGT")]).tolist() == [0]


@given(st.lists(st.text("ACGTN", min_size=4, max_size=9), max_size=6), st.randoms(use_true_random=False))
def test_the_partition_does_not_depend_on_order_or_strand(words, random):
    motifs = [motif(word, 0.8) for word in words]
    turned = [each.reverse_complement() if random.random() < 0.5 else each for each in motifs]
    order = random.sample(range(len(words)), len(words))
    one, other = clusters(motifs), clusters([turned[place] for place in order])
    same = one[:, None] == one
    assert (same[np.ix_(order, order)] == (other[:, None] == other)).all()
    found = similarities(motifs)
    assert ((found >= -1 - 1e-9) & (found <= 1 + 1e-9)).all()

"""gkm-SVMs: LS-GKM's kernel values and scores, and the kernel from its definition."""

import itertools
import sys
import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.dna.codes import N_CODE, reverse_complement, to_codes
from deepprune.errors import InputError
from deepprune.io.fasta import read_fasta
from deepprune.models.conv_settings import GkmSettings
from deepprune.models.gkm_svm import PACKAGE, Machine, check_machine, machine_scores, train_machine

REFERENCE = Path(__file__).parents[3] / "shared/reference/gkmsvm"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference/gkmsvm is not there")
needs_package = pytest.mark.skipif(find_spec("gkmsvm") is None, reason="the extra gkm is not installed")
SETTINGS = {10: GkmSettings(10, 6, 3), 11: GkmSettings(11, 7, 3)}


def kernel(words: GkmSettings, codes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the kernel's values: the scores of machines of one support vector."""
    one = np.ones(1, np.float32), np.zeros(())
    return np.stack([machine_scores(words, Machine(other[None], *one), codes) for other in others], axis=1)


def of_file(name: str) -> np.ndarray:
    return to_codes([record.sequence for record in read_fasta(REFERENCE / name)])


@needs_package
@needs_reference
@pytest.mark.parametrize("word", SETTINGS)
def test_kernel_values_are_those_of_ls_gkm(word: int) -> None:
    codes = of_file("matrix.fa")
    lines = (REFERENCE / f"matrix_l{word}.tsv").read_text().splitlines()
    found = kernel(SETTINGS[word], codes, codes)
    for row, line in enumerate(lines):
        assert found[row, : row + 1] == pytest.approx([float(cell) for cell in line.split()], rel=2e-5)


@needs_package
@needs_reference
@pytest.mark.parametrize("word", SETTINGS)
def test_scores_are_those_of_ls_gkm(word: int) -> None:
    machine = train_machine(SETTINGS[word], of_file("train.pos.fa"), of_file("train.neg.fa"))
    expected = [float(line.split()[1]) for line in (REFERENCE / f"scores_l{word}.tsv").read_text().splitlines()]
    scores = machine_scores(SETTINGS[word], machine, of_file("test.fa"))
    assert scores == pytest.approx(expected, abs=5e-4)  # the solvers' tolerance is 1e-3


@cache
def estimate(word: int, informative: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how a word's count is estimated from counts of gapped words, by mismatches of all pairs of words.

    The estimate of least squares and smallest norm is a projection.
    """
    words = np.array(list(itertools.product(range(4), repeat=word)))
    places = itertools.combinations(range(word), informative)
    gapped = [words[:, place] @ 4 ** np.arange(informative) for place in places]
    holds = np.concatenate([kinds == np.arange(4**informative)[:, None] for kinds in gapped]).astype(float)
    return np.linalg.pinv(holds, rcond=1e-9) @ holds, (words[:, None] != words).sum(axis=2)


@cache
def similarity(words: GkmSettings) -> np.ndarray:
    """Return the product of the estimates of two words, (4 ** word, 4 ** word)."""
    projection, mismatches = estimate(words.word, words.informative)
    by_mismatches = [projection[0, mismatches[0] == number][0] for number in range(words.word + 1)]
    # The truncated filter ends before its first value that is not positive.
    end = next((number for number, value in enumerate(by_mismatches) if value < 1e-12), words.word + 1)
    filtered = np.where(mismatches < end, projection, 0)
    return np.where(mismatches <= words.mismatches, filtered @ filtered, 0)


def defined(words: GkmSettings, first: np.ndarray, second: np.ndarray) -> float:
    """Return the kernel's value for two sequences by counts of all words on both strands."""
    counts = []
    for codes in (first, second):
        windows = np.lib.stride_tricks.sliding_window_view(np.stack([codes, reverse_complement(codes)]), words.word, 1)
        numbers = windows.reshape(-1, words.word).astype(int) @ 4 ** np.arange(words.word)[::-1]
        counts.append(np.bincount(numbers, minlength=4**words.word))
    one, other = counts
    table = similarity(words)
    return float(one @ table @ other / np.sqrt((one @ table @ one) * (other @ table @ other)))


def test_the_definition_by_hand() -> None:
    # Without gaps a word is its own estimate. AAC is GTT on the other strand; AACC has one of its two words in common.
    plain = GkmSettings(3, 3, 0)
    assert similarity(plain) == pytest.approx(np.eye(64))
    one, both, two = to_codes(["AAC"])[0], to_codes(["GTT"])[0], to_codes(["AACC"])[0]
    assert defined(plain, one, both) == pytest.approx(1)
    assert defined(plain, one, two) == pytest.approx(1 / np.sqrt(2))
    # One letter of two: the gapped words A., C., ... and .A, .C, ... are sums of rows and columns of a table of 4 x 4,
    # from which a count is estimated as 1/4 of its row and 1/4 of its column less 1/16 of all.
    projection, mismatches = estimate(2, 1)
    assert projection == pytest.approx(np.array([7, 3, -1])[mismatches] / 16)


@needs_package
@settings(deadline=None, max_examples=40)
@given(st.sampled_from([(3, 3, 0), (4, 2, 2), (4, 3, 1), (5, 3, 2), (5, 4, 1)]), st.data())
def test_the_kernel_is_what_its_definition_says(numbers: tuple[int, int, int], data: st.DataObject) -> None:
    words = GkmSettings(*numbers)
    texts = [data.draw(st.text("ACGT", min_size=words.word, max_size=20)) for _ in range(2)]
    length = min(map(len, texts))
    first, second = to_codes([text[:length] for text in texts])
    assert kernel(words, first[None], second[None])[0, 0] == pytest.approx(defined(words, first, second), abs=1e-5)


@needs_package
def test_strands_and_unknown_letters() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (60, 30)).astype(np.uint8)
    machine = train_machine(SETTINGS[10], codes[:20], codes[20:40])
    scores = machine_scores(SETTINGS[10], machine, codes[40:])
    assert machine_scores(SETTINGS[10], machine, reverse_complement(codes[40:])) == pytest.approx(scores, abs=1e-6)
    unknown, as_a = codes[40:].copy(), codes[40:].copy()
    unknown[:, 5], as_a[:, 5] = N_CODE, 0
    found, expected = (machine_scores(SETTINGS[10], machine, some) for some in (unknown, as_a))
    assert np.array_equal(found, expected)


@needs_package
def test_threads_and_batches_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = np.random.default_rng(0).integers(0, 4, (80, 30)).astype(np.uint8)
    machines = [train_machine(SETTINGS[11], codes[:30], codes[30:60], threads) for threads in (1, 2)]
    assert all(map(np.array_equal, *machines))
    scores = machine_scores(SETTINGS[11], machines[0], codes[60:])
    monkeypatch.setattr("deepprune.models.gkm_svm.BATCH", 7)
    assert np.array_equal(machine_scores(SETTINGS[11], machines[0], codes[60:], threads=2), scores)


def test_the_package_is_the_extra() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert project["optional-dependencies"]["gkm"] == [PACKAGE]


def test_what_a_machine_cannot_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="network gkm is a gkm-SVM, which has one task, but the data set has 3; leave"):
        check_machine("gkm", SETTINGS[10], 100, 3)
    with pytest.raises(InputError, match="network gkm: its words have 10 letters, but the sequences 9; shorten the"):
        check_machine("gkm", SETTINGS[10], 9, 1)
    monkeypatch.setitem(sys.modules, "gkmsvm", None)
    with pytest.raises(InputError, match=r"gkm-SVM, which needs a further package; install gkmsvm-lite==0.1.0 into"):
        check_machine("gkm", SETTINGS[10], 100, 1)

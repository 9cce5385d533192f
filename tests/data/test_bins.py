"""Bins of a genome with a label for every task."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.data import bins
from deepprune.data.bins import Binned, Plan, covered_bins, covered_until, merged, read_bins, table_of_bins
from deepprune.data.dataset import TEST, TRAIN, VALIDATION
from deepprune.dna.codes import to_text
from deepprune.errors import InputError

PLAN = Plan(width=200, share=0.5, window=1000, test=["chr8", "chr9"], validation=["chr7"])
SMALL = Plan(width=10, share=0.5, window=30, test=["chr2"], validation=["chr3"])


def peaks(*places: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["chrom", "start", "end"])


def covered(*places: tuple[int, int], **options: Any) -> list[int]:
    """Return the bins on one chromosome that peaks cover."""
    found = covered_bins(peaks(*(("chr1", *place) for place in places)), PLAN._replace(**options))
    return found.get("chr1", np.empty(0)).tolist()


def test_more_than_half_by_hand() -> None:
    assert covered((0, 100)) == []
    assert covered((0, 101)) == [0] and covered((99, 200)) == [0]
    assert covered((100, 300)) == []  # the half of two bins
    assert covered((99, 301)) == [0, 1]
    assert covered((150, 1050)) == [1, 2, 3, 4]
    assert covered((450, 551)) == [2]


def test_peaks_of_a_task_add_up_but_count_once() -> None:
    assert covered((0, 60), (60, 101)) == [0]
    assert covered((0, 60), (150, 191)) == [0]
    assert covered((0, 60), (0, 60)) == []
    assert covered((10, 90), (0, 80), (20, 30)) == []
    assert covered((10, 90), (0, 80), (100, 111)) == [0]
    assert covered((500, 500), (0, 0)) == []  # peaks without a base


def test_other_shares() -> None:
    assert covered((0, 1), share=0.0) == [0]
    assert covered((0, 150), share=0.75) == [] and covered((0, 151), share=0.75) == [0]
    assert covered((0, 3), width=30, share=0.1) == [] and covered((0, 4), width=30, share=0.1) == [0]


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 40)), max_size=12),
    st.integers(1, 13),
    st.sampled_from([0.0, 0.25, 0.5, 0.9]),
)
def test_as_counted_base_by_base(places: list[tuple[int, int]], width: int, share: float) -> None:
    bases = np.zeros(width * 140, bool)
    for start, length in places:
        bases[start : start + length] = True
    expected = np.flatnonzero(bases.reshape(-1, width).sum(axis=1) > share * width + 1e-9).tolist()
    assert covered(*((start, start + length) for start, length in places), width=width, share=share) == expected
    starts, ends = (np.array([place[0] for place in places], int), np.array([sum(place) for place in places], int))
    starts, ends = merged(starts, ends)
    assert (starts[1:] > ends[:-1]).all() and (starts < ends).all()
    ahead = np.concatenate([[0], np.cumsum(bases)])
    reach = np.arange(len(bases) + 1)
    np.testing.assert_array_equal(covered_until(starts, ends, reach), ahead)


def test_bins_of_all_tasks_in_one_table() -> None:
    of_tasks = [{"chr2": np.array([3]), "chr1": np.array([0, 5])}, {"chr1": np.array([5, 6])}]
    table, labels = table_of_bins(of_tasks, 200)
    assert table[["chrom", "start", "end", "summit"]].to_numpy().tolist() == [
        ["chr1", 0, 200, 100],
        ["chr1", 1000, 1200, 1100],
        ["chr1", 1200, 1400, 1300],
        ["chr2", 600, 800, 700],
    ]
    assert table["name"].tolist()[0] == "chr1:0-200"
    assert labels.tolist() == [[1, 0], [1, 1], [0, 1], [1, 0]]


@pytest.fixture
def genome(tmp_path: Path) -> dict[str, str]:
    """Write three chromosomes of 100 bp with an N in the third, and return them."""
    rng = np.random.default_rng(1)
    chroms = {f"chr{i}": to_text(rng.integers(0, 4, (1, 100), dtype=np.uint8))[0] for i in (1, 2, 3)}
    chroms["chr3"] = chroms["chr3"][:40] + "N" + chroms["chr3"][41:]
    (tmp_path / "g.fa").write_text("".join(f">{name}\n{text}\n" for name, text in chroms.items()))
    return chroms


def read(folder: Path, *files: str, plan: Plan = SMALL) -> Binned:
    """Write peak files and their table, and return the bins."""
    for place, text in enumerate(files):
        (folder / f"{place}.bed").write_text(text)
    rows = "".join(f"task{place}\t{place}.bed\n" for place in range(len(files)))
    (folder / "tasks.tsv").write_text("task\tpath\n" + rows)
    return read_bins(str(folder / "tasks.tsv"), str(folder / "g.fa"), plan, str(folder))


@pytest.mark.parametrize("chunk", [1, 3, 8192])
def test_windows_around_bins(
    tmp_path: Path, genome: dict[str, str], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bins, "CHUNK", chunk)
    one = "chr1\t10\t30\nchr1\t88\t110\nchr2\t50\t60\nchr3\t10\t20\nchr3\t60\t70\nchrUn\t10\t20\n"
    made, table, reasons = read(tmp_path, one, "chr1\t20\t32\nchr1\t0\t10\nchr2\t54\t60\n")
    skipped = {name: reason for name, reason in zip(table["name"], reasons, strict=True) if reason}
    assert skipped == {
        "chr1:0-10": "beyond_chromosome",
        "chr1:90-100": "beyond_chromosome",
        "chr1:100-110": "beyond_chromosome",
        "chrUn:10-20": "unknown_contig",
    }
    places = [("chr1", 10), ("chr1", 20), ("chr2", 50), ("chr3", 10), ("chr3", 60)]
    assert made.origins.name.tolist() == [f"{chrom}:{at}-{at + 10}" for chrom, at in places]
    assert to_text(made.codes) == [genome[chrom][at - 10 : at + 20] for chrom, at in places]
    assert made.origins.start.tolist() == [at - 10 for _, at in places]
    assert made.origins.end.tolist() == [at + 20 for _, at in places]
    assert made.labels.tolist() == [[1, 0], [1, 1], [1, 1], [1, 0], [1, 0]]
    assert made.split.tolist() == [TRAIN, TRAIN, TEST, VALIDATION, VALIDATION]
    assert made.tasks == ("task0", "task1")


def test_a_window_with_n_is_skipped(tmp_path: Path, genome: dict[str, str]) -> None:
    one = "chr1\t10\t30\nchr2\t50\t60\nchr3\t50\t60\nchr3\t60\t70\n"
    made, table, reasons = read(tmp_path, one, one)
    assert dict(zip(table["name"], reasons, strict=True))["chr3:50-60"] == "with_n"
    assert len(made.codes) == len(table) - 1


@pytest.mark.parametrize(
    ("files", "plan", "message"),
    [
        (["chr1\t10\t30\n", "chr1\t5\t15\n"], {}, r"tasks.tsv, line 3: no bin of 10 bp is covered by more than 0.5"),
        (["chr1\t10\t30\n"] * 2, {}, "bins takes chr2 for test, but no sequence is there; the chromosomes are chr1"),
        (["chr1\t10\t30\n", "1\t20\t30\n"], {}, r"1\.bed: the genome has .* put 'chr' before the chromosomes"),
        (["chr1\t10\t30\n", "chr1\t20\n"], {}, r"1\.bed, line 1: 2 fields, but bed has at least 3"),
        (["chr1\t10\t30\n", ""], {}, r"1\.bed is empty; it must hold peaks"),
    ],
)
def test_a_mistake_is_one_line(
    tmp_path: Path, genome: dict[str, str], files: list[str], plan: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, *files, plan=SMALL._replace(**plan))
    assert "\n" not in str(caught.value)


def test_without_any_window_the_reasons_count(tmp_path: Path, genome: dict[str, str]) -> None:
    made, _, reasons = read(tmp_path, "chr1\t0\t10\n", "chr1\t90\t100\n")
    assert made.codes.shape == (0, 30) and reasons.tolist() == ["beyond_chromosome"] * 2

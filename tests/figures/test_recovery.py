import numpy as np
import pandas as pd
import pytest

from deepprune.figures.recovery import aligned_start, best_of, draw_recovery, recovery_figure
from deepprune.io.motif import Motif, write_meme
from deepprune.io.table import write_table

TARGET = Motif("MA1", "CTCF", np.full((8, 4), 0.25), 20)
KERNEL = Motif("k", "", np.full((12, 4), 0.25), 20)
FOUND = {"motif": "k", "seed": 0, "rank": 1, "bits": 9.5, "Target_ID": "MA1", "Target_name": "CTCF", "E-value": 2e-5}
FOUND |= {"Optimal_offset": 1, "trimmed_start": 3, "Orientation": "+", "found": True}
DEAD = {"motif": "d", "seed": 0, "rank": 2, "bits": 0.0, "Target_ID": None, "Target_name": None, "E-value": None}


def test_a_kernel_stands_below_the_motif_it_resembles() -> None:
    turned = FOUND | {"Orientation": "-", "found": False}
    figure = recovery_figure({"deepprune": [FOUND], "baseline": [turned]}, {"k": KERNEL}, {"MA1": TARGET})
    upper, lower, _, other = figure.axes
    assert upper.get_title(loc="left") == "implanted: CTCF"
    assert lower.get_title(loc="left") == "deepprune, seed 0, no. 1: 9.5 bits, E = 2e-05"
    assert other.get_title(loc="left").endswith("E = 2e-05, reverse complement (not found)")
    # The kernel begins at 1 - 3 = -2 of the target: its axis is two ahead; turned, at 8 - (-2 + 12) = -2 as well.
    assert lower.get_xlim()[0] - upper.get_xlim()[0] == other.get_xlim()[0] - upper.get_xlim()[0] == 2
    assert upper.get_xlim()[0] == -2.5


@pytest.mark.parametrize("width", [4, 30])
def test_titles_do_not_run_into_each_other(width: int) -> None:
    kernels, name = {"k": Motif("k", "", np.full((width, 4), 0.25), 20)}, {"Target_name": "CTCF and CTCFL, extended by"}
    found = [FOUND | name | {"Orientation": "-", "found": False}] * 2
    figure = recovery_figure({"deepprune": found, "baseline": found}, kernels, {"MA1": TARGET})
    figure.draw_without_rendering()
    boxes = [ax._left_title.get_window_extent() for ax in figure.axes]
    assert len(boxes) == 8 and all(box.x1 <= figure.bbox.x1 for box in boxes)
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])


def test_dead_kernels_have_their_place() -> None:
    figure = recovery_figure({"deepprune": [FOUND, DEAD], "baseline": [DEAD]}, {"k": KERNEL}, {"MA1": TARGET})
    assert len(figure.axes) == 6
    assert [ax.get_title(loc="left") for ax in figure.axes].count("no implanted motif to align with") == 2
    assert sum(text.get_text() == "dead: too few sites" for ax in figure.axes for text in ax.texts) == 2


def test_a_kernel_without_informative_positions_is_drawn_alone() -> None:
    alone = FOUND | {"Target_ID": None, "Target_name": None, "E-value": None}
    upper, lower = recovery_figure({"deepprune": [alone]}, {"k": KERNEL}, {}).axes
    assert (upper.axison, lower.axison) == (False, True)


def test_nothing_to_draw() -> None:
    (text,) = recovery_figure({"deepprune": [], "baseline": []}, {}, {}).texts
    assert text.get_text() == "no network of this size is left"


def test_another_seed_stands_in_for_each_method_by_itself() -> None:
    rows = [("baseline", 4, 0, 1), ("baseline", 4, 1, 1), ("deepprune", 4, 1, 1), ("deepprune", 8, 0, 1)]
    table = pd.DataFrame(rows, columns=["method", "kernels", "seed", "rank"])
    chosen = {method: [row["seed"] for row in found] for method, found in best_of(table, 4, 0).items()}
    assert chosen == {"deepprune": [1], "baseline": [0]}
    assert best_of(table, 8, 0)["baseline"] == []


def test_alignment_by_hand() -> None:
    # A trimmed query at position 3 of the target, one base of its kernel's before it.
    match = {"Optimal_offset": 3, "trimmed_start": 1, "Orientation": "+"}
    assert aligned_start(match, 6, 10) == (2, False)
    # On the other strand position 2 of ten is 10 - 2 - 6 from the left.
    assert aligned_start(match | {"Orientation": "-"}, 6, 10) == (2, True)
    assert aligned_start(match | {"Orientation": "-"}, 4, 10) == (4, True)


def test_the_best_two_of_each_method() -> None:
    rows = [
        (method, kernels, seed, rank, 20 - rank, np.nan if rank == 2 else 0.1)
        for method in ("baseline", "deepprune")
        for kernels in (4, 8)
        for seed in (0, 1)
        for rank in (3, 1, 2)
    ]
    table = pd.DataFrame(rows, columns=["method", "kernels", "seed", "rank", "bits", "E-value"])
    best = best_of(table, 8, 1)
    assert list(best) == ["deepprune", "baseline"]
    assert [row["rank"] for row in best["baseline"]] == [1, 2]
    assert best["baseline"][1]["E-value"] is None


def test_a_figure_for_each_kernel_number(tmp_path) -> None:
    # The requested seed diverged: another replaces it.
    rows = [FOUND | {"kernels": kernels, "seed": 3, "method": "deepprune"} for kernels in (4, 8)]
    write_table(pd.DataFrame(rows), tmp_path / "table.tsv")
    write_meme(tmp_path / "kernels.meme", [KERNEL])
    figures = {kernels: str(tmp_path / f"{kernels}.svg") for kernels in (4, 8)}
    draw_recovery(tmp_path / "table.tsv", tmp_path / "kernels.meme", [TARGET], 0, figures)
    assert all((tmp_path / f"{kernels}.svg").read_text().startswith("<?xml") for kernels in (4, 8))

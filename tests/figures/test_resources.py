import numpy as np
import pandas as pd
import pytest

from deepprune.figures.resources import duration, number, resources_figure
from deepprune.jobs.resources import COLUMNS


def jobs_table(real: int, simulated: int) -> pd.DataFrame:
    """Real sets of 1,000, 2,000, ... sequences, trained in 5 s and 2 s a thousand on two cores; one simulated size."""
    sets = [("bed", 1000 * (number + 1), 101) for number in range(real)] + [("simulated", 12000, 1000)] * simulated
    rows = [("table", "auc", None, pd.NA, pd.NA, 0.5, np.nan, np.nan), ("jaspar", None, None, pd.NA, pd.NA, 4, 2, 50)]
    for index, (format, sequences, length) in enumerate(sets):
        job = f"set_{index}", format, sequences, length
        rows += [("train", *job, 5 + sequences / 500, 10 + sequences / 250, 1000), ("page", *job, 2, 1, 150)]
        rows += [("simulate" if format == "simulated" else "dataset", *job, 3, 1, 100 + sequences / 1000)]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_rules_by_their_time_in_all() -> None:
    times, memory, *_ = resources_figure(jobs_table(real=3, simulated=1)).axes
    # train 7 + 9 + 11 + 29 s, dataset 9, page 8, jaspar 4, simulate 3, table 0.5
    labels = [label.get_text() for label in times.get_yticklabels()]
    assert labels == [
        "train (4 jobs, 56 s)",
        "dataset (3 jobs, 9 s)",
        "page (4 jobs, 8 s)",
        "jaspar (4 s)",
        "simulate (3 s)",
        "table (0 s)",
    ]
    dots, median, *_ = times.get_lines()
    assert dots.get_xdata().tolist() == [7, 9, 11, 29] and set(dots.get_ydata()) == {0}
    assert (median.get_xdata().tolist(), median.get_ydata().tolist()) == ([10], [0])
    assert memory.get_lines()[0].get_xdata().tolist() == [1000] * 4
    bottom, top = times.get_ylim()
    assert top < 0 <= len(labels) - 1 < bottom


def test_lines_of_growth_are_told_in_words() -> None:
    figure = resources_figure(jobs_table(real=3, simulated=2))
    _, _, prepared, prepared_memory, trained, trained_memory = figure.axes
    real, simulated = (text.get_text() for text in trained.get_legend().get_texts())
    assert real == "real, 101 bp: 10 s, and 4 s per 1,000 sequences"
    assert simulated == "simulated, 1,000 bp"  # of one size
    dots, line, others = trained.get_lines()
    assert dots.get_xdata().tolist() == [1, 2, 3] and dots.get_ydata().tolist() == [14, 18, 22]
    assert line.get_xdata() == pytest.approx([0, 3]) and line.get_ydata() == pytest.approx([10, 22])
    assert others.get_xdata().tolist() == [12, 12]
    assert "100 MB, and 1 MB per 1,000" in prepared_memory.get_legend().get_texts()[0].get_text().replace("\n", " ")
    assert (prepared.get_ylabel(), trained_memory.get_ylabel()) == (
        "preparation: processor time, s",
        "training: memory, MB",
    )


@pytest.mark.parametrize(("real", "simulated"), [(1, 0), (0, 1), (0, 3), (14, 3), (690, 5)])
def test_nothing_is_cut_off_or_covered(real: int, simulated: int) -> None:
    figure = resources_figure(jobs_table(real, simulated))
    figure.draw_without_rendering()
    page = figure.bbox
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1
        (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
        for line in ax.get_lines():
            across, up = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
            assert ((left <= across) & (across <= right) & (low <= up) & (up <= high)).all()
    boxes = [ax.get_tightbbox() for ax in figure.axes]
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])


@pytest.mark.parametrize(("real", "simulated", "panels"), [(1, 0, 2), (0, 1, 2), (2, 0, 6), (1, 1, 6)])
def test_growth_is_drawn_for_several_data_sets_alone(real: int, simulated: int, panels: int) -> None:
    assert len(resources_figure(jobs_table(real, simulated)).axes) == panels


def test_jobs_that_took_no_time_lie_on_the_axis() -> None:
    figure = resources_figure(jobs_table(real=0, simulated=3).assign(cpu_seconds=0.0))
    low, high = figure.axes[2].get_ylim()
    assert low == 0 < high


def test_a_study_whose_memory_was_not_measured() -> None:
    figure = resources_figure(jobs_table(real=3, simulated=0).assign(memory_mb=np.nan))
    figure.draw_without_rendering()
    assert figure.axes[5].get_legend() is None
    assert len(figure.axes[4].get_lines()) == 2


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (119.4, "119 s"), (120, "2 min"), (7100, "118 min"), (7200, "2.0 h"), (144000, "40.0 h")],
)
def test_times_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.00351, "0.0035"), (2.0, "2"), (2.04, "2"), (9.94, "9.9"), (10.4, "10"), (1049, "1,049")]
)
def test_numbers_have_the_digits_that_mean_something(value: float, text: str) -> None:
    assert number(value) == text

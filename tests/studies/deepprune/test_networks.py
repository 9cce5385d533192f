from pathlib import Path

import pandas as pd
import pytest

from deepprune.config.options import by_kind
from deepprune.evaluation.labels import by_label, criteria_of, numbers_text, seeds_text
from deepprune.io.motif import read_motifs
from deepprune.studies.deepprune.contents import count_motifs, groups, paper_figures

MOTIFS = sorted((Path(__file__).parents[3] / "resources" / "motifs").glob("*.meme"))
MATRIX = "P0 A C G T\n01 1 0 0 0\n02 1 0 0 0\nXX\n//\n"
TEXTS = {
    "jaspar": (">MA1 one\nA [1 0]\nC [0 1]\nG [0 0]\nT [0 0]\n" * 2, 2),
    "transfac": (f"AC M1\nXX\n{MATRIX}AC M2\nXX\n{MATRIX.replace('P0', 'PO')}AC M3\nXX\n{MATRIX}", 3),
    "nonsense": ("nothing\n", 0),
}


@pytest.fixture
def networks() -> pd.DataFrame:
    rows = [("circular", "-"), ("baseline", "-"), ("mine", "score"), ("inter", "score"), ("deepprune", "score")]
    rows += [("deepprune", "loss"), ("winning_ticket", "score")]
    return pd.DataFrame(rows, columns=["method", "criterion"])


def test_labels_tell_criteria_apart(networks: pd.DataFrame) -> None:
    assert criteria_of(networks) == ["score", "loss"]
    labels = ["deepprune", "deepprune (loss)", "inter", "winning_ticket", "baseline", "circular", "mine"]
    assert list(by_label(networks)) == labels
    assert by_label(networks)["deepprune (loss)"].index.tolist() == [5]
    named = list(by_label(networks, ["loss", "score"]))
    assert named[:3] == ["deepprune", "deepprune (score)", "inter (score)"]


@pytest.mark.parametrize(
    ("numbers", "text"), [([1, 1], "one seed"), ([18], "18 seeds"), ([1, 18], "1 to 18 seeds"), ([], "0 seeds")]
)
def test_numbers_in_words(numbers: list[int], text: str) -> None:
    assert numbers_text(numbers, "seed") == text


def test_seeds_are_counted_within_data_sets() -> None:
    table = pd.DataFrame({"dataset": ["a", "a", "b", "b"], "seed": [0, 1, 2, 2]})
    assert seeds_text(table) == "1 to 2 seeds"


@pytest.mark.parametrize("path", MOTIFS, ids=lambda path: path.stem)
def test_motifs_are_counted_as_they_are_read(path: Path) -> None:
    assert count_motifs(path) == len(read_motifs(path))


@pytest.mark.parametrize(("text", "count"), TEXTS.values(), ids=TEXTS)
def test_motifs_of_other_formats_are_counted(tmp_path: Path, text: str, count: int) -> None:
    (tmp_path / "motifs").write_text(text)
    assert count_motifs(tmp_path / "motifs") == count
    assert count_motifs(tmp_path / "missing") == 0


def test_simulated_sets_are_grouped_by_their_motifs() -> None:
    files = {path.stem: str(path) for path in MOTIFS}
    found = groups(files, ["mine"])
    assert found["real"] == ["mine"]
    assert "two_motifs" in found["few"] and {"four_motifs", "eight_motifs"} <= set(found["many"])


def test_figures_that_a_study_makes_possible() -> None:
    sets = {"few": ["s1"], "many": ["s4"], "real": ["r1", "r2"]}
    everything = ["baseline", "inter", "deepprune", "winning_ticket", "circular"]
    figures = paper_figures(sets, by_kind(everything), ["weight", "loss"])
    assert list(figures) == [f"figure{name}" for name in ("2", "3", "4", "6", "S1", "S2", "S4", "S5", "S6")]
    assert figures["figure4"] == ["s1", "s4"] and figures["figureS1"] == ["r1", "r2"]
    simulated = paper_figures(sets | {"real": []}, by_kind(everything), ["weight"])
    assert list(simulated) == ["figure2", "figure3", "figureS1", "figureS4"]
    assert simulated["figureS4"] == ["s1", "s4"]
    assert list(paper_figures({"few": [], "many": [], "real": ["r1"]}, by_kind(["baseline"]), ["weight"])) == [
        "figure6",
        "figureS2",
        "figureS5",
    ]

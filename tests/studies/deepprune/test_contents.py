from pathlib import Path

import pytest

from deepprune.config.options import by_kind
from deepprune.io.motif import read_motifs
from deepprune.studies.deepprune.contents import count_motifs, groups, paper_figures

MOTIFS = sorted((Path(__file__).parents[3] / "resources" / "motifs").glob("*.meme"))
MATRIX = "P0 A C G T\n01 1 0 0 0\n02 1 0 0 0\nXX\n//\n"
TEXTS = {
    "jaspar": (">MA1 one\nA [1 0]\nC [0 1]\nG [0 0]\nT [0 0]\n" * 2, 2),
    "transfac": (f"AC M1\nXX\n{MATRIX}AC M2\nXX\n{MATRIX.replace('P0', 'PO')}AC M3\nXX\n{MATRIX}", 3),
    "nonsense": ("nothing\n", 0),
}


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

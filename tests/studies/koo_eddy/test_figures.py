import numpy as np
import pandas as pd

from deepprune.io.motif import Motif
from deepprune.motifs.relevant import Relevant
from deepprune.studies.koo_eddy.figures import SHOWN, draw_logos, filters_figure, layer_panel, own_motifs


def motif(name: str, width: int = 6) -> Motif:
    return Motif(name, "", np.tile([0.7, 0.1, 0.1, 0.1], (width, 1)), 10)


FILTERS = pd.DataFrame(
    [
        ("CNN-4", 3, 1, "code", 0, "a", None, None),
        ("CNN-4", 3, 1, "code", 1, "b", "SP1", "-"),
        ("CNN-4", 3, 1, "code", 2, None, None, None),
        ("CNN-4", 3, 1, "text", 0, "c", None, None),
        ("CNN-4", 3, 1, "code", 3, "d", "MAX", "+"),
        ("CNN-4", 4, 1, "code", 0, "e", "MAX", "+"),
    ],
    columns=["network", "seed", "layer", "reading", "filter", "motif", "task", "strand"],
)
MOTIFS = {name: motif(name) for name in "abcde"}


def test_matching_filters_come_first_by_task() -> None:
    panel = layer_panel("CNN-4", FILTERS[FILTERS["seed"] == 3], MOTIFS)
    assert [(each.name, label) for each, label in panel.motifs] == [
        ("d", "MAX +"),
        ("b", "SP1 \N{MINUS SIGN}"),
        ("a", ""),
    ]


def test_a_figure_has_a_logo_for_each_filter_and_both_orientations_of_the_truth() -> None:
    panel = layer_panel("CNN-4", FILTERS[FILTERS["seed"] == 3], MOTIFS)
    figure = filters_figure([panel], [(motif("known"), "MAX")])
    assert len(figure.axes) == 3 + 2
    # No logo leaves the figure, and none covers another.
    boxes = [ax.get_position() for ax in figure.axes]
    assert all(box.x0 >= 0 and box.x1 <= 1 and box.y0 >= 0 and box.y1 <= 1 for box in boxes)
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[:place])


def test_the_first_seed_is_drawn_and_a_run_without_the_networks_is_a_sentence() -> None:
    figure = draw_logos(SHOWN["first"], FILTERS, {"CNN-4": MOTIFS}, [])
    assert len(figure.axes) == 3
    nothing = draw_logos(SHOWN["deeper"], FILTERS, {"CNN-4": MOTIFS}, [])
    assert "none of the networks of this figure: CNN-1." in " ".join(nothing.texts[0].get_text().split())


def test_the_first_relevant_motif_is_the_tasks_own() -> None:
    known = [motif("x"), motif("y"), motif("z")]
    found = own_motifs(known, [Relevant("t", 2), Relevant("t", 0), Relevant("u", 1)])
    assert [(each.name, task) for each, task in found] == [("z", "t"), ("y", "u")]

from pathlib import Path

import pandas as pd
import pytest

from deepprune.figures.overview import MOST_PANELS
from deepprune.report.captions import SUBJECTS, as_html, captions, subjects

REPORT = Path(__file__).parents[2] / "report"
OWN = sorted(REPORT.glob("*.rst"))


def runs(**changed: object) -> pd.DataFrame:
    one = {"method": "deepprune", "criterion": "loss", "seeds": 1, "auroc_background": None}
    return pd.DataFrame([one, one | {"method": "baseline", "criterion": "-"}]).assign(**changed)


def summary(*against: str) -> pd.DataFrame:
    return pd.DataFrame({"dataset": [f"set_{kind}" for kind in against], "against": against})


def test_captions_become_html() -> None:
    assert "<em>baseline</em>" in as_html(REPORT / "auc.rst")
    assert list(captions([REPORT / "auc.rst", REPORT / "sites.rst"])) == ["auc", "sites"]


def test_what_was_run() -> None:
    assert subjects(runs(), summary("shuffle")) == {"deepprune", "baseline", "shuffled negatives"}
    more = subjects(runs(seeds=[1, 3], criterion=["loss", "weight"], auroc_background=0.8), summary("genomic", "file"))
    assert more - {"deepprune", "baseline"} == {
        *("several seeds", "several criteria", "several data sets", "background", "genomic negatives"),
    }
    assert "simulated" in subjects(runs(), summary("random"))
    assert "many data sets" in subjects(runs(), summary(*map(str, range(MOST_PANELS + 1))))
    assert subjects(runs(), summary(*"ab")) | more <= set(SUBJECTS)


def test_captions_tell_only_of_what_was_run() -> None:
    whole = captions([REPORT / "auc.rst"])["auc"]
    assert "winning_ticket" in whole and "circular" in whole and "lines join their means" in whole
    some = captions([REPORT / "auc.rst"], ["deepprune", "baseline", "several seeds"])["auc"]
    assert "winning_ticket" not in some and "circular" not in some and "inter" not in some and "baseline" in some
    assert some.count(".") == whole.count(".") - 5 and "upper panels" not in some and "lines join their means" in some


def test_with_one_seed_no_caption_speaks_of_several() -> None:
    alone = captions(OWN, subjects(runs(), summary("shuffle")))
    for word in ("seeds", "bands", "means over", "background</em>", "criteri", "genomic windows", "every size"):
        assert [name for name, text in alone.items() if word in text] == [], word
    assert "joining of strands" in alone["profile"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_some_caption_is_about_each_subject(subject: str) -> None:
    whole, without = captions(OWN), captions(OWN, set(SUBJECTS) - {subject})
    assert any(whole[name] != without[name] for name in whole)


def test_a_sentence_ends_at_a_period_before_a_space(tmp_path: Path) -> None:
    (tmp_path / "a.rst").write_text("First. *several\nseeds*: of 0.8 and\nmore. *inter*:\nlast.\n")
    assert "First. <em>inter</em>:\nlast." in as_html(tmp_path / "a.rst", ["several seeds"])
    assert as_html(tmp_path / "a.rst", ["several seeds", "inter"]).count(".") == 1


def test_a_sentence_on_two_subjects_needs_both(tmp_path: Path) -> None:
    (tmp_path / "a.rst").write_text("*inter, several\nseeds*: both. *positives*, *negatives*: shares.\n")
    for absent in (["inter"], ["several seeds"], ["inter", "several seeds"]):
        text = as_html(tmp_path / "a.rst", absent)
        assert "both" not in text and "<em>positives</em>, <em>negatives</em>: shares." in text
    assert "both." in as_html(tmp_path / "a.rst", ["background"])

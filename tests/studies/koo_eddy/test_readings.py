from deepprune.motifs.filters import FilterReading
from deepprune.studies.koo_eddy.readings import READINGS
from deepprune.studies.koo_eddy.tables import READING


def test_both_published_rules_are_readings() -> None:
    code, text = (FilterReading(**READINGS[name]) for name in ("code", "text"))
    assert READING in READINGS
    assert (code.threshold, code.every, code.weighted, code.width, code.flank) == (0.5, True, True, 19, 3)
    assert (text.threshold, text.every, text.weighted, text.width, text.flank) == (0.7, False, False, None, 0)

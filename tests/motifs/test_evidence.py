import numpy as np
from answers import motifs

from deepprune.motifs.evidence import CHANCE, judged


def test_what_the_p_values_say() -> None:
    changed: list[dict[str, object]] = [{}, {"positives": 0.1}, {"p-value": 0.06}, {"p-value": CHANCE}]
    rows = judged(motifs("set", *changed, {"match": None, "null_p": np.nan}, {"null_p": 0.06}))
    assert [(row["enriched"], row["rarer"]) for row in rows] == [
        *((True, False), (False, True), (False, False)),
        *((True, False), (True, False), (True, False)),
    ]
    assert [(row["chance"], row["resembles"]) for row in rows] == [(False, "CTCF")] * 4 + [(False, ""), (True, "")]

from pathlib import Path

import pandas as pd
import pytest

from deepprune.io.table import write_table
from deepprune.studies.claims.named import COLUMNS as CLAIMS
from deepprune.studies.danq.page import FIGURES, PageFiles, seconds, write_page
from deepprune.studies.danq.tables import AUTOENCODER
from deepprune.studies.danq.values import MEASURED

REPORT = Path(__file__).parents[3] / "report"


def test_times() -> None:
    assert [seconds(value) for value in (None, 1.234, 17150.0)] == ["", "1.2", "17,150"]


@pytest.mark.parametrize("seeds", [1, 2])
def test_the_page_has_sections_of_each_data_set(tmp_path: Path, seeds: int) -> None:
    sets, numbers = ("simulated <b>", "own"), dict.fromkeys(MEASURED, 0.25)
    network = {"network": "DanQ", "source": "", "seeds": seeds} | numbers | {"auroc_sd": 0.01, "auprc_sd": 0.02}
    network |= {"own_time": 9.0, "total_time": 12.0, "relative_time": 1.0, "parameters": 46926479}
    coder = {"network": "SuperQ", "seeds": seeds} | dict.fromkeys(AUTOENCODER, 0.5) | {"loss": 1.4e8, "gain": 0.0026}
    published = {"network": "DanQ", "group": "factor", "classes": 690, "higher": 0.5}
    for measure in ("auroc", "auprc"):
        published |= dict.fromkeys(
            (measure, *(f"{measure}_{name}" for name in ("deepsea", "danq", "danq_jaspar"))), 0.9
        )
    summary = {"network": "DanQ", "seed": 0, "filters": 320, "any": 0.5, "null": 0.1, "relevant": 0.2}
    summary |= {"null_relevant": 0.01, "factors": 3, "best_localised": 0.7}
    values = ("c", "IV B", "an autoencoder <i>", 0.0026, 0.001, 0.0, 0.002, 3, "rule", "reproduced")
    claim = dict(zip(CLAIMS, values, strict=True))
    rows = {"networks": [network], "autoencoders": [coder], "published": [published], "summary": [summary]}
    rows |= {"claims": [claim, claim | {"place": "ours", "text": "beyond it"}]}
    for name, own in rows.items():
        write_table(pd.DataFrame([{"dataset": each} | row for each in sets for row in own]), tmp_path / f"{name}.tsv")
    (tmp_path / "f.svg").write_text("<svg/>")
    files = PageFiles(
        *(str(tmp_path / f"{name}.tsv") for name in rows),
        figures=[str(tmp_path / "f.svg")] * (len(FIGURES) * 2),
        captions=[str(path) for path in [*(REPORT / "danq").glob("*.rst"), *REPORT.glob("*.rst")]],
    )
    write_page(files, {"DanQ": "320x26/13", "SuperQ": "code of 500"}, str(tmp_path / "page.html"))
    text = (tmp_path / "page.html").read_text()
    assert "simulated &lt;b&gt;" in text and "<b>" not in text.replace("&lt;b&gt;", "")
    assert text.count("an autoencoder &lt;i&gt;") == 2 and text.count("beyond it") == 2
    assert ("several seeds" in text) == (seeds > 1)
    assert text.count("<img ") == 2 * len(FIGURES)
    assert "46,926,479" in text and "1.4e+08" in text and "320x26/13" in text and "0.0026" in text

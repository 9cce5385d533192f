from pathlib import Path

import pandas as pd

from deepprune.io.table import write_table
from deepprune.studies.claims.named import COLUMNS as CLAIMS
from deepprune.studies.koo_eddy.page import FIGURES, PageFiles, beyond, write_page
from deepprune.studies.koo_eddy.tables import COMPARED, PUBLISHED, RECOVERED

REPORT = Path(__file__).parents[3] / "report/koo_eddy"


def test_the_page_has_sections_of_each_data_set(tmp_path: Path) -> None:
    row = {"network": "CNN-4", "layer": 1, "seeds": 2, "filters": 30, "parameters": 99} | dict.fromkeys(
        [*COMPARED, *RECOVERED], 0.25
    )
    for name in PUBLISHED:
        row |= {f"{name}_sd": 0.01, f"{name}_paper": 0.125}
    sets = {"simulated <b>": "multitask_simulated", "own": "multitask_peaks"}
    write_table(pd.DataFrame([{"dataset": name} | row for name in sets]), tmp_path / "table.tsv")
    claim = dict(zip(CLAIMS, ("c", "Table 1", "pools <i>", 0.5, 0.4, 0.3, 0.5, 3, "rule", "reproduced"), strict=True))
    own = claim | {"place": "ours", "text": "beyond it"}
    write_table(pd.DataFrame([{"dataset": name} | each for name in sets for each in (claim, own)]), tmp_path / "c.tsv")
    write_table(pd.DataFrame({"seed": [0, 1], "seconds": [3600.0, 1800.0]}), tmp_path / "n.tsv")
    (tmp_path / "f.svg").write_text("<svg/>")
    captions = [str(path) for path in REPORT.glob("*.rst")]
    figures = [str(tmp_path / "f.svg")] * (len(FIGURES) * 2)
    files = PageFiles(
        str(tmp_path / "table.tsv"), str(tmp_path / "c.tsv"), [str(tmp_path / "n.tsv")], figures, captions
    )
    write_page(files, sets, str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text()
    assert "pools &lt;i&gt;" in page and "simulated &lt;b&gt;" in page and "beyond it" in page
    assert "1 network · 2 seeds · 1.5 h" in page
    assert page.count("Figure 2") == 2 and "<h2>Networks</h2>" in page  # heading and alternative text
    # Only the data set that stands for a table of the paper has its values.
    assert page.count('class="published">0.125') == len(PUBLISHED)


def test_tied_networks_stand_behind_those_without_ties() -> None:
    names = ["CNN-1", "CNN-4", "CNN-4-tied", "CNN-9-tied", "few-12"]
    rows = [{"network": name, "layer": layer} for name in names for layer in (1, 2)]
    assert [row["network"] for row in beyond(rows)] == ["CNN-4", "CNN-4-tied", "CNN-9-tied", "few-12"]
    assert beyond(rows[:2]) == []

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.errors import InputError
from deepprune.io.jaspar import read_jaspar
from deepprune.io.motif import Motif
from deepprune.motifs.relevant import Relevant, motifs_of_target, read_relevant, relevant_motifs

TABLE = Path(__file__).parents[2] / "resources/koo_eddy/relevant.tsv"
NAMES = {"M1": "MAFK", "M2": "MAF::NFE2", "M3": "Mafk(var.2)", "M4": "MAFK2", "M5": "SP1"}
KNOWN = [Motif(name, alt, np.full((5, 4), 0.25), 20) for name, alt in NAMES.items()]


@pytest.mark.parametrize(
    ("target", "names"),
    [("MAFK", ["M1", "M3"]), ("mafk", ["M1", "M3"]), ("NFE2", ["M2"]), ("MAF", ["M2"]), ("CTCF", []), ("", [])],
)
def test_motifs_whose_readable_name_is_the_target_s(target: str, names: list[str]) -> None:
    assert motifs_of_target(target, KNOWN) == names


def test_without_a_table_names_decide() -> None:
    assert relevant_motifs(["SP1", "MAFK", "CTCF"], KNOWN) == [
        Relevant("SP1", 4),
        Relevant("MAFK", 0),
        Relevant("MAFK", 2),
    ]


def test_a_table_decides_for_its_tasks() -> None:
    rows = [("MAFK", "M4"), ("MAFK", "M9"), ("MAFK", "M1"), ("CTCF", "M1"), ("NFE2", "M9"), ("other", "M5")]
    table = pd.DataFrame(rows, columns=["task", "motif"])
    # M9 is not known; NFE2, whose only motif that is, has none, and SP1 has no rows.
    assert relevant_motifs(["MAFK", "CTCF", "NFE2", "SP1"], KNOWN, table) == [
        Relevant("MAFK", 3),
        Relevant("MAFK", 0),
        Relevant("CTCF", 0),
        Relevant("SP1", 4),
    ]


def test_a_table_of_relevant_motifs() -> None:
    known = read_jaspar("JASPAR2016")
    table = read_relevant(str(TABLE))
    tasks = list(dict.fromkeys(table["task"]))
    found = relevant_motifs(tasks, known, table)
    assert len(tasks) == 12 and len(found) == len(table) == 16  # all of them are known
    assert [known[relevant.place].name for relevant in found] == table["motif"].tolist()
    # The first of each task is the motif that its data set holds.
    own = {}
    for relevant in found:
        own.setdefault(relevant.task, known[relevant.place].name)
    motifs = (TABLE.parent / "motifs.meme").read_text()
    assert len(set(own.values())) == 12 and all(f"MOTIF {name} {task}\n" in motifs for task, name in own.items())


@pytest.mark.parametrize("column", ["task", "motif"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    path = tmp_path / "relevant.tsv"
    pd.read_csv(TABLE, sep="\t").drop(columns=column).to_csv(path, sep="\t", index=False)
    with pytest.raises(InputError) as caught:
        read_relevant(str(path))
    assert str(caught.value) == f"{path} lacks the column {column}; it needs the columns task, motif"

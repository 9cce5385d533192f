from pathlib import Path

import pandas as pd
import pytest
from claimed import run_of

from deepprune.errors import InputError
from deepprune.io.table import write_table
from deepprune.studies.claims.claim import Claim, Networks
from deepprune.studies.claims.measures import MEASURES, SETS, Terms, evidence
from deepprune.studies.claims.read import read_claims

TERMS = Terms(SETS, MEASURES)
ROW = {"claim": "gain", "place": "Table 2", "text": "better", "paper": 0.02, "sets": "chipseq", "measure": "auroc"}
ROW |= {"first": "deepprune/loss 4", "second": "baseline 4", "above": 0.0, "below": None, "least": None}


def written(path: Path, **cells: object) -> Path:
    """Return a table of one claim: ROW with these cells replaced."""
    write_table(pd.DataFrame([ROW | cells]), path)
    return path


def test_a_row_becomes_a_claim(tmp_path: Path) -> None:
    (claim,) = read_claims(written(tmp_path / "claims.tsv"), TERMS)
    networks = Networks("deepprune", "loss", 4), Networks("baseline", "", 4)
    assert claim == Claim("gain", "Table 2", "better", 0.02, "chipseq", "auroc", *networks, 0.0, None, 3)
    words = {"measure": None, "first": None, "second": None, "above": None, "paper": "twice"}
    (claim,) = read_claims(written(tmp_path / "claims.tsv", **words), TERMS)
    assert (claim.measure, claim.first, claim.second, claim.paper) == ("", None, None, "twice")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"sets": "real"}, "sets is real; give one of chipseq, simulated"),
        ({"sets": None}, "sets is empty; give one of"),
        ({"measure": "auprc"}, "measure is auprc; give one of auroc, share"),
        ({"measure": None}, "networks are given, but no measure"),
        ({"first": "deepprune/loss"}, "'deepprune/loss' is of no known size"),
        ({"second": "base 4"}, "'base 4' is of no known method"),
        ({"first": None}, "measure auroc takes other networks; fill in the column first"),
        (
            {"measure": "share", "second": None},
            "measure share takes other networks; fill in the column first and second",
        ),
        ({"second": "baseline pruned"}, "first and second are of different sizes"),
        ({"above": None}, "measure auroc has no bound; fill in the column above or below"),
        ({"measure": "p"}, "measure p has no bound; fill in the column below"),
        ({"above": "0,5"}, "above is '0,5', not a number; write it like 0.05"),
    ],
)
def test_a_malformed_claim_is_refused_in_one_line(tmp_path: Path, cells: dict, message: str) -> None:
    path = written(tmp_path / "claims.tsv", **cells)
    with pytest.raises(InputError) as caught:
        read_claims(path, TERMS)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{path}, line 2, claim gain: ") and message in line


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    write_table(pd.DataFrame([ROW]).drop(columns="least"), tmp_path / "claims.tsv")
    with pytest.raises(InputError, match="lacks the column least; its columns are claim, place"):
        read_claims(tmp_path / "claims.tsv", TERMS)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_takes_networks_of_a_named_criterion(tmp_path: Path, measure: str) -> None:
    sets = "simulated" if measure in ("found", "spread") else "chipseq"
    first = "deepprune/weight 4" if measure == "found" else "deepprune/loss 4"
    if measure == "slope":
        cells = {"first": "deepprune/loss pruned", "second": None}
    else:
        cells = {"first": first, "second": "baseline 4"}
    (claim,) = read_claims(written(tmp_path / "claims.tsv", measure=measure, sets=sets, below=0.05, **cells), TERMS)
    found = evidence(run_of(holds=True, datasets=9, seeds=3), claim, TERMS)
    assert len(found.values) > 0
    assert (found.architecture, found.criterion) == ("few_kernel", "weight" if measure == "found" else "loss")

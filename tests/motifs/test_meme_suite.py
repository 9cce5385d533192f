"""The engine meme: the real program where it is installed, stand-ins for it everywhere."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepprune.errors import InputError
from deepprune.io.motif import Motif, read_motifs
from deepprune.motifs.meme_suite import COLUMNS, best_matches
from deepprune.motifs.tomtom import KnownMotifs, tomtom, tomtom_databases

REFERENCE = Path(__file__).parents[3] / "shared/reference/tomtom"
KEY = ["Query_ID", "Target_ID"]
needs_program = pytest.mark.skipif(not shutil.which("tomtom"), reason="the MEME Suite's tomtom is not on PATH")
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference/tomtom is not there")

HEADER = "\\t".join(COLUMNS)
# As the program puts it: numbers for names, an empty line, comments.
OUTPUT = f"{HEADER}\\n0\\t01\\t-2\\t1.5e-05\\t0.0009\\t0.002\\t6\\tCACGTG\\tACACGTG\\t-\\n\\n# Tomtom\\n"


def motif_of(name: str, word: str, sites: float = 100) -> Motif:
    return Motif(name, "", np.where(np.array(list("ACGT")) == np.array(list(word))[:, None], 0.91, 0.03), sites)


def random_motifs(count: int) -> list[Motif]:
    rng = np.random.default_rng(5)
    return [Motif(f"random_{index}", "", rng.dirichlet([0.4] * 4, rng.integers(6, 12)), 100) for index in range(count)]


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    """Make the shell script `text` the only program tomtom."""
    script = folder / "tomtom"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return script


def complaint() -> str:
    with pytest.raises(InputError) as caught:
        tomtom([motif_of("query", "CACGTG")], random_motifs(60), engine="meme")
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_program_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert complaint() == (
        "tomtom.engine is meme, but the MEME Suite's program tomtom is not on PATH; "
        "install the MEME Suite or take engine memelite"
    )


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo >&2; echo 'FATAL: no memory' >&2; echo more >&2; exit 3", " failed with status 3: FATAL: no memory"),
        ("exit 1", " failed with status 1: it does not say why"),
        ("echo usage", " printed another table than Tomtom's of MEME Suite 5"),
        ("true", " printed another table than Tomtom's of MEME Suite 5"),
        (f"printf '{HEADER}\\n0\\t1\\n'", " printed a table that cannot be read"),
    ],
)
def test_program_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str) -> None:
    program = stand_in(tmp_path, monkeypatch, script)
    assert complaint().startswith(f"{program}{message}")


def test_program_of_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = stand_in(tmp_path, monkeypatch, "")
    program.write_bytes(b"\x7fELF, but not really")
    assert complaint().startswith(f"{program} does not run: ")


def test_table_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, kept = tmp_path / "arguments", tmp_path / "kept.meme"
    stand_in(tmp_path, monkeypatch, f'echo "$@" > {log}\ncp "$7" {kept}\nprintf \'{OUTPUT}\'')
    targets = [*random_motifs(60), motif_of("jaspar:a b\tc", "CACGTG")]  # the first of all names, the last of the list
    found = tomtom([motif_of("my query", "CACGTG", 12.5)], targets, evalue=0.01, engine="meme")
    row = ["my query", "random_0", -2, 1.5e-05, 0.0009, 0.002, 6, "CACGTG", "ACACGTG", "-"]
    assert found.to_numpy().tolist() == [row]
    assert list(found.dtypes) == list(tomtom([motif_of("q", "CACGTG")], targets, evalue=0.01).dtypes)
    assert log.read_text().startswith("-verbosity 1 -text -evalue -thresh 0.01 ")
    (query,) = read_motifs(kept)
    assert query.sites == 12.5
    assert np.array_equal(query.probabilities, motif_of("q", "CACGTG").probabilities)
    assert "A 0.250000 C 0.250000 G 0.250000 T 0.250000" in kept.read_text()


def test_no_match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, f"printf '{HEADER}\\n\\n# Tomtom\\n'")
    found = tomtom([motif_of("query", "CACGTG")], random_motifs(60), evalue=1e-9, engine="meme")
    assert found.empty
    assert list(found.dtypes) == list(tomtom([], []).dtypes)


@needs_program
def test_engines_agree_on_ties_names_and_thresholds() -> None:
    twins = [motif_of("z 2", "CACGTTTGC"), motif_of("z\t1", "CACGTTTGC"), motif_of("z#", "GCAAACGTG")]
    queries = [motif_of("palindrome", "CACGTG"), motif_of("# query", "CACGTTTGC", 7.5)]
    for evalue in (None, 3.0):
        ours, theirs = (tomtom(queries, [*random_motifs(60), *twins], evalue, engine=e) for e in ("memelite", "meme"))
        exact = ["p-value", "E-value", "q-value", "Optimal_offset"]
        pd.testing.assert_frame_equal(ours.head(3).drop(columns=exact), theirs.head(3).drop(columns=exact))
        assert len(ours) == len(theirs)
        assert ours["Query_ID"].tolist() == theirs["Query_ID"].tolist()
        ordered = [table.sort_values(KEY, ignore_index=True) for table in (ours, theirs)]
        pd.testing.assert_frame_equal(ordered[0][KEY], ordered[1][KEY])
        np.testing.assert_allclose(ordered[0]["p-value"], ordered[1]["p-value"], rtol=0.1)
        np.testing.assert_allclose(ordered[0]["q-value"], ordered[1]["q-value"], rtol=0.1)
        best = theirs[theirs["Query_ID"] == "# query"].head(3)
        assert best["Target_ID"].tolist() == ["z\t1", "z 2", "z#"]
        assert best["Orientation"].tolist() == ["+", "+", "-"]


@needs_program
def test_engines_agree_on_several_sets() -> None:
    databases = {"a": random_motifs(60), "implanted": [motif_of("random_3", "CACGTTTGC")]}
    found = tomtom_databases([motif_of("query", "CACGTTTGC")], KnownMotifs(databases, 0.01, "meme"))
    assert found[["database", "Target_ID"]].to_numpy().tolist()[0] == ["implanted", "random_3"]


@needs_program
@needs_reference
def test_engines_agree_on_the_reference() -> None:
    queries, targets = read_motifs(REFERENCE / "queries.meme"), read_motifs(REFERENCE / "targets.meme")
    theirs = tomtom(queries, targets, evalue=10, engine="meme")
    ours = tomtom(queries, targets, evalue=10)
    pairs = pd.read_csv(REFERENCE / "tomtom_pairs_E10.tsv", sep="\t")
    expected = pairs[pairs["dist"] == "ed"].drop(columns="dist").reset_index(drop=True)
    # Of two placements of a pair with equal scores and overlap, memelite takes the other.
    for found, elsewhere in ((ours, [["a02_asis_MA0073.1", "MA0516.1"]]), (expected, [])):
        pd.testing.assert_frame_equal(theirs[KEY], found[KEY])
        for column in ("p-value", "E-value", "q-value"):
            with np.errstate(divide="ignore", invalid="ignore"):
                difference = np.abs(np.log10(theirs[column]) - np.log10(found[column]))
            assert (((theirs[column] == 0) & (found[column] == 0)) | (difference <= 0.05)).all()
        for column in ("Orientation", "Overlap", "Query_consensus"):
            pd.testing.assert_series_equal(theirs[column], found[column], check_dtype=False)
        offset = theirs[theirs["Optimal_offset"] != found["Optimal_offset"]]
        assert offset[KEY].to_numpy().tolist() == elsewhere


def test_the_best_match_of_each_query() -> None:
    matches = pd.DataFrame(
        [("b", "MA1", "JUN", 1e-3), ("a", "MA2", None, 1e-4), ("b", "MA3", "FOS", 1e-5), ("a", "MA4", "MYC", 1e-4)],
        columns=["Query_ID", "Target_ID", "Target_name", "p-value"],
    )
    best = best_matches(matches)
    assert best["Target_ID"].to_dict() == {"b": "MA3", "a": "MA2"}  # of equal ones the first
    assert best["match"].to_dict() == {"b": "FOS", "a": "MA2"}
    assert best_matches(matches.fillna(""))["match"].to_dict() == {"b": "FOS", "a": "MA2"}
    assert best_matches(matches[:0]).empty

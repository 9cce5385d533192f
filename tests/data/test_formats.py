"""The formats of the sheet."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from options import DEFAULT

from deepprune.config.options import KINDS_OF_DATA
from deepprune.config.schema import schema
from deepprune.data.dataset import TRAIN, Dataset
from deepprune.data.formats import FORMATS, Format, kind_of, users
from deepprune.data.origins import Origins
from deepprune.data.prepare import prepare
from deepprune.data.readers import DataOptions, Reading, Row
from deepprune.data.sheet import input_files, read_sheets
from deepprune.data.skipped import COLUMNS, skipped_rows
from deepprune.dna.codes import to_codes
from deepprune.errors import InputError

HEADER = "dataset\tformat\tpath\tgenome\ttarget\tcell_type\n"


def test_the_schema_lists_all_formats() -> None:
    rule = schema("datasets")["properties"]["format"]
    assert rule["enum"] == list(FORMATS)
    assert [name for name in FORMATS if name not in rule["description"]] == []


def test_kinds_are_those_of_the_options() -> None:
    kinds = {name: kind_of({"format": name}) for name in FORMATS}
    assert set(kinds.values()) == {*KINDS_OF_DATA, "multitask"}
    of_tasks = [name for name, kind in kinds.items() if kind == "multitask"]
    assert of_tasks == ["multitask_simulated", "multitask_peaks", "deepsea"]
    assert [name for name, kind in kinds.items() if kind == "simulated"] == ["simulated"]


def test_who_needs_a_genome_and_who_takes_negatives() -> None:
    assert users("genome") == ["narrowpeak", "bed", "encode", "occupancy", "multitask_peaks"]
    assert users("negatives") == ["fasta"]


def test_a_row_that_is_yet_to_be_located_is_not_read() -> None:
    with pytest.raises(InputError, match="x: encode is not a format of files"):
        prepare({"dataset": "x", "format": "encode", "path": "wgEncodeX"}, DataOptions())


def test_a_new_format_is_a_record_and_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_lines(row: Row, options: DataOptions) -> Reading:
        """Read a sequence a line, with its name, from two files."""
        lines = [line.split() for end in (".one", ".two") for line in Path(row["path"] + end).read_text().splitlines()]
        codes = to_codes([text for _, text in lines])
        origins = Origins.nowhere(len(codes), [name for name, _ in lines])
        made = Dataset(codes, np.ones((len(codes), 1), np.uint8), np.full(len(codes), TRAIN, np.uint8), origins=origins)
        return Reading(made, len(lines), skipped_rows(dict.fromkeys(COLUMNS, ()), ()))

    monkeypatch.setitem(FORMATS, "lines", Format(read_lines, files=(".one", ".two"), fewest=5))
    texts = ["".join(np.random.default_rng(i).choice(list("ACGT"), 101)) for i in range(20)]
    for end, part in (("one", range(15)), ("two", range(15, 20))):
        (tmp_path / f"s.{end}").write_text("".join(f"n{i} {texts[i]}\n" for i in part))
    (tmp_path / "sheet.tsv").write_text(HEADER + "mine\tlines\ts\n")
    (row,) = read_sheets(tmp_path / "sheet.tsv", DEFAULT).to_dict("records")
    assert input_files(row) == [f"{tmp_path}/s.one", f"{tmp_path}/s.two"]
    made, _, summary, _ = prepare(row, DataOptions())
    assert made.origins.name.tolist()[15:20] == ["n15", "n16", "n17", "n18", "n19"]
    assert summary.loc[0, ["format", "rows", "positives", "negatives"]].tolist() == ["lines", 20, 20, 20]
    (tmp_path / "s.two").unlink()
    with pytest.raises(InputError, match=r"sheet.tsv, line 2: the file .*s\.two is missing"):
        read_sheets(tmp_path / "sheet.tsv", DEFAULT)


def test_reading_the_sheet_loads_nothing_that_is_slow_to_load() -> None:
    program = "import sys, deepprune.data.sheet\nprint(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"numpy", "pandas", "deepprune"} <= loaded
    assert (
        loaded & {"numba", "tensorflow", "pyfaidx", "Bio", "h5py", "requests", "scipy", "matplotlib", "memelite"}
        == set()
    )

"""The data-set sheet, and the one line about each mistake in it."""

import os
import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from options import DEFAULT, changed

from deepprune.data.sheet import input_files, read_sheets
from deepprune.errors import InputError
from deepprune.sources.encode_tfbs import DOWNLOADS, PEAKS

COLUMNS = ["dataset", "format", "path", "genome", "target", "cell_type"]
COLUMNS += ["treatment", "antibody", "protocol", "lab", "negatives", "most"]
HEADER = "dataset\tformat\tpath\tgenome\ttarget\tcell_type\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a (blank) file for each format, outside the working directory."""
    for name in ("g.fa", "p.narrowPeak", "p.bed", "s.fa", "n.fa", "m.meme", "elk_AC.seq.gz", "elk_B.seq.gz"):
        (tmp_path / name).touch()
    (tmp_path / "csail").mkdir()
    for name in ("train.data", "test.data"):
        (tmp_path / "csail" / name).touch()
    return tmp_path


def write(folder: Path, text: str | bytes) -> Path:
    """Write the text as a sheet."""
    sheet = folder / "sheet.tsv"
    sheet.write_bytes(text.encode() if isinstance(text, str) else text)
    return sheet


def sheet_complaint(sheet: Path) -> str:
    """Return the message that a sheet gets, which is one line and names the sheet."""
    with pytest.raises(InputError) as caught:
        read_sheets(sheet, DEFAULT)
    message = str(caught.value)
    assert "\n" not in message and str(sheet) in message
    return message


EVERY_FORMAT = (
    HEADER.replace("\n", "\tnegatives\n")
    + "peaks\tnarrowpeak\tp.narrowPeak\tg.fa\tELK1\tGM12878\n"
    + "regions\tbed\tp.bed\tg.fa\n"
    + "\n# a comment\n"
    + "own.set-1\tfasta\ts.fa\t\tREST\tmuscle, human\tn.fa\n"
    + "elk\tseqgz\telk\t\t\t\t\n"
    + "mit\tcsail\tcsail/\n"
    + "_sim\tsimulated\tm.meme\t\t\t\t\t\t\n"
)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_sheet_with_every_format(folder: Path, line_end: str, mark: str) -> None:
    table = read_sheets(write(folder, mark + EVERY_FORMAT.replace("\n", line_end)), DEFAULT)
    assert list(table.columns) == COLUMNS
    assert list(table.index) == ["peaks", "regions", "own.set-1", "elk", "mit", "_sim"] == list(table["dataset"])
    peaks = ["peaks", "narrowpeak", f"{folder}/p.narrowPeak", f"{folder}/g.fa", "ELK1", "GM12878"]
    assert table.loc["peaks"].tolist() == [*peaks, *[""] * 4, "shuffle", ""]
    assert table.loc["own.set-1", ["genome", "cell_type", "negatives"]].tolist() == [
        "",
        "muscle, human",
        f"{folder}/n.fa",
    ]
    assert input_files(table.loc["elk"].to_dict()) == [f"{folder}/elk_AC.seq.gz", f"{folder}/elk_B.seq.gz"]
    assert input_files(table.loc["mit"].to_dict()) == [f"{folder}/csail/train.data", f"{folder}/csail/test.data"]
    assert input_files(table.loc["regions"].to_dict()) == [f"{folder}/p.bed", f"{folder}/g.fa"]
    assert not table.isna().any(axis=None)
    assert table.query("format == 'bed' and dataset == 'regions'").index.tolist() == ["regions"]


def test_paths_below_the_working_directory_are_relative(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sheets").mkdir()
    sheet = write(folder / "sheets", HEADER + f"a\tbed\t../p.bed\t{folder}/g.fa\t\t\n")
    monkeypatch.chdir(folder)
    assert read_sheets("sheets/sheet.tsv", DEFAULT).loc["a", ["path", "genome"]].tolist() == ["p.bed", "g.fa"]
    monkeypatch.chdir(folder / "sheets")
    expected = [f"{folder}/p.bed", f"{folder}/g.fa"]
    assert read_sheets(sheet, DEFAULT).loc["a", ["path", "genome"]].tolist() == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["is empty", "dataset, format"]),
        ("\n\n", ["is empty"]),
        (HEADER, ["no data sets below its header"]),
        ("dataset format path genome target cell_type\n", ["line 1", "no tabs in the header", "not with spaces"]),
        (HEADER.replace("cell_type", "cells"), ["line 1", "column cell_type is missing", "the one named cells?"]),
        (HEADER.replace("genome\t", ""), ["line 1", "column genome is missing; add it"]),
        (HEADER.replace("\n", "\tnegativs\n"), ["line 1", "unknown column 'negativs'", "did you mean negatives?"]),
        (HEADER.replace("\n", "\tyear\n"), ["line 1", "unknown column 'year'", "known are dataset"]),
        (HEADER.replace("\n", "\tpath\n"), ["line 1", "column path is listed twice"]),
        (HEADER + "a  bed  p.bed  g.fa\n", ["line 2", "no tabs", "not with spaces"]),
        (HEADER + "a\tfasta\ts.fa\t\t\t\tn.fa\n", ["line 2", "7 cells under 6 columns"]),
        (
            HEADER + "a\tfasta\ts.fa\n\n# b\na\tfasta\ts.fa\n",
            ["the data set a is listed twice", "sheet.tsv, line 2, and", "sheet.tsv, line 5"],
        ),
        (HEADER + "\n\tfasta\ts.fa\n", ["line 3", "dataset is empty"]),
        (HEADER + "ELK1 (1277)\tfasta\ts.fa\n", ["line 2", "dataset is 'ELK1 (1277)'", "letters, digits"]),
        (HEADER + ".a\tfasta\ts.fa\n", ["line 2", "dataset is '.a'", "not at the start"]),
        (HEADER + "-a\tfasta\ts.fa\n", ["line 2", "dataset is '-a'", "not at the start"]),
        (HEADER + "a/b\tfasta\ts.fa\n", ["line 2", "dataset is 'a/b'"]),
        (HEADER + "é\tfasta\ts.fa\n", ["line 2", "dataset is 'é'"]),
        (HEADER + "a\tnarrowPeaks\tp.bed\n", ["line 2", "format is 'narrowPeaks'", "did you mean narrowpeak?"]),
        (HEADER + "a\t\tp.bed\n", ["line 2", "format is empty", "one of seqgz, narrowpeak"]),
        (HEADER + "a\tfasta\t\n", ["line 2", "path is empty"]),
        (HEADER + "a\tbed\tp.bed\t\n", ["line 2", "genome is empty", "bed needs it"]),
        (HEADER + "a\tnarrowpeak\tp.narrowPeak\n", ["line 2", "genome is empty", "narrowpeak needs it"]),
        (
            HEADER + "a\tfasta\ts.fa\tg.fa\n",
            ["line 2", "genome is given", "for narrowpeak, bed, encode, occupancy, multitask_peaks)"],
        ),
        (HEADER + "a\tfasta\tnone.fa\n", ["line 2", "none.fa is missing", "starts at the sheet's folder"]),
        (HEADER + "a\tbed\tp.bed\tnone.fa\n", ["line 2", "none.fa is missing"]),
        (HEADER + "a\tfasta\tcsail\n", ["line 2", "csail is a folder; name the file in it"]),
        (HEADER + "a\tseqgz\telk_AC.seq.gz\n", ["line 2", "the part before _AC.seq.gz and _B.seq.gz"]),
        (HEADER + "a\tseqgz\trest\n", ["line 2", "rest_AC.seq.gz is missing"]),
        (HEADER + "a\tcsail\t.\n", ["line 2", "train.data is missing"]),
        *(
            (HEADER + f"a\tencode\t{id}\n", ["line 2", f"path is '{id}'", "an id at the source"])
            for id in ("../x", "..", "/etc/passwd", "a/../../x", "a/b", "-x", "x y", "x;y")
        ),
        (HEADER + f"a\tencode\t{'x' * 201}\n", ["line 2", f"path is '{'x' * 60}'...", "an id at the source"]),
        *(
            (HEADER + f"a\tfasta\ts.fa\t\t{target}\tK562\n", ["line 2", f"target is {target!r}, but not all", "anew"])
            for target in ("CT\0CF", "\x1b[2J", "\N{RIGHT-TO-LEFT OVERRIDE}FCTC", "\N{ZERO WIDTH SPACE}")
        ),
        (HEADER + f"a\tfasta\t{'n' * 300}\n", ["line 2", "nnn is missing; correct the path"]),
        (HEADER + "a\tfasta\tdangling\n", ["line 2", "dangling is a link to nowhere, where there is no file"]),
        (HEADER + "a\tfasta\tpipe\n", ["line 2", "pipe is a pipe or a device, which can be read once only; write its"]),
        (HEADER + "d\tfasta\ts.fa\nD\tfasta\ts.fa\n", ["the data sets d and D differ in small and capital letters"]),
        (HEADER + "x" * 201 + "\tfasta\ts.fa\n", ["line 2", "dataset is 'xxx", "200 letters"]),
        (HEADER + "a\tfasta\t{dataset}.fa\n", ["line 2", "{dataset}.fa has a brace", "symbolic link"]),
        (HEADER + "a\tbed\tp.bed\tg{1,2}.fa\n", ["line 2", "g{1,2}.fa has a brace"]),
        (HEADER.encode() + b"a\tfasta\ts.fa\t\t\xff\n", ["is not UTF-8", "tab-separated text in UTF-8"]),
    ],
)
def test_mistake_in_the_sheet_is_named_with_its_line(folder: Path, text: str | bytes, parts: list[str]) -> None:
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    message = sheet_complaint(write(folder, text))
    assert [part for part in parts if part not in message] == [], message


def test_negatives_where_they_mean_nothing(folder: Path) -> None:
    sheet = write(folder, HEADER.replace("\n", "\tnegatives\n") + "a\tsimulated\tm.meme\t\t\t\tn.fa\n")
    assert "line 2: negatives is given, but means nothing for format simulated" in sheet_complaint(sheet)


def with_negatives(folder: Path, option: Any, *rows: str) -> pd.DataFrame:
    sheet = write(folder, HEADER.replace("\n", "\tnegatives\n") + "".join(f"{row}\n" for row in rows))
    return read_sheets(sheet, DEFAULT | {"data": DEFAULT["data"] | {"negatives": option}})


def test_the_option_says_what_empty_cells_of_negatives_mean(folder: Path) -> None:
    rows = [f"{name}\tbed\tp.bed\tg.fa\t\t\t{kind}" for name, kind in [("a", ""), ("b", "shuffle"), ("c", "genomic")]]
    others = ["d\tfasta\ts.fa\t\t\t\tn.fa", "e\tsimulated\tm.meme"]
    table = with_negatives(folder, "genomic", *rows, *others)
    assert table["negatives"].tolist() == ["genomic", "shuffle", "genomic", f"{folder}/n.fa", ""]
    assert input_files(table.loc["c"].to_dict()) == [f"{folder}/p.bed", f"{folder}/g.fa"]


def test_two_kinds_of_negatives_are_two_data_sets(folder: Path) -> None:
    rows = ["a\tbed\tp.bed\tg.fa", "b\tbed\tp.bed\tg.fa\t\t\tgenomic", "c\tsimulated\tm.meme"]
    table = with_negatives(folder, ["shuffle", "genomic"], *rows)
    assert dict(table["negatives"]) == {"a.shuffle": "shuffle", "a.genomic": "genomic", "b": "genomic", "c": ""}
    assert table["dataset"].tolist() == list(table.index)


def test_genomic_negatives_need_a_genome(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        with_negatives(folder, ["shuffle", "genomic"], "a\tfasta\ts.fa")
    assert str(caught.value) == (
        f"{folder}/sheet.tsv, line 2: negatives is empty and the option data.negatives (--negatives of deepprune run) "
        f"is genomic, but {folder}/s.fa (fasta) can only have shuffle; change one of them"
    )
    with pytest.raises(InputError, match="line 2: negatives is given, but means nothing for format seqgz"):
        with_negatives(folder, "shuffle", "a\tseqgz\telk\t\t\t\tgenomic")


@pytest.mark.parametrize("part", ["_AC.seq.gz", "_B.seq.gz"])
def test_half_of_a_seqgz_pair(folder: Path, part: str) -> None:
    (folder / f"elk{part}").unlink()
    assert f"elk{part} is missing" in sheet_complaint(write(folder, HEADER + "a\tseqgz\telk\n"))


def test_missing_sheet_and_folder_as_sheet(tmp_path: Path) -> None:
    assert "No such file" in sheet_complaint(tmp_path / "none.tsv")
    assert "directory" in sheet_complaint(tmp_path)


def test_kernel_too_long_for_a_row(folder: Path) -> None:
    with pytest.raises(InputError, match=r"longer than the sequences of data set a"):
        read_sheets(write(folder, HEADER + "a\tfasta\ts.fa\n"), changed("data.window", 10))


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    sheet = tmp_path_factory.getbasetemp() / "any.tsv"
    sheet.write_bytes((HEADER + text).encode(errors="replace"))
    try:
        table = read_sheets(sheet, DEFAULT)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(table, pd.DataFrame) and len(table)


def test_several_sheets_are_read_in_turn(folder: Path) -> None:
    one = write(folder, HEADER + "a\tfasta\ts.fa\n")
    two = folder / "two.tsv"
    two.write_text(HEADER + "b\tbed\tp.bed\tg.fa\n")
    assert list(read_sheets([one, two], DEFAULT).index) == ["a", "b"]
    two.write_text(HEADER + "\na\tbed\tp.bed\tg.fa\n")
    with pytest.raises(InputError) as caught:
        read_sheets([one, two], DEFAULT)
    assert str(caught.value) == f"the data set a is listed twice: {one}, line 2, and {two}, line 3; rename one"


def test_only_what_is_chosen_needs_its_files(folder: Path) -> None:
    sheet = write(folder, HEADER + "a\tfasta\tnone.fa\tx\nb\tfasta\ts.fa\t\tREST\n".replace("\tx", ""))
    for select in ("b", "target == 'REST'"):
        assert list(read_sheets(sheet, changed("select", select)).index) == ["b"]
    with pytest.raises(InputError, match=r"none\.fa is missing"):
        read_sheets(sheet, changed("select", "*"))
    with pytest.raises(InputError, match="select: no data set is called c"):
        read_sheets(sheet, changed("select", "c"))


ENCODE = HEADER.replace("\n", "\tlab\n") + "mine\tencode\twgEncodeX\t\tCTCF\tK562\tUW\nwgEncodeY\tencode\t\tg.fa\n"


def test_rows_of_encode_become_those_of_their_files(folder: Path) -> None:
    sheet = write(folder, ENCODE)
    downloads = "resources/downloads/ucsc/hg19"
    table = read_sheets(sheet, DEFAULT)
    assert table["format"].tolist() == ["narrowpeak"] * 2
    peaks = f"{downloads}/encodeDCC/wgEncodeAwgTfbsUniform"
    assert table["path"].tolist() == [f"{peaks}/{name}.narrowPeak.gz" for name in ("wgEncodeX", "wgEncodeY")]
    assert table["genome"].tolist() == [f"{downloads}/bigZips/hg19.fa.gz", f"{folder}/g.fa"]
    assert table.loc["mine", ["target", "lab"]].tolist() == ["CTCF", "UW"]
    table = read_sheets(sheet, changed("source", "csail"))
    assert table["path"].tolist() == ["resources/downloads/csail/wgEncodeX", "resources/downloads/csail/wgEncodeY"]
    assert table["genome"].tolist() == ["", ""]


def test_rows_of_occupancy_have_files_or_an_id(folder: Path) -> None:
    header = HEADER + "mine\toccupancy\tp.bed\t{}\t{}\n"
    sheet = write(folder, header.format("g.fa", "CTCF") + "wgEncodeX\toccupancy\t\t\tREST\n")
    table = read_sheets(sheet, DEFAULT)
    assert table["format"].tolist() == ["occupancy"] * 2 and table["negatives"].tolist() == ["", ""]
    assert table["path"].tolist()[0] == f"{folder}/p.bed"
    assert table["path"].tolist()[1].endswith("/wgEncodeX.narrowPeak.gz")
    assert table["genome"].tolist() == [f"{folder}/g.fa", "resources/downloads/ucsc/hg19/bigZips/hg19.fa.gz"]
    says = "line 2: genome is empty, but format occupancy needs it"
    assert says in sheet_complaint(write(folder, header.format("", "CTCF")))
    says = "line 2: target is empty, but format occupancy needs it to find the factor's motif"
    assert says in sheet_complaint(write(folder, header.format("g.fa", "")))


def test_genome_of_the_options(folder: Path) -> None:
    sheet = write(folder, ENCODE + "b\tbed\tp.bed\t\nc\tfasta\ts.fa\n")
    (folder / "h.fa").touch()
    table = read_sheets(sheet, changed("genome", f"{folder}/h.fa"))
    assert table["genome"].to_dict() == {
        "mine": f"{folder}/h.fa",
        "wgEncodeY": f"{folder}/g.fa",
        "b": f"{folder}/h.fa",
        "c": "",
    }


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30) | st.from_regex(r"[\w.-]{1,30}"))
def test_names_that_are_taken_need_no_quotes_and_stay_in_their_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    base = tmp_path_factory.getbasetemp()
    (base / "s.fa").touch()
    sheet = base / "names.tsv"
    sheet.write_bytes((HEADER + f"{name}\tfasta\ts.fa\nother\tencode\t{name}\n").encode())
    try:
        table = read_sheets(sheet, DEFAULT)
    except InputError:
        return
    for row in table.to_dict("records"):
        assert shlex.quote(row["dataset"]) == row["dataset"] == Path(row["dataset"]).name
        if row["format"] == "narrowpeak":
            assert Path(row["path"]).resolve().parent == Path(DOWNLOADS, "ucsc", PEAKS).resolve()


def with_tasks(folder: Path, rows: str = "a\tp.bed\nb\tp.narrowPeak\n") -> Path:
    """Write a table of peak files in a folder of its own, and a sheet that names it."""
    (folder / "tables").mkdir()
    (folder / "tables/t.tsv").write_text("task\tpath\n" + rows.replace("\tp.", "\t../p."))
    return write(folder, HEADER + "many\tmultitask_peaks\ttables/t.tsv\tg.fa\n")


def test_files_that_a_table_of_tasks_names(folder: Path) -> None:
    row = read_sheets(with_tasks(folder), DEFAULT).loc["many"].to_dict()
    own = [f"{folder}/tables/t.tsv", f"{folder}/g.fa"]
    assert input_files(row) == [*own, f"{folder}/p.bed", f"{folder}/p.narrowPeak"]
    assert row["negatives"] == ""


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "a\tp.bed\nb\tnone.bed\n",
            "t.tsv, line 3: the file .*/none.bed is missing; correct the path, which starts",
        ),
        ("a\tp.bed\nb\t.\n", "t.tsv, line 3: the file .*/tables is a folder; name the file in it"),
        ("a\tp.bed\nb\t{x}.bed\n", r"t.tsv, line 3: the path .*\{x\}.bed has a brace"),
        ("a\tp.bed\na\tp.narrowPeak\n", "t.tsv, line 3: the task a is listed before"),
    ],
)
def test_a_mistake_in_a_table_of_tasks(folder: Path, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_sheets(with_tasks(folder, rows), DEFAULT)


def test_a_bundle_of_ones_own_or_fetched(folder: Path) -> None:
    for name in ("train", "valid", "test"):
        (folder / f"csail/{name}.mat").touch()
    table = read_sheets(write(folder, HEADER + "own\tdeepsea\tcsail\nfetched\tdeepsea\t\t\tmany\n"), DEFAULT)
    assert table["path"].tolist() == [f"{folder}/csail", f"{DOWNLOADS}/deepsea"]
    assert input_files(table.loc["fetched"].to_dict())[1] == f"{DOWNLOADS}/deepsea/valid.mat"
    (folder / "csail/valid.mat").unlink()
    assert "csail/valid.mat is missing" in sheet_complaint(folder / "sheet.tsv")

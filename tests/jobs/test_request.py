from pathlib import Path

import pytest
import yaml

from deepprune.config.options import check_config, ladder
from deepprune.errors import InputError
from deepprune.jobs.request import (
    Request,
    ladder_options,
    prepare_folder,
    read_options,
    sheet_row,
    workflow_options,
)

BED = "chr1\t10\t20\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my peaks.v2.bed").write_text(BED)
    (tmp_path / "g.fa").write_text(">chr1\nACGT\n")
    (tmp_path / "bound.fa").write_text(">a\nACGT\n")
    return tmp_path


def complaint(request: Request) -> str:
    with pytest.raises(InputError) as caught:
        prepare_folder(request)
    assert "\n" not in str(caught.value) and not Path(request.out, "work").exists()
    return str(caught.value)


def test_rows_hold_whole_paths_and_a_safe_name(folder: Path) -> None:
    row = sheet_row(Request("my peaks.v2.bed", "g.fa"))
    assert row == {
        "dataset": "my_peaks",
        "format": "bed",
        "path": f"{folder}/my peaks.v2.bed",
        "genome": f"{folder}/g.fa",
        "target": "",
        "cell_type": "",
    }
    row = sheet_row(Request("bound.fa", name="CTCF (liver)"))
    assert (row["dataset"], row["format"], row["genome"]) == ("CTCF__liver_", "fasta", "")


def test_written_options_are_those_of_the_workflow(folder: Path) -> None:
    own = {"data": {"seed": 5}, "train": {"patience": 3}}
    request = Request("bound.fa", out="o/p", window=51, seeds=2, negatives=("shuffle", "genomic"), options=own)
    work = prepare_folder(request)
    assert work == Path("o/p/work")
    written = yaml.safe_load((work / "options.yaml").read_text())
    assert (
        written
        == workflow_options(request)
        == {
            "datasets": "sheet.tsv",
            "seeds": [0, 1],
            "methods": ["deepprune"],
            "data": {"negatives": ["shuffle", "genomic"], "window": 51, "seed": 5},
            "prune": {"gain_kept": 0.95},
            "train": {"patience": 3},
        }
    )
    assert (work / "sheet.tsv").read_text().split("\n")[1].startswith("bound\tfasta\t")
    assert prepare_folder(request) == work  # once more


@pytest.mark.parametrize(("kernels", "start"), [(1, 256), (4, 256), (5, 320), (100, 400), (256, 512)])
def test_any_number_of_kernels_ends_a_ladder(kernels: int, start: int) -> None:
    options = ladder_options(kernels)
    assert options == {"final": kernels, "start": start}
    assert ladder({"prune": options | {"factor": 2}})[-1] == kernels


def test_the_options_pass_the_check(folder: Path) -> None:
    defaults = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text())
    for kernels in (None, 6):
        options = workflow_options(Request("bound.fa", kernels=kernels))
        check_config(
            {
                name: value | options[name] if isinstance(value, dict) and name in options else options.get(name, value)
                for name, value in defaults.items()
            }
        )


def test_mistakes_are_one_line_and_write_nothing(folder: Path) -> None:
    assert "No such file" in complaint(Request("none.bed", "g.fa"))
    assert "give it with --genome" in complaint(Request("my peaks.v2.bed"))
    assert "none.fa" in complaint(Request("my peaks.v2.bed", "none.fa"))
    (folder / "text").write_text("hello world\n")
    assert "neither FASTA nor narrowPeak nor BED" in complaint(Request("text", "g.fa"))
    assert "give a file, not standard input" in complaint(Request("-", "g.fa"))
    (folder / "empty").write_text("")
    assert "is empty" in complaint(Request("empty", "g.fa"))
    assert "--kernels is 0" in complaint(Request("bound.fa", kernels=0))
    assert "--seeds is 0" in complaint(Request("bound.fa", seeds=0))


def test_a_folder_that_holds_something_else_is_left_alone(folder: Path) -> None:
    (folder / "full").mkdir()
    (folder / "full/thesis.tex").write_text("")
    assert "full is not empty" in complaint(Request("bound.fa", out="full"))
    prepare_folder(Request("bound.fa", out="o"))
    before = (folder / "o/work/sheet.tsv").read_text()
    with pytest.raises(InputError, match="o holds the results of other peaks"):
        prepare_folder(Request("my peaks.v2.bed", "g.fa", out="o"))
    assert (folder / "o/work/sheet.tsv").read_text() == before
    with pytest.raises(InputError, match=r"bound\.fa is a file, not a folder"):
        prepare_folder(Request("bound.fa", out="bound.fa"))


def test_options_of_a_file(folder: Path) -> None:
    (folder / "o.yaml").write_text("train: {patience: 3}\n")
    assert read_options("o.yaml") == {"train": {"patience": 3}}
    (folder / "o.yaml").write_text("")
    assert read_options("o.yaml") == {}
    for text, message in (("a: [", "is no YAML file"), ("- a\n", "holds no options")):
        (folder / "o.yaml").write_text(text)
        with pytest.raises(InputError, match=message) as caught:
            read_options("o.yaml")
        assert "\n" not in str(caught.value)

import os
from pathlib import Path

import pytest
import yaml

from deepprune.errors import InputError
from deepprune.jobs.folder import COLLECTED, RESULTS, collect, replaced, work_folder
from deepprune.jobs.request import Request, workflow_options

REQUEST = Request("bound.fa", out="o")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("bound.fa", "other.fa"):
        (tmp_path / name).write_text(">a\nACGT\n")
    return tmp_path


def prepare(request: Request) -> Path:
    with work_folder(request) as (work, _):
        return work


def results(work: Path, *datasets: str, text: str = "") -> None:
    """Write what the workflow makes of data sets."""
    for dataset in datasets:
        for path in (*RESULTS.values(), "report/{dataset}.html", "tables/auc.tsv", "report.html"):
            file = work / "results" / path.format(dataset=dataset)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


def files(out: Path) -> set[str]:
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and "work" not in path.parts}


def test_the_folder_holds_sheet_and_options(folder: Path) -> None:
    request = Request("bound.fa", out="o/p", window=51)
    with work_folder(request) as (work, _):
        assert work == Path("o/p/work")
        assert yaml.safe_load((work / "options.yaml").read_text()) == workflow_options(request)
        assert (work / "sheet.tsv").read_text().split("\n")[1].startswith("bound\tfasta\t")
    assert prepare(request) == work  # once more


def test_another_run_leaves_the_folder_as_it_is(folder: Path) -> None:
    with work_folder(Request("bound.fa", out="o", window=51)) as (work, lock):
        before = (work / "options.yaml").read_bytes()
        kept = os.dup(lock)  # as a process that outlives this one has it
        with pytest.raises(InputError, match="another run is at work in o"):
            prepare(Request("bound.fa", out="o", window=71))
    with pytest.raises(InputError, match="another run is at work in o"):
        prepare(Request("bound.fa", out="o", window=71))
    assert (work / "options.yaml").read_bytes() == before
    os.close(kept)
    prepare(Request("bound.fa", out="o", window=71))
    assert (work / "options.yaml").read_bytes() != before


def test_a_folder_that_holds_something_else_is_left_alone(folder: Path) -> None:
    (folder / "full").mkdir()
    (folder / "full/thesis.tex").write_text("")
    with pytest.raises(InputError, match="full is not empty, and holds no results of deepprune"):
        prepare(Request("bound.fa", out="full"))
    with pytest.raises(InputError, match=r"bound\.fa is a file, not a folder"):
        prepare(Request("bound.fa", out="bound.fa"))


def test_results_of_other_peaks_are_kept(folder: Path) -> None:
    work = prepare(Request("bound.fa", out="o"))
    results(work, "bound")
    collect(work, REQUEST, ["bound"])
    before = (work / "sheet.tsv").read_text()
    with pytest.raises(InputError, match=rf"o holds results of peaks {folder}/bound.fa, not {folder}/other.fa; give"):
        prepare(Request("other.fa", out="o"))
    with pytest.raises(InputError, match="o holds results with name bound, not b; give"):
        prepare(Request("bound.fa", out="o", name="b"))
    assert (work / "sheet.tsv").read_text() == before
    prepare(Request("./bound.fa", out="o", window=71))  # the same file


def test_a_run_that_failed_leaves_the_folder_to_others(folder: Path) -> None:
    prepare(Request("bound.fa", out="o"))
    work = prepare(Request("other.fa", out="o"))
    assert "other.fa" in (work / "sheet.tsv").read_text()


def test_results_of_several_data_sets_have_folders(folder: Path) -> None:
    work = folder / "o/work"
    results(work, "p.shuffle", "p.genomic")
    assert collect(work, REQUEST, ["p.shuffle", "p.genomic"]) == folder / "o"
    apart = {f"{name}/{file}" for name in ("p.shuffle", "p.genomic") for file in RESULTS}
    common = {"auc.tsv", "report.html", "report/p.shuffle.html", "report/p.genomic.html"}
    assert files(folder / "o") == apart | common


def test_results_that_this_run_does_not_have_leave(folder: Path) -> None:
    out, work = folder / "o", folder / "o/work"
    results(work, "p", "p.shuffle", "p.genomic")
    collect(work, REQUEST, ["p"])
    (out / "notes.txt").write_text("mine")
    (out / "report/mine.html").write_text("mine")
    collect(work, REQUEST, ["p.shuffle", "p.genomic"])
    assert not files(out) & ({*RESULTS} | {"report/p.html"})
    collect(work, REQUEST, ["p"])
    mine = {"notes.txt", "report/mine.html"}
    assert files(out) == {*RESULTS} | {"auc.tsv", "report.html", "report/p.html"} | mine
    assert not (out / "p.shuffle").exists()


def test_a_failure_while_results_are_copied_changes_none(folder: Path) -> None:
    out, work = folder / "o", folder / "o/work"
    results(work, "p", text="old")
    collect(work, REQUEST, ["p"])
    before = files(out)
    results(work, "p", "q", text="new")
    (work / "results/models/q/model.npz").unlink()
    listed = (work / COLLECTED).read_text()
    with pytest.raises(FileNotFoundError):
        collect(work, REQUEST, ["q"])
    assert files(out) == before and (work / COLLECTED).read_text() == listed
    assert all((out / name).read_text() == "old" for name in before)
    collect(work, REQUEST, ["p"])
    assert all((out / name).read_text() == "new" for name in before)


def test_replaced_files_are_noticed_whatever_their_date(folder: Path) -> None:
    work = folder / "o/work"
    results(work, "p")
    assert not replaced(work, REQUEST)  # nothing was made from it yet
    collect(work, REQUEST, ["p"])
    assert not replaced(work, REQUEST)
    os.utime("bound.fa", ns=(0, 1_000_000_000))
    assert replaced(work, REQUEST)
    collect(work, REQUEST, ["p"])
    assert not replaced(work, REQUEST)

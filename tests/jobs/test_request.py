from pathlib import Path

import pytest

from deepprune.config.options import check_config, ladder
from deepprune.errors import InputError
from deepprune.jobs.request import (
    NAME_LETTERS,
    Request,
    complete_options,
    dataset_names,
    ladder_options,
    read_options,
    sheet_row,
    workflow_options,
)
from deepprune.jobs.workflow import default_options

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
        dataset_names(request, complete_options(request))
    assert "\n" not in str(caught.value)
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
    row = sheet_row(Request("bound.fa", name="CTCF_liver"))
    assert (row["dataset"], row["format"], row["genome"]) == ("CTCF_liver", "fasta", "")


def test_paths_of_one_file_are_one_path(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "link.fa").symlink_to("bound.fa")
    plain = sheet_row(Request("bound.fa"))["path"]
    for other in ("./bound.fa", "sub/../bound.fa", f"{folder}/bound.fa"):
        assert sheet_row(Request(other))["path"] == plain == f"{folder}/bound.fa"
    assert sheet_row(Request("link.fa"))["path"] == f"{folder}/link.fa"


def test_long_names_of_files_are_cut(folder: Path) -> None:
    (folder / f"{'ab' * 120}.fa").write_text(">a\nACGT\n")
    assert sheet_row(Request(f"{'ab' * 120}.fa"))["dataset"] == "ab" * (NAME_LETTERS // 2)
    assert f"--name has 300 letters; give at most {NAME_LETTERS}" in complaint(Request("bound.fa", name="abc" * 100))


def test_options_are_those_of_the_workflow(folder: Path) -> None:
    own = {"data": {"seed": 5}, "train": {"patience": 3}}
    request = Request("bound.fa", out="o/p", window=51, seeds=2, negatives=("shuffle", "genomic"), options=own)
    assert workflow_options(request) == {
        "datasets": "sheet.tsv",
        "seeds": [0, 1],
        "methods": ["deepprune"],
        "data": {"negatives": ["shuffle", "genomic"], "window": 51, "seed": 5},
        "prune": {"gain_kept": 0.95},
        "train": {"patience": 3},
    }
    options, defaults = complete_options(request), default_options()
    assert options["data"] == defaults["data"] | {"negatives": ["shuffle", "genomic"], "window": 51, "seed": 5}
    assert options["prune"] == defaults["prune"] | {"gain_kept": 0.95} and options["tomtom"] == defaults["tomtom"]


def test_a_data_set_for_each_kind_of_negatives(folder: Path) -> None:
    for given in (Request("my peaks.v2.bed", "g.fa"), Request("bound.fa", name="my_peaks")):
        assert dataset_names(given, complete_options(given)) == ["my_peaks"]
    both = {"data": {"negatives": ["shuffle", "genomic"]}}
    request = Request("my peaks.v2.bed", "g.fa", options=both)
    assert dataset_names(request, complete_options(request)) == ["my_peaks.shuffle", "my_peaks.genomic"]
    request = Request("my peaks.v2.bed", "g.fa", options={"data": {"most_positives": [900, 60]}})
    assert dataset_names(request, complete_options(request)) == ["my_peaks.900", "my_peaks.60"]


@pytest.mark.parametrize(("kernels", "start"), [(1, 256), (4, 256), (5, 320), (100, 400), (256, 512)])
def test_any_number_of_kernels_ends_a_ladder(kernels: int, start: int) -> None:
    options = ladder_options(kernels)
    assert options == {"final": kernels, "start": start}
    assert ladder({"prune": options | {"factor": 2}})[-1] == kernels


def test_the_options_pass_the_check(folder: Path) -> None:
    for kernels in (None, 6):
        check_config(complete_options(Request("bound.fa", kernels=kernels)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prune": {"final": 0}}, "prune.final is 0"),
        ({"prune": {"factor": 1}}, "prune.factor is 1"),
        ({"prune": {"final": "x"}}, "prune.final is the text 'x'"),
        ({"prune": {"start": 100}}, "prune.start is 100"),
        ({"prune": 5}, "prune is 5"),
        ({"seeds": 3}, "seeds is 3"),
        ({"sedes": [3]}, "unknown option sedes; did you mean seeds?"),
        ({"methods": ["inter"]}, "methods lacks deepprune"),
        (
            {"model": {"kernel_length": 60}, "data": {"window": 50}},
            "model.kernel_length is 60, longer than the sequences",
        ),
        ({"folder": "x"}, "the option folder is not for a run on one peak file: results go to the folder of -o"),
        ({"datasets": "x.tsv"}, "the option datasets is not for a run"),
        ({"blacklist": "x.bed"}, "give the regions with --blacklist; leave it out"),
    ],
)
def test_wrong_options_are_found_before_anything_is_written(
    folder: Path, options: dict[str, object], message: str
) -> None:
    assert message in complaint(Request("bound.fa", options=options))


def test_mistakes_are_one_line(folder: Path) -> None:
    assert "No such file" in complaint(Request("none.bed", "g.fa"))
    assert "give it with --genome" in complaint(Request("my peaks.v2.bed"))
    assert "bound.fa holds sequences, which need no genome; leave --genome out" in complaint(
        Request("bound.fa", "g.fa")
    )
    assert "none.fa" in complaint(Request("my peaks.v2.bed", "none.fa"))
    (folder / "text").write_text("hello world\n")
    assert "neither FASTA nor narrowPeak nor BED" in complaint(Request("text", "g.fa"))
    assert "give a file, not standard input" in complaint(Request("-", "g.fa"))
    (folder / "empty").write_text("")
    assert "is empty" in complaint(Request("empty", "g.fa"))
    assert "--name is 'CTCF (liver)', but may only" in complaint(Request("bound.fa", name="CTCF (liver)"))
    assert "--kernels is 0" in complaint(Request("bound.fa", kernels=0))
    assert "--seeds is 0" in complaint(Request("bound.fa", seeds=0))
    assert "genomic" in complaint(Request("bound.fa", negatives=("genomic",)))
    peaks = Request("my peaks.v2.bed", "g.fa", blacklist="my peaks.v2.bed")
    assert "--blacklist is for genomic negatives" in complaint(peaks)
    genomic = Request("my peaks.v2.bed", "g.fa", negatives=("genomic",), blacklist="none.bed")
    assert "none.bed: No such file" in complaint(genomic)


def test_options_of_a_file(folder: Path) -> None:
    (folder / "o.yaml").write_text("train: {patience: 3}\n")
    assert read_options("o.yaml") == {"train": {"patience": 3}}
    (folder / "o.yaml").write_text("")
    assert read_options("o.yaml") == {}
    for text, message in (
        ("a: [", r"o\.yaml, line 1, column 5: expected .*correct the YAML"),
        ("- a\n", "holds no options"),
    ):
        (folder / "o.yaml").write_text(text)
        with pytest.raises(InputError, match=message) as caught:
            read_options("o.yaml")
        assert "\n" not in str(caught.value)

"""Paths in options: looked for beside the configuration file, then in the working folder."""

import os
from pathlib import Path
from typing import Any

import pytest

from deepprune.config.locate import locate_files
from deepprune.errors import InputError

DEFAULTS = {"datasets": "a.tsv", "genome": "", "blacklist": "", "networks": "", "deepsea": {"classes": ""}}
DEFAULTS |= {"occupancy": {"motifs": ""}, "task_groups": ""}


@pytest.fixture
def working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, beside the folders `defaults` and `own` of configuration files."""
    for folder in ("working", "defaults", "own"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "working")
    return tmp_path / "working"


def write(path: Path, text: str = "") -> Path:
    path.write_text(text)
    return path


def found(working: Path, config: dict[str, Any], given: dict[str, Any] | None = None) -> dict[str, Any]:
    """Find the files of options: defaults/config.yaml names datasets and genome, own/mine.yaml what config holds."""
    defaults = write(working / "../defaults/config.yaml", "datasets: a.tsv\ngenome: ''\nblacklist: ''\n")
    own = write(working / "../own/mine.yaml", "".join(f"{option}: {value}\n" for option, value in config.items()))
    return locate_files(DEFAULTS | config | (given or {}), [defaults, own], given or {})


def test_a_path_starts_at_the_file_that_gives_it(working: Path) -> None:
    for folder in ("defaults", "own", "working"):
        write(working / ".." / folder / "a.tsv")
    write(working / "../own/b.fa")
    assert found(working, {"seeds": [1]}) == {
        "datasets": "../defaults/a.tsv",
        "genome": "",
        "blacklist": "",
        "networks": "",
        "deepsea": {"classes": ""},
        "occupancy": {"motifs": ""},
        "task_groups": "",
        "seeds": [1],
    }
    assert found(working, {"datasets": "a.tsv"})["datasets"] == "../own/a.tsv"
    assert found(working, {"genome": "b.fa"})["genome"] == "../own/b.fa"
    tables = ["b.fa", "a.tsv"]
    assert found(working, {"networks": "b.fa"})["networks"] == "../own/b.fa"
    assert found(working, {"networks": tables})["networks"] == ["../own/b.fa", "../own/a.tsv"]


def test_then_at_the_working_folder(working: Path) -> None:
    write(working / "c.tsv")
    write(working / "../own/d.tsv")
    assert found(working, {"datasets": ["c.tsv", "d.tsv"]})["datasets"] == ["c.tsv", "../own/d.tsv"]


def test_a_path_of_the_command_line_starts_at_the_working_folder_alone(working: Path) -> None:
    write(working / "../own/a.tsv")
    with pytest.raises(InputError) as caught:
        found(working, {"datasets": "a.tsv"}, {"datasets": "a.tsv"})
    assert str(caught.value) == (
        f"config: datasets is a.tsv, but there is no such file (looked for {working}/a.tsv); correct the path"
    )
    write(working / "a.tsv")
    assert found(working, {"datasets": "x.tsv"}, {"datasets": "a.tsv"})["datasets"] == "a.tsv"


def test_a_whole_path_is_where_it_says(working: Path) -> None:
    genome = write(working / "g.fa")
    write(working / "a.tsv")
    assert found(working, {"genome": str(genome)})["genome"] == "g.fa"
    genome.unlink()
    genome.mkdir()
    with pytest.raises(InputError, match=rf"^config: genome is {genome}, but {genome} is a folder; name the file in"):
        found(working, {"genome": str(genome)})
    genome.rmdir()
    os.mkfifo(genome)
    with pytest.raises(
        InputError, match=r"g\.fa is a pipe or a device, which can be read once only; write its content"
    ):
        found(working, {"genome": str(genome)})
    genome.unlink()
    with pytest.raises(InputError, match=rf"^config: genome is {genome}, but there is no such file; correct the path$"):
        found(working, {"genome": str(genome)})
    genome.symlink_to("nowhere")
    with pytest.raises(InputError, match=r"g\.fa is a link to nowhere, where there is no file; mend the link$"):
        found(working, {"genome": str(genome)})


def test_a_flag_of_the_command_is_named(working: Path) -> None:
    write(working / "a.tsv")
    with pytest.raises(InputError, match=r"^config: blacklist \(--blacklist of deepprune run\) is /no/b\.bed, but"):
        found(working, {"blacklist": "/no/b.bed"})


def test_the_message_tells_both_places(working: Path) -> None:
    with pytest.raises(InputError) as caught:
        found(working, {"datasets": "sheets/a.tsv"})
    places = f"{working.parent}/own/sheets/a.tsv and {working}/sheets/a.tsv"
    assert f"(looked for {places})" in str(caught.value)


def test_a_path_in_a_group_of_options(working: Path) -> None:
    write(working / "a.tsv")
    write(working / "../own/c.tsv")
    config = {"deepsea": {"classes": "c.tsv"}}
    assert found(working, config)["deepsea"] == {"classes": "../own/c.tsv"}
    assert config == {"deepsea": {"classes": "c.tsv"}}
    with pytest.raises(InputError, match=r"^config: deepsea\.classes is c\.tsv, but there is no such file"):
        found(working, config, config)
    write(working / "c.tsv")
    assert found(working, {}, config)["deepsea"]["classes"] == "c.tsv"
    with pytest.raises(InputError, match=r"deepsea\.classes is none, but there .* \(looked for .*own/none"):
        found(working, {"deepsea": {"classes": "none"}})

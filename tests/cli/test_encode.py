from pathlib import Path

import pytest
from console import complaint

from deepprune.cli.main import main


def test_encode_writes_the_committed_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = (Path(__file__).parents[2] / "resources" / "datasets.tsv").read_text()
    (tmp_path / "ids").write_text("\n".join(line.split("\t")[0] for line in sheet.splitlines()[1:]))
    assert main(["encode", str(tmp_path / "ids")]) == 0
    assert capsys.readouterr().out == sheet


def test_encode_refuses_another_name_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ids").write_text("CTCF\n")
    found = complaint(capsys, "encode", tmp_path / "ids")
    assert found.startswith(
        f"{tmp_path}/ids: 'CTCF' is no id of ENCODE's uniform peaks; they read wgEncodeAwgTfbs<Lab>"
    )


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_encode_refuses_a_file_without_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / "ids").write_text(text)
    assert complaint(capsys, "encode", tmp_path / "ids").startswith(f"{tmp_path}/ids is empty; it must hold ids of ENC")

from pathlib import Path

import pytest
from console import complaint, run


def test_sheet_lists_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in ("AC", "B"):
        (tmp_path / f"CTCF_K562_lab_{suffix}.seq.gz").write_bytes(b"")
    _, row = run(capsys, "sheet", str(tmp_path))
    assert row.split("\t") == ["CTCF_K562_lab", "seqgz", str(tmp_path / "CTCF_K562_lab"), "", "CTCF", "K562"]
    assert "no pair of files" in complaint(capsys, "sheet", tmp_path / "nowhere")

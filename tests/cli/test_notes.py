import pytest

from deepprune.cli.notes import note, warn


def test_notes_are_lines_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    note("2 peaks have no window")
    warn("few targets")
    assert capsys.readouterr() == ("", "deepprune: 2 peaks have no window\ndeepprune: warning: few targets\n")

import pytest
from console import run

from deepprune.dna import shuffle, words
from deepprune.motifs import windows


def test_what_is_called_from_outside_is_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "compile") == []
    called = (shuffle._shuffle, words._find, windows._scan, windows._count_best, windows._count_every)
    assert [function.__name__ for function in called if not function.nopython_signatures] == []

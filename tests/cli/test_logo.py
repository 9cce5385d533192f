from pathlib import Path

import pytest
from console import complaint, motif_of

from deepprune.cli.main import main
from deepprune.io.motif import write_meme


@pytest.mark.parametrize("arguments", [[], ["--reverse-complement"]], ids=["one", "both"])
def test_logo_draws_each_motif(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    names = ["../escape", "/etc/x y", "..", "MA0004.1", "a" * 300]
    write_meme(tmp_path / "motifs.meme", [motif_of(name.replace(" ", "\N{EM DASH}"), "CACGTG") for name in names])
    folder = tmp_path / "new" / "logos"
    assert main(["logo", str(tmp_path / "motifs.meme"), "-o", str(folder), *arguments]) == 0
    assert capsys.readouterr() == ("", "")
    stems = ["_._escape", "_etc_x_y", "_.", "MA0004.1", "a" * 200]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{stem}.{x}" for stem in stems for x in ("png", "svg")
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["motifs.meme", "new"]
    assert (folder / "_..png").read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in (folder / "_..svg").read_bytes()


def test_logo_of_names_that_become_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_meme(tmp_path / "motifs.meme", [motif_of(name, "CACGTG") for name in ("one", "V$a", "v/A")])
    message = complaint(capsys, "logo", tmp_path / "motifs.meme", "-o", tmp_path / "logos")
    assert message.endswith("motifs V$a and v/A would get the same file name; rename one of them")
    assert not (tmp_path / "logos").exists()


def test_logo_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_meme(tmp_path / "motifs.meme", [motif_of("one", "CACGTG")])
    queries = tmp_path / "motifs.meme"
    (tmp_path / "file").write_text("a\tb\n")
    folder = tmp_path / "logos"
    assert "No such file" in complaint(capsys, "logo", tmp_path / "absent", "-o", folder)
    assert "not a motif file" in complaint(capsys, "logo", tmp_path / "file", "-o", folder)
    assert not folder.exists()
    assert "is a file, not a folder" in complaint(capsys, "logo", queries, "-o", tmp_path / "file")
    assert "cannot be made" in complaint(capsys, "logo", queries, "-o", tmp_path / "file" / "logos")
    assert (tmp_path / "file").read_text() == "a\tb\n"

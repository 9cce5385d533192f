"""variants with networks of several layers."""

from pathlib import Path

import numpy as np
import pytest
from console import complaint, run, table_of
from layered import RECURRENT, placed_model, random_model

from deepprune.cli.main import main
from deepprune.dna.codes import to_codes
from deepprune.explain import logits
from deepprune.explain.layers import Layers
from deepprune.explain.variants import strand_averaged
from deepprune.models.layers_file import LayersModel, save_any_model

pytestmark = pytest.mark.slow

OWN = random_model(RECURRENT, 30)
TEXT = "".join(np.random.default_rng(5).choice(list("ACGT"), 400))
HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n"
CHANGES = ["change_MAX", "change_GM12878|CTCF (2)"]


def given(folder: Path, own: LayersModel, rows: str, text: str = TEXT) -> list[str]:
    """Write a model, a genome and a VCF file, and return the arguments."""
    save_any_model(folder / "m.npz", own)
    (folder / "g.fa").write_text(f">chr1\n{text}\n")
    (folder / "v.vcf").write_text(HEADER + rows)
    return ["variants", str(folder / "m.npz"), str(folder / "v.vcf"), "--genome", str(folder / "g.fa")]


def row(pos: int, deleted: int, alt: str) -> str:
    return f"chr1\t{pos}\tv{pos}\t{TEXT[pos - 1 : pos - 1 + deleted]}\t{alt}\n"


def mean_logit(*values: float) -> float:
    """Return the logit of the mean of the probabilities of logits."""
    mean = np.mean([1 / (1 + np.exp(-value)) for value in values])
    return float(np.log(mean / (1 - mean)))


def test_changes_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The network reads the letters at both ends of a window, which a substitution in the middle leaves.
    lines = run(capsys, *given(tmp_path, placed_model(), "chr1\t3\ta\tG\tT\nchr1\t7\tb\tC\tT\n", "AGGGCGCTT"))
    assert lines[0].split("\t") == ["chrom", "pos", "id", "ref", "alt", "status", *CHANGES]
    assert lines[1] == "chr1\t3\ta\tG\tT\tscored\t0.0\t0.0"
    (tmp_path / "indel").mkdir()
    rows = "chr1\t3\ti\tG\tGAG\n"
    found = table_of(run(capsys, *given(tmp_path / "indel", placed_model(), rows, "TAGCAT"), "--logits"))
    # The windows TAGCA and, of the longer allele, AGAGC; on the other strand TGCTA and GCTCT
    assert found["logit_ref_MAX"].item() == pytest.approx(mean_logit(0, 0))
    assert found["logit_alt_MAX"].item() == pytest.approx(mean_logit(3, 0), rel=1e-6)
    assert found["logit_ref_GM12878|CTCF (2)"].item() == pytest.approx(mean_logit(-1, -1), rel=1e-6)
    assert found[CHANGES[1]].item() == pytest.approx(mean_logit(1, 1) - mean_logit(-1, -1), rel=1e-6)


def test_changes_are_differences_of_predictions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logits, "MOST", 7)
    rows = [row(pos, 1, "ACGT"[pos % 4]) for pos in range(60, 80)] + [row(100, 1, "GTT"), row(110, 4, "A")]
    text = "".join([*rows, "chr1\t5\te\tN\tA\n", "chrM\t5\tm\tA\tC\n"])
    assert main([*given(tmp_path, OWN, text), "--logits"]) == 0
    out, err = capsys.readouterr()
    found = table_of(out.splitlines())
    assert found["id"].tolist() == [f"v{pos}" for pos in (*range(60, 80), 100, 110)] + ["e", "m"]
    assert err == "deepprune: 2 of 24 alleles are not scored: beyond_chromosome 1, unknown_contig 1\n"
    numbers = found.iloc[:, 6:]
    assert numbers[-2:].isna().all(axis=None)
    alleles = list(zip(found["pos"], found["ref"].str.len(), found["alt"], strict=True))[:-2]
    ref, alt = Layers(strand_averaged(OWN)).logits(windows_of(alleles)).reshape(2, 22, 2)  # type: ignore[arg-type]
    np.testing.assert_allclose(numbers[:-2], np.hstack([alt - ref, ref, alt]), rtol=1e-4, atol=1e-4)


def windows_of(alleles: list[tuple[int, int, str]]) -> np.ndarray:
    """Return the codes of windows of 30 bp around the references, then around the others."""
    windows = []
    for place in (0, 1):
        for pos, deleted, alt in alleles:
            text = [TEXT, TEXT[: pos - 1] + alt + TEXT[pos - 1 + deleted :]][place]
            start = pos - 1 - (31 - [deleted, len(alt)][place]) // 2
            windows.append(text[start : start + 30])
    return to_codes(windows)


def test_mistakes_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = given(tmp_path, OWN, row(60, 1, "A"))
    assert complaint(capsys, *arguments, "--longest", "23").startswith(
        "--longest is 23; give 1 to 22: the model's window has 30 bp, and its kernels of 5 bp need room on both sides"
    )
    swapped = [arguments[0], arguments[2], arguments[1], *arguments[3:]]
    assert complaint(capsys, *swapped).endswith(f"swap the two: {arguments[1]} {arguments[2]}")

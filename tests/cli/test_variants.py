import io
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from console import COMMAND, complaint, first_line, run, table_of
from modelled import model, model_path

from deepprune.cli import variants
from deepprune.cli.main import main
from deepprune.explain import variants as effects
from deepprune.explain.variants import COLUMNS
from deepprune.io import vcf
from deepprune.models.model_file import Use

OWN = replace(model(Use(7, strands="both", background=4)), window=41)
TEXT = "".join(np.random.default_rng(5).choice(list("ACGT"), 2000))
HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n"


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """Return the arguments but for the VCF file, which is to follow."""
    (tmp_path / "g.fa").write_text(f">chr1\n{TEXT}\n")
    return ["variants", "--genome", str(tmp_path / "g.fa"), model_path(tmp_path, OWN)]


def rows(number: int, first: int = 100) -> str:
    places = range(first, first + number)
    return "".join(f"chr1\t{pos}\tv{pos}\t{TEXT[pos - 1]}\t{'CGTA'['ACGT'.index(TEXT[pos - 1])]}\n" for pos in places)


def write(folder: Path, text: str) -> str:
    (folder / "v.vcf").write_text(text)
    return str(folder / "v.vcf")


def test_windows_predict_the_logits(tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = table_of(run(capsys, *given, write(tmp_path, HEADER + rows(60))))
    assert list(found) == COLUMNS and found["id"].tolist() == [f"v{pos}" for pos in range(100, 160)]
    for allele in ("ref", "alt"):
        records = zip(found["id"], found[f"window_{allele}"], strict=True)
        (tmp_path / "w.fa").write_text("".join(f">{name}\n{window}\n" for name, window in records))
        predicted = table_of(run(capsys, "predict", given[-1], str(tmp_path / "w.fa")))
        np.testing.assert_allclose(found[f"logit_{allele}"], predicted["logit"], rtol=1e-5)
    np.testing.assert_allclose(found["change"], found["logit_alt"] - found["logit_ref"], atol=2e-5)


def test_order_statuses_and_counts_by_standard_input(
    given: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "CHUNK", 2)
    other = "A" if TEXT[199] != "A" else "C"
    text = f"{HEADER}{rows(1, 300)}chr1\t200\tx\t{other}\tG\nchr1\t201\ty\t{TEXT[200]}\t<DEL>,*\n"
    text += f"chrM\t5\tz\tA\tG\nchr1\t202\tl\tA\t{'A' * 60}\n{rows(1, 100)}chr1\t3\te\t{TEXT[2]}\t{TEXT[2]}\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode()))))
    assert main([*given, "-"]) == 0
    out, err = capsys.readouterr()
    found = table_of(out.splitlines())
    assert found["id"].tolist() == ["v300", "x", "z", "v100", "e"]
    assert found["status"].tolist() == ["scored", "ref_differs", "unknown_contig", "scored", "beyond_chromosome"]
    assert found["change"].isna().tolist() == [False, True, True, False, True]
    counts = "ref_differs 1, unknown_contig 1, beyond_chromosome 1, symbolic 2, too_long 1"
    assert err == f"deepprune: 6 of 8 alleles are not scored: {counts}\n"


def test_a_header_alone_gives_a_header(tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *given, write(tmp_path, HEADER)) == ["\t".join(COLUMNS)]
    assert capsys.readouterr().err == ""


def test_the_longest_allele(tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text = HEADER + "".join(f"chr1\t{pos}\t.\t{TEXT[pos - 1 : pos + 9]}\t{TEXT[pos - 1]}\n" for pos in (100, 200))
    assert len(run(capsys, *given, write(tmp_path, text), "--longest", "10")) == 3
    assert len(run(capsys, *given, write(tmp_path, text), "--longest", "9")) == 1
    for longest in ("0", "30"):
        line = complaint(capsys, *given, write(tmp_path, text), "--longest", longest)
        assert line.startswith(f"--longest is {longest}; give 1 to 29: the model's window has 41 bp")
    assert variants.LONGEST == vcf.LONGEST and variants.longest_of(None, OWN) == 29
    assert variants.longest_of(None, replace(OWN, window=101)) == 50


def test_mistakes_are_one_line(tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    path, good = given[-1], HEADER + rows(1)
    assert "does not begin with ##fileformat=VCFv4" in complaint(capsys, *given, write(tmp_path, rows(1)))
    assert "is empty" in complaint(capsys, *given, "/dev/null")
    assert "No such file" in complaint(capsys, *given, tmp_path / "none.vcf")
    assert "line 3: POS is 'x'" in complaint(capsys, *given, write(tmp_path, good.replace("\t100\t", "\tx\t")))
    line = complaint(capsys, *given, write(tmp_path, good.replace("chr1", "1")))
    assert "named like '1' in the variants, like 'chr1' in the genome; put 'chr' before" in line
    vcf_file = write(tmp_path, good)
    assert "is no model file" in complaint(capsys, *given[:-1], vcf_file, vcf_file)
    assert complaint(capsys, *given[:-1], vcf_file, path).endswith(f"swap the two: {path} {vcf_file}")
    assert "No such file" in complaint(capsys, "variants", path, vcf_file, "--genome", tmp_path / "none.fa")
    content = Path(path).read_bytes()
    Path(path).write_bytes(content[: len(content) // 2])
    assert "is no model file, or it is damaged" in complaint(capsys, *given, vcf_file)


def test_a_reader_that_leaves_early(tmp_path: Path, given: list[str]) -> None:
    assert first_line(*given, write(tmp_path, HEADER + rows(1000) * 20)).startswith(b"chrom\t")


def test_ctrl_c_while_rows_are_written(tmp_path: Path, given: list[str]) -> None:
    # More rows than the pipe holds, which nobody reads: the signal finds the command writing.
    command = [*COMMAND, *given, write(tmp_path, HEADER + rows(1000) * 20)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().startswith(b"chrom\t")
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
        assert process.wait() == 130

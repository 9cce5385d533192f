import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from console import complaint, motif_of, run

from deepprune.cli import hits
from deepprune.cli.main import main
from deepprune.data import stream
from deepprune.dna.codes import to_text
from deepprune.io.fasta import read_fasta
from deepprune.io.motif import Motif, write_meme
from deepprune.motifs import instances

REFERENCE = Path(__file__).parents[3] / "shared/reference/fimo"
BED = ["chrom", "start", "end", "name", "score", "strand", "peak", "log-odds", "p-value"]
CHR1 = to_text(np.random.default_rng(2).integers(0, 4, (1, 600)).astype(np.uint8))[0]


@pytest.fixture
def motifs(tmp_path: Path) -> str:
    write_meme(tmp_path / "m.meme", [motif_of("m", "AACG", "alt"), motif_of("n", "ACGTT")], (0.25,) * 4)
    return str(tmp_path / "m.meme")


@pytest.fixture
def genome(tmp_path: Path) -> str:
    (tmp_path / "g.fa").write_text(f">chr1\n{CHR1}\n")
    return str(tmp_path / "g.fa")


def write(folder: Path, text: str, name: str = "input") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def table(lines: list[str], columns: list[str] | None = None) -> pd.DataFrame:
    return pd.read_csv(io.StringIO("\n".join(lines)), sep="\t", names=columns, keep_default_na=False, dtype=str)


def on_forward(row: pd.Series) -> str:
    """Return the word in the genome where a row of BED is."""
    return CHR1[int(row["start"]) : int(row["end"])]


def test_bed_by_hand(tmp_path: Path, motifs: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, ">chr5:1000-1008 x\nTTAACGTT\n>other\nAACG\n>chr5:1000-1004(-)\nAACG\n")
    lines = run(capsys, "hits", motifs, path, "--p-value", "0.004")
    assert [line.split("\t")[:7] for line in lines] == [
        ["chr5", "1002", "1006", "m", "241", "+", "chr5:1000-1008"],
        ["chr5", "1002", "1007", "n", "301", "-", "chr5:1000-1008"],
        ["chr5", "1003", "1008", "n", "301", "+", "chr5:1000-1008"],
        ["chr5", "1004", "1008", "m", "241", "-", "chr5:1000-1008"],
        ["other", "0", "4", "m", "241", "+", "other"],
        # The record is the other strand of its place, which is not used.
        ["chr5:1000-1004(-)", "0", "4", "m", "241", "+", "chr5:1000-1004(-)"],
    ]
    assert [line.split("\t")[8] for line in lines] == ["0.00391", "0.000977", "0.000977", *["0.00391"] * 3]


def test_table_by_hand(tmp_path: Path, motifs: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, ">chr5:1000-1008 x\nTTAACGTT\n")
    lines = run(capsys, "hits", motifs, path, "--p-value", "0.004", "--tsv", "--strand", "given")
    header, first, second = (line.split("\t") for line in lines)
    assert header[:6] == ["motif_id", "motif_alt_id", "sequence_name", "start", "stop", "strand"]
    assert header[6:] == ["score", "p-value", "q-value", "matched_sequence"]
    assert first[:6] == ["m", "alt", "chr5:1000-1008", "3", "6", "+"] and first[7:] == ["0.00391", "", "AACG"]
    assert second[:6] == ["n", "", "chr5:1000-1008", "4", "8", "+"] and second[9] == "ACGTT"


def test_scores_of_bed_end_at_1000(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    word = CHR1[:18]
    write_meme(tmp_path / "m.meme", [motif_of("long", word)])
    (line,) = run(capsys, "hits", str(tmp_path / "m.meme"), write(tmp_path, f">a\n{word}\n"))
    assert line.split("\t")[4] == "1000" and float(line.split("\t")[8]) == pytest.approx(4**-18, rel=0.01)


@pytest.mark.parametrize("window", [[], ["--window", "60"]])
def test_peaks_of_both_strands_in_the_genome(
    tmp_path: Path, motifs: str, genome: str, capsys: pytest.CaptureFixture[str], window: list[str]
) -> None:
    rows = "chr1\t100\t300\tone\t0\t-\nchr1\t200\t350\ttwo\t0\t+\nchr1\t500\t590\tthree\n"
    path = write(tmp_path, rows, "p.bed")
    found = table(run(capsys, "hits", motifs, path, "--genome", genome, "--p-value", "0.02", *window), BED)
    words = table(run(capsys, "hits", motifs, path, "--genome", genome, "--p-value", "0.02", "--tsv", *window))
    assert set(found["peak"]) == {"one", "two", "three"} and set(found["strand"]) == {"+", "-"}
    reverse = str.maketrans("ACGT", "TGCA")
    read = [
        on_forward(row) if row["strand"] == "+" else on_forward(row)[::-1].translate(reverse)
        for _, row in found.iterrows()
    ]
    assert read == words["matched_sequence"].tolist() and len(read) > 5
    if not window:
        # Peaks that overlap repeat what they share.
        shared = found[found["start"].astype(int).between(200, 295)].groupby("peak").size()
        assert shared["one"] == shared["two"] > 0


def test_standard_input_and_peaks_without_a_window(
    tmp_path: Path, motifs: str, genome: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"chr1\t100\t300\tone\nchr1\t500\t601\nchr1\t500\t500\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(text))))
    assert main(["hits", motifs, "-", "--genome", genome, "--p-value", "0.02"]) == 0
    out, err = capsys.readouterr()
    assert set(table(out.splitlines(), BED)["peak"]) == {"one"}
    assert err == "deepprune: 2 peaks have no window: beyond_chromosome 1, empty 1\n"


def test_a_chromosome_in_pieces(
    tmp_path: Path, motifs: str, genome: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(capsys, "hits", motifs, genome, "--p-value", "0.02")
    for module in (stream, instances):
        monkeypatch.setattr(module, "PIECE", 7)
    assert run(capsys, "hits", motifs, genome, "--p-value", "0.02") == whole and len(whole) > 10
    bed = write(tmp_path, "chr1\t0\t600\tchr1\n")
    assert run(capsys, "hits", motifs, bed, "--genome", genome, "--p-value", "0.02") == whole
    assert sorted(whole, key=lambda line: int(line.split("\t")[1])) == whole


def test_backgrounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_meme(tmp_path / "m.meme", [motif_of("m", "AACG")], (0.1, 0.4, 0.4, 0.1))
    path = write(tmp_path, ">a\nAACG\n")
    background = write(tmp_path, "A 0.3\nC 0.1\nG 0.3\nT 0.3\n", "x.bg")

    def p_value(*options: str) -> str:
        (line,) = run(capsys, "hits", str(tmp_path / "m.meme"), path, "--p-value", "0.01", *options)
        return line.split("\t")[8]

    assert p_value() == p_value("--background", "motifs") == "0.0016"
    assert p_value("--background", "uniform") == "0.00391"
    assert p_value("--background", background) == "0.0036"  # A and T 0.3, C and G 0.2
    assert p_value("--background", background, "--strand", "given") == "0.0027"


def test_no_instance(tmp_path: Path, motifs: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, ">a\nAACGNAAC\n>b\nA\n")
    assert run(capsys, "hits", motifs, path) == []
    assert len(run(capsys, "hits", motifs, path, "--tsv")) == 1


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference/fimo is not there")
@pytest.mark.parametrize(("answers", "background"), [("uniform", "uniform"), ("gc", str(REFERENCE / "gc.bg"))])
def test_the_table_is_that_of_fimo(answers: str, background: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (str(REFERENCE / "motifs.meme"), str(REFERENCE / "sequences.fa"), "--background", background)
    found = table(run(capsys, "hits", *arguments, "--tsv"))
    fimo = table((REFERENCE / f"hits_{answers}.tsv").read_text().splitlines())
    columns = fimo.columns.drop("q-value").tolist()
    assert list(found) == list(fimo)
    pd.testing.assert_frame_equal(
        *(one[columns].sort_values(columns, ignore_index=True) for one in (found.astype(str), fimo))
    )
    length = {record.name: len(record.sequence) for record in read_fasta(arguments[1])}
    bed = table(run(capsys, "hits", *arguments), BED)
    assert len(bed) == len(fimo) and all(bed["end"].astype(int) <= bed["chrom"].map(length))


def test_choices_are_those_of_the_package() -> None:
    assert hits.STRANDS == instances.STRANDS and hits.FORMATS == stream.FORMATS


def test_mistakes_are_one_line(tmp_path: Path, motifs: str, genome: str, capsys: pytest.CaptureFixture[str]) -> None:
    bed = write(tmp_path, "chr1\t5\t9\n")
    assert "No such file" in complaint(capsys, "hits", tmp_path / "none.meme", bed)
    assert "No such file" in complaint(capsys, "hits", motifs, tmp_path / "none.fa", "--tsv")
    assert "give it with --genome" in complaint(capsys, "hits", motifs, bed)
    for sequences in (genome, bed):
        swapped = complaint(capsys, "hits", sequences, motifs)
        assert swapped == f"{sequences} is no file of motifs, but {motifs} is one; swap the two: {motifs} {sequences}"
    assert "holds sequences (FASTA), not motifs" in complaint(capsys, "hits", genome, bed)
    assert "both standard input" in complaint(capsys, "hits", "-", "-")
    assert "narrowest motif has 4 bp" in complaint(capsys, "hits", motifs, bed, "--genome", genome, "--window", "3")
    for value in ("0", "1.5", "nan", "-1"):
        assert "--p-value is" in complaint(capsys, "hits", motifs, genome, "--p-value", value)
    assert "line 1: 'chr1 5 9'" in complaint(capsys, "hits", motifs, genome, "--background", bed)
    write_meme(tmp_path / "bad.meme", [Motif("odd", "", motif_of("m", "AC").probabilities, 9)], (0.5, 0.5, 0, 0))
    assert "the background of motif odd lacks a letter" in complaint(capsys, "hits", tmp_path / "bad.meme", genome)
    (tmp_path / "model.npz").write_bytes(b"nothing")
    assert "is no model file" in complaint(capsys, "hits", tmp_path / "model.npz", genome)

"""Genomes, and windows of them around peaks."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from Bio import bgzf
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.dna.codes import to_text
from deepprune.errors import InputError
from deepprune.io.genome import cut_windows, open_genome, prepare_genome
from deepprune.io.peaks import Peak, read_peaks

MIRROR = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "mirror" / "goldenPath" / "hg19"
CHROMOSOMES = {"chr1": "ACGTTGCATCGGA" * 9 + "AC", "chr2": "ggatc" * 4 + "NN" + "TTACG" * 4, "chrM": "ACGT"}


def fasta(chromosomes: dict[str, str], width: int = 10, line_end: str = "\n") -> bytes:
    lines = []
    for name, sequence in chromosomes.items():
        lines += [f">{name} a description", *(sequence[i : i + width] for i in range(0, len(sequence), width))]
    return (line_end.join(lines) + line_end).encode()


@pytest.fixture
def genome(tmp_path: Path) -> Path:
    path = tmp_path / "genome.fa"
    path.write_bytes(fasta(CHROMOSOMES))
    return path


def write(folder: Path, text: str, name: str = "peaks") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def peaks_at(*rows: tuple[str, int]) -> pd.DataFrame:
    """Return peaks of 2 bp with these summits."""
    return pd.DataFrame([Peak(chrom, at - 1, at + 1, at, f"{chrom}_{at}", ".") for chrom, at in rows])


def test_windows_by_hand(genome: Path) -> None:
    with open_genome(genome) as opened:
        codes, used, skipped = cut_windows(peaks_at(("chr2", 5), ("chr1", 3), ("chr1", 116)), opened, 5)
    first = CHROMOSOMES["chr1"]
    assert to_text(codes) == ["TCGGA", first[1:6], first[114:119]]
    assert len(first) == 119 and set(skipped) == {""}
    assert used[["name", "start", "end"]].to_numpy().tolist() == [
        ["chr2_5", 3, 8],
        ["chr1_3", 1, 6],
        ["chr1_116", 114, 119],
    ]


def test_even_width_starts_half_of_it_before_the_summit(genome: Path) -> None:
    with open_genome(genome) as opened:
        codes, _, _ = cut_windows(peaks_at(("chr1", 4)), opened, 4)
    assert to_text(codes) == [CHROMOSOMES["chr1"][2:6]]


def test_each_reason_to_skip_a_peak(genome: Path) -> None:
    peaks = peaks_at(("chr1", 1), ("chr1", 117), ("chr1", 5000), ("chrUn", 9), ("chr2", 22), ("chr2", 18), ("chr1", 50))
    outside = pd.DataFrame([Peak("chr1", 20, 30, 31, "", ".")])
    with open_genome(genome) as opened:
        codes, used, skipped = cut_windows(pd.concat([peaks, outside], ignore_index=True), opened, 5)
    assert to_text(codes) == [CHROMOSOMES["chr1"][48:53]]
    assert used[["name", "start"]].to_numpy().tolist() == [["chr1_50", 48]]
    reasons = ["beyond_chromosome"] * 3 + ["unknown_contig", "with_n", "with_n", "", "summit_outside"]
    assert skipped.tolist() == reasons


def test_nothing_usable(genome: Path) -> None:
    with open_genome(genome) as opened:
        codes, used, skipped = cut_windows(peaks_at(("chrM", 2)), opened, 5)
    assert codes.shape == (0, 5) and len(used) == 0 and skipped.tolist() == ["beyond_chromosome"]


@pytest.mark.parametrize(
    ("chrom", "remedy"),
    [("1", "put 'chr' before"), ("chrchr1", "remove 'chr' from"), ("NC_000001", "use the genome")],
)
def test_names_that_differ_wholesale(genome: Path, chrom: str, remedy: str) -> None:
    with open_genome(genome) as opened, pytest.raises(InputError, match=remedy) as caught:
        cut_windows(peaks_at((chrom, 50), (chrom, 60)), opened, 5)
    assert repr(chrom) in str(caught.value) and "'chr1'" in str(caught.value)


def test_names_that_differ_but_for_one(genome: Path) -> None:
    # chrM is called so even where 1 is not chr1
    genome.write_bytes(fasta({"1": "ACGT" * 9, "2": "ACGT" * 9, "chrM": "ACGT" * 9}))
    with open_genome(genome) as opened, pytest.raises(InputError) as caught:
        cut_windows(peaks_at(("chrM", 9), ("chr1", 9), ("chr2", 9)), opened, 5, "p.bed")
    assert str(caught.value).startswith(
        "p.bed: the genome has the chromosomes of 1 of the 3 peaks: they are named like 'chr1' in"
    )
    assert str(caught.value).endswith("like '1' in the genome; remove 'chr' from the chromosomes of the peaks")


def test_letters_of_the_genome_are_checked(tmp_path: Path) -> None:
    path = write(tmp_path, ">chr1\nACGTACGUACGT\n", "rna.fa")
    with open_genome(path) as opened, pytest.raises(InputError, match=r"chr1:4-9: 'U' is no DNA letter"):
        cut_windows(peaks_at(("chr1", 6)), opened, 5)
    prepare_genome(path, tmp_path / "copy.fa")
    with open_genome(tmp_path / "copy.fa") as opened, pytest.raises(InputError, match=f"^{path}, chr1:4-9: 'U'"):
        cut_windows(peaks_at(("chr1", 6)), opened, 5)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), width=st.integers(1, 12), line=st.integers(1, 30), line_end=st.sampled_from(["\n", "\r\n"]))
def test_windows_agree_with_slices(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, width: int, line: int, line_end: str
) -> None:
    sequences = st.text(alphabet="ACGT", min_size=1, max_size=80)
    chromosomes = {f"c{i}": sequence for i, sequence in enumerate(data.draw(st.lists(sequences, min_size=1)))}
    summits = st.tuples(st.sampled_from(sorted(chromosomes)), st.integers(1, 90))
    peaks = peaks_at(*data.draw(st.lists(summits, min_size=1, max_size=20)))
    path = tmp_path_factory.mktemp("genome") / "g.fa"
    path.write_bytes(fasta(chromosomes, line, line_end))
    expected = []
    for chrom, summit in zip(peaks["chrom"], peaks["summit"], strict=True):
        start = summit - width // 2
        if start >= 0 and start + width <= len(chromosomes[chrom]):
            expected.append(chromosomes[chrom][start : start + width])
    with open_genome(path) as opened:
        codes, used, skipped = cut_windows(peaks, opened, width)
    assert to_text(codes) == expected
    assert (skipped == "beyond_chromosome").sum() == len(peaks) - len(expected)
    places = used[["chrom", "start", "end"]].itertuples(index=False)
    assert [chromosomes[chrom][start:end] for chrom, start, end in places] == expected


@pytest.mark.parametrize("packing", ["plain", "gzip", "bgzip"])
def test_prepared_genome_is_plain_and_indexed(tmp_path: Path, packing: str) -> None:
    content = fasta(CHROMOSOMES)
    source, target = tmp_path / "source.fa", tmp_path / "out" / "genome.fa"
    target.parent.mkdir()
    if packing == "bgzip":
        with bgzf.BgzfWriter(source, "wb") as writer:
            writer.write(content)
    else:
        source.write_bytes(gzip.compress(content) if packing == "gzip" else content)
    prepare_genome(source, target)
    assert target.read_bytes() == content
    assert target.is_symlink() == (packing == "plain")
    assert sorted(path.name for path in target.parent.iterdir()) == ["genome.fa", "genome.fa.fai"]
    assert list(tmp_path.glob("*.fai")) == []
    before = Path(f"{target}.fai").stat()
    with open_genome(target) as opened:
        assert opened.index["chr1"].rlen == 119
    assert Path(f"{target}.fai").stat().st_mtime_ns == before.st_mtime_ns


def test_a_genome_is_never_replaced_by_a_link_to_itself(genome: Path, tmp_path: Path) -> None:
    target = tmp_path / "link.fa"
    for _ in range(2):
        prepare_genome(genome, target)
    for source in (genome, target):
        with pytest.raises(InputError, match="in its own place"):
            prepare_genome(source, genome)
    assert genome.read_bytes() == target.read_bytes() == fasta(CHROMOSOMES)


def test_index_in_another_folder(genome: Path, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    index = tmp_path / "index" / "genome.fai"
    for _ in range(2):
        with open_genome(genome, index) as opened:
            assert list(opened.index) == list(CHROMOSOMES)
    assert index.read_text().startswith("chr1\t119\t") and not Path(f"{genome}.fai").exists()
    genome.write_bytes(fasta({"chr9": "ACGT"}))
    os.utime(index, (0, 0))
    with open_genome(genome, index) as opened:
        assert list(opened.index) == ["chr9"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "source.fa holds no sequence in FASTA; give the genome of the peaks"),
        (b"\nACGT\n", "source.fa, line 2: text before the first header; FASTA starts with '>'"),
        (b">a\nACGT\nAC\nACGT\n", "source.fa, line 3: a line of 'a' is shorter or longer than those before it; write"),
        (b">a\nACGT\n>a\nACGT\n", "source.fa: two sequences are called 'a'; rename or remove one"),
        (b">a\nACGT\n>\nACGT\n", "source.fa, line 3: a header without a name; write one behind '>'"),
        (b"\xff\xfe\x00", "source.fa holds no sequence in FASTA"),
        (gzip.compress(fasta(CHROMOSOMES) * 50)[:-20], "truncated or damaged gzip"),
        (None, "No such file"),
    ],
)
def test_bad_genome_leaves_nothing(tmp_path: Path, content: bytes | None, message: str) -> None:
    source, target = tmp_path / "source.fa", tmp_path / "out" / "genome.fa"
    target.parent.mkdir()
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        prepare_genome(source, target)
    assert "\n" not in str(caught.value) and str(source) in str(caught.value)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("content", ["", "chr1\n", "chr1\tx\t6\t8\t9\n", "chr1\t8\t6\t8\t9\n" * 2])
def test_an_index_that_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "g.fa").write_bytes(fasta(CHROMOSOMES))
    (tmp_path / "g.fa.fai").write_text(content)
    if content:
        with (
            pytest.raises(InputError, match=r"g\.fa\.fai is no index of a FASTA; remove it"),
            open_genome(tmp_path / "g.fa"),
        ):
            pass
    else:
        with open_genome(tmp_path / "g.fa") as opened:
            assert list(opened.index) == []


def test_compressed_genome_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "g.fa.gz"
    path.write_bytes(gzip.compress(fasta(CHROMOSOMES)))
    with pytest.raises(InputError, match="is compressed"), open_genome(path):
        pass


@pytest.mark.skipif(not MIRROR.is_dir(), reason="../shared/data/mirror is absent")
def test_real_peaks_and_their_awkward_last_rows(tmp_path: Path) -> None:
    prepare_genome(MIRROR / "bigZips" / "hg19.fa.gz", tmp_path / "hg19.fa")
    name = "wgEncodeAwgTfbsSydhGm12878Elk112771IggmusUniPk.narrowPeak.gz"
    peaks = read_peaks(MIRROR / "encodeDCC" / "wgEncodeAwgTfbsUniform" / name, "narrowpeak")
    with open_genome(tmp_path / "hg19.fa") as opened:
        codes, _, skipped = cut_windows(peaks, opened, 101)
    # the last five: before a chromosome's start, beyond its end, unknown contig, duplicate, no summit
    counts = skipped.value_counts().drop("").to_dict()
    assert counts == {"beyond_chromosome": 2, "unknown_contig": 1, "with_n": 12}
    assert len(peaks) == 5589 and codes.shape == (5574, 101)
    assert len(np.unique(codes, axis=0)) == 5573


def test_a_genome_that_unpacks_without_end_leaves_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "bomb.fa.gz", tmp_path / "out" / "genome.fa"
    target.parent.mkdir()
    source.write_bytes(gzip.compress(b">chr1\n" + b"A" * 50_000_000))
    assert source.stat().st_size < 100_000
    program = (
        "import resource, sys\nfrom deepprune.io.genome import prepare_genome\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, 10_000_000))\nprepare_genome(*sys.argv[1:])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(source), str(target)], capture_output=True, text=True)
    assert done.stderr.endswith(
        f"InputError: {target} cannot be written: File too large; give another path or make room\n"
    )
    assert list(target.parent.iterdir()) == []

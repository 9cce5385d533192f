"""Every reader of files against damaged ones: a result, or one line that a terminal can show; never a traceback."""

import gzip
import itertools
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import pytest
from modelled import hand_model
from workflow import ROOT

from deepprune.config.yaml_file import read_yaml
from deepprune.data.bundle import open_part
from deepprune.data.dataset import Dataset
from deepprune.data.occupancy import read_any_peaks
from deepprune.data.sheet import read_sheet
from deepprune.data.stream import SequenceFile
from deepprune.data.task_groups import read_patterns
from deepprune.data.tasks import read_classes, read_peak_files
from deepprune.errors import LONGEST, InputError
from deepprune.io.background import read_background
from deepprune.io.csail import read_csail
from deepprune.io.deepbind import read_bound
from deepprune.io.fasta import read_fasta
from deepprune.io.genome import open_genome
from deepprune.io.motif import read_motifs
from deepprune.io.peaks import read_peaks
from deepprune.io.vcf import VcfFile
from deepprune.models.conv_table import read_conv_table
from deepprune.models.layers_file import load_any_model
from deepprune.models.model_file import save_model_file
from deepprune.models.parameters import initial_parameters
from deepprune.models.store import load_nests, load_parameters, save_nests, save_parameters
from deepprune.motifs.factor import read_exceptions

SHARED = ROOT.parent / "shared" / "data"
TIMES = 40  # damaged forms of each file
# What rough hands, other programs and other systems put into files
STRANGE = [
    *(
        b"",
        b"\0",
        b"\x1b[2J",
        "\N{RIGHT-TO-LEFT OVERRIDE}".encode(),
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\r",
        b"\n\n",
    ),
    *(b"\t", b"\t\t", b" ", b"#", b">", b";", b"-", b"-1", b"0", b"1e999", b"nan", b"9" * 30, b"1" * 5000, b"N" * 300),
    *("\N{ARABIC-INDIC DIGIT TWO}".encode(), b'"', b"'", b"[", b"{", b"&a", b"*a", b"%", b"\x85", b"\xe2\x80\xa8"),
]


class Reader(NamedTuple):
    """A reader of one file: the file's name, and what reads it whole."""

    name: str
    read: Callable[[Path], Any]


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


PEAKS = [f"chr1\t{start}\t{start + 80}\tp{start}\t0\t.\t1.5\t-1\t-1\t40" for start in range(100, 1000, 90)]
SEQUENCES = [f">s{i} about\n{'ACGTTGCA' * 3}" for i in range(6)]
MATRIX = "0.7 0.1 0.1 0.1", "0.25 0.25 0.25 0.25"
TEXTS: dict[str, tuple[Reader, bytes]] = {
    "fasta": (Reader("s.fa", read_fasta), text(*SEQUENCES)),
    "stream": (Reader("s.fa", lambda path: list(SequenceFile(str(path), None))), text(*SEQUENCES)),
    "narrowpeak": (Reader("p.narrowPeak", lambda path: read_peaks(path, "narrowpeak")), text(*PEAKS)),
    "any peaks": (Reader("p.bed", lambda path: read_any_peaks(str(path))), text(*PEAKS)),
    "bed": (
        Reader("p.bed", lambda path: read_peaks(path, "bed")),
        text("track name=a", "chr1 10 20 a 0 +", "chr2 5 9"),
    ),
    "seqgz": (
        Reader("s_AC.seq.gz", lambda path: read_bound(str(path))),
        text("FoldID\tEventID\tseq\tBound", *(f"A\te{i}\tACGTACGTAC\t{i % 2}" for i in range(6))),
    ),
    "csail": (Reader("train.data", read_csail), text(*(f">s{i} ACGTACGT {i % 2}" for i in range(6)))),
    "vcf": (
        Reader("v.vcf", lambda path: list(VcfFile(path))),
        text(
            "##fileformat=VCFv4.2",
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL",
            "chr1\t12\trs1\tA\tG,T\t.",
            "chr1\t15\t.\tAC\t<DEL>\t.",
        ),
    ),
    "meme": (
        Reader("m.meme", read_motifs),
        text(
            "MEME version 4",
            "ALPHABET= ACGT",
            "MOTIF a b",
            "letter-probability matrix: alength= 4 w= 2 nsites= 9",
            *MATRIX,
        ),
    ),
    "jaspar": (
        Reader("m.jaspar", read_motifs),
        text(">MA0001.1\tAGL3", *(f"{base}  [ 3 79 40 ]" for base in "ACGT"), ">MA2 b", *("3 4 5",) * 4),
    ),
    "transfac": (
        Reader("m.dat", read_motifs),
        text("AC M1", "XX", "ID V$A", "XX", "P0 A C G T", "01 1 2 3 4 N", "02 4 3 2 1 N", "XX", "//"),
    ),
    "background": (Reader("b.txt", read_background), text("# order 0", "A 0.25", "C 0.25", "G 0.25", "T 0.25")),
    "sheet": (
        Reader("s.tsv", lambda path: list(read_sheet(path))),
        text(
            "dataset\tformat\tpath\tgenome\ttarget\tcell_type\tmost",
            "a\tbed\tp.bed\tg.fa\tT\tC\t50",
            "b\tfasta\ts.fa\t\t\t\t",
        ),
    ),
    "tasks": (Reader("t.tsv", read_peak_files), text("task\tpath", "a\ta.bed", "b\tb.bed")),
    "classes": (Reader("c.tsv", lambda path: read_classes(path, 919)), text("task\tclass", "a\t3", "b\t918")),
    "groups": (Reader("g.tsv", read_patterns), text("pattern\tgroup", "*DNase*\tDNase", "?\tb")),
    "exceptions": (Reader("e.tsv", read_exceptions), text("target\tmotif", "CTCF\tMA0139.1")),
    "networks": (
        Reader("n.tsv", lambda path: read_conv_table(str(path))),
        text("network\tconvolutions\tdense\tconv_dropout", "a\t30x19/50:2 8x3\t512 96\t0.2", "b\t16x24\t32\t0"),
    ),
    "options": (Reader("o.yaml", read_yaml), text("seeds: [0, 1]", "train: {patience: 3}", "prune:", "  start: 8")),
    "genome": (Reader("g.fa", lambda path: opened(path)), text(">chr1 x", "ACGTACGT", "ACG", ">chr2", "ACGTACGT")),
}


def opened(path: Path) -> list[str]:
    """Return the chromosomes of a genome, whose index is made anew."""
    Path(f"{path}.fai").unlink(missing_ok=True)
    with open_genome(path) as genome:
        return list(genome.index)


def index_of(path: Path) -> list[str]:
    """Return the chromosomes of a genome by a given index."""
    fasta = path.with_suffix("")
    fasta.write_bytes(text(">chr1", "ACGTACGT"))
    with open_genome(fasta, path) as genome:
        return list(genome.index)


def binary_files(folder: Path) -> Iterator[tuple[str, Reader, bytes]]:
    """Yield whole files in formats that are no text, with their readers."""
    codes = np.random.default_rng(0).integers(0, 4, (20, 30), np.uint8)
    labels, split = np.tile([[0], [1]], (10, 1)).astype(np.uint8), np.arange(20, dtype=np.uint8) % 3
    Dataset(codes, labels, split).save(folder / "d.npz")
    yield "data set", Reader("d.npz", Dataset.load), (folder / "d.npz").read_bytes()
    save_model_file(folder / "model.npz", hand_model())
    yield "model", Reader("model.npz", load_any_model), (folder / "model.npz").read_bytes()
    save_parameters(folder / "p.npz", [initial_parameters(5, 4, np.random.default_rng(0))])
    yield "parameters", Reader("p.npz", load_parameters), (folder / "p.npz").read_bytes()
    nest = [np.ones((2, 3)), (np.arange(4),)]
    save_nests(folder / "w.npz", {"seed0": nest})
    yield "weights", Reader("w.npz", lambda path: load_nests(path, nest, ["seed0"])), (folder / "w.npz").read_bytes()
    yield "index", Reader("g.fa.fai", index_of), text("chr1\t8\t6\t8\t9")
    with h5py.File(folder / "train.mat", "w") as file:
        file["trainxdata"], file["traindata"] = np.zeros((1000, 4, 3), np.uint8), np.zeros((919, 3), np.uint8)
    yield "bundle", Reader("train.mat", part_of_bundle), (folder / "train.mat").read_bytes()


def part_of_bundle(path: Path) -> int:
    """Return the number of sequences of a file of a bundle, read to its end."""
    with ExitStack() as stack:
        part = open_part(path, stack)
        return part.size + sum(slab.values.size for slab in itertools.chain(part.labels(), part.sequences()))


def damaged(content: bytes, generator: random.Random) -> bytes:
    """Return content with a few parts cut out, put in, repeated, exchanged or overwritten."""
    for _ in range(generator.choice((1, 1, 2, 4))):
        start, end = sorted(generator.choices(range(len(content) + 1), k=2))
        end = min(end, start + generator.choice((0, 1, 3, 40, len(content))))
        part = content[start:end]
        new = generator.choice(
            (b"", generator.choice(STRANGE), part * 2, part[::-1], generator.randbytes(len(part) % 9), part.lower())
        )
        content = content[:start] + new + content[end:]
    return content


def check(reader: Reader, content: bytes, folder: Path) -> None:
    """Check that a reader reads a file, or refuses it in one line of moderate length."""
    path = folder / reader.name
    path.write_bytes(content)
    try:
        reader.read(path)
    except InputError as error:
        shown = str(error)
        assert shown.isprintable() and len(shown) < LONGEST + 100, shown
        assert folder.name in shown, shown


def check_all(reader: Reader, content: bytes, folder: Path, seed: str) -> None:
    """Check a reader with a whole file, and with damaged forms of it."""
    (folder / reader.name).write_bytes(content)
    assert reader.read(folder / reader.name) is not None
    generator = random.Random(seed)
    for _ in range(TIMES):
        check(reader, damaged(content, generator), folder)


@pytest.mark.parametrize("name", TEXTS)
def test_text(tmp_path: Path, name: str) -> None:
    reader, content = TEXTS[name]
    check_all(reader, content, tmp_path, name)


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("sheet", "genome")])
def test_gzip(tmp_path: Path, name: str) -> None:
    reader, content = TEXTS[name]
    check_all(reader, gzip.compress(content, mtime=0), tmp_path, f"{name} gzip")


def test_binary(tmp_path: Path) -> None:
    for name, reader, content in list(binary_files(tmp_path)):
        check_all(reader, content, tmp_path, name)


@pytest.mark.parametrize("name", TEXTS)
def test_one_field_without_end_is_not_quoted_whole(tmp_path: Path, name: str) -> None:
    reader, content = TEXTS[name]
    lines = content.split(b"\n")
    for place, letter in itertools.product(range(len(lines)), (b"A", b"7", b"\xc3\xa9")):
        cells = lines[place].split(b"\t")
        for cell in range(len(cells)):
            line = b"\t".join([*cells[:cell], letter * 20_000, *cells[cell + 1 :]])
            check(reader, b"\n".join([*lines[:place], line, *lines[place + 1 :]]), tmp_path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
def test_real_files(tmp_path: Path) -> None:
    peaks = next((SHARED / "mirror").rglob("*.narrowPeak.gz"))
    pairs = [
        (Reader("x_B.seq.gz", lambda path: read_bound(str(path))), next((SHARED / "chipseq").glob("*_B.seq.gz"))),
        (Reader("p.narrowPeak", lambda path: read_peaks(path, "narrowpeak")), peaks),
        (Reader("test.data", read_csail), next((SHARED / "mirror").rglob("test.data"))),
        (Reader("m.meme", read_motifs), SHARED / "transfac" / "simulated1.meme"),
    ]
    for reader, path in pairs:
        packed = path.read_bytes()
        whole = gzip.decompress(packed) if packed.startswith(b"\x1f\x8b") else packed
        head = b"\n".join(whole.split(b"\n")[:60]) + b"\n"
        check_all(reader, head, tmp_path, path.name)
        check_all(reader, gzip.compress(head, mtime=0), tmp_path, f"{path.name} gzip")


PROGRAM = """import resource, sys
from deepprune.errors import InputError
from {module} import {function}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    {call}
except InputError as error:
    print(len(str(error)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
MEGABYTES = 24


@pytest.mark.parametrize(
    ("content", "module", "call"),
    [
        (b"FoldID\tEventID\tseq\tBound\nA\te\tACGT\t%s\n", "io.deepbind", "read_bound(sys.argv[1])"),
        (b"chr1\t1\t%s\n", "io.peaks", "read_peaks(sys.argv[1], 'bed')"),
        (b">a\nACGT%s\n", "io.fasta", "read_fasta(sys.argv[1])"),
        (b">a %s 1\n", "io.csail", "read_csail(sys.argv[1])"),
        (b"MEME version 4\nMOTIF %s\n", "io.motif", "read_motifs(sys.argv[1])"),
        (
            b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\nchr1\t%s\t.\tA\tC\n",
            "io.vcf",
            "list(VcfFile(sys.argv[1]))",
        ),
        (b"task\tpath\n%s\n", "data.tasks", "read_peak_files(sys.argv[1])"),
        (b"network\tconvolutions\na\t%s\n", "models.conv_table", "read_conv_table(sys.argv[1])"),
        (b"a: %s\na: 1\n", "config.yaml_file", "read_yaml(sys.argv[1])"),
    ],
)
def test_a_huge_field_takes_memory_of_its_size(tmp_path: Path, content: bytes, module: str, call: str) -> None:
    path = tmp_path / "huge.gz"
    path.write_bytes(gzip.compress(content.replace(b"%s", b"x" * (MEGABYTES << 20)), 1))
    assert path.stat().st_size < 400_000
    function = call.removeprefix("list(").split("(")[0]
    program = PROGRAM.format(module=f"deepprune.{module}", function=function, call=call)
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    letters, kilobytes = map(int, done.stdout.split())
    assert letters < 300 and kilobytes < 10 * MEGABYTES << 10

import gzip
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.io.vcf import Variant, VcfFile, reason_to_skip, variants_in

HEADER = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def row(alt: str, ref: str = "A", pos: object = 5) -> str:
    return f"chr1\t{pos}\trs1\t{ref}\t{alt}\t.\tPASS\t.\tGT\t0/1\n"


def write(folder: Path, text: str) -> Path:
    (folder / "v.vcf").write_text(text)
    return folder / "v.vcf"


def test_a_variant_for_each_alternative_allele(tmp_path: Path) -> None:
    text = HEADER + row("C,GT") + "\n" + "2\t7\t.\tgtt\tg\n"
    expected = [("chr1", 5, "rs1", "A", "C"), ("chr1", 5, "rs1", "A", "GT"), ("2", 7, ".", "gtt", "g")]
    assert list(VcfFile(write(tmp_path, text))) == expected
    assert Variant(*expected[0]).start == 4


def test_gzip_carriage_returns_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress((HEADER + row("C")).replace("\n", "\r\n").encode())
    (tmp_path / "v").write_bytes(packed)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(packed))))
    assert list(VcfFile(tmp_path / "v")) == list(VcfFile("-")) == [("chr1", 5, "rs1", "A", "C")]


def test_what_is_no_short_variant_is_counted(tmp_path: Path) -> None:
    alts = ["<DEL>", "*", "G]17:198982]", "]13:123456]T", "[17:5[C", "<INS:ME>", ".TC", "TC.", "<*>"]
    text = HEADER + row(",".join(["C", *alts])) + row(".") + row("R") + row("ACG") + row("C", "AAA") + row("G", "R")
    file = VcfFile(write(tmp_path, text), longest=2)
    assert [(variant.ref, variant.alt) for variant in file] == [("A", "C"), ("R", "G")]
    assert file.skipped == {"symbolic": 9, "no_alternative": 1, "ambiguous": 1, "too_long": 2}


@given(st.text("ACGT", min_size=1, max_size=9), st.text("acgt", min_size=1, max_size=9), st.integers(1, 9))
def test_length_alone_decides_of_bases(ref: str, alt: str, longest: int) -> None:
    (variant,) = variants_in([*HEADER.splitlines(), row(alt, ref)], "x")
    assert variant == ("chr1", 5, "rs1", ref, alt)
    assert reason_to_skip(variant, longest) == ("too_long" if len(ref) > longest or len(alt) > longest else "")


def test_a_header_alone_has_no_variants(tmp_path: Path) -> None:
    assert list(VcfFile(write(tmp_path, HEADER))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; it must hold variants in VCF"),
        ("chr1\t5\trs1\tA\tC\n", "does not begin with ##fileformat=VCFv4; give a VCF 4 file with its header"),
        ("##fileformat=VCFv3.3\n", "does not begin with ##fileformat=VCFv4"),
        ("##fileformat=VCFv4.2\n" + row("C"), "line 2: the header of VCF ends in a line #CHROM POS ID REF ALT"),
        ("##fileformat=VCFv4.2\n#CHROM POS ID REF ALT\n", "line 2: the header of VCF ends"),
        ("##fileformat=VCFv4.2\n##contig=<ID=chr1>\n", "ends within its header, before the line #CHROM"),
        (HEADER + "chr1\t5\trs1\tA\n", "line 4: 4 columns, separated by tabs, but VCF has at least 8; mend the row"),
        (HEADER + row("C", pos="5.5"), "line 4: POS is '5.5', but must be a whole number"),
        (HEADER + row("C", pos="-1"), "line 4: POS is '-1'"),
        (HEADER + row("C", pos="٣"), "line 4: POS is '٣'"),
        (HEADER + row("C", pos="9" * 30), "line 4: POS is"),
        (HEADER + row("C") + row("C", ""), "line 5: REF is '', but must be bases"),
        (HEADER + row("C", "."), "line 4: REF is '.'"),
        (HEADER + row("C,,G"), "line 4: ALT holds '', which is neither bases nor a symbolic allele"),
        (HEADER + row("C/G"), "line 4: ALT holds 'C/G'"),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        list(VcfFile(path))
    assert str(caught.value).startswith(str(path)) and message in str(caught.value)


def test_only_five_columns_are_kept(tmp_path: Path) -> None:
    wide = row("C").rstrip() + "\t0/1" * 100_000 + "\n"
    assert list(VcfFile(write(tmp_path, HEADER + wide * 3))) == [("chr1", 5, "rs1", "A", "C")] * 3

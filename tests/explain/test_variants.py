from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyfaidx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layered import RECURRENT, random_model, whole_model
from modelled import USES, hand_model, model

from deepprune.dna.codes import reverse_complement, to_codes, to_text
from deepprune.errors import InputError
from deepprune.explain import variants as module
from deepprune.explain.contributions import Contributions, contributions
from deepprune.explain.variants import (
    COLUMNS,
    Alleles,
    allele_chunks,
    alleles,
    effects,
    flanks,
    longest_allele,
    strand_averaged,
)
from deepprune.io.genome import open_genome
from deepprune.io.motif import Motif
from deepprune.io.vcf import Variant
from deepprune.models.model_file import Model, Use

TEXT = "".join(np.random.default_rng(5).choice(list("ACGT"), 400))


@contextmanager
def genome_of(folder: Path, **texts: str) -> Iterator[pyfaidx.Faidx]:
    (folder / "g.fa").write_text("".join(f">{name}\n{text}\n" for name, text in texts.items()))
    with open_genome(folder / "g.fa") as genome:
        yield genome


def snv(pos: int, alt: str, text: str = TEXT) -> Variant:
    return Variant("chr1", pos, ".", text[pos - 1], alt)


def test_effects_by_hand(tmp_path: Path) -> None:
    # The kernel counts the letters of ACG on the better strand; beyond 1 each adds 2, each of three words 0.25.
    rows = [Variant("chr1", 4, "a", "C", "T"), Variant("chr1", 4, "b", "C", "G"), Variant("chr1", 4, "c", "c", "N")]
    named = replace(hand_model(), motifs=(Motif("seed0_kernel0", "", np.eye(4)[[0, 1, 2]], 20),))
    with genome_of(tmp_path, chr1="TAaCgAT") as genome:
        table = effects(named, alleles(rows, genome, 5))
    assert list(table) == COLUMNS
    first, second, third = table.to_numpy().tolist()
    assert first[:10] == ["chr1", 4, "a", "C", "T", "scored", 4.25, 2.25, -2.0, 0.0]
    # AATGA: ATG has two letters of ACG, and so has ATT of the other strand, which does not win.
    assert first[10:] == ["seed0_kernel0", "ACG", -2.0, "ACG", "ATG", "AACGA", "AATGA"]
    assert second[5:9] == ["scored", 4.25, 2.25, -2.0] and second[-1] == "AAGGA"
    # All words hold the N.
    assert third[5:10] == ["scored", 4.25, 1.5, -2.75, -0.75] and third[-1] == "AANGA"


def test_a_variant_that_no_kernel_notices(tmp_path: Path) -> None:
    with genome_of(tmp_path, chr1="ACGTTTT") as genome:
        table = effects(hand_model(), alleles([Variant("chr1", 5, ".", "T", "A")], genome, 5))
    row = table.iloc[0]
    assert row["window_ref"] == "GTTTT" and row["window_alt"] == "GTATT"
    assert row["change"] == 0 and table[["kernel", "kernel_change", "word_ref", "word_alt"]].isna().all(axis=None)


def test_why_a_variant_is_not_scored(tmp_path: Path) -> None:
    rows = [Variant("chr1", 4, ".", "C", "T"), Variant("chr1", 4, ".", "A", "T"), Variant("chr1", 2, ".", "A", "T")]
    rows += [Variant("chrM", 4, ".", "C", "T"), Variant("chr1", 6, ".", "A", "T"), Variant("chr1", 0, ".", "N", "T")]
    rows += [Variant("chr1", 99, ".", "C", "T"), Variant("chr1", 4, ".", "CG", "C")]
    with genome_of(tmp_path, chr1="TAACGAT") as genome:
        table = effects(hand_model(), alleles(rows, genome, 5))
    beyond = "beyond_chromosome"
    assert table["status"].tolist() == [
        *("scored", "ref_differs", beyond, "unknown_contig", beyond, beyond, beyond, "scored")
    ]
    rest = table[table["status"] != "scored"]
    assert rest[["logit_ref", "change", "kernel", "word_alt"]].isna().all(axis=None)
    assert set(rest["window_ref"]) == set(rest["window_alt"]) == {""}
    assert table["logit_ref"].dtype == table["change"].dtype == table["kernel_change"].dtype == float
    # alone, they make a table of the same columns
    with genome_of(tmp_path, chr1="TAACGAT") as genome:
        alone = effects(hand_model(), alleles(rows[1:3], genome, 5))
    assert list(alone) == COLUMNS and alone["change"].dtype == float and alone["change"].isna().all()


def test_windows_of_indels_by_hand(tmp_path: Path) -> None:
    rows = [
        Variant("chr1", 6, ".", "C", "CTT"),
        Variant("chr1", 6, ".", "CGA", "c"),
        Variant("chr1", 6, ".", "CG", "TT"),
    ]
    with genome_of(tmp_path, chr1="AATTACGATTGG") as genome:
        found = alleles(rows, genome, 5)
    # The longer allele's window has five letters; of an odd number of bases beside it, the odd one stands before.
    assert found.ref == ["ACG", "ACGAT", "TACGA"]
    assert found.alt == ["ACTTG", "ACT", "TATTA"]
    assert [flanks(row, 5) for row in rows] == [(1, 1), (1, 1), (2, 1)]
    assert flanks(snv(1, "A"), 101) == (50, 50) and flanks(snv(1, "A"), 100) == (50, 49)


def test_windows_of_indels_that_have_the_same_length(tmp_path: Path) -> None:
    rows = [Variant("chr1", 6, ".", *pair) for pair in (("C", "CTT"), ("CGA", "c"), ("CG", "TT"))]
    ends = [Variant("chr1", 2, ".", "A", "AGG"), Variant("chr1", 2, ".", "ATT", "A"), Variant("chr1", 3, ".", "T", "A")]
    with genome_of(tmp_path, chr1="AATTACGATTGG") as genome:
        found = alleles([*rows, *ends], genome, 5, filled=True)
    assert found.ref[:3] == ["TACGA", "ACGAT", "TACGA"]
    assert found.alt[:3] == ["ACTTG", "TACTT", "TATTA"]
    # One letter in the middle needs two before it, also where the other allele is longer.
    assert found.status[3:] == ["beyond_chromosome", "beyond_chromosome", "scored"]


@settings(max_examples=100, deadline=None)
@given(
    pos=st.integers(60, 300),
    deleted=st.integers(1, 20),
    alt=st.text("ACGT", min_size=1, max_size=20),
    width=st.integers(20, 41),
    filled=st.booleans(),
)
def test_windows_are_cut_from_both_genomes(
    tmp_path_factory: pytest.TempPathFactory, pos: int, deleted: int, alt: str, width: int, filled: bool
) -> None:
    variant = Variant("chr1", pos, ".", TEXT[pos - 1 : pos - 1 + deleted], alt)
    with genome_of(tmp_path_factory.mktemp("genome"), chr1=TEXT) as genome:
        found = alleles([variant], genome, width, filled)
    mutated = TEXT[: pos - 1] + alt + TEXT[pos - 1 + deleted :]
    lengths = len(found.ref[0]), len(found.alt[0])
    assert max(lengths) == width and (min(lengths) == width or not filled)
    for (window,), text, allele in ((found.ref, TEXT, variant.ref), (found.alt, mutated, alt)):
        before, after = flanks(variant._replace(ref=allele, alt=allele) if filled else variant, width)
        assert 0 <= before - after <= 1
        assert window == text[pos - 1 - before : pos - 1 + len(allele) + after]


def alone(own: Model, windows: list[str]) -> Contributions:
    """Return the summands of windows, each predicted alone."""
    each = [contributions(own, to_codes([window])) for window in windows]
    kernels, background = (np.concatenate([getattr(one, name) for one in each]) for name in ("kernels", "background"))
    return Contributions(kernels, background, each[0].intercept)


@pytest.mark.parametrize("use", USES, ids=str)
def test_changes_are_differences_of_predictions(tmp_path: Path, use: Use) -> None:
    own = strand_averaged(replace(model(use), window=41))
    rows = [snv(pos, "ACGT"[pos % 4]) for pos in range(60, 120)]
    rows += [Variant("chr1", pos, ".", TEXT[pos - 1 : pos + 2], "GATTACA"[: pos % 7 + 1]) for pos in range(130, 170)]
    with genome_of(tmp_path, chr1=TEXT) as genome:
        found = alleles(rows, genome, own.window)
    table = effects(own, found)
    ref, alt = (alone(own, windows) for windows in (found.ref, found.alt))
    np.testing.assert_allclose(table["logit_ref"], ref.logits, atol=1e-9)
    np.testing.assert_allclose(table["logit_alt"], alt.logits, atol=1e-9)
    np.testing.assert_allclose(table["change"], alt.logits - ref.logits, atol=1e-9)
    np.testing.assert_allclose(table["background_change"], alt.background - ref.background, atol=1e-9)
    changes = pd.DataFrame(alt.kernels - ref.kernels, columns=own.kernels)
    most = changes.abs().max(axis=1)
    assert table["kernel_change"].abs().fillna(0).to_numpy() == pytest.approx(most.to_numpy())
    named = table[table["kernel"].notna()]
    assert len(named) > 50
    for row, kernel, change in zip(named.index, named["kernel"], named["kernel_change"], strict=True):
        assert changes.loc[row, kernel] == pytest.approx(change)


@pytest.mark.parametrize("use", [Use(7), Use(7, background=4), *USES[2:]], ids=str)
def test_both_strands_have_one_change(tmp_path: Path, use: Use) -> None:
    own = strand_averaged(replace(model(use), window=41))
    (other,) = to_text(reverse_complement(to_codes([TEXT])))
    pairs = [(pos, "ACGT"[pos % 4]) for pos in range(60, 120)]
    turned = [snv(401 - pos, "ACGT"[3 - "ACGT".index(alt)], other) for pos, alt in pairs]
    (tmp_path / "other").mkdir()
    with genome_of(tmp_path, chr1=TEXT) as one, genome_of(tmp_path / "other", chr1=other) as two:
        given = effects(own, alleles([snv(pos, alt) for pos, alt in pairs], one, 41))
        found = effects(own, alleles(turned, two, 41))
    for column in ("logit_ref", "logit_alt", "change", "background_change"):
        np.testing.assert_allclose(given[column], found[column], atol=1e-6)
    assert given["change"].abs().max() > 0.01


def test_the_words_of_averaged_strands_are_those_of_the_strand_that_changes(tmp_path: Path) -> None:
    # The given strand has ACT, two letters of ACG, with both alleles. The other one is AATTACGAAGT or AATTAGGAAGT.
    with genome_of(tmp_path, chr1="TACTTCGTAATTT") as genome:
        found = alleles([Variant("chr1", 7, ".", "G", "C")], genome, 11)
    row = effects(hand_model(average_strands=True), found).iloc[0]
    assert (row["window_ref"], row["window_alt"]) == ("ACTTCGTAATT", "ACTTCCTAATT")
    # One letter less on one strand of two
    assert (row["kernel_change"], row["word_ref"], row["word_alt"]) == (-1, "ACG", "AGG")


def test_sites_at_the_ends_of_windows_belong_to_both_alleles_or_none(tmp_path: Path) -> None:
    # ACG begins five bases before the variant, and CGT, its reverse complement, ends five bases behind it.
    with genome_of(tmp_path, chr1="ACGTTTTTCGT") as genome:
        found = alleles([Variant("chr1", 6, ".", "T", "TTTT")], genome, 11)
    assert (found.ref, found.alt) == (["CGTTTTTC"], ["CGTTTTTTTTC"])
    assert effects(hand_model(), found)["kernel"].isna().all()


def test_room_for_alleles_between_kernels() -> None:
    own = model(Use(7))
    assert own.window == 40 and longest_allele(own) == 28
    # Whatever stands at the ends of the window, a kernel that touches the allele is inside.
    before, after = flanks(Variant("chr1", 1, ".", "A" * longest_allele(own), "A"), own.window)
    assert before >= 6 and after >= 6
    assert longest_allele(replace(own, window=9)) == 1
    assert longest_allele(random_model(RECURRENT, 30)) == 22 and longest_allele(whole_model()) == 1


def test_models_of_one_strand_are_averaged() -> None:
    assert strand_averaged(model(Use(7))).use.average_strands
    assert not strand_averaged(model(USES[2])).use.average_strands
    assert strand_averaged(whole_model()).settings == whole_model(average_strands=True).settings


def test_parts_keep_the_order() -> None:
    variants = [snv(pos, "A") for pos in range(60, 65)]
    whole = Alleles(variants, list("abcde"), list("fghij"), list("klmno"))
    parts = list(whole.parts(2))
    assert [len(part.variants) for part in parts] == [2, 2, 1] and parts[1] == Alleles(
        variants[2:4], list("cd"), list("hi"), list("mn")
    )
    assert [variant for part in parts for variant in part.variants] == variants


def test_chunks_keep_the_order_and_check_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 7)
    rows = [snv(pos, "A") for pos in (300, *range(60, 80), 50)]
    with genome_of(tmp_path, chr1=TEXT, chr2=TEXT) as genome:
        chunks: list[Alleles] = list(allele_chunks(iter(rows), genome, 41))
        assert [len(chunk.status) for chunk in chunks] == [7, 7, 7, 1]
        assert [variant for chunk in chunks for variant in chunk.variants] == rows
        with pytest.raises(InputError, match="named like '1' in the variants, like 'chr1' in the genome; put 'chr'"):
            next(allele_chunks([Variant("1", 60, ".", "A", "C")], genome, 41))
        assert list(allele_chunks([], genome, 41)) == []

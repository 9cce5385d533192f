from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from console import motif_of
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.data import stream
from deepprune.data.stream import SequenceFile
from deepprune.dna.codes import N_CODE, reverse_complement, to_codes, to_text
from deepprune.io.background import read_background
from deepprune.io.fasta import read_fasta
from deepprune.io.motif import UNIFORM, Motif, read_motifs
from deepprune.motifs import instances as module
from deepprune.motifs.instances import INSTANCE, PLACED, Search, gathered, instances, patterns, placed
from deepprune.motifs.scoring import both_ways, scoring

REFERENCE = Path(__file__).parents[3] / "shared/reference/fimo"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference/fimo is not there")
ASYMMETRIC = (0.1, 0.2, 0.3, 0.4)


def codes_of(*texts: str) -> list[np.ndarray]:
    return [to_codes([text])[0] for text in texts]


def plain_scan(sequences: list[np.ndarray], search: Search) -> list[tuple]:
    """Return the instances of a scan without lightmotif: sequence, start, motif, strand, p-value, all sorted."""
    found = []
    for motif, described in enumerate(search.motifs):
        background = described.background if search.background is None else search.background
        scores = scoring(described, both_ways(background) if search.strands == "both" else background)
        for sequence, codes in enumerate(sequences):
            for start in range(len(codes) - described.width + 1):
                window = codes[None, start : start + described.width]
                for strand in "+-" if search.strands == "both" else "+":
                    word = (window if strand == "+" else reverse_complement(window))[0]
                    if N_CODE not in word:
                        p_value = scores.p_values[scores.steps[np.arange(len(word)), word].sum()]
                        if p_value <= search.p_value:
                            found.append((sequence, start, motif, strand, p_value))
    return sorted(found)


def found_by(sequences: list[np.ndarray], search: Search) -> list[tuple]:
    columns = ["sequence", "start", "motif", "strand", "p-value"]
    return list(instances(sequences, patterns(search))[columns].itertuples(index=False, name=None))


def test_instances_by_hand() -> None:
    search = Search([motif_of("m", "AACG"), motif_of("n", "ACGT")], p_value=1 / 256)
    found = instances(codes_of("AACGTT", "CG", "ggAACNAACG"), patterns(search))
    assert list(found) == INSTANCE
    assert found.drop(columns=["score", "p-value"]).to_numpy().tolist() == [
        [0, 0, 4, 0, "+", "AACG"],
        [0, 1, 5, 1, "+", "ACGT"],  # a palindrome: once on each strand
        [0, 1, 5, 1, "-", "ACGT"],
        [0, 2, 6, 0, "-", "AACG"],
        [2, 6, 10, 0, "+", "AACG"],
    ]
    assert set(found["p-value"]) == {1 / 256}
    # (91 + 0.025) / 100.1 over 0.25 at each of four positions, on a grid of 170 steps a bit
    assert found["score"].to_numpy() == pytest.approx(4 * np.log2(4 * 91.025 / 100.1), abs=4 / 340)


def test_a_limit_that_no_word_reaches() -> None:
    search = Search([motif_of("m", "AACG")], p_value=1 / 257)
    found = instances(codes_of("AACGAACG"), patterns(search))
    assert len(found) == 0 and list(found) == INSTANCE
    assert len(instances(codes_of("AAC", "A"), patterns(search._replace(p_value=1)))) == 0


def test_one_strand() -> None:
    search = Search([motif_of("m", "AACG")], p_value=1 / 256, strands="given")
    assert found_by(codes_of("AACGTT"), search) == [(0, 0, 0, "+", 1 / 256)]


def test_backgrounds() -> None:
    motif = Motif("m", "", motif_of("m", "AACG").probabilities, 100, background=ASYMMETRIC)
    given = Search([motif], p_value=0.002, strands="given")
    assert found_by(codes_of("AACG"), given) == [(0, 0, 0, "+", pytest.approx(0.1 * 0.1 * 0.2 * 0.3))]
    assert found_by(codes_of("AACG"), given._replace(background=UNIFORM)) == []
    # The mean of both strands is uniform.
    both = given._replace(strands="both", p_value=1 / 256)
    assert found_by(codes_of("AACG"), both) == [(0, 0, 0, "+", pytest.approx(1 / 256))]


texts = st.lists(st.text(alphabet="ACGTN", min_size=1, max_size=60), min_size=1, max_size=5)


@settings(deadline=None, max_examples=60)
@given(texts, st.integers(0, 1000), st.sampled_from([0.2, 0.03, 1.0]), st.sampled_from(module.STRANDS))
def test_no_instance_is_missed(given_texts: list[str], seed: int, p_value: float, strands: str) -> None:
    rng = np.random.default_rng(seed)
    motifs = [Motif(f"m{width}", "", rng.dirichlet([0.3] * 4, width), 30) for width in rng.integers(1, 9, 3)]
    search = Search(motifs, ASYMMETRIC, p_value, strands)
    sequences = codes_of(*given_texts)
    assert found_by(sequences, search) == plain_scan(sequences, search)


@needs_reference
def test_real_sequences_as_in_a_plain_scan() -> None:
    sequences = codes_of(*(record.sequence for record in read_fasta(REFERENCE / "sequences.fa")[:60]))
    search = Search(read_motifs(REFERENCE / "motifs.meme"), p_value=1e-3)
    expected = plain_scan(sequences, search)
    assert found_by(sequences, search) == expected and len(expected) > 100


@needs_reference
@pytest.mark.parametrize(("answers", "count"), [("uniform", 1032), ("gc", 917)])
def test_the_answers_of_fimo(answers: str, count: int) -> None:
    records = read_fasta(REFERENCE / "sequences.fa")
    background = read_background(REFERENCE / "gc.bg") if answers == "gc" else UNIFORM
    search = Search(read_motifs(REFERENCE / "motifs.meme"), background)
    found = instances(codes_of(*(record.sequence for record in records)), patterns(search))
    found["sequence_name"] = [records[sequence].name for sequence in found["sequence"]]
    found["motif_id"] = [search.motifs[motif].name for motif in found["motif"]]
    found = found.drop(columns="sequence").assign(start=found["start"] + 1)
    fimo = pd.read_csv(REFERENCE / f"hits_{answers}.tsv", sep="\t")
    key = ["sequence_name", "start", "strand", "motif_id"]
    both = fimo.merge(found, on=key, how="outer", suffixes=("_of_fimo", ""), indicator=True)
    # No instance differs, not even at the limit.
    assert len(both) == count and set(both["_merge"]) == {"both"}
    assert (both["end"] == both["stop"]).all() and (both["word"] == both["matched_sequence"]).all()
    # FIMO prints three digits of p-values and six of scores.
    np.testing.assert_allclose(both["p-value"], both["p-value_of_fimo"], rtol=0.005)
    np.testing.assert_allclose(both["score"], both["score_of_fimo"], rtol=1e-5, atol=1e-5)


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in (stream, module):
        monkeypatch.setattr(one, "PIECE", 16)


def write(folder: Path, records: dict[str, str]) -> str:
    (folder / "s.fa").write_text("".join(f">{name}\n{text}\n" for name, text in records.items()))
    return str(folder / "s.fa")


def test_instances_in_pieces_are_those_of_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    text = to_text(rng.choice(5, (1, 500), p=[0.24, 0.24, 0.24, 0.24, 0.04]).astype(np.uint8))[0]
    motifs = [Motif(f"m{width}", "", rng.dirichlet([0.5] * 4, width), 30) for width in (2, 9, 5)]
    search = Search(motifs, p_value=0.05)
    path = write(tmp_path, {"long": text, "short": text[:7], "chr2:100-140": text[:40]})
    (whole,) = placed(SequenceFile(path, None, overlap=search.width - 1), search)
    for piece in (3, 16, 100):
        for one in (stream, module):
            monkeypatch.setattr(one, "PIECE", piece)
        parts = list(placed(SequenceFile(path, None, overlap=search.width - 1), search))
        assert len(parts) > 5 and list(parts[0]) == PLACED
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    assert found_by(codes_of(text), search) == plain_scan(codes_of(text), search)


@pytest.mark.usefixtures("short_pieces")
def test_places_of_instances(tmp_path: Path) -> None:
    path = write(tmp_path, {"chr2:100-140 x": "T" * 30 + "AACGG" + "T" * 5, "b": "TTAACGT"})
    search = Search([motif_of("m", "AACG")], p_value=1 / 256, strands="given")
    found = pd.concat(placed(SequenceFile(path, None, overlap=3), search))
    assert found[PLACED[:6]].to_numpy().tolist() == [["chr2:100-140", "chr2", 100, 30, 34, 0], ["b", "", 0, 2, 6, 0]]


@pytest.mark.usefixtures("short_pieces")
def test_short_sequences_are_gathered(tmp_path: Path) -> None:
    path = write(tmp_path, {f"s{length}": "A" * length for length in (5, 6, 7, 8, 20, 3)})
    lists = list(gathered(SequenceFile(path, None, overlap=2)))
    assert [[chunk.codes.size for chunk in some] for some in lists] == [[5, 6, 7], [8, 18], [4, 3]]

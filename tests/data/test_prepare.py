"""From a row of the sheet to a data set, by format; what is skipped, split and refused."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.prepare import prepare, prepare_dataset, stable_seed
from deepprune.dna.codes import kmer_counts, to_text
from deepprune.errors import InputError
from deepprune.io.genome import prepare_genome

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
MIRROR = SHARED / "mirror" / "goldenPath" / "hg19"
SIMULATION = {"length": 50, "positives": 40, "negatives": 30, "margin": 5}


def sequences(count: int, length: int = 30, seed: int = 0) -> list[str]:
    return to_text(np.random.default_rng(seed).integers(0, 4, (count, length), dtype=np.uint8))


def fasta(folder: Path, texts: list[str], name: str = "s.fa") -> Path:
    path = folder / name
    path.write_text("".join(f">{i}\n{text}\n" for i, text in enumerate(texts)))
    return path


def positives(made: Dataset) -> list[str]:
    return to_text(made.codes[made.labels == 1])


def complaint(*arguments: Any, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        prepare(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def same(one: Dataset, other: Dataset) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("codes", "labels", "split"))


def test_fasta_with_shuffles(tmp_path: Path) -> None:
    texts = sequences(100)
    made, summary = prepare("a", "fasta", fasta(tmp_path, texts), window=30)
    assert positives(made) == texts
    assert made.labels.tolist() == [1] * 100 + [0] * 100
    # each shuffle has the dinucleotides of its positive and is in its part
    assert np.array_equal(kmer_counts(made.codes[:100], 2), kmer_counts(made.codes[100:], 2))
    assert np.array_equal(made.split[:100], made.split[100:])
    assert [int((made.split[:100] == part).sum()) for part in (TRAIN, VALIDATION, TEST)] == [72, 8, 20]
    assert (made.codes[:100] != made.codes[100:]).any(axis=1).all()
    gc = sum(text.count("G") + text.count("C") for text in texts) / 3000
    expected = {"dataset": "a", "format": "fasta", "rows": 100, "positives": 100, "negatives": 100, "duplicates": 0}
    expected |= dict.fromkeys(["unknown_contig", "beyond_chromosome", "summit_outside", "too_short", "with_n"], 0)
    expected |= {"train": 144, "validation": 16, "test": 40, "length": 30}
    (row,) = summary.to_dict("records")
    assert {column: row[column] for column in expected} == expected
    assert list(summary.columns) == [*expected, "gc_positives", "gc_negatives"]
    assert row["gc_positives"] == row["gc_negatives"] == pytest.approx(gc)


def test_windows_are_cut_around_the_midpoint(tmp_path: Path) -> None:
    texts = sequences(60, 33)
    made, _ = prepare("a", "fasta", fasta(tmp_path, texts), window=30)
    assert positives(made) == [text[1:31] for text in texts]


def test_short_n_and_duplicates_are_counted(tmp_path: Path) -> None:
    texts = sequences(60)
    awkward = [texts[0], texts[1].lower(), texts[2][:29], "N" + texts[3][1:], texts[4][:15] + "R" + texts[4][16:]]
    # an N outside the window does no harm
    made, summary = prepare(
        "a", "fasta", fasta(tmp_path, [*texts, *awkward, "NA" + sequences(1, seed=9)[0] + "AN"]), window=30
    )
    assert positives(made) == [*texts, *sequences(1, seed=9)]
    row = summary.iloc[0]
    assert row[["rows", "positives", "duplicates", "too_short", "with_n"]].tolist() == [66, 61, 2, 1, 2]


def test_given_negatives(tmp_path: Path) -> None:
    negatives = sequences(200, 40, seed=1)
    path = fasta(tmp_path, sequences(100))
    made, summary = prepare("a", "fasta", path, negatives=fasta(tmp_path, [*negatives, "ACGT"], "n.fa"), window=30)
    assert to_text(made.codes[made.labels == 0]) == [text[5:35] for text in negatives]
    for label, numbers in ((1, [72, 8, 20]), (0, [144, 16, 40])):
        of_class = made.split[made.labels == label]
        assert [int((of_class == part).sum()) for part in (TRAIN, VALIDATION, TEST)] == numbers
    assert summary.iloc[0][["rows", "negatives", "too_short"]].tolist() == [301, 200, 1]


def test_the_same_call_gives_the_same_and_every_input_counts(tmp_path: Path) -> None:
    path = fasta(tmp_path, sequences(100))
    made = prepare("a", "fasta", path, window=30)[0]
    assert same(made, prepare("a", "fasta", path, window=30)[0])
    for other in (prepare("b", "fasta", path, window=30)[0], prepare("a", "fasta", path, window=30, seed=1)[0]):
        assert np.array_equal(other.codes[:100], made.codes[:100])
        assert not np.array_equal(other.codes[100:], made.codes[100:])
        assert not np.array_equal(other.split, made.split)


def test_shuffles_stay_when_records_are_added(tmp_path: Path) -> None:
    texts = sequences(120)
    few = prepare("a", "fasta", fasta(tmp_path, texts[:60]), window=30)[0]
    many = prepare("a", "fasta", fasta(tmp_path, texts[::-1]), window=30)[0]
    assert set(to_text(few.codes[60:])) <= set(to_text(many.codes[120:]))


def test_seeds_are_stable() -> None:
    # printf 0:a:split | b2sum -l 64, the lowest byte first
    assert stable_seed(0, "a", "split") == int.from_bytes(bytes.fromhex("b52eeb438258549e"), "little")
    assert len({stable_seed(seed, name, use) for seed in (0, 1) for name in "ab" for use in ("split", "shuffle")}) == 8


def test_seqgz(tmp_path: Path) -> None:
    texts = sequences(60)
    for suffix, part in (("_AC", texts[:40]), ("_B", texts[40:])):
        rows = "".join(f"A\tp{i}\t{text}\t1\nA\ts{i}\t{text[::-1]}\t0\n" for i, text in enumerate(part))
        (tmp_path / f"x{suffix}.seq.gz").write_bytes(gzip.compress(f"FoldID\tEventID\tseq\tBound\n{rows}".encode()))
    made, summary = prepare("a", "seqgz", tmp_path / "x", window=30)
    assert positives(made) == texts
    assert summary.loc[0, "rows"] == 60


def test_csail_keeps_its_own_test_set(tmp_path: Path) -> None:
    texts = sequences(300)
    for name, part in (("train", texts[:200]), ("test", texts[200:])):
        (tmp_path / f"{name}.data").write_text("".join(f">{i} {text} {i % 2}\n" for i, text in enumerate(part)))
    with (tmp_path / "train.data").open("a") as file:
        file.write(f">n {'N' * 30} 1\n>again {texts[0]} 0\n>short ACG 0\n")
    made, summary = prepare("a", "csail", tmp_path, window=30, test_share=0.5)
    assert to_text(made.codes) == [*texts[:200], texts[0], *texts[200:]]
    assert (made.split == TEST).tolist() == [False] * 201 + [True] * 100
    assert made.labels[:4].tolist() == [0, 1, 0, 1]
    validation = made.labels[made.split == VALIDATION]
    assert (len(validation), int(validation.sum())) == (20, 10)
    assert summary.iloc[0][["rows", "with_n", "too_short", "duplicates"]].tolist() == [303, 1, 1, 0]


def test_csail_without_a_class_in_one_part(tmp_path: Path) -> None:
    lines = [f">{i} {text} {i % 2}\n" for i, text in enumerate(sequences(200))]
    (tmp_path / "train.data").write_text("".join(lines))
    (tmp_path / "test.data").write_text("".join(lines[1::2]))
    assert "no negatives are left for test" in complaint("a", "csail", tmp_path, window=30)


def test_simulated(tmp_path: Path) -> None:
    (tmp_path / "m.meme").write_text(
        "MEME version 4\n\nALPHABET= ACGT\n\nMOTIF M\nletter-probability matrix: alength= 4 w= 3 nsites= 20 E= 0\n"
        "1 0 0 0\n0 1 0 0\n0 0 1 0\n"
    )
    made, summary = prepare("a", "simulated", tmp_path / "m.meme", simulation=SIMULATION)
    assert made.codes.shape == (140, 50)
    for part, numbers in ((TRAIN, [27, 36]), (VALIDATION, [3, 4]), (TEST, [30, 40])):
        assert np.bincount(made.labels[made.split == part]).tolist() == numbers
    assert all("ACG" in text for text in positives(made))
    assert summary.iloc[0][["rows", "positives", "negatives", "length"]].tolist() == [140, 80, 60, 50]
    assert not np.array_equal(
        made.codes, prepare("b", "simulated", tmp_path / "m.meme", simulation=SIMULATION)[0].codes
    )


@pytest.mark.parametrize("format", ["narrowpeak", "bed"])
def test_peaks(tmp_path: Path, format: str) -> None:
    (text,) = sequences(1, 5000)
    genome = tmp_path / "g.fa"
    genome.write_text(f">chr1\n{text}\n>chr2\n{'N' * 50}\n")
    starts = [*range(100, 4900, 40), 0, 4995]
    rows = [f"chr1\t{start}\t{start + 20}" for start in starts] + ["chr2\t5\t45", "chr1\t100\t120", "chrUn\t1\t9"]
    tail = "\t.\t0\t.\t1\t-1\t-1\t10" if format == "narrowpeak" else ""
    (tmp_path / "p").write_text("".join(row + tail + "\n" for row in rows))
    made, summary = prepare("a", format, tmp_path / "p", genome=genome, window=31)
    assert positives(made) == [text[start + 10 - 15 : start + 10 + 16] for start in starts[:120]]
    counts = summary.iloc[0][["rows", "positives", "duplicates", "unknown_contig", "beyond_chromosome", "with_n"]]
    assert counts.tolist() == [125, 120, 1, 1, 2, 1]


@settings(max_examples=40, deadline=None)
@given(st.integers(50, 200), st.floats(0.01, 0.9), st.floats(0.01, 0.9))
def test_every_part_has_both_classes(
    tmp_path_factory: pytest.TempPathFactory, count: int, test_share: float, validation_share: float
) -> None:
    path = fasta(tmp_path_factory.getbasetemp(), sequences(count))
    shares = {"test_share": test_share, "validation_share": validation_share}
    made, summary = prepare("a", "fasta", path, window=30, **shares)
    for part in (TRAIN, VALIDATION, TEST):
        assert set(made.part(part)[1].tolist()) == {0, 1}
    assert summary.loc[0, "test"] == 2 * max(1, round(test_share * count))
    assert summary.loc[0, ["train", "validation", "test"]].sum() == 2 * count


# refusals


def test_fewer_than_50_positives(tmp_path: Path) -> None:
    texts = sequences(50)
    assert len(prepare("a", "fasta", fasta(tmp_path, texts), window=30)[0].codes) == 100
    path = fasta(tmp_path, [*texts[:49], texts[0]])
    message = complaint("a", "fasta", path, window=30)
    assert message.startswith(f"{path}: 49 positives remain of 50 rows (1 duplicates), but at least 50 are needed")
    path = fasta(tmp_path, texts)
    message = complaint("a", "fasta", path, negatives=fasta(tmp_path, texts[:9], "n.fa"), window=30)
    assert "9 negatives remain" in message


def test_more_than_half_skipped(tmp_path: Path) -> None:
    texts = sequences(100)
    made, _ = prepare("a", "fasta", fasta(tmp_path, [*texts, *["ACGT"] * 60, *["N" * 30] * 40]), window=30)
    assert len(positives(made)) == 100
    message = complaint("a", "fasta", fasta(tmp_path, [*texts, *["ACGT"] * 61, *["N" * 30] * 40]), window=30)
    assert "101 of 201 rows had to be skipped (too_short 61, with_n 40)" in message
    # duplicates do not count as skipped
    assert len(positives(prepare("a", "fasta", fasta(tmp_path, texts * 5), window=30)[0])) == 100


def test_all_skipped(tmp_path: Path) -> None:
    assert "60 of 60 rows had to be skipped" in complaint("a", "fasta", fasta(tmp_path, sequences(60)), window=31)


# the two files of a row


def config() -> dict[str, Any]:
    options: dict[str, Any] = yaml.safe_load((ROOT / "config.yaml").read_text())
    return options


def row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(["dataset", "format", "path", "genome", "target", "cell_type", "negatives"], "") | cells


def test_row_to_files(tmp_path: Path) -> None:
    path = fasta(tmp_path, sequences(60, 101))
    for name in ("a", "b"):
        prepare_dataset(
            row(dataset="x", format="fasta", path=str(path)),
            config(),
            tmp_path / f"{name}.npz",
            tmp_path / f"{name}.tsv",
        )
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()
    made, summary = prepare("x", "fasta", path)
    assert same(Dataset.load(tmp_path / "a.npz"), made)
    read = pd.read_csv(tmp_path / "a.tsv", sep="\t")
    assert read.loc[0, "rows"] == 60 and list(read.columns) == list(summary.columns)


def test_failure_leaves_no_files(tmp_path: Path) -> None:
    path = fasta(tmp_path, sequences(10, 101))
    with pytest.raises(InputError):
        prepare_dataset(
            row(dataset="x", format="fasta", path=str(path)), config(), tmp_path / "x.npz", tmp_path / "x.tsv"
        )
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not MIRROR.is_dir(), reason="../shared/data/mirror is absent")
def test_real_peaks_give_the_windows_of_the_paper(tmp_path: Path) -> None:
    prepare_genome(MIRROR / "bigZips" / "hg19.fa.gz", tmp_path / "hg19.fa")
    name = "wgEncodeAwgTfbsSydhGm12878Elk112771IggmusUniPk.narrowPeak.gz"
    path = MIRROR / "encodeDCC" / "wgEncodeAwgTfbsUniform" / name
    cells = row(dataset="x", format="narrowpeak", path=str(path), genome=str(MIRROR / "bigZips" / "hg19.fa.gz"))
    prepare_dataset(cells, config(), tmp_path / "x.npz", tmp_path / "x.tsv", genome=tmp_path / "hg19.fa")
    counts = pd.read_csv(tmp_path / "x.tsv", sep="\t").iloc[0]
    columns = ["rows", "positives", "duplicates", "unknown_contig", "beyond_chromosome", "summit_outside", "with_n"]
    assert counts[columns].tolist() == [5589, 5573, 1, 1, 2, 0, 12]
    deepbind, _ = prepare("x", "seqgz", SHARED / "chipseq" / "ELK1_GM12878_ELK1_(1277-1)_Stanford")
    ours = set(positives(Dataset.load(tmp_path / "x.npz")))
    # all but the peak without a summit are DeepBind's own windows
    assert len(ours - set(positives(deepbind))) == 1

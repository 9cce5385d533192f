"""Preparation of data sets by format: skipped rows, the split, refused input."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepprune.data.dataset import TEST, TRAIN, VALIDATION, Dataset
from deepprune.data.formats import FORMATS
from deepprune.data.prepare import DatasetFiles, prepare, prepare_dataset
from deepprune.data.readers import DataOptions
from deepprune.data.skipped import REASONS
from deepprune.dna.codes import kmer_counts, to_text
from deepprune.errors import InputError
from deepprune.io.genome import prepare_genome

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MIRROR = SHARED / "mirror" / "goldenPath" / "hg19"
SIMULATION = {"length": 50, "positives": 40, "negatives": 30, "margin": 5}
MEME = """MEME version 4

ALPHABET= ACGT

MOTIF M
letter-probability matrix: alength= 4 w= 3 nsites= 20 E= 0
1 0 0 0
0 1 0 0
0 0 1 0
"""


def sequences(count: int, length: int = 30, seed: int = 0) -> list[str]:
    return to_text(np.random.default_rng(seed).integers(0, 4, (count, length), dtype=np.uint8))


def fasta(folder: Path, texts: list[str], name: str = "s.fa") -> Path:
    path = folder / name
    path.write_text("".join(f">{i}\n{text}\n" for i, text in enumerate(texts)))
    return path


def prepared(
    format: str, path: Path, dataset: str = "a", genome: str | Path = "", negatives: str | Path = "", **options: Any
) -> tuple[Dataset, pd.DataFrame]:
    cells = row(dataset=dataset, format=format, path=str(path), genome=str(genome), negatives=str(negatives))
    made, _, summary, _ = prepare(cells, DataOptions(**options))
    return made, summary


def row(**cells: str) -> dict[str, str]:
    """Return a row as the sheet gives it: an empty cell negatives is the default of its format."""
    given = dict.fromkeys(["dataset", "format", "path", "genome", "target", "cell_type", "negatives"], "") | cells
    return given | {"negatives": given["negatives"] or ("", *FORMATS[given["format"]].made[:1])[-1]}


def files(folder: Path, name: str) -> DatasetFiles:
    return DatasetFiles(
        *(folder / f"{name}.{suffix}" for suffix in ("npz", "tsv", "bed", "skipped.tsv", "profile.tsv"))
    )


def positives(made: Dataset) -> list[str]:
    return to_text(made.codes[made.positive()])


def complaint(*arguments: Any, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        prepared(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def same(one: Dataset, other: Dataset) -> bool:
    arrays = zip(one.origins.arrays().values(), other.origins.arrays().values(), strict=True)
    pairs = [*arrays, *((getattr(one, name), getattr(other, name)) for name in ("codes", "labels", "split"))]
    return all(np.array_equal(*pair) for pair in pairs)


def test_fasta_with_shuffles(tmp_path: Path) -> None:
    texts = sequences(100)
    made, summary = prepared("fasta", fasta(tmp_path, texts), window=30)
    assert positives(made) == texts
    assert made.labels.tolist() == [[1]] * 100 + [[0]] * 100
    # each shuffle has the dinucleotides of its positive and is in its part
    assert np.array_equal(kmer_counts(made.codes[:100], 2), kmer_counts(made.codes[100:], 2))
    assert np.array_equal(made.split[:100], made.split[100:])
    assert [int((made.split[:100] == part).sum()) for part in (TRAIN, VALIDATION, TEST)] == [72, 8, 20]
    assert (made.codes[:100] != made.codes[100:]).any(axis=1).all()
    names = [str(i) for i in range(100)]
    assert made.origins.name.tolist() == [*names, *(f"{name}/shuffle" for name in names)]
    gc = sum(text.count("G") + text.count("C") for text in texts) / 3000
    expected = {"dataset": "a", "format": "fasta", "rows": 100, "positives": 100, "negatives": 100}
    expected |= {"against": "shuffle", "most": "", "tasks": 1} | dict.fromkeys([*REASONS, "overlapping"], 0)
    expected |= {"train": 144, "validation": 16, "test": 40, "length": 30}
    (row,) = summary.to_dict("records")
    assert {column: row[column] for column in expected} == expected
    assert set(summary.columns) == {*expected, "gc_positives", "gc_negatives"}
    assert row["gc_positives"] == row["gc_negatives"] == pytest.approx(gc)


def test_windows_are_cut_around_the_midpoint(tmp_path: Path) -> None:
    texts = sequences(60, 33)
    made, _ = prepared("fasta", fasta(tmp_path, texts), window=30)
    assert positives(made) == [text[1:31] for text in texts]


def test_short_n_and_duplicates_are_counted(tmp_path: Path) -> None:
    texts = sequences(60)
    awkward = [texts[0], texts[1].lower(), texts[2][:29], "N" + texts[3][1:], texts[4][:15] + "R" + texts[4][16:]]
    # an N outside the window does no harm
    made, summary = prepared(
        "fasta", fasta(tmp_path, [*texts, *awkward, "NA" + sequences(1, seed=9)[0] + "AN"]), window=30
    )
    assert positives(made) == [*texts, *sequences(1, seed=9)]
    row = summary.iloc[0]
    assert row[["rows", "positives", "duplicate", "too_short", "with_n"]].tolist() == [66, 61, 2, 1, 2]


def test_given_negatives(tmp_path: Path) -> None:
    negatives = sequences(200, 40, seed=1)
    path = fasta(tmp_path, sequences(100))
    made, summary = prepared("fasta", path, negatives=fasta(tmp_path, [*negatives, "ACGT"], "n.fa"), window=30)
    assert to_text(made.codes[~made.positive()]) == [text[5:35] for text in negatives]
    for label, numbers in ((1, [72, 8, 20]), (0, [144, 16, 40])):
        of_class = made.split[made.positive() == label]
        assert [int((of_class == part).sum()) for part in (TRAIN, VALIDATION, TEST)] == numbers
    assert summary.iloc[0][["rows", "negatives", "too_short"]].tolist() == [301, 200, 1]


def test_the_same_files_and_options_give_the_same(tmp_path: Path) -> None:
    path = fasta(tmp_path, sequences(100))
    made = prepared("fasta", path, window=30)[0]
    assert same(made, prepared("fasta", path, window=30)[0])
    assert same(made, prepared("fasta", path, dataset="another", window=30)[0])
    other = prepared("fasta", path, window=30, seed=1)[0]
    assert np.array_equal(other.codes[:100], made.codes[:100])
    assert not np.array_equal(other.codes[100:], made.codes[100:])
    assert not np.array_equal(other.split, made.split)


@settings(max_examples=20, deadline=None)
@given(names=st.lists(st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True), min_size=2, max_size=2), data=st.data())
def test_another_name_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = fasta(folder, sequences(60))
    (folder / "m.meme").write_text(MEME)
    cells = data.draw(st.sampled_from([{"format": "fasta", "path": str(path)},
                                       {"format": "simulated", "path": str(folder / "m.meme")}]))  # fmt: skip
    for place, name in enumerate(names):
        options = DataOptions(window=30, simulation=SIMULATION)
        prepare_dataset(row(dataset=name, **cells), options, files(folder, str(place)))
    assert (folder / "0.npz").read_bytes() == (folder / "1.npz").read_bytes()


def test_sequences_keep_their_parts_in_another_order_and_among_more(tmp_path: Path) -> None:
    def parts(texts: list[str]) -> dict[str, int]:
        made = prepared("fasta", fasta(tmp_path, texts), window=30)[0]
        return dict(zip(to_text(made.codes), made.split.tolist(), strict=True))

    texts = sequences(1100)
    few = parts(texts[:1000])
    assert parts(texts[:1000][::-1]) == few
    more = parts(texts)
    assert set(few) < set(more)
    assert sum(more[text] != part for text, part in few.items()) < 0.05 * len(few)


def test_shuffles_stay_when_records_are_added(tmp_path: Path) -> None:
    texts = sequences(120)
    few = prepared("fasta", fasta(tmp_path, texts[:60]), window=30)[0]
    many = prepared("fasta", fasta(tmp_path, texts[::-1]), window=30)[0]
    assert set(to_text(few.codes[60:])) <= set(to_text(many.codes[120:]))


def test_seqgz(tmp_path: Path) -> None:
    texts = sequences(60)
    for suffix, part in (("_AC", texts[:40]), ("_B", texts[40:])):
        rows = "".join(f"A\tp{i}\t{text}\t1\nA\ts{i}\t{text[::-1]}\t0\n" for i, text in enumerate(part))
        (tmp_path / f"x{suffix}.seq.gz").write_bytes(gzip.compress(f"FoldID\tEventID\tseq\tBound\n{rows}".encode()))
    made, summary = prepared("seqgz", tmp_path / "x", window=30)
    assert positives(made) == texts
    assert summary.loc[0, "rows"] == 60
    names = [f"p{i}" for i in range(40)] + [f"p{i}" for i in range(20)]
    assert made.origins.name.tolist() == names + [f"{name}/shuffle" for name in names]


def test_csail_keeps_its_own_test_set(tmp_path: Path) -> None:
    texts = sequences(300)
    for name, part in (("train", texts[:200]), ("test", texts[200:])):
        (tmp_path / f"{name}.data").write_text(
            "".join(f">chr1:{i + 1}-{i + 30} {text} {i % 2}\n" for i, text in enumerate(part))
        )
    with (tmp_path / "train.data").open("a") as file:
        file.write(f">n {'N' * 30} 1\n>again {texts[0]} 0\n>short ACG 0\n")
    made, summary = prepared("csail", tmp_path, window=30, test_share=0.5)
    assert to_text(made.codes) == [*texts[:200], texts[0], *texts[200:]]
    assert (made.split == TEST).tolist() == [False] * 201 + [True] * 100
    assert made.labels[:4, 0].tolist() == [0, 1, 0, 1]
    validation = made.part(VALIDATION)[1]
    assert (len(validation), int(validation.sum())) == (20, 10)
    assert summary.iloc[0][["rows", "with_n", "too_short", "duplicate"]].tolist() == [303, 1, 1, 0]
    origins = made.origins.take(np.array([0, 199, 200, 201]))
    assert origins.name.tolist() == ["chr1:1-30", "chr1:200-229", "again", "chr1:1-30"]
    assert origins.start.tolist() == [0, 199, 0, 0] and origins.end.tolist() == [30, 229, 0, 30]


def test_csail_without_a_class_in_one_part(tmp_path: Path) -> None:
    lines = [f">{i} {text} {i % 2}\n" for i, text in enumerate(sequences(200))]
    (tmp_path / "train.data").write_text("".join(lines))
    fresh = [f">{i} {text} 1\n" for i, text in enumerate(sequences(100, seed=1))]
    (tmp_path / "test.data").write_text("".join(fresh))
    assert "no negatives are left for test" in complaint("csail", tmp_path, window=30)


def test_simulated(tmp_path: Path) -> None:
    (tmp_path / "m.meme").write_text(MEME)
    made, summary = prepared("simulated", tmp_path / "m.meme", simulation=SIMULATION)
    assert made.codes.shape == (140, 50)
    for part, numbers in ((TRAIN, [27, 36]), (VALIDATION, [3, 4]), (TEST, [30, 40])):
        assert np.bincount(made.part(part)[1][:, 0]).tolist() == numbers
    assert all("ACG" in text for text in positives(made))
    assert summary.iloc[0][["rows", "positives", "negatives", "length"]].tolist() == [140, 80, 60, 50]
    assert set(made.origins.name) == set(made.origins.chrom) == set(made.origins.strand) == {""}


@pytest.mark.parametrize("format", ["narrowpeak", "bed"])
def test_peaks(tmp_path: Path, format: str) -> None:
    (text,) = sequences(1, 5000)
    genome = tmp_path / "g.fa"
    genome.write_text(f">chr1\n{text}\n>chr2\n{'N' * 50}\n")
    starts = [*range(100, 4900, 40), 0, 4995]
    rows = [f"chr1\t{start}\t{start + 20}" for start in starts] + ["chr2\t5\t45", "chr1\t100\t120", "chrUn\t1\t9"]
    tail = "\t.\t0\t.\t1\t-1\t-1\t10" if format == "narrowpeak" else ""
    (tmp_path / "p").write_text("".join(row + tail + "\n" for row in rows))
    made, summary = prepared(format, tmp_path / "p", genome=genome, window=31)
    assert positives(made) == [text[start + 10 - 15 : start + 10 + 16] for start in starts[:120]]
    counts = summary.iloc[0][["rows", "positives", "duplicate", "unknown_contig", "beyond_chromosome", "with_n"]]
    assert counts.tolist() == [125, 120, 1, 1, 2, 1]


@settings(max_examples=40, deadline=None)
@given(st.integers(50, 200), st.floats(0.01, 0.9), st.floats(0.01, 0.9))
def test_every_part_has_both_classes(
    tmp_path_factory: pytest.TempPathFactory, count: int, test_share: float, validation_share: float
) -> None:
    path = fasta(tmp_path_factory.getbasetemp(), sequences(count))
    shares = {"test_share": test_share, "validation_share": validation_share}
    made, summary = prepared("fasta", path, window=30, **shares)
    for part in (TRAIN, VALIDATION, TEST):
        assert set(made.part(part)[1][:, 0].tolist()) == {0, 1}
    assert summary.loc[0, "test"] == 2 * max(1, round(test_share * count))
    assert summary.loc[0, ["train", "validation", "test"]].sum() == 2 * count


# refusals


def test_fewer_than_50_positives(tmp_path: Path) -> None:
    texts = sequences(50)
    assert len(prepared("fasta", fasta(tmp_path, texts), window=30)[0].codes) == 100
    path = fasta(tmp_path, [*texts[:49], texts[0]])
    message = complaint("fasta", path, window=30)
    assert message.startswith(f"{path}: 49 positives remain of 50 rows (duplicate 1), but at least 50 are needed")
    path = fasta(tmp_path, texts)
    message = complaint("fasta", path, negatives=fasta(tmp_path, texts[:9], "n.fa"), window=30)
    assert "9 negatives remain" in message
    message = complaint("fasta", fasta(tmp_path, [texts[0]] * 3), window=30)
    assert message.startswith(f"{path}: 1 positive remains of 3 rows (duplicate 2), but at least 50 are needed")


def test_more_than_half_skipped(tmp_path: Path) -> None:
    texts = sequences(100)
    made, _ = prepared("fasta", fasta(tmp_path, [*texts, *["ACGT"] * 60, *["N" * 30] * 40]), window=30)
    assert len(positives(made)) == 100
    message = complaint("fasta", fasta(tmp_path, [*texts, *["ACGT"] * 61, *["N" * 30] * 40]), window=30)
    assert "101 of 201 rows had to be skipped (too_short 61, with_n 40)" in message
    # duplicates do not count as skipped
    assert len(positives(prepared("fasta", fasta(tmp_path, texts * 5), window=30)[0])) == 100


def test_all_skipped(tmp_path: Path) -> None:
    path = fasta(tmp_path, sequences(60))
    assert complaint("fasta", path, window=31) == (
        f"{path}: 60 of 60 rows had to be skipped (too_short 60); shorten data.window (--window of deepprune run), "
        "which is 31 bp"
    )
    # The remedy is that of the commonest reason.
    path = fasta(tmp_path, ["ACGT", *["N" * 31] * 60])
    assert complaint("fasta", path, window=31).endswith("with repeats in lower case instead of N")


# the two files of a row


def test_row_to_files(tmp_path: Path) -> None:
    path = fasta(tmp_path, sequences(60, 101))
    for name in ("a", "b"):
        prepare_dataset(row(dataset="x", format="fasta", path=str(path)), DataOptions(), files(tmp_path, name))
    for one, other in zip(*(files(tmp_path, name)[:5] for name in ("a", "b")), strict=True):
        assert one and other
        assert Path(one).read_bytes() == Path(other).read_bytes()
    made, summary = prepared("fasta", path)
    assert same(Dataset.load(tmp_path / "a.npz"), made)
    read = pd.read_csv(tmp_path / "a.tsv", sep="\t")
    assert read.loc[0, "rows"] == 60 and list(read.columns) == list(summary.columns)


def test_failure_leaves_no_files(tmp_path: Path) -> None:
    path = fasta(tmp_path, sequences(10, 101))
    with pytest.raises(InputError):
        prepare_dataset(row(dataset="x", format="fasta", path=str(path)), DataOptions(), files(tmp_path, "x"))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not MIRROR.is_dir(), reason="../shared/data/mirror is absent")
def test_real_peaks_give_the_windows_of_the_paper(tmp_path: Path) -> None:
    prepare_genome(MIRROR / "bigZips" / "hg19.fa.gz", tmp_path / "hg19.fa")
    name = "wgEncodeAwgTfbsSydhGm12878Elk112771IggmusUniPk.narrowPeak.gz"
    path = MIRROR / "encodeDCC" / "wgEncodeAwgTfbsUniform" / name
    cells = row(dataset="x", format="narrowpeak", path=str(path), genome=str(tmp_path / "hg19.fa"))
    prepare_dataset(cells, DataOptions(), files(tmp_path, "x"))
    counts = pd.read_csv(tmp_path / "x.tsv", sep="\t").iloc[0]
    columns = ["rows", "positives", "duplicate", "unknown_contig", "beyond_chromosome", "summit_outside", "with_n"]
    assert counts[columns].tolist() == [5589, 5573, 1, 1, 2, 0, 12]
    deepbind, _ = prepared("seqgz", SHARED / "chipseq" / "ELK1_GM12878_ELK1_(1277-1)_Stanford")
    ours = set(positives(Dataset.load(tmp_path / "x.npz")))
    # all but the peak without a summit are DeepBind's own windows
    assert len(ours - set(positives(deepbind))) == 1

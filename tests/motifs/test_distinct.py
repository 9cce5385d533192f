import numpy as np
import pandas as pd
import pytest
from answers import motifs
from planted import detector, halved, planted

from deepprune.data.dataset import Dataset
from deepprune.dna.codes import to_codes
from deepprune.io.motif import Motif
from deepprune.models.parameters import Parameters
from deepprune.motifs.distinct import BINS, distinct_motifs, distinct_table, positions_table, with_matches
from deepprune.motifs.evidence import CHANCE
from deepprune.motifs.kernels import Reading
from deepprune.motifs.networks import NetworkGroup, network_motifs

WORD, OTHER = "TGACTCA", "GGCGCCC"


def group(networks: list[Parameters], data: Dataset, **reading: object) -> NetworkGroup:
    rows = pd.DataFrame(
        {"dataset": "planted", "architecture": "few_kernel", "method": "deepprune", "criterion": "loss"},
        index=range(len(networks)),
    )
    rows = rows.assign(kernels=2, seed=range(len(networks)), number=range(len(networks)), model=0)
    return NetworkGroup(data, rows, networks, Reading(min_sites=5, **reading))


@pytest.fixture
def seeds() -> NetworkGroup:
    """Two networks that read the planted word, the second on the other strand and twice; one kernel reads nothing."""
    words = [[WORD, OTHER], ["TGAGTCA", WORD]]
    return group([detector(words[0], [2, 3]), detector(words[1], [0.5, 1])], planted(), strands="both")


def test_kernels_of_all_seeds_are_one_motif_and_the_most_important_stands_for_it(seeds: NetworkGroup) -> None:
    (motif,) = distinct_motifs(seeds, network_motifs(seeds))
    assert [member.name for member in motif.members] == ["seed0_kernel0", "seed1_kernel1", "seed1_kernel0"]
    # On both strands each member fires by 1 in all positives and in few negatives: 2 + 1 + 0.5, over two networks.
    codes, bound = seeds.test
    chance = np.mean([WORD in "".join("ACGT"[code] for code in row) for row in codes[~bound]])
    assert motif.importance == pytest.approx((2 + 1 + 0.5) / 2 * (1 - chance), abs=0.05)


def test_rows_by_hand(seeds: NetworkGroup) -> None:
    motifs = distinct_motifs(seeds, network_motifs(seeds))
    (row,) = distinct_table(seeds, motifs).to_dict("records")
    assert (row["dataset"], row["motif"], row["kernel"], row["consensus"]) == (
        "planted",
        "motif_1",
        "seed0_kernel0",
        WORD,
    )
    assert (row["seeds"], row["of_seeds"], row["kernels"]) == (2, 2, 3)
    assert row["members"] == "seed0_kernel0,seed1_kernel1,seed1_kernel0"
    assert row["positives"] == 1 and row["negatives"] < 0.1 and row["p-value"] < 1e-20
    assert row["fold"] == (pytest.approx(1 / row["negatives"], rel=0.01) if row["negatives"] else np.inf)


def test_enrichment_is_fishers_test() -> None:
    # Of 4 positives 3 hold the word, of 4 negatives 1: p = (16 + 1 + 16 + 1) / 70
    codes = to_codes([WORD + "AA"] * 3 + ["A" * 9] + [WORD + "AA"] + ["A" * 9] * 3)
    data = halved(codes)
    one = group([detector([WORD], [1])], data)
    one = NetworkGroup(one.data, one.rows, one.parameters, Reading(min_sites=3))
    (row,) = distinct_table(one, distinct_motifs(one, network_motifs(one))).to_dict("records")
    assert (row["positives"], row["negatives"], row["fold"]) == (0.75, 0.25, 3)
    assert row["p-value"] == pytest.approx(34 / 70, rel=1e-3)


@pytest.mark.parametrize(("text", "place"), [(WORD + "A" * 13, 3.5), ("A" * 13 + "TGAGTCA", 16.5)])
def test_positions_are_middles_of_sites_from_the_middle_of_the_sequence(text: str, place: float) -> None:
    codes = to_codes([text] * 10 + ["A" * 20] * 10)
    data = halved(codes)
    # One uninformative letter before the word: the middle is that of the informative positions.
    wide = detector([WORD], [1])
    wide = wide._replace(kernels=np.concatenate([wide.kernels, np.zeros((1, 2, 4), np.float32)], axis=1)[:, :7])
    one = group([wide], data, strands="both")
    table = positions_table(one, distinct_motifs(one, network_motifs(one)))
    assert len(table) == BINS and table["positives"].sum() == 10 and table["negatives"].sum() == 0
    (found,) = table[table["positives"] > 0].to_dict("records")
    assert found["from"] <= place - 10 < found["to"]


def test_kernels_without_a_motif_belong_to_none() -> None:
    silent = detector([WORD], [1])._replace(bias=np.array([-100], np.float32))
    one = group([silent], planted())
    motifs = distinct_motifs(one, network_motifs(one))
    assert motifs == [] and distinct_table(one, motifs).empty and positions_table(one, motifs).empty
    chance = pd.DataFrame(columns=["form", "motif", "null_rate", "p-value"])
    tomtom = pd.DataFrame(columns=["Query_ID", "Target_ID", "Target_name", "p-value", "E-value"])
    table, named = with_matches(distinct_table(one, motifs), [], tomtom, chance)
    assert table.empty and named == []


def test_matches_and_chance_join_by_the_kernel() -> None:
    table = pd.DataFrame({"motif": ["motif_1", "motif_2"], "kernel": ["seed0_kernel3", "seed1_kernel0"]})
    table = table.assign(positives=0.5, negatives=0.25, **{"p-value": 0.01})
    motifs = [Motif("seed1_kernel0", "", np.full((2, 4), 0.25), 9), Motif("seed0_kernel3", "", np.eye(4), 8)]
    tomtom = pd.DataFrame(
        {
            "Query_ID": ["seed0_kernel3"] * 2,
            "Target_ID": ["MA2", "MA1"],
            "Target_name": ["JUN", "FOS"],
            "p-value": [1e-3, 1e-5],
            "E-value": [0.8, 0.008],
        }
    )
    chance = pd.DataFrame(
        {
            "form": ["untrimmed", "trimmed", "trimmed"],
            "motif": ["seed0_kernel3", "seed0_kernel3", "seed1_kernel0"],
            "null_rate": [0.9, 0.1, 0.4],
            "p-value": [0.5, 0.01, 1.0],
        }
    )
    joined, named = with_matches(table, motifs, tomtom, chance)
    assert joined["match"].fillna("").tolist() == ["FOS", ""] and joined["match_id"].fillna("").tolist() == ["MA1", ""]
    assert joined["E-value"].tolist()[0] == 0.008 and joined["null_p"].tolist() == [0.01, 1.0]
    assert joined["null_rate"].tolist() == [0.1, 0.4]
    assert [(motif.name, motif.alt, motif.sites) for motif in named] == [("motif_1", "FOS", 8), ("motif_2", "", 9)]


@pytest.mark.parametrize(("null_p", "alt"), [(CHANCE, "FOS"), (0.051, "")])
def test_a_match_by_chance_gives_no_second_name(null_p: float, alt: str) -> None:
    table = motifs("set").drop(columns=["match", "match_id", "E-value", "null_rate", "null_p"])
    tomtom = pd.DataFrame(
        {"Query_ID": ["k0"], "Target_ID": "MA1", "Target_name": "FOS", "p-value": 1e-5, "E-value": 8e-3}
    )
    # Most shuffles match something, but few as well as the motif: null_p alone decides.
    chance = pd.DataFrame({"form": ["trimmed"], "motif": "k0", "null_rate": 0.9, "p-value": null_p})
    joined, (named,) = with_matches(table, [Motif("k0", "", np.eye(4), 8)], tomtom, chance)
    assert named.alt == alt and joined["match"].tolist() == ["FOS"]

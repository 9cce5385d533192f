from pathlib import Path

import pytest
from workflow import MOTIF, TRAINED

from deepprune.io.motif import read_motifs
from deepprune.io.table import read_table
from deepprune.models.model_file import load_model_file
from deepprune.motifs.evidence import CHANCE

pytestmark = pytest.mark.slow


def test_kernels_are_motif_files(finished: Path) -> None:
    for name in TRAINED:
        table = read_table(finished / f"results/motifs/{name}/kernels.tsv")
        assert list(zip(table["seed"], table["kernels"], strict=True)) == [
            (seed, 4) for seed in (0, 1) for _ in range(4)
        ]
        motifs = read_motifs(finished / f"results/motifs/{name}/kernels.meme", may_be_empty=True)
        assert [motif.name for motif in motifs] == table["motif"][~table["dead"]].tolist()
        assert {motif.width for motif in motifs} <= {8}
    implanted = read_table(finished / "results/tomtom/simulated.tsv")
    assert "planted" in implanted["Target_ID"][implanted["database"] == "implanted"].tolist()
    consensus = read_table(finished / "results/tables/kernels.tsv")["consensus"].dropna()
    reverse = MOTIF[::-1].translate(str.maketrans("ACGT", "TGCA"))
    assert any(word[:5] in text for text in consensus for word in (MOTIF, reverse))


def test_motifs_are_those_of_all_seeds_and_of_the_model(finished: Path) -> None:
    table = read_table(finished / "results/tables/motifs.tsv")
    kernels = read_table(finished / "results/tables/kernels.tsv")
    for name in TRAINED:
        own = table[table["dataset"] == name]
        named = read_motifs(finished / f"results/motifs/{name}/motifs.meme", may_be_empty=True)
        # A match that the shuffled motif reaches as well gives no name.
        known = own["match"].where(own["null_p"] <= CHANCE).fillna("")
        assert [(motif.name, motif.alt) for motif in named] == list(zip(own["motif"], known, strict=True))
        assert own["importance"].is_monotonic_decreasing and set(own["of_seeds"]) <= {2}
        # Each kernel with an informative position is in one motif, and the model's are in its file under their names.
        informative = kernels[(kernels["dataset"] == name) & (kernels["trimmed_width"] > 0)]
        assert sorted(",".join(own["members"]).split(",") if len(own) else []) == sorted(informative["motif"])
        model = load_model_file(finished / f"results/models/{name}/model.npz")
        of_model = informative[informative["seed"] == model.key.seed]
        assert [motif.name for motif in model.motifs] == of_model["motif"].tolist()
        assert [motif.consensus for motif in model.motifs] == of_model["consensus"].tolist()


def test_matches_stand_beside_those_of_chance(finished: Path) -> None:
    rates = read_table(finished / "results/tables/rates.tsv")
    kernels = read_table(finished / "results/tables/kernels.tsv")
    alive = kernels[~kernels["dead"]].groupby("dataset").size()
    assert rates["form"].tolist() == ["untrimmed", "trimmed"] * len(TRAINED)
    assert rates["motifs"][::2].tolist() == [int(alive.get(name, 0)) for name in TRAINED]
    chance = read_table(finished / "results/tables/chance.tsv")
    tomtom = read_table(finished / "results/tables/tomtom.tsv")
    trimmed = chance[chance["form"] == "trimmed"]
    matched = set(zip(trimmed["dataset"][trimmed["matched"]], trimmed["motif"][trimmed["matched"]], strict=True))
    assert matched == set(zip(tomtom["dataset"], tomtom["Query_ID"], strict=True))

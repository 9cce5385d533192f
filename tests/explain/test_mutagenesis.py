from dataclasses import replace

import numpy as np
import pytest
from modelled import USES, hand_model, model

from deepprune.data.origins import Origins
from deepprune.data.stream import Chunk
from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.explain import mutagenesis as module
from deepprune.explain.contributions import contributions
from deepprune.explain.mutagenesis import COLUMNS, check_mutable, mutagenesis, mutagenesis_table
from deepprune.models.model_file import Model, Use


def alone(text: str, name: str = "s") -> Chunk:
    return Chunk.whole(Origins([name], ["chr1"], [5], [5 + len(text)], ["."]), to_codes([text]))


def test_changes_by_hand() -> None:
    # The kernel counts the letters of ACG; beyond 1 each adds 2 to the logit, and each word adds 0.25.
    found = mutagenesis(hand_model(), to_codes(["ACGNN"])[0])
    # ACG scores 3; any other letter leaves 2. N to a letter makes a word less with N at position 3 alone.
    assert found.kernels.tolist() == [[0, -2, -2, -2], [-2, 0, -2, -2], [-2, -2, 0, -2], [0] * 4, [0] * 4]
    assert found.background.tolist() == [[0] * 4, [0] * 4, [0] * 4, [0.25] * 4, [0] * 4]
    assert np.array_equal(found.changes, found.kernels + found.background)
    assert found.losses.tolist() == [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0] * 4, [0] * 4]


@pytest.mark.parametrize("use", USES, ids=str)
@pytest.mark.parametrize("batch", [1, 1 << 20])
def test_changes_are_those_of_predicted_logits(use: Use, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", batch)
    codes = np.random.default_rng(3).integers(0, 5, 30).astype(np.uint8)
    own, found = model(use), mutagenesis(model(use), codes)
    before = contributions(own, codes[None]).logits[0]
    for position in range(30):
        for base in range(4):
            mutated = codes.copy()
            mutated[position] = base
            after = contributions(own, mutated[None]).logits[0]
            assert found.changes[position, base] == pytest.approx(after - before, abs=1e-6)
            assert base != codes[position] or found.changes[position, base] == 0
    assert np.abs(found.kernels).max() > 0.01
    assert (np.abs(found.background).max() > 0) == (use.background != "none")


def test_the_kernels_part_is_that_of_a_model_without_background() -> None:
    codes = np.random.default_rng(4).integers(0, 4, 40).astype(np.uint8)
    full: Model = model(USES[2])
    bare = replace(full, use=replace(full.use, background="none"), parameters=full.parameters._replace(background=()))
    assert np.array_equal(mutagenesis(full, codes).kernels, mutagenesis(bare, codes).changes)


def test_a_table_has_a_row_for_each_substitution() -> None:
    chunk = alone("ACGNN")
    found = mutagenesis(hand_model(), chunk.codes[0])
    table = mutagenesis_table(chunk, found)
    assert list(table) == COLUMNS and len(table) == 3 * 3 + 2 * 4
    assert table.iloc[0].tolist() == ["s", "chr1", 5, 10, ".", 0, "A", "C", -2.0, -2.0, 0.0]
    assert table.iloc[9].tolist() == ["s", "chr1", 5, 10, ".", 3, "N", "A", 0.25, 0.0, 0.25]


def test_what_cannot_be_mutated(monkeypatch: pytest.MonkeyPatch) -> None:
    check_mutable(alone("NNANN"))
    with pytest.raises(InputError, match="'s' holds no base but N"):
        check_mutable(alone("NNN"))
    monkeypatch.setattr(module, "LONGEST", 4)
    with pytest.raises(InputError, match="'s' has 5 bp, but mutagenesis takes 4 at most; shorten it"):
        check_mutable(alone("ACGTA"))

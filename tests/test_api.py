import doctest
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from layered import placed_model, whole_model
from planted import detector

import deepprune
from deepprune.dna.codes import to_codes
from deepprune.errors import InputError
from deepprune.explain.contributions import contributions
from deepprune.io.motif import Motif
from deepprune.keys import NetworkKey
from deepprune.models.layers_file import save_any_model
from deepprune.models.model_file import Model, Use, save_model_file
from deepprune.models.parameters import initial_parameters

DOCS = Path(__file__).parents[1] / "docs/api.md"
NETWORK = detector(["TGACTCA", "GGCGCCC"], [4, 1])._replace(intercept=np.array([-2], np.float32))
MOTIF = Motif("seed0_kernel0", "", np.eye(4)[to_codes(["TGACTCA"])[0]], 120)
MODEL = Model(
    NETWORK,
    NetworkKey("few_kernel", "deepprune", "loss", 2, 0),
    Use(7),
    20,
    ("bound",),
    {"dataset": "example"},
    (MOTIF,),
)


TASKS = replace(
    MODEL,
    parameters=NETWORK._replace(
        weights=np.array([[4, 0], [1, 3]], np.float32), intercept=np.array([-2, 0], np.float32)
    ),
    tasks=("MAX", "FOSL1"),
    about={"network": "few", "dataset": "example"},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_model_file(tmp_path / "model.npz", MODEL)
    save_model_file(tmp_path / "few.model.npz", TASKS)
    return tmp_path / "model.npz"


def test_the_examples_of_the_documentation(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    failed, tried = doctest.testfile(str(DOCS), module_relative=False, verbose=False)
    assert failed == 0 and tried >= 8


def test_sequences_of_any_length_keep_their_order(path: Path) -> None:
    words = replace(
        MODEL,
        parameters=initial_parameters(5, 3, np.random.default_rng(0))._replace(background=np.full((32, 1), 0.1)),
        use=Use(5, "same", "relu", "both", False, 3),
    )
    save_model_file(path, words)
    texts = ["ACGTACGTTT", "acgtn", "GGGGGGGGCC", "TTTTT"]
    model = deepprune.load_model(path)
    table = model.contributions(texts)
    for row, text in enumerate(texts):
        alone = contributions(model.file, to_codes([text]))
        assert table["logit"].iloc[row] == pytest.approx(alone.logits[0], abs=1e-12)
        assert table["background"].iloc[row] == pytest.approx(alone.background[0], abs=1e-12)
        assert model.predict(texts)[row] == pytest.approx(alone.probabilities[0], abs=1e-12)
    assert np.allclose(table.drop(columns="logit").sum(axis=1), table["logit"])
    assert len(model.contributions([])) == 0 and model.predict([]).shape == (0,)


def test_mistakes(path: Path) -> None:
    model = deepprune.load_model(path)
    with pytest.raises(InputError, match="sequence 1 has 6 bp, but the model's kernels have 7"):
        model.predict(["ACGTACGT", "ACGTAC"])
    with pytest.raises(InputError, match="No such file"):
        deepprune.load_model(path.parent / "none.npz")
    with pytest.raises(InputError, match="No such file"):
        deepprune.run(path.parent / "none.bed", out=path.parent / "out")
    with pytest.raises(AttributeError, match="has no attribute 'fit'"):
        _ = deepprune.fit


@pytest.mark.parametrize(
    "sequences",
    [
        ("TGACTCA", "ACGTACGT"),
        iter(["TGACTCA", "ACGTACGT"]),
        np.array(["TGACTCA", "ACGTACGT"]),
        np.array(["TGACTCA", "ACGTACGT"], object),
        pd.Series(["TGACTCA", "ACGTACGT"], index=[7, 3]),
        pd.Series(["TGACTCA", "ACGTACGT"], dtype="string"),
        ["tgactca", "acgtacgt"],
    ],
    ids=lambda sequences: type(sequences).__name__,
)
def test_containers_of_text(path: Path, sequences: Any) -> None:
    model = deepprune.load_model(path)
    assert model.predict(sequences).tolist() == model.predict(["TGACTCA", "ACGTACGT"]).tolist()


WHOLE = "sequences must be a list, tuple, array or Series of text (str), not one "
TEXT = "TGACTCATGA"


@pytest.mark.parametrize(
    ("sequences", "message"),
    [
        (None, f"{WHOLE}NoneType"),
        (5, f"{WHOLE}int"),
        (TEXT, f"{WHOLE}str"),
        ("", f"{WHOLE}str"),
        (TEXT.encode(), f"{WHOLE}bytes"),
        ({TEXT: 1}, f"{WHOLE}dict"),
        ({TEXT}, f"{WHOLE}set"),
        (pd.DataFrame({"sequence": [TEXT]}), f"{WHOLE}DataFrame"),
        (np.array(TEXT), f"{WHOLE}ndarray"),
        ([TEXT, None], "sequence 1 must be text (str), not None; leave out missing ones"),
        ([TEXT, TEXT.encode()], "sequence 1 must be text (str), not b'TGACTCATGA'; leave out missing ones"),
        ([3], "sequence 0 must be text (str), not 3; leave out missing ones"),
        (pd.Series([TEXT, float("nan")]), "sequence 1 must be text (str), not nan; leave out missing ones"),
        (pd.Series([TEXT, pd.NA], dtype="string"), "sequence 1 must be text (str), not <NA>; leave out missing ones"),
        # The third of the sequences, but the second of its length
        ([TEXT, "ACGTACG", f"{TEXT[1:]}-"], "sequence 2: '-' is no DNA letter; remove gaps, or write N for them"),
        ([TEXT, "ACGUACG"], "sequence 1: 'U' is no DNA letter; write T for U"),
        ([TEXT, ""], "sequence 1 has 0 bp, but the model's kernels have 7; leave out shorter sequences"),
    ],
)
def test_what_is_no_list_of_dna(path: Path, sequences: Any, message: str) -> None:
    model = deepprune.load_model(path)
    for ask in (model.predict, model.contributions):
        with pytest.raises(InputError) as caught:
            ask(sequences)
        assert str(caught.value) == message


def test_one_kind_of_negatives_may_be_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.fa").write_text(">a\nACGT\n")
    with pytest.raises(InputError, match=r"(?i)fasta"):
        deepprune.run("s.fa", out="out", negatives="genomic")


def test_the_package_is_imported_at_once() -> None:
    check = (
        "import sys; sys.modules.update(numpy=None, tensorflow=None); import deepprune; print(deepprune.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{deepprune.__version__}\n"), done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seeds": "a"}, "seeds is 'a', but must be a whole number"),
        ({"seeds": None}, "seeds is None"),
        ({"cores": "2"}, "cores is '2'"),
        ({"kernels": 2.5}, "kernels is 2.5"),
        ({"negatives": 5}, "negatives is 5, but must be shuffle, genomic, or a list of both"),
        ({"options": 5}, "options is 5, but must be a mapping"),
        ({"name": "a b"}, "--name is 'a b'"),
    ],
)
def test_arguments_of_another_type(tmp_path: Path, arguments: dict[str, Any], message: str) -> None:
    (tmp_path / "s.fa").write_text(">a\nACGTACGTACGT\n")
    with pytest.raises(InputError, match=message):
        deepprune.run(tmp_path / "s.fa", out=tmp_path / "out", **arguments)
    assert not (tmp_path / "out").exists()


def test_tasks_of_sequences_of_any_length(path: Path) -> None:
    network = deepprune.load_model(path.parent / "few.model.npz")
    assert isinstance(network, deepprune.LoadedNetwork)
    texts = ["GGCGCCC", "AAATGACTCAAAA", "ggcgccc", "A" * 30]
    expected = 1 / (1 + np.exp([[1, -3], [-2, 0], [1, -3], [2, 0]]))
    np.testing.assert_allclose(network.predict(texts), expected, atol=1e-12)
    assert network.predict([]).shape == (0, 2)
    with pytest.raises(InputError, match="sequence 1 has 6 bp, but the model's kernels have 7; leave out shorter"):
        network.predict(["ACGTACGT", "ACGTAC"])


@pytest.mark.slow
def test_networks_of_several_layers(tmp_path: Path) -> None:
    for own in (placed_model(), whole_model()):
        save_any_model(tmp_path / f"{own.name}.npz", own)
    placed, whole = (deepprune.load_model(tmp_path / f"{name}.npz") for name in ("placed", "whole"))
    assert repr(placed) == "<network placed of example: tasks MAX, GM12878|CTCF  (2), window 5 bp>"
    assert placed.predict(["AGGGG", "ggggn"]) == pytest.approx(1 / (1 + np.exp([[-3, -1], [0, -1]])), rel=1e-6)
    found = whole.predict(["TTTTACG", "ACG", "TTTTTTT"])
    assert found == pytest.approx(1 / (1 + np.exp([[-3.5, 2], [-3.5, 2], [0.5, 0]])), rel=1e-6)
    assert placed.predict([]).shape == (0, 2)
    with pytest.raises(InputError, match=r"^sequence 1 has 4 bp, but network placed reads exactly 5 bp; give"):
        placed.predict(["ACGTA", "ACGT"])
    with pytest.raises(InputError, match=r"^sequence 0 has 2 bp, but network whole needs 3; remove shorter"):
        whole.predict(["AC"])

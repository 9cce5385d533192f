"""Autoencoders and learners in tables of networks."""

from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.models.conv_settings import (
    AutoencoderSettings,
    Convolution,
    ConvSettings,
    FewSettings,
    LearnerSettings,
    NetworkSettings,
)
from deepprune.models.conv_table import read_conv_table, read_networks, select_networks
from deepprune.models.learner_table import check_sources, feature_count

STACK = ConvSettings((Convolution(6, 8, 10), Convolution(4, 3)))
CODER = AutoencoderSettings(ConvSettings((Convolution(8, 5, 4),), lstm=3), 7)
NETWORKS: dict[str, NetworkSettings] = {
    "coder": CODER,
    "stack": STACK,
    "bare": ConvSettings((Convolution(6, 8),)),
    "few": FewSettings(4, 8),
    "on_code": LearnerSettings("forest", "code", source="coder"),
    "on_pools": LearnerSettings("linear", "pools", source="stack"),
    "on_words": LearnerSettings("linear", "words", letters=4),
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "networks.tsv"


def write(table: Path, *rows: dict[str, str]) -> str:
    """Write rows with all of their columns, and return the path."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    table.write_text("".join("\t".join(cells) + "\n" for cells in lines))
    return str(table)


def test_autoencoders(table: Path) -> None:
    layers = {"convolutions": "320x26/13", "conv_norm": "0", "padding": "valid", "lstm": "320", "lstm_dropout": "0.5"}
    published = {"conv_relu": "0", "output": "identity", "optimizer": "nadam", "learning_rate": "0.015"}
    rows = [
        {"network": "published", **layers, "code": "500", **published, "epochs": "10", "patience": "0"},
        {"network": "repaired", **layers, "code": "500"},
    ]
    encoder = ConvSettings((Convolution(320, 26, 13),), conv_norm=False, padding="valid", lstm=320, lstm_dropout=0.5)
    assert read_conv_table(write(table, *rows)) == {
        "published": AutoencoderSettings(encoder, 500, False, "identity", "nadam", 0.015, 10, 0),
        "repaired": AutoencoderSettings(encoder, 500, True, "softmax", "adam", 0.001, 50, 5),
    }


def test_learners(table: Path) -> None:
    rows = [
        {"network": "trees", "learner": "forest", "features": "code coder", "trees": "10", "leaf": "3", "most": "99"},
        {"network": "words", "learner": "forest", "features": "words 5"},
        {"network": "linear", "learner": "linear", "features": "pools stack", "most": "7"},
        {"network": "coder", "convolutions": "4x5", "code": "9"},
        {"network": "stack", "convolutions": "4x5/2"},
        {"network": "control", "gkm": "6/4/2", "most": "8"},
    ]
    found = read_networks(write(table, *rows))
    assert {name: found[name] for name in ("trees", "words", "linear")} == {
        "trees": LearnerSettings("forest", "code", 0, "coder", 10, 3, 99),
        "words": LearnerSettings("forest", "words", 5, "", 100, 1, 50_000),
        "linear": LearnerSettings("linear", "pools", 0, "stack", 100, 1, 7),
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"code": "500"}, "give convolutions like 30x19/25 128x5/4, or kernels like 12x19"),
        ({"convolutions": "4x5", "code": "0"}, "code is '0'; give a whole number from 1 on"),
        ({"convolutions": "4x5", "epochs": "9"}, "code is ''; give a whole number from 1 on"),
        ({"convolutions": "4x5", "code": "9", "epochs": "0"}, "epochs is '0'; give a whole number from 1 on"),
        ({"convolutions": "4x5", "code": "9", "patience": "-1"}, "patience is '-1'; give a number of epochs, 0 for"),
        ({"convolutions": "4x5", "code": "9", "conv_relu": "no"}, "conv_relu is 'no'; write 1 for yes and 0 for no"),
        ({"convolutions": "4x5", "code": "9", "output": "tanh"}, "output is 'tanh'; give one of softmax, identity"),
        ({"convolutions": "4x5", "code": "9", "optimizer": "sgd"}, "optimizer is 'sgd'; give one of adam, nadam"),
        ({"convolutions": "4x5", "code": "9", "learning_rate": "-1"}, "learning_rate is '-1'; give a number from 0"),
        ({"convolutions": "4x5", "code": "9", "dense": "8"}, "an autoencoder, which code is for, has no dense; leave"),
        ({"convolutions": "4x5", "code": "9", "average_strands": "1"}, "an autoencoder, which code is for, has no ave"),
        ({"kernels": "4x5", "code": "9"}, "a network of kernels has no convolutions, dense layers or dropout; leave"),
        ({"gkm": "6/4/2", "code": "9"}, "a gkm-SVM has no convolutions, kernels, layers or dropout; leave them empty"),
        ({"convolutions": "4x5", "trees": "9"}, "give convolutions like 30x19/25 128x5/4, or kernels like 12x19"),
        ({"features": "words 5"}, "learner is ''; give one of forest, linear"),
        ({"learner": "svm", "features": "words 5"}, "learner is 'svm'; give one of forest, linear"),
        (
            {"learner": "forest"},
            "features are ''; write words and how many letters these have, 1 to 6, or code and the",
        ),
        ({"learner": "forest", "features": "words"}, "features are 'words'; write words and how many letters"),
        ({"learner": "forest", "features": "words 7"}, "features are 'words 7'; write words and how many letters"),
        ({"learner": "forest", "features": "logits a"}, "features are 'logits a'; write words and how many letters"),
        ({"learner": "forest", "features": "words 5", "trees": "0"}, "trees is '0'; give a whole number from 1 on"),
        ({"learner": "linear", "features": "words 5", "leaf": "2"}, "a linear model has no leaf; leave it empty"),
        ({"learner": "forest", "features": "words 5", "most": "all"}, "most is 'all'; give a whole number from 1 on"),
        ({"learner": "forest", "features": "words 5", "l2": "1"}, "a learner on features has no l2; leave it empty"),
    ],
)
def test_mistakes_of_a_row(table: Path, row: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_conv_table(write(table, {"network": "a"} | row))
    assert str(caught.value).startswith(f"{table}, line 2: {message}") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ("code codre", "its features are code codre, but no network is called so; did you mean coder?"),
        ("pools xyz", "its features are pools xyz, but no network is called so; add it to the table"),
        ("code stack", "its features are code stack, but that row is of another kind; give code and the name of an"),
        ("pools coder", "its features are pools coder, but that row is of another kind; give code and the name of an"),
        ("pools few", "its features are pools few, but that row is of another kind"),
        ("code on_code", "its features are code on_code, but that row is of another kind"),
        ("code new", "its features are code new, but that row is of another kind"),  # itself
        ("pools bare", "its features are pools bare, but its first convolution has no pool; give it one, or name"),
    ],
)
def test_features_that_no_row_gives(features: str, message: str) -> None:
    kind, source = features.split()
    with pytest.raises(InputError) as caught:
        check_sources(NETWORKS | {"new": LearnerSettings("forest", kind, source=source)})
    assert str(caught.value).startswith(f"network new: {message}") and "\n" not in str(caught.value)


def test_a_source_may_be_in_another_table(tmp_path: Path) -> None:
    one = write(tmp_path / "one.tsv", {"network": "f", "learner": "forest", "features": "code coder"})
    two = write(tmp_path / "two.tsv", {"network": "coder", "convolutions": "4x5", "code": "9"})
    assert list(read_networks([one, two])) == ["f", "coder"]
    with pytest.raises(InputError, match="network f: its features are code coder, but no network is called so"):
        read_networks(one)


def test_a_source_is_selected_with_its_learner() -> None:
    check_sources(NETWORKS)
    assert list(select_networks(NETWORKS, ["on_words", "on_code", "coder"])) == ["coder", "on_code", "on_words"]
    with pytest.raises(InputError) as caught:
        select_networks(NETWORKS, "on_*")
    assert str(caught.value) == (
        "config: select_networks takes on_code and leaves out coder, whose features it reads; select both"
    )


def test_numbers_of_features_by_hand() -> None:
    on_words, on_pools = LearnerSettings("linear", "words", letters=4), LearnerSettings("linear", "pools")
    assert feature_count(on_words, None, 200) == 136  # (256 - 16) / 2 + 16 words that are their own complements
    assert feature_count(LearnerSettings("linear", "code"), CODER, 200) == 7
    assert feature_count(on_pools, STACK, 200) == 20 * 6
    assert feature_count(on_pools, STACK._replace(padding="valid"), 200) == 19 * 6


RESOURCES = Path(__file__).parents[2] / "resources/danq"
PUBLISHED = {"conv_relu": False, "output": "identity", "optimizer": "nadam", "learning_rate": 0.015, "patience": 0}
REPAIRS = {
    "SuperQ": set(),
    "SuperQ-relu": {"conv_relu"},
    "SuperQ-softmax": {"output"},
    "SuperQ-adam": {"optimizer", "learning_rate"},
    "SuperQ-stopping": {"epochs", "patience"},
    "SuperQ-repaired": {"conv_relu", "output", "optimizer", "learning_rate", "epochs", "patience"},
    "SuperQ-convolution": {"encoder"},
}


@pytest.mark.parametrize("size", ["", ".small"])
def test_each_autoencoder_differs_from_the_published_one_by_its_repair(size: str) -> None:
    networks = read_networks([str(RESOURCES / f"{name}{size}.tsv") for name in ("superq", "learners")])
    coders = {name: settings for name, settings in networks.items() if isinstance(settings, AutoencoderSettings)}
    published = coders["SuperQ"]
    assert published._asdict().items() >= (PUBLISHED | {"code": 500, "epochs": 4 if size else 10}).items()
    found = {
        name: {field for field in settings._fields if getattr(settings, field) != getattr(published, field)}
        for name, settings in coders.items()
    }
    assert found == REPAIRS
    learners = [settings for settings in networks.values() if isinstance(settings, LearnerSettings)]
    assert {(one.learner, one.features) for one in learners} == {
        (learner, features) for learner in ("forest", "linear") for features in ("words", "code", "pools")
    }


def test_the_examples_of_the_page_are_read(table: Path) -> None:
    page = (RESOURCES.parents[1] / "docs/networks.md").read_text()
    sections = {part.split("\n")[0]: part for part in page.split("\n## ")}
    for heading, names in (
        ("Autoencoders", ["linear", "repaired"]),
        ("Learners on features", ["wide_pools", "trees_of_words", "linear_of_pools"]),
    ):
        table.write_text(sections[heading].split("```")[1])
        assert list(read_networks(str(table))) == names

"""Autoencoders, and learners on features of sequences, as rows of tables of networks."""

import re
from collections.abc import Mapping
from typing import Any

from deepprune.config.messages import nearest
from deepprune.dna.words import Words
from deepprune.errors import InputError, quoted
from deepprune.models.cells import choice, count, number, switch, units
from deepprune.models.conv_settings import (
    CODE,
    FEATURES,
    FOREST,
    LEARNERS,
    OPTIMIZERS,
    OUTPUTS,
    POOLS,
    WORDS,
    AutoencoderSettings,
    ConvSettings,
    LearnerSettings,
    NetworkSettings,
    pooled_lengths,
)

# The columns of an autoencoder beside those of its encoder, and those of a learner
AUTOENCODER_COLUMNS = ("code", *AutoencoderSettings._field_defaults)
LEARNER_COLUMNS = ("learner", "features", "trees", "leaf", "most")
# What an encoder lacks of a network of convolutions
WITHOUT = ("dense", "dense_norm", "dense_dropout", "average_strands", "known_motifs")
LETTERS = re.compile("[1-6]")
OF_SOURCE = f"{CODE} and the name of an autoencoder, or {POOLS} and the name of a network of convolutions"


def autoencoder_of(cells: Mapping[str, str], encoder: ConvSettings) -> AutoencoderSettings:
    """Return the settings of an autoencoder from the cells of its own columns; ValueError says what is wrong."""
    settings: dict[str, Any] = {"code": units("code", cells.get("code", ""))}
    readers = {"conv_relu": switch, "learning_rate": number, "epochs": units, "patience": count}
    settings |= {column: read(column, cells[column]) for column, read in readers.items() if column in cells}
    for column, known in (("output", OUTPUTS), ("optimizer", OPTIMIZERS)):
        if column in cells:
            settings[column] = choice(column, cells[column], known)
    return AutoencoderSettings(encoder, **settings)


def learner_of(cells: Mapping[str, str]) -> LearnerSettings:
    """Return the settings of a learner; ValueError says what is wrong."""
    others = [column for column in cells if column not in LEARNER_COLUMNS]
    if others:
        raise ValueError(f"a learner on features has no {others[0]}; leave it empty")
    learner = choice("learner", cells.get("learner", ""), LEARNERS)
    kind, _, rest = cells.get("features", "").partition(" ")
    if kind not in FEATURES or not rest or (kind == WORDS and not LETTERS.fullmatch(rest)):
        raise ValueError(
            f"features are {quoted(cells.get('features', ''))}; write {WORDS} and how many letters these have, 1 to 6, "
            f"or {OF_SOURCE}"
        )
    own: dict[str, Any] = {"letters": int(rest)} if kind == WORDS else {"source": rest}
    for column in ("trees", "leaf", "most"):
        if column in cells:
            if learner != FOREST and column != "most":
                raise ValueError(f"a {learner} model has no {column}; leave it empty")
            own[column] = units(column, cells[column])
    return LearnerSettings(learner, kind, **own)


def check_sources(networks: Mapping[str, NetworkSettings]) -> None:
    """Raise InputError if a learner reads features that no row of these gives."""
    for name, settings in networks.items():
        if isinstance(settings, LearnerSettings) and settings.source:
            _check_source(f"network {name}: its features are {settings.features} {settings.source}", settings, networks)


def feature_count(settings: LearnerSettings, source: NetworkSettings | None, length: int) -> int:
    """Return the number of features that a learner reads. source: the row that gives them.  length: in bp."""
    if isinstance(source, AutoencoderSettings):
        return source.code
    if isinstance(source, ConvSettings):
        _, pools = next(pooled_lengths(source, length))
        return pools * source.convolutions[0].filters
    return Words(settings.letters, merged=True).number


def _check_source(what: str, settings: LearnerSettings, networks: Mapping[str, NetworkSettings]) -> None:
    source = networks.get(settings.source)
    if source is None:
        guess = nearest(settings.source, networks, likeness=0.6)
        hint = f"did you mean {guess}?" if guess else "add it to the table"
        raise InputError(f"{what}, but no network is called so; {hint}")
    wanted = AutoencoderSettings if settings.features == CODE else ConvSettings
    if not isinstance(source, wanted):
        raise InputError(f"{what}, but that row is of another kind; give {OF_SOURCE}")
    if isinstance(source, ConvSettings) and source.convolutions[0].pool == 1:
        raise InputError(f"{what}, but its first convolution has no pool; give it one, or name another network")

"""Tables of the settings of networks.

A row each, with the columns network, convolutions, dense, and the further fields of ConvSettings. Convolutions are
written as filters x width / pool : stride, as in `30x19/25 128x5/4`: without a pool there is none, `all` is the whole
length, and without a stride the pools do not overlap. A + behind the pool lets those at the ends be shorter. Dense
layers are numbers of units. A few-kernel network has `kernels` instead, as kernels x width, and perhaps `strands`; a
gkm-SVM has `gkm`, as l / k / d, and perhaps `most`. An autoencoder has `code` beside the columns of its encoder, and
a learner has `learner` and `features`: see learner_table. An empty cell is the default; blank lines and those that
begin with # are skipped.
"""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deepprune.config.messages import nearest
from deepprune.errors import InputError, quoted
from deepprune.io.table import read_rows
from deepprune.models.cells import UNITS, choice, count, number, switch
from deepprune.models.conv_settings import (
    ENTIRE,
    PADDINGS,
    VALID,
    Convolution,
    ConvSettings,
    FewSettings,
    GkmSettings,
    LearnerSettings,
    NetworkSettings,
)
from deepprune.models.learner_table import (
    AUTOENCODER_COLUMNS,
    LEARNER_COLUMNS,
    WITHOUT,
    autoencoder_of,
    check_sources,
    learner_of,
)

# Without dots: files of a network are called like NAME.tsv and NAME.tasks.tsv.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
LAYER = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})(?:/(all|[1-9]\d{0,5})(\+)?(?::([1-9]\d{0,5}))?)?")
WORD = re.compile(r"(\d{1,2})/(\d{1,2})/(\d)")
# The limits of LS-GKM
LONGEST_WORD, MOST_MISMATCHES = 12, 4
# Those of keras.initializers that take no further argument and break the symmetry of units
INITIALIZERS = tuple(f"{name}_{kind}" for name in ("glorot", "he", "lecun") for kind in ("uniform", "normal"))
COLUMNS = (
    *("network", *ConvSettings._fields, "kernels", "strands", "gkm", "most"),
    *AUTOENCODER_COLUMNS,
    *(column for column in LEARNER_COLUMNS if column != "most"),
)


def read_networks(paths: str | Sequence[str]) -> dict[str, NetworkSettings]:
    """Return the settings of the networks of one or more tables by name; InputError if there is none.

    InputError also if two tables have a network of one name, if a learner reads features that no row gives, and for
    what `read_conv_table` says.
    """
    networks: dict[str, NetworkSettings] = {}
    for path in [paths] if isinstance(paths, str) else paths:
        if not path:
            raise InputError("config: networks is empty, but this study trains the networks of a table; name one")
        for name, settings in read_conv_table(path).items():
            if name in networks:
                raise InputError(f"{path}: network {name} is also in another table; give each its own name")
            networks[name] = settings
    check_sources(networks)
    return networks


def read_conv_table(path: str) -> dict[str, NetworkSettings]:
    """Return the settings of the networks of a table by name; InputError names the line and what is wrong with it."""
    networks: dict[str, NetworkSettings] = {}
    for line, row in _rows(path):
        try:
            name = row["network"]
            if not NAME.fullmatch(name) or name in networks:
                raise ValueError(f"network is {quoted(name)}; give each its own name of letters, digits, _ and -")
            networks[name] = settings_of(row)
        except ValueError as error:
            raise InputError(f"{path}, line {line}: {error}") from None
    if not networks:
        raise InputError(f"{path} has no networks; give one row each")
    return networks


def _rows(path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of the line (from 1) and the cells of each row; cells that are missing at its end are empty."""
    lines = read_rows(path)
    line, columns = lines[0] if lines else (1, [])
    _check_header(f"{path}, line {line}", columns)
    for line, cells in lines[1:]:
        if len(cells) > len(columns):
            raise InputError(
                f"{path}, line {line}: {len(cells)} cells under {len(columns)} columns; remove the surplus"
            )
        yield line, dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False))


def _check_header(where: str, columns: Sequence[str]) -> None:
    """Raise InputError if a column is missing, unknown or repeated."""
    if "network" not in columns:
        raise InputError(f"{where}: the column network is missing; the columns are {', '.join(COLUMNS)}")
    for column in columns:
        if column not in COLUMNS:
            raise InputError(f"{where}: unknown column {quoted(column)}; the columns are {', '.join(COLUMNS)}")
        if columns.count(column) > 1:
            raise InputError(f"{where}: the column {column} is listed twice; remove one")


def select_networks(networks: Mapping[str, NetworkSettings], select: str | Sequence[str]) -> dict[str, NetworkSettings]:
    """Return the networks that these names or globs fit, in the order of the table.

    InputError if one fits none, or if a learner is among them without the network whose features it reads.
    """
    globs = [select] if isinstance(select, str) else select
    for glob in globs:
        if not any(fnmatch.fnmatchcase(name, glob) for name in networks):
            guess = nearest(glob, networks, likeness=0.6)
            hint = f"did you mean {guess}?" if guess else f"they are {', '.join(networks)}"
            raise InputError(f"config: select_networks is {glob}, but no network is called so; {hint}")
    chosen = {
        name: settings for name, settings in networks.items() if any(fnmatch.fnmatchcase(name, glob) for glob in globs)
    }
    for name, settings in chosen.items():
        if isinstance(settings, LearnerSettings) and settings.source and settings.source not in chosen:
            raise InputError(
                f"config: select_networks takes {name} and leaves out {settings.source}, whose features it reads; "
                "select both"
            )
    return chosen


def settings_of(row: Mapping[str, str]) -> NetworkSettings:
    """Return the settings of a row; ValueError says what is wrong."""
    given = {column: text for column, text in row.items() if column != "network" and text}
    if {"learner", "features"} & set(given):
        return learner_of(given)
    if {"gkm", "most"} & set(given):
        return _gkm(given)
    if "kernels" in given:
        return _few(given)
    if "convolutions" not in given or {"strands", "trees", "leaf"} & set(given):
        raise ValueError(
            "give convolutions like 30x19/25 128x5/4, or kernels like 12x19 and, if wanted, strands, or gkm like "
            "10/6/3, or a learner and its features"
        )
    own = {column: given.pop(column) for column in AUTOENCODER_COLUMNS if column in given}
    if not own:
        return _stack(given)
    if without := [column for column in WITHOUT if column in given]:
        raise ValueError(f"an autoencoder, which {next(iter(own))} is for, has no {without[0]}; leave it empty")
    return autoencoder_of(own, _stack(given))


def _stack(cells: Mapping[str, str]) -> ConvSettings:
    """Return the settings of a network of convolutions from its cells that are not empty."""
    given: dict[str, Any] = dict(cells)
    given["convolutions"] = tuple(convolution_of(word) for word in cells["convolutions"].split())
    given["dense"] = tuple(_units(word) for word in cells.get("dense", "").split())
    for column, default in ConvSettings._field_defaults.items():
        read = {bool: switch, float: number, int: count}.get(type(default))
        if column in given and read:
            given[column] = read(column, given[column])
    settings = ConvSettings(**given)
    choice("initializer", settings.initializer, INITIALIZERS)
    choice("padding", settings.padding, PADDINGS)
    _check_columns(settings)
    return settings


def _check_columns(settings: ConvSettings) -> None:
    """Raise ValueError if a value has no effect beside the others."""
    if settings.padding == VALID and any(layer.ragged for layer in settings.convolutions):
        raise ValueError(f"with padding {VALID}, pools drop what is left at the end; leave the + behind the pool out")
    if settings.lstm_dropout and not settings.lstm:
        raise ValueError(f"lstm_dropout is {settings.lstm_dropout:g}, but there is no LSTM; give lstm its units")


def _few(given: Mapping[str, str]) -> FewSettings:
    found, strands = LAYER.fullmatch(given["kernels"]), given.get("strands", "both")
    if not found or found[3] or strands not in ("one", "both"):
        raise ValueError(
            f"kernels are {quoted(given['kernels'])} on strands {strands}; write like 12x19, and one or both"
        )
    if set(given) - {"kernels", "strands"}:
        raise ValueError("a network of kernels has no convolutions, dense layers or dropout; leave them empty")
    return FewSettings(int(found[1]), int(found[2]), strands)


def _gkm(given: Mapping[str, str]) -> GkmSettings:
    found, most = WORD.fullmatch(given.get("gkm", "")), given.get("most", "")
    if not found or (most and not UNITS.fullmatch(most)):
        raise ValueError(
            f"gkm is {quoted(given.get('gkm', ''))} and most {quoted(most)}; write l, k and d like 10/6/3, and most "
            "as a number"
        )
    if set(given) - {"gkm", "most"}:
        raise ValueError("a gkm-SVM has no convolutions, kernels, layers or dropout; leave them empty")
    word, informative, mismatches = map(int, found.groups())
    if not 0 < informative <= word <= LONGEST_WORD or mismatches > min(word - informative, MOST_MISMATCHES):
        raise ValueError(
            f"gkm is {quoted(given['gkm'])}; give l up to {LONGEST_WORD}, k up to l, d up to l - k and "
            f"{MOST_MISMATCHES}"
        )
    settings = GkmSettings(word, informative, mismatches)
    return settings._replace(most=int(most)) if most else settings


def convolution_of(word: str) -> Convolution:
    """Return a convolution that is written like 30x19/50:2; ValueError if it is not."""
    found = LAYER.fullmatch(word)
    if not found:
        raise ValueError(f"{quoted(word)} is no convolution; write filters x width / pool : stride, like 30x19/50:2")
    filters, width, pool, ragged, stride = found.groups()
    if pool == "all" and (stride or ragged):
        raise ValueError(f"{quoted(word)} pools the whole length, which has no stride and no +; leave it out")
    size = ENTIRE if pool == "all" else int(pool or 1)
    return Convolution(int(filters), int(width), size, int(stride) if stride else None, bool(ragged))


def _units(word: str) -> int:
    if not UNITS.fullmatch(word):
        raise ValueError(f"dense has {quoted(word)}; write the units of each layer, like 512 or 512 96")
    return int(word)

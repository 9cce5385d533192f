"""Tables of the settings of networks.

A row each, with the columns network, convolutions, dense, and the further fields of ConvSettings. Convolutions are
written as filters x width / pool : stride, as in `30x19/25 128x5/4`: without a pool there is none, `all` is the whole
length, and without a stride the pools do not overlap. A + behind the pool lets those at the ends be shorter. Dense
layers are numbers of units. A few-kernel network has `kernels` instead, as kernels x width, and perhaps `strands`; a
gkm-SVM has `gkm`, as l / k / d, and perhaps `most`. An empty cell is the default; blank lines and those that begin with
# are skipped.
"""

import fnmatch
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deepprune.config.messages import nearest
from deepprune.errors import InputError
from deepprune.io.table import read_rows
from deepprune.models.conv_settings import (
    ENTIRE,
    PADDINGS,
    VALID,
    Convolution,
    ConvSettings,
    FewSettings,
    GkmSettings,
    NetworkSettings,
)

# Without dots: files of a network are called like NAME.tsv and NAME.tasks.tsv.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
LAYER = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})(?:/(all|[1-9]\d{0,5})(\+)?(?::([1-9]\d{0,5}))?)?")
UNITS = re.compile(r"[1-9]\d{0,5}")
COUNT = re.compile(r"0|[1-9]\d{0,4}")
WORD = re.compile(r"(\d{1,2})/(\d{1,2})/(\d)")
# The limits of LS-GKM
LONGEST_WORD, MOST_MISMATCHES = 12, 4
# Those of keras.initializers that take no further argument and break the symmetry of units
INITIALIZERS = tuple(f"{name}_{kind}" for name in ("glorot", "he", "lecun") for kind in ("uniform", "normal"))
COLUMNS = ("network", *ConvSettings._fields, "kernels", "strands", "gkm", "most")


def read_networks(paths: str | Sequence[str]) -> dict[str, NetworkSettings]:
    """Return the settings of the networks of one or more tables by name; InputError if there is none.

    InputError also if two tables have a network of one name, and for what `read_conv_table` says.
    """
    networks: dict[str, NetworkSettings] = {}
    for path in [paths] if isinstance(paths, str) else paths:
        if not path:
            raise InputError("config: networks is empty, but this study trains the networks of a table; name one")
        for name, settings in read_conv_table(path).items():
            if name in networks:
                raise InputError(f"{path}: network {name} is also in another table; give each its own name")
            networks[name] = settings
    return networks


def read_conv_table(path: str) -> dict[str, NetworkSettings]:
    """Return the settings of the networks of a table by name; InputError names the line and what is wrong with it."""
    networks: dict[str, NetworkSettings] = {}
    for line, row in _rows(path):
        try:
            name = row["network"]
            if not NAME.fullmatch(name) or name in networks:
                raise ValueError(f"network is {name!r}; give each its own name of letters, digits, _ and -")
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
            raise InputError(f"{where}: unknown column {column!r}; the columns are {', '.join(COLUMNS)}")
        if columns.count(column) > 1:
            raise InputError(f"{where}: the column {column} is listed twice; remove one")


def select_networks(networks: Mapping[str, NetworkSettings], select: str | Sequence[str]) -> dict[str, NetworkSettings]:
    """Return the networks that these names or globs fit, in the order of the table; InputError if one fits none."""
    globs = [select] if isinstance(select, str) else select
    for glob in globs:
        if not any(fnmatch.fnmatchcase(name, glob) for name in networks):
            guess = nearest(glob, networks, likeness=0.6)
            hint = f"did you mean {guess}?" if guess else f"they are {', '.join(networks)}"
            raise InputError(f"config: select_networks is {glob}, but no network is called so; {hint}")
    return {
        name: settings for name, settings in networks.items() if any(fnmatch.fnmatchcase(name, glob) for glob in globs)
    }


def settings_of(row: Mapping[str, str]) -> NetworkSettings:
    """Return the settings of a row; ValueError says what is wrong."""
    given: dict[str, Any] = {column: text for column, text in row.items() if column != "network" and text}
    if "gkm" in given or "most" in given:
        return _gkm(given)
    if "kernels" in given:
        return _few(given)
    if not {"convolutions"} <= set(given) or "strands" in given:
        raise ValueError(
            "give convolutions like 30x19/25 128x5/4, or kernels like 12x19 and, if wanted, strands, or gkm like 10/6/3"
        )
    given["convolutions"] = tuple(convolution_of(word) for word in given["convolutions"].split())
    given["dense"] = tuple(_units(word) for word in row.get("dense", "").split())
    for column, default in ConvSettings._field_defaults.items():
        if column in given and isinstance(default, bool):
            given[column] = _switch(column, given[column])
        elif column in given and isinstance(default, float):
            given[column] = _number(column, given[column])
        elif column in given and isinstance(default, int):
            given[column] = _count(column, given[column])
    settings = ConvSettings(**given)
    for column, known in (("initializer", INITIALIZERS), ("padding", PADDINGS)):
        if getattr(settings, column) not in known:
            raise ValueError(f"{column} is {getattr(settings, column)!r}; give one of {', '.join(known)}")
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
        raise ValueError(f"kernels are {given['kernels']!r} on strands {strands}; write like 12x19, and one or both")
    if set(given) - {"kernels", "strands"}:
        raise ValueError("a network of kernels has no convolutions, dense layers or dropout; leave them empty")
    return FewSettings(int(found[1]), int(found[2]), strands)


def _gkm(given: Mapping[str, str]) -> GkmSettings:
    found, most = WORD.fullmatch(given.get("gkm", "")), given.get("most", "")
    if not found or (most and not UNITS.fullmatch(most)):
        raise ValueError(
            f"gkm is {given.get('gkm', '')!r} and most {most!r}; write l, k and d like 10/6/3, and most as a number"
        )
    if set(given) - {"gkm", "most"}:
        raise ValueError("a gkm-SVM has no convolutions, kernels, layers or dropout; leave them empty")
    word, informative, mismatches = map(int, found.groups())
    if not 0 < informative <= word <= LONGEST_WORD or mismatches > min(word - informative, MOST_MISMATCHES):
        raise ValueError(
            f"gkm is {given['gkm']!r}; give l up to {LONGEST_WORD}, k up to l, d up to l - k and {MOST_MISMATCHES}"
        )
    settings = GkmSettings(word, informative, mismatches)
    return settings._replace(most=int(most)) if most else settings


def convolution_of(word: str) -> Convolution:
    """Return a convolution that is written like 30x19/50:2; ValueError if it is not."""
    found = LAYER.fullmatch(word)
    if not found:
        raise ValueError(f"{word!r} is no convolution; write filters x width / pool : stride, like 30x19/50:2")
    filters, width, pool, ragged, stride = found.groups()
    if pool == "all" and (stride or ragged):
        raise ValueError(f"{word!r} pools the whole length, which has no stride and no +; leave it out")
    size = ENTIRE if pool == "all" else int(pool or 1)
    return Convolution(int(filters), int(width), size, int(stride) if stride else None, bool(ragged))


def _units(word: str) -> int:
    if not UNITS.fullmatch(word):
        raise ValueError(f"dense has {word!r}; write the units of each layer, like 512 or 512 96")
    return int(word)


def _switch(column: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"{column} is {text!r}; write 1 for yes and 0 for no")
    return text == "1"


def _count(column: str, text: str) -> int:
    if not COUNT.fullmatch(text):
        raise ValueError(f"{column} is {text!r}; give a number of units, 0 for none")
    return int(text)


def _number(column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf or (column.endswith("dropout") and number >= 1):
        raise ValueError(f"{column} is {text!r}; give a number from 0 on{', below 1' * column.endswith('dropout')}")
    return number

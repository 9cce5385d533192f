"""The data-set sheet.

A tab-separated table with a row for each data set; schemas/datasets.schema.json describes its columns.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from jsonschema.exceptions import ValidationError

from deepprune.config.flags import flagged
from deepprune.config.messages import nearest
from deepprune.config.options import KINDS_OF_DATA, kernel_length
from deepprune.config.schema import schema, validator
from deepprune.config.selection import choose
from deepprune.data.formats import FORMATS, Format, kind_of, users
from deepprune.data.readers import MADE
from deepprune.errors import InputError, quoted
from deepprune.io.files import why_no_file

OPTIONAL = ("negatives", "most", "treatment", "antibody", "protocol", "lab")
# Columns, beside `path`, that name a file; a format says whether it uses them.
FILES = ("genome", "negatives")


def read_sheets(paths: str | Path | Sequence[str | Path], config: Mapping[str, Any]) -> pd.DataFrame:
    """Return the selected rows of one or more sheets as a table of text, indexed by data set; an empty cell is "".

    The columns are those of the schema, in its order. Paths are resolved against their sheet's folder. Paths below the
    working directory become relative to it, since Snakemake records input files by path: a folder that is moved as a
    whole then stays up to date. Rows of a format without files of its own become rows of the files that will be
    fetched. Only the files of selected rows must exist. InputError names sheet, line and remedy.
    """
    rows: list[dict[str, str]] = []
    found: dict[str, str] = {}
    folded: dict[str, str] = {}
    for path in [paths] if isinstance(paths, str | Path) else paths:
        for where, row in read_sheet(Path(path)):
            first = found.setdefault(row["dataset"], where)
            if first != where:
                raise InputError(f"the data set {row['dataset']} is listed twice: {first}, and {where}; rename one")
            alike = folded.setdefault(row["dataset"].lower(), row["dataset"])
            if alike != row["dataset"]:
                raise InputError(
                    f"{where}: the data sets {alike} and {row['dataset']} differ in small and capital letters alone, "
                    "which some disks do not tell apart in names of files; rename one"
                )
            rows.append(row)
    mask = choose(pd.DataFrame(rows, columns=columns(), index=list(found), dtype=str), config["select"])
    chosen: list[dict[str, str]] = []
    for row in rows:
        if mask[row["dataset"]]:
            where = found[row["dataset"]]
            chosen += expanded(where, finish_row(where, row, config), config["data"])
    names = [row["dataset"] for row in chosen]
    check_names(names)
    return pd.DataFrame(chosen, columns=columns(), index=names, dtype=str)


def read_sheet(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a sheet, each with its file and line; check the cells, but not the files that they name."""
    lines = read_lines(path)
    line, header = next(lines, (1, ""))
    if not header:
        raise InputError(f"{path} is empty; its first line must name the columns {', '.join(columns())}")
    names = check_header(f"{path}, line {line}", header)
    empty = True
    for line, text in lines:
        where = f"{path}, line {line}"
        row = parse_row(where, text, names)
        check_cells(where, row)
        # For a format without files, the path is an id at the source.
        for column in ("path", *FILES) if FORMATS[row["format"]].files else FILES:
            row[column] = row[column] if row[column] in MADE else resolve(row[column], path.parent)
        empty = False
        yield where, row
    if empty:
        raise InputError(f"{path} has no data sets below its header; add a row for each")


def finish_row(where: str, row: dict[str, str], config: Mapping[str, Any]) -> dict[str, str]:
    """Return a row as the workflow uses it: with the default genome where it needs one, and its files found."""
    form = FORMATS[row["format"]]
    fetched = form.fetched_row and not (form.files and row["path"])
    if form.genome:
        row = row | {"genome": row["genome"] or resolve(config["genome"], Path.cwd())}
        if not row["genome"] and not fetched:
            raise InputError(
                f"{where}: genome is empty, but format {row['format']} needs it; give a genome FASTA here or as the "
                "option genome"
            )
    check_files(where, row)
    if form.fetched_row and fetched:
        row = form.fetched_row(row, config["source"])
    if kind_of(row) in KINDS_OF_DATA:  # others have no networks of few kernels
        kernel_length(config, row["dataset"], kind_of(row))
    return row


def expanded(where: str, row: dict[str, str], options: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return a row once for each of its data sets, of several kinds of negatives and of several sizes.

    options: those of `data`.
    """
    rows = with_negatives(where, row, options["negatives"])
    return [one for made in rows for one in with_sizes(made, options["most_positives"])]


def check_names(names: Sequence[str]) -> None:
    """Raise InputError if a name that a row gets from its kind of negatives or its size is that of another row."""
    for name, number in Counter(names).items():
        if number > 1:
            raise InputError(
                f"two data sets would be called {name}: that of a row of the sheet, and one of several that another "
                "row stands for; rename the row"
            )


def with_negatives(where: str, row: dict[str, str], option: str | Sequence[str]) -> list[dict[str, str]]:
    """Return a row once for each kind of negatives that its empty cell leaves to the option.

    Several kinds become a part of the data sets' names, `NAME.shuffle` and `NAME.genomic`.
    """
    cell, made = row["negatives"], FORMATS[row["format"]].made
    if cell not in ("", *MADE) or not (cell or made):
        return [row]
    wanted = cell or option
    kinds = [wanted] if isinstance(wanted, str) else wanted
    for kind in kinds:
        if kind not in made:
            says = "negatives is" if cell else f"negatives is empty and the option {flagged('data.negatives')} is"
            has = f"can only have {', '.join(made)}" if made else "has negatives of its own"
            file = f"{row['path']} ({row['format']})"
            raise InputError(f"{where}: {says} {kind}, but {file} {has}; change one of them")
    several = len(kinds) > 1
    return [row | {"dataset": row["dataset"] + f".{kind}" * several, "negatives": kind} for kind in kinds]


def with_sizes(row: dict[str, str], option: int | Sequence[int] | None) -> list[dict[str, str]]:
    """Return a row once for each number of positives that its empty cell leaves to the option.

    Several numbers become a part of the data sets' names, `NAME.10000` and `NAME.2500`.
    """
    if row["most"] or option is None or not FORMATS[row["format"]].reducible:
        return [row]
    sizes = [option] if isinstance(option, int) else option
    several = len(sizes) > 1
    return [row | {"dataset": row["dataset"] + f".{size}" * several, "most": str(size)} for size in sizes]


def columns() -> list[str]:
    """Return the columns of the sheet, including the optional ones."""
    return list(schema("datasets")["properties"])


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number (from 1) and text of each line that is neither blank nor a comment (#)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text; save the sheet as tab-separated text in UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give the path of the data-set sheet in `datasets`") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.rstrip("\r\n")


def check_header(where: str, header: str) -> list[str]:
    """Return the column names of the header line; InputError if one is unknown, missing or repeated."""
    if "\t" not in header:
        raise InputError(f"{where}: no tabs in the header; separate the columns with tabs, not with spaces or commas")
    names = [name.strip() for name in header.split("\t")]
    for column in columns():
        if column not in names and column not in OPTIONAL:
            guess = nearest(column, [name for name in names if name not in columns()])
            remedy = f"is it the one named {guess}?" if guess else "add it; its cells may be empty if not needed"
            raise InputError(f"{where}: the column {column} is missing; {remedy}")
    for name in names:
        if name not in columns():
            guess = nearest(name, [column for column in columns() if column not in names])
            remedy = f"did you mean {guess}?" if guess else f"known are {', '.join(columns())}"
            raise InputError(f"{where}: unknown column {quoted(name)}; {remedy}")
        if names.count(name) > 1:
            raise InputError(f"{where}: the column {name} is listed twice; remove one")
    return names


def parse_row(where: str, text: str, names: list[str]) -> dict[str, str]:
    """Return a line's cells by column; trailing empty cells may be missing."""
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) == 1:
        raise InputError(f"{where}: no tabs; separate the cells with tabs, not with spaces or commas")
    while len(cells) > len(names) and not cells[-1]:
        cells.pop()
    if len(cells) > len(names):
        raise InputError(
            f"{where}: {len(cells)} cells under {len(names)} columns; remove the surplus or name its column"
        )
    return dict.fromkeys(columns(), "") | dict(zip(names, cells, strict=False))


def check_cells(where: str, row: Mapping[str, str]) -> None:
    """Check a row against the schema and against what its format needs."""
    check_format(where, row["format"])
    form, rules = FORMATS[row["format"]], schema("datasets")["properties"]
    for error in invalid_cells(row):
        column = str(error.absolute_path[0])
        says = f"{column} is {quoted(row[column])}" if row[column] else f"{column} is empty"
        raise InputError(f"{where}: {says}; expected here: {rules[column]['description']}")
    for column, cell in row.items():
        if not cell.isprintable():
            raise InputError(f"{where}: {column} is {quoted(cell)}, but not all of it can be printed; write it anew")
    for column in FILES:
        if row[column] and not getattr(form, column) and row[column] not in form.made:
            raise InputError(
                f"{where}: {column} is given, but means nothing for format {row['format']} (only for "
                f"{', '.join(users(column))}); leave the cell empty"
            )
    if row["most"] and not form.reducible:
        raise InputError(
            f"{where}: most is given, but means nothing for format {row['format']} (only for real data of one task); "
            "leave the cell empty"
        )
    if form.target and not row["target"]:
        raise InputError(f"{where}: target is empty, but format {row['format']} needs it to find the factor's motif")
    check_path(where, row, form)


def check_format(where: str, name: str) -> None:
    """Raise InputError unless there is a format of that name."""
    if name not in FORMATS:
        guess = nearest(name, FORMATS)
        hint = f"; did you mean {guess}?" if guess else ""
        says = f"is {quoted(name)}" if name else "is empty"
        raise InputError(f"{where}: format {says}, but must be one of {', '.join(FORMATS)}{hint}")


def check_path(where: str, row: Mapping[str, str], form: Format) -> None:
    """Raise InputError unless a row has a path or, where its files will be fetched, a valid id or none."""
    if form.fetched_row and not form.files:
        # An id becomes part of file names, like the data set's name.
        if any(invalid_cells(dict(row) | {"dataset": row["path"] or row["dataset"]})):
            raise InputError(
                f"{where}: path is {quoted(row['path'])}, but for {row['format']} must be an id at the source, or empty"
            )
    elif not row["path"] and not form.fetched_row:
        expected = schema("datasets")["properties"]["path"]["description"]
        raise InputError(f"{where}: path is empty; expected here: {expected}")


def invalid_cells(row: Mapping[str, str]) -> Iterator[ValidationError]:
    """Return the schema's errors for a row, except for the format, which check_format checks."""
    return (error for error in validator("datasets").iter_errors(row) if error.validator != "enum")


def resolve(cell: str, folder: Path) -> str:
    """Return a path of the sheet: relative if it lies below the working directory, absolute otherwise."""
    if not cell:
        return ""
    absolute = Path(os.path.normpath(Path.cwd() / folder / cell))
    return str(absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute)


def input_files(row: Mapping[str, str]) -> list[str]:
    """Return the files of a row: those that path stands for, genome and negatives if given, those that path names."""
    return own_files(row) + [task.cell for task in FORMATS[row["format"]].listed(row["path"])]


def own_files(row: Mapping[str, str]) -> list[str]:
    """Return the files that a row of the sheet names itself."""
    files = [row["path"] + behind for behind in FORMATS[row["format"]].files] if row["path"] else []
    return files + [row[column] for column in FILES if row[column] and row[column] not in MADE]


def check_files(where: str, row: Mapping[str, str]) -> None:
    """Raise InputError unless every file of a row exists, at a path that Snakemake accepts."""
    form = FORMATS[row["format"]]
    for file in own_files(row):
        behind = form.files
        if len(behind) > 1 and row["path"].endswith(behind):
            check_file(where, file, f"the path of {row['format']} is the part before {' and '.join(behind)}")
        else:
            check_file(where, file, "correct the path, which starts at the sheet's folder unless it is absolute")
    for task in form.listed(row["path"]):
        check_file(task.where, task.cell, "correct the path, which starts at this table's folder unless it is absolute")


def check_file(where: str, file: str, remedy: str) -> None:
    """Raise InputError unless a file exists, at a path that Snakemake accepts; remedy: for one that is missing."""
    if re.search("[{}]", file):
        raise InputError(
            f"{where}: the path {file} has a brace, which Snakemake would take for a wildcard's; rename it, or "
            "give the file another name by a symbolic link"
        )
    if not os.path.isfile(file):  # noqa: PTH113 (Path.is_file raises for names that are too long)
        raise InputError(f"{where}: the file {file} {why_no_file(file, remedy)}")

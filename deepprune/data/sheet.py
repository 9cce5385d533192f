"""The data-set sheet: a tab-separated table, a data set a row; schemas/datasets.schema.json describes its columns."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deepprune.config.messages import nearest
from deepprune.config.options import kernel_length
from deepprune.config.schema import schema, validator
from deepprune.config.selection import choose
from deepprune.errors import InputError
from deepprune.sources.encode_tfbs import locate

OPTIONAL = ("negatives", "treatment", "antibody", "protocol", "lab")
# the columns that name a file, and the formats for which they mean something
USED_BY = {"genome": ("narrowpeak", "bed", "encode"), "negatives": ("fasta",)}
SEQGZ_PARTS = ("_AC.seq.gz", "_B.seq.gz")
CSAIL_PARTS = ("/train.data", "/test.data")


def read_sheets(paths: str | Path | Sequence[str | Path], config: Mapping[str, Any]) -> pd.DataFrame:
    """Return the chosen rows of one sheet or several as a table of text, indexed by data set; an empty cell is "".

    The columns are those of the schema, in its order. Paths are resolved against their sheet's folder and given
    relative to the working directory where they lie below it, as Snakemake records input files by the path it is given:
    a folder that is moved as a whole then stays up to date. Rows of format encode become those of the files that will
    be fetched. Only the rows that `select` chooses need their files. InputError names sheet, line and remedy.
    """
    rows: list[dict[str, str]] = []
    found: dict[str, str] = {}
    for path in [paths] if isinstance(paths, str | Path) else paths:
        for where, row in read_sheet(Path(path)):
            first = found.setdefault(row["dataset"], where)
            if first != where:
                raise InputError(f"the data set {row['dataset']} is twice there: {first}, and {where}; rename one")
            rows.append(row)
    check_genome(config)
    mask = choose(pd.DataFrame(rows, columns=columns(), index=list(found), dtype=str), config["select"])
    chosen = [finish_row(found[row["dataset"]], row, config) for row in rows if mask[row["dataset"]]]
    return pd.DataFrame(chosen, columns=columns(), index=[row["dataset"] for row in chosen], dtype=str)


def read_sheet(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a sheet, each with where it stands; cells are checked, the files that they name are not."""
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
        # The path of encode is a name at the source.
        for column in USED_BY if row["format"] == "encode" else ("path", *USED_BY):
            row[column] = resolve(row[column], path.parent)
        empty = False
        yield where, row
    if empty:
        raise InputError(f"{path} has no data sets below its header; add a row for each")


def finish_row(where: str, row: dict[str, str], config: Mapping[str, Any]) -> dict[str, str]:
    """Return a row as the workflow uses it: with the genome of the options, files found, an encode row located."""
    if row["format"] in USED_BY["genome"]:
        row = row | {"genome": row["genome"] or resolve(config["genome"], Path.cwd())}
        if not row["genome"] and row["format"] != "encode":
            raise InputError(
                f"{where}: genome is empty, but format {row['format']} needs it; give a genome FASTA here or as the "
                "option genome"
            )
    check_files(where, row)
    if row["format"] == "encode":
        row = locate(row, config["source"])
    kernel_length(config, row)
    return row


def columns() -> list[str]:
    """Return the columns of the sheet, the optional ones included."""
    return list(schema("datasets")["properties"])


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number (from 1) and text of the lines that are neither blank nor comments (#)."""
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
    """Return the column names of the header line, all known, none missing, none twice."""
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
            raise InputError(f"{where}: unknown column {name!r}; {remedy}")
        if names.count(name) > 1:
            raise InputError(f"{where}: the column {name} is there twice; remove one")
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
    """Check a row against the schema, and that genome and negatives are given only where they are used."""
    for error in validator("datasets").iter_errors(row):
        column = str(error.absolute_path[0])
        rule = schema("datasets")["properties"][column]
        says = f"{where}: {column} is {row[column]!r}" if row[column] else f"{where}: {column} is empty"
        if error.validator == "enum":
            guess = nearest(row[column], rule["enum"])
            hint = f"; did you mean {guess}?" if guess else ""
            raise InputError(f"{says}, but must be one of {', '.join(rule['enum'])}{hint}")
        raise InputError(f"{says}; expected here: {rule['description']}")
    for column, formats in USED_BY.items():
        if row[column] and row["format"] not in formats:
            raise InputError(
                f"{where}: {column} is given, but means nothing for format {row['format']} (only for "
                f"{', '.join(formats)}); leave the cell empty"
            )
    if row["format"] == "encode":
        if not validator("datasets").is_valid(dict(row) | {"dataset": row["path"] or row["dataset"]}):
            raise InputError(f"{where}: path is {row['path']!r}, but for encode must be an id at the source, or empty")
    elif not row["path"]:
        expected = schema("datasets")["properties"]["path"]["description"]
        raise InputError(f"{where}: path is empty; expected here: {expected}")


def resolve(cell: str, folder: Path) -> str:
    """Return a path of the sheet relative to the working directory where it lies below it, else absolute."""
    if not cell:
        return ""
    absolute = Path(os.path.normpath(Path.cwd() / folder / cell))
    return str(absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute)


def input_files(row: Mapping[str, str]) -> list[str]:
    """Return the files of a row of the sheet: those that path stands for, then genome and negatives where given."""
    parts = {"seqgz": SEQGZ_PARTS, "csail": CSAIL_PARTS, "encode": ()}.get(row["format"], ("",))
    return [row["path"] + part for part in parts] + [row[column] for column in USED_BY if row[column]]


def check_genome(config: Mapping[str, Any]) -> None:
    """Check that the genome of the options exists, if one is given."""
    if config["genome"] and not Path(config["genome"]).is_file():
        raise InputError(
            f"config: genome is {config['genome']}, but there is no such file; correct the path, which starts at the "
            "working directory, or leave it empty"
        )


def check_files(where: str, row: Mapping[str, str]) -> None:
    """Check that every file of a row exists, under a path that Snakemake takes as it is."""
    for file in input_files(row):
        if re.search("[{}]", file):
            raise InputError(
                f"{where}: the path {file} has a brace, which Snakemake would take for a wildcard's; rename it, or "
                "give the file another name by a symbolic link"
            )
        if Path(file).is_file():
            continue
        if row["format"] == "seqgz" and row["path"].endswith(SEQGZ_PARTS):
            remedy = f"the path of seqgz is the part before {' and '.join(SEQGZ_PARTS)}"
        elif Path(file).is_dir():
            remedy = "that is a folder"
        else:
            remedy = "correct the path, which starts at the sheet's folder unless it is absolute"
        raise InputError(f"{where}: the file {file} is missing; {remedy}")

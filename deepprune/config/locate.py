"""The paths of the files that options name."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deepprune.config.flags import flagged
from deepprune.config.yaml_file import read_yaml
from deepprune.errors import InputError
from deepprune.io.files import why_no_file

# Options that name a file or a list of files
FILES = ("datasets", "genome", "blacklist", "networks", "deepsea.classes", "occupancy.motifs", "task_groups")


def locate_files(config: Mapping[str, Any], sources: Iterable[str | Path], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with the paths of FILES found and made relative to the working folder.

    sources: the configuration files; each overrides those before it.  given: the options of the command line, which
    override all files.  InputError if a file does not exist.
    """
    folders = dict.fromkeys(FILES, Path.cwd())
    for source in map(Path, sources):
        options = read_yaml(source)
        folders |= {option: source.parent for option in FILES if value_of(options, option) is not None}
    folders |= {option: Path.cwd() for option in FILES if value_of(given, option) is not None}
    found = dict(config)
    for option in FILES:
        path = located(option, value_of(config, option), folders[option])
        group, _, name = option.rpartition(".")
        found |= {group: dict(config[group]) | {name: path}} if group else {name: path}
    return found


def value_of(options: Mapping[str, Any], key: str) -> Any:
    """Return the value of an option by its dotted key; None if the options lack it."""
    value: Any = options
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def located(option: str, value: str | list[str], folder: Path) -> str | list[str]:
    """Return the value of an option, a path or a list of paths, with each path found."""
    if isinstance(value, list):
        return [locate(option, path, folder) for path in value]
    return locate(option, value, folder) if value else value


def locate(option: str, path: str, folder: Path) -> str:
    """Return a path relative to the working folder; InputError if there is no such file.

    folder: that of the configuration file that gives the path. A relative path is looked for there first, then in the
    working folder.
    """
    places = dict.fromkeys(os.path.normpath(Path.cwd() / start / path) for start in (folder, Path.cwd()))
    for place in places:
        # Path.is_file of Python 3.11 fails where a folder may not be entered.
        if os.path.isfile(place):  # noqa: PTH113
            return os.path.relpath(place)
    for place in places:
        if os.path.lexists(place):
            raise InputError(f"config: {flagged(option)} is {path}, but {place} {why_no_file(place, '')}")
    looked = "" if list(places) == [path] else f" (looked for {' and '.join(places)})"
    raise InputError(f"config: {flagged(option)} is {path}, but there is no such file{looked}; correct the path")

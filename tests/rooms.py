"""The rooms of the package from the bottom up, its modules, and what they import and name."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "deepprune"
ROOMS = (
    *("errors", "jit", "keys", "dna", "io", "config", "sources", "data", "models", "evaluation", "motifs"),
    *("training", "pruning", "explain", "figures", "report", "studies", "jobs", "cli", "api"),
)
# What any study could use lies below the studies.
FLOORS = ("claims",)
BELOW_STUDIES = ROOMS[: ROOMS.index("studies")]
# Studies by their publications. The package has the name of one of them.
STUDIES = r"(?<![a-z])(?:luo|zeng|koo_?eddy|danq|superq)(?![a-z])"
PAPER = r"(?i:\bpapers?\b)"
NUMBERED = r"\b(?:Figure|Fig\.|Table)s? S?\d+"


def module_files(package: Path = PACKAGE) -> dict[str, Path]:
    """Return the files of a package's modules by dotted name below the package; `io` is io/__init__.py."""
    files = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            files[name] = path
    return files


def room(module: str) -> str:
    """Return the room of a module; a study is a room of its own."""
    first, *rest = module.split(".")
    return f"studies.{rest[0]}" if first == "studies" and rest else first


def floor(module: str) -> tuple[int, int]:
    """How high a module lies; a room that is in no list lies nowhere: KeyError."""
    first, *rest = module.split(".")
    if first not in ROOMS:
        raise KeyError(f"{module} is in no room of {', '.join(ROOMS)}")
    return ROOMS.index(first), int(first == "studies" and bool(rest) and rest[0] not in FLOORS)


def imports(text: str, modules: Iterable[str]) -> set[str]:
    """Return the modules that some Python text imports, also inside functions."""
    known, found = set(modules), set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(module=str(source), names=names, level=0):
                inner = {f"{source}.{alias.name}" for alias in names}
                found |= {name if name.removeprefix("deepprune.") in known else source for name in inner}
            case ast.ImportFrom():
                raise ValueError("a relative import; name the module in full")
    return {name.removeprefix("deepprune.") for name in found if name.startswith("deepprune.")} & known


def upward(arrows: Mapping[str, set[str]]) -> list[str]:
    """Return the imports that lead from a room to a higher one."""
    pairs = [(importer, imported) for importer, all_ in sorted(arrows.items()) for imported in sorted(all_)]
    return [f"{one} -> {other}" for one, other in pairs if floor(other) > floor(one)]


def between_studies(arrows: Mapping[str, set[str]]) -> list[str]:
    """Return the imports that lead from one publication's study to another's."""
    pairs = [(importer, imported) for importer, all_ in sorted(arrows.items()) for imported in sorted(all_)]
    return [
        f"{one} -> {other}"
        for one, other in pairs
        if all(room(name).startswith("studies.") and room(name) != "studies.claims" for name in (one, other))
        and room(one) != room(other)
    ]


def by_room(arrows: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the imports between rooms, from those between modules."""
    found: dict[str, set[str]] = {}
    for importer, all_ in arrows.items():
        found.setdefault(room(importer), set()).update({room(name) for name in all_} - {room(importer)})
    return found


def circle(arrows: Mapping[str, set[str]]) -> list[str]:
    """Return a circle of imports; an empty one if there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(arrows.get(name, ())):
            if found := walk(other, [*way, name]):
                return found
        done.add(name)
        return []

    return next(filter(None, (walk(name, []) for name in sorted(arrows))), [])


def publications(name: str, text: str) -> list[str]:
    """Where a file names a publication: `line: what`.

    The word for it and numbers of its figures and tables count anywhere, names of studies in the file's own name, in
    identifiers and in strings, not in comments and docstrings, which may cite.
    """
    places = [
        (text.count("\n", 0, match.start()) + 1, match[0])
        for pattern in (PAPER, NUMBERED)
        for match in re.finditer(pattern, text)
    ]
    places += [(0, match) for match in re.findall(STUDIES, Path(name).stem, re.IGNORECASE)]
    words = code_words(text) if name.endswith(".py") else other_words(text)
    places += [(line, match) for line, word in words for match in re.findall(STUDIES, word, re.IGNORECASE)]
    return [f"{line}: {what}" for line, what in sorted(set(places))]


def code_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield identifiers and strings of Python text with their lines, docstrings left out."""
    tree = ast.parse(text)
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            docstrings.add(id(node.body[0].value))  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def other_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield words of a template or schema with their lines; those with capitals cite."""
    for line, words in enumerate(text.splitlines(), start=1):
        yield from ((line, word) for word in re.findall(r"\w+", words) if word.islower())


def has_functions(text: str) -> bool:
    """Whether Python text defines a function, a method or a property."""
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(ast.parse(text)))


def module_of_test(test: str, modules: Iterable[str]) -> str | None:
    """Return the module that a test file is named after, `io/test_motif.py` or `io/test_motif_exchange.py`."""
    *folders, name = Path(test).with_suffix("").parts
    parts = name.removeprefix("test_").split("_")
    stems = ["_".join(parts[:length]) for length in range(len(parts), 0, -1)]
    known = set(modules)
    return next((found for stem in stems if (found := ".".join([*folders, stem])) in known), None)

"""Rooms import from rooms below, nothing below studies/ knows a publication, and tests mirror the tree."""

from pathlib import Path

import pytest
from rooms import (
    BELOW_STUDIES,
    PACKAGE,
    ROOMS,
    between_studies,
    by_room,
    circle,
    has_functions,
    imports,
    module_files,
    module_of_test,
    publications,
    room,
    upward,
)

TESTS = Path(__file__).parent
FILES = module_files()
ARROWS = {name: imports(path.read_text(), FILES) for name, path in FILES.items()}
# Modules without a test file of their own name, and why.
TESTED_ELSEWHERE = {
    "config.messages": "its lines are what test_options.py expects of options that are wrong",
    "config.schema": "test_options.py and test_house.py check with its schemas",
}


def test_arrows_point_downwards() -> None:
    assert len(ARROWS) > 60 and sum(map(len, ARROWS.values())) > 100
    assert upward(ARROWS) == []
    assert between_studies(ARROWS) == []


def test_there_is_no_circle() -> None:
    assert circle(ARROWS) == []
    assert circle(by_room(ARROWS)) == []


@pytest.mark.parametrize("name", [name for name in ROOMS if name in FILES])
def test_every_room_says_what_it_holds(name: str) -> None:
    for module in (module for module in FILES if room(module).split(".")[0] == name):
        first = FILES[module].read_text().split("\n")[0]
        assert first.startswith('"""') and len(first) > 10, module


def test_nothing_below_studies_knows_a_publication() -> None:
    paths = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".j2", ".json")]
    below = [path for path in paths if path.relative_to(PACKAGE).with_suffix("").parts[0] in BELOW_STUDIES]
    assert {path.suffix for path in below} == {".py", ".j2", ".json"}
    found = [
        f"{path.relative_to(PACKAGE)}:{place}"
        for path in sorted(below)
        for place in publications(path.name, path.read_text())
    ]
    assert found == []


def test_tests_mirror_the_package() -> None:
    tests = [path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")]
    mirrored = [str(test) for test in tests if test.parts[0] in ROOMS]
    assert [test for test in sorted(mirrored) if module_of_test(test, FILES) is None] == []
    tested = {module_of_test(str(test), FILES) for test in tests} | set(TESTED_ELSEWHERE)
    assert [name for name, path in FILES.items() if has_functions(path.read_text()) and name not in tested] == []
    assert set(TESTED_ELSEWHERE) <= set(FILES)


# Each check can fail


MODULES = ["errors", "io", "io.table", "studies.claims", "studies.claims.read", "studies.zeng.page"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import deepprune.io.table", {"io.table"}),
        ("from deepprune.io import table, absent", {"io.table", "io"}),
        ("def f():\n    from deepprune.io.table import read", {"io.table"}),
        ("from deepprune import __version__\nimport numpy", set()),
        ("from deepprune import io", {"io"}),
    ],
)
def test_imports_are_seen_wherever_they_are(text: str, expected: set[str]) -> None:
    assert imports(text, MODULES) == expected


def test_a_relative_import_is_refused() -> None:
    with pytest.raises(ValueError, match="relative"):
        imports("from .table import read", MODULES)


@pytest.mark.parametrize(
    ("importer", "imported", "points_up"),
    [
        ("io.table", "errors", False),
        ("errors", "io.table", True),
        ("io.table", "io", False),
        ("studies.zeng.page", "studies.claims.read", False),
        ("studies.claims.read", "studies.zeng.page", True),
        ("figures.curves", "studies.claims", True),
        ("jobs.job", "studies.zeng.page", False),
    ],
)
def test_an_arrow_upwards_is_seen(importer: str, imported: str, points_up: bool) -> None:
    assert upward({importer: {imported}}) == ([f"{importer} -> {imported}"] if points_up else [])


def test_a_room_that_is_in_no_list_is_refused() -> None:
    with pytest.raises(KeyError, match="attic"):
        upward({"attic.box": {"io"}})


def test_an_arrow_between_studies_is_seen() -> None:
    arrows = {"studies.zeng.page": {"studies.claims.read", "studies.danq.page", "studies.zeng.tables"}}
    assert between_studies(arrows) == ["studies.zeng.page -> studies.danq.page"]


def test_a_circle_is_seen() -> None:
    arrows = {"io.a": {"io.b"}, "io.b": {"dna.c"}, "dna.c": {"dna.d"}}
    assert circle(arrows) == []
    assert circle(arrows | {"dna.d": {"io.b"}}) == ["dna.c", "dna.d", "io.b", "dna.c"]
    # Rooms may have a circle where modules have none.
    rooms = by_room(arrows | {"dna.d": {"io.e"}})
    assert circle(arrows | {"dna.d": {"io.e"}}) == [] and circle(rooms) == ["dna", "io", "dna"]


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("a.py", '"""Windows (Koo & Eddy 2019), sets of Zeng et al. 2016."""\n# Zeng took 24.', []),
        ("a.py", "x = 1\n# as in the paper", ["2: paper"]),
        ("a.py", '"""The Paper\'s layer."""', ["1: Paper"]),
        ("a.py", 'METHOD = {"koo_eddy": 1}', ["1: koo_eddy"]),
        ("a.py", "def zeng_network(): ...", ["1: zeng"]),
        ("a.py", "DanQ = f'{x} by Luo'", ["1: DanQ", "1: Luo"]),
        ("a.py", "# Figure S2 and Table 3", ["1: Figure S2", "1: Table 3"]),
        ("a.py", "table, paperless, fluo = 1, 2, 3", []),
        ("danq.py", "x = 1", ["0: danq"]),
        ("a.json", '{\n"enum": ["koo_eddy"], "description": "Koo & Eddy 2019, Zeng 2016"}', ["2: koo_eddy"]),
        ("a.html.j2", "<p>the paper</p>", ["1: paper"]),
    ],
)
def test_a_publication_is_seen(name: str, text: str, places: list[str]) -> None:
    assert publications(name, text) == places


@pytest.mark.parametrize(
    ("test", "module"),
    [
        ("io/test_table.py", "io.table"),
        ("io/test_table_harm.py", "io.table"),
        ("io/test_tables.py", None),
        ("test_errors.py", "errors"),
        ("studies/claims/test_read.py", "studies.claims.read"),
        ("claims/test_read.py", None),
    ],
)
def test_a_test_without_a_module_is_seen(test: str, module: str | None) -> None:
    assert module_of_test(test, MODULES) == module


def test_functions_are_seen() -> None:
    assert has_functions("class A:\n    def f(self): ...") and not has_functions("X = 1")

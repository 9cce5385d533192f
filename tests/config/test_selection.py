"""Selection of data sets, and the one line about each mistake."""

import ast

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.config.selection import choose
from deepprune.errors import InputError

ROWS = [("ctcf_1", "CTCF", "K562"), ("ctcf_2", "CTCF", "GM12878"), ("rest", "REST", "K562"), ("none", "", "")]
TABLE = pd.DataFrame(ROWS, columns=["dataset", "target", "cell_type"], index=[row[0] for row in ROWS], dtype=str)


def chosen(select: str | list[str]) -> list[str]:
    return list(TABLE.index[choose(TABLE, select)])


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("*", ["ctcf_1", "ctcf_2", "rest", "none"]),
        ("rest", ["rest"]),
        ("ctcf_?", ["ctcf_1", "ctcf_2"]),
        ("[!c]*", ["rest", "none"]),
        (["rest", "ctcf_1"], ["ctcf_1", "rest"]),
        (["ctcf*", "*_1"], ["ctcf_1", "ctcf_2"]),
        ("target == 'CTCF'", ["ctcf_1", "ctcf_2"]),
        ('"CTCF" == target', ["ctcf_1", "ctcf_2"]),
        ("target != 'CTCF'", ["rest", "none"]),
        ("target == ''", ["none"]),
        ("target == 'CTCF' and cell_type == 'K562'", ["ctcf_1"]),
        ("(target == 'CTCF') & ~(cell_type == 'K562')", ["ctcf_2"]),
        ("(target == 'REST') | (cell_type == 'GM12878')", ["ctcf_2", "rest"]),
        ("not (target == 'CTCF' or target == '')", ["rest"]),
        ("target in ['REST', 'x'] or dataset in ('none',)", ["rest", "none"]),
        ("cell_type not in ['K562']", ["ctcf_2", "none"]),
        ("target == cell_type", ["none"]),
        ("  target ==\n 'REST' ", ["rest"]),
    ],
)
def test_names_globs_and_queries(select: str | list[str], expected: list[str]) -> None:
    assert chosen(select) == expected


@pytest.mark.parametrize(
    ("select", "parts"),
    [
        ("ctcf_3", ["no data set is called ctcf_3", "did you mean ctcf_"]),
        (["rest", "x*"], ["no data set is called x*", "give a name, a glob"]),
        ("CTCF_1", ["no data set is called CTCF_1", "did you mean ctcf_1?"]),
        ("target == 'ctcf'", ["no data set fits the query", "has 4 data sets"]),
        ("targt == 'CTCF'", ["no column targt", "did you mean target?"]),
        ("target == CTCF", ["no column CTCF", "put quotes around text"]),
        ("target = 'CTCF'", ["cannot be read"]),
        ("target == 'CTCF", ["cannot be read"]),
        ("target == 1", ["1' is neither a column nor text in quotes"]),
        ("target in 'CTCF'", ["cannot hold"]),
        ("target == 'CTCF' & cell_type == 'K562'", ["cannot hold"]),
        ("target < 'D'", ["cannot hold"]),
        ("target.str.startswith('C')", ["cannot hold"]),
        ("__import__('os').system('true')", ["cannot hold"]),
        ("target == __name__", ["no column __name__"]),
        ("target == @x", ["cannot be read"]),
        ("target == 'a' if target else target", ["cannot hold"]),
        ("(" * 400 + "target == 'CTCF'" + ")" * 400, ["cannot be read"]),
        ("not " * 5000 + "target == 'CTCF'", ["select: the query"]),
        ("target == 'a\0'", ["select: "]),
    ],
)
def test_mistake_is_one_line(select: str | list[str], parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        choose(TABLE, select)
    message = str(caught.value)
    assert message.startswith("select: ") and "\n" not in message and len(message) < 400
    assert [part for part in parts if part not in message] == [], message


names, texts = st.sampled_from(list(TABLE.columns)), st.sampled_from(["CTCF", "REST", "K562", ""])
comparisons = st.builds("{} {} {!r}".format, names, st.sampled_from(["==", "!="]), texts) | st.builds(
    "{} {} {!r}".format, names, st.sampled_from(["in", "not in"]), st.lists(texts, min_size=1, max_size=3)
)
queries = st.recursive(
    comparisons,
    lambda part: (
        st.builds("({}) {} ({})".format, part, st.sampled_from(["and", "or"]), part)
        | st.builds("not ({})".format, part)
    ),
    max_leaves=6,
)


@given(queries)
def test_queries_mean_what_they_mean_in_python(text: str) -> None:
    expected = [name for name, *cells in ROWS if eval(text, {}, dict(zip(TABLE.columns, (name, *cells), strict=True)))]
    try:
        assert chosen(text) == expected
    except InputError as error:
        assert expected == [] and "no data set fits" in str(error)


@given(
    st.text(max_size=60) | st.builds(ast.unparse, st.sampled_from(list(ast.parse("[f(x), x.y, x[0], -x, 1 < x]").body)))
)
def test_any_text_chooses_or_is_refused_in_one_line(text: str) -> None:
    try:
        assert chosen(text)
    except InputError as error:
        assert "\n" not in str(error)

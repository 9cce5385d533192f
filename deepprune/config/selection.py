"""Selection of data sets by name, by glob, or by a query on the sheet's columns."""

import ast
import fnmatch
import re
from collections.abc import Sequence

import pandas as pd

from deepprune.config.messages import nearest
from deepprune.errors import InputError

GLOB = re.compile(r"[A-Za-z0-9_.*?\[\]!-]+")
GRAMMAR = "a query compares columns with quoted text by ==, !=, in or not in, joined by and, or, not and parentheses"


def choose(table: pd.DataFrame, select: str | Sequence[str]) -> pd.Series:
    """Return a mask of the chosen rows of a sheet (text columns, indexed by data set); InputError if none is chosen.

    select: names or globs of data sets, one or a list; or a query such as "target == 'CTCF' and lab != 'UW'".
    """
    if isinstance(select, str) and not GLOB.fullmatch(select):
        chosen = query(table, select)
        if not chosen.any():
            raise InputError(
                f"select: no data set fits the query {abbreviated(select)}; the sheet has {len(table)} data sets"
            )
        return chosen
    globs = [select] if isinstance(select, str) else select
    return pd.concat([match(table, glob) for glob in globs], axis=1).any(axis=1)


def match(table: pd.DataFrame, glob: str) -> pd.Series:
    """Return a mask of the rows whose data set matches a glob, case-sensitive; InputError if none does."""
    found = pd.Series([fnmatch.fnmatchcase(name, glob) for name in table.index], index=table.index)
    if not found.any():
        guess = nearest(glob, table.index, likeness=0.7)
        hint = f"did you mean {guess}?" if guess else "give a name, a glob such as 'wgEncode*Ctcf*', or a query"
        raise InputError(f"select: no data set is called {glob}; {hint}")
    return found


def query(table: pd.DataFrame, text: str) -> pd.Series:
    """Return a mask of the rows for which a query holds.

    The query is parsed, never run as code: it can only compare columns.
    """
    try:
        tree = ast.parse(" ".join(text.splitlines()).strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = getattr(error, "msg", None) or "too long or with a character that cannot be read"
        raise InputError(f"select: the query {abbreviated(text)} cannot be read ({reason}); {GRAMMAR}") from None
    try:
        return holds(table, tree.body)
    except RecursionError:
        raise InputError(f"select: the query {abbreviated(text)} is nested too deeply; {GRAMMAR}") from None


def holds(table: pd.DataFrame, node: ast.expr) -> pd.Series:
    """Return a mask of the rows for which a node of a query holds."""
    match node:
        case ast.BoolOp(op=operator, values=values):
            parts = pd.concat([holds(table, value) for value in values], axis=1)
            return parts.all(axis=1) if isinstance(operator, ast.And) else parts.any(axis=1)
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            return holds(table, left) & holds(table, right)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return holds(table, left) | holds(table, right)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            return ~holds(table, operand)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[right]):
            equal = operand_of(table, left) == operand_of(table, right)
            return ~equal if isinstance(operator, ast.NotEq) else equal
        case ast.Compare(
            left=ast.Name(id=name),
            ops=[ast.In() | ast.NotIn() as operator],
            comparators=[ast.List(elts=items) | ast.Tuple(elts=items)],
        ):
            inside = column(table, name).isin([constant(item) for item in items])
            return ~inside if isinstance(operator, ast.NotIn) else inside
        case _:
            raise InputError(f"select: a query cannot hold {abbreviated(ast.unparse(node))}; {GRAMMAR}")


def operand_of(table: pd.DataFrame, node: ast.expr) -> pd.Series:
    """Return one side of a comparison, a column or a text, with a value for each row."""
    if isinstance(node, ast.Name):
        return column(table, node.id)
    return pd.Series(constant(node), index=table.index, dtype=str)


def column(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of the sheet."""
    if name not in table.columns:
        guess = nearest(name, table.columns)
        hint = f"did you mean {guess}?" if guess else f"columns are {', '.join(table.columns)}; put quotes around text"
        raise InputError(f"select: the sheet has no column {name}; {hint}")
    return table[name]


def constant(node: ast.expr) -> str:
    """Return the text of a quoted constant."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise InputError(f"select: {abbreviated(ast.unparse(node))} is neither a column nor text in quotes; {GRAMMAR}")


def abbreviated(text: str) -> str:
    """Return a part of a query in one line of moderate length."""
    line = " ".join(text.split())
    return repr(line if len(line) <= 60 else f"{line[:57]}...")

import numpy as np
import pandas as pd

from deepprune.io.table import named, read_rows, read_table, read_tables, table_text, write_table


def test_tables_read_back(tmp_path):
    table = pd.DataFrame(
        {"dataset": ["NA", "b"], "match": ["none", None], "auroc": [0.5, 1e-07], "dead": [True, False]}
    )
    write_table(table, tmp_path / "t.tsv")
    assert (tmp_path / "t.tsv").read_text() == "dataset\tmatch\tauroc\tdead\nNA\tnone\t0.5\tTrue\nb\t\t1e-07\tFalse\n"
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.tsv"), table, check_dtype=False)


def test_names_of_digits_stay_text(tmp_path) -> None:
    table = pd.DataFrame({"dataset": ["007", "1"], "Target_ID": ["12", None], "kernels": [4, 8]})
    write_table(table, tmp_path / "t.tsv")
    read = read_table(tmp_path / "t.tsv")
    assert read["dataset"].tolist() == ["007", "1"]
    assert read["Target_ID"].fillna("").tolist() == ["12", ""] and read["kernels"].tolist() == [4, 8]
    write_table(table.assign(Target_ID=None), tmp_path / "t.tsv")
    assert read_table(tmp_path / "t.tsv")["Target_ID"].fillna("").tolist() == ["", ""]


def test_text_has_six_digits_and_empty_cells() -> None:
    table = pd.DataFrame({"name": ["a", None], "start": np.array([3, None], object), "value": [1 / 3, np.nan]})
    assert table_text(table) == "name\tstart\tvalue\na\t3\t0.333333\n\t\t\n"
    assert table_text(table, header=False) == "a\t3\t0.333333\n\t\t\n"


def test_rows_of_a_user_s_table_keep_their_lines(tmp_path):
    (tmp_path / "t.tsv").write_text("# a comment\n\na \t b\n1\t\n")
    assert read_rows(tmp_path / "t.tsv") == [(3, ["a", "b"]), (4, ["1", ""])]


def test_tables_below_one_another(tmp_path):
    paths = [tmp_path / "a.tsv", tmp_path / "b.tsv"]
    for path, value in zip(paths, (1, 2), strict=True):
        write_table(pd.DataFrame({"network": ["n"], "seed": [value]}), path)
    table = read_tables(paths)
    assert table["seed"].tolist() == [1, 2] and table.index.tolist() == [0, 1]
    empty = read_tables([], ["network", "seed"])
    assert empty.empty and list(empty) == ["network", "seed"]


def test_names_come_first_and_replace_those_that_are_there():
    table = named(pd.DataFrame({"seed": [0, 1], "dataset": "old"}), dataset="d", network="n")
    assert list(table) == ["dataset", "network", "seed"] and table["dataset"].tolist() == ["d", "d"]

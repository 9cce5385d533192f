"""Tables of networks: the notation, defaults, and one line about each mistake."""

import gzip
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.models.conv_settings import (
    ENTIRE,
    VALID,
    Convolution,
    ConvSettings,
    FewSettings,
    GkmSettings,
    NetworkSettings,
    check_settings,
    parameter_count,
)
from deepprune.models.conv_table import (
    COLUMNS,
    convolution_of,
    read_conv_table,
    read_networks,
    select_networks,
)

RESOURCES = Path(__file__).parents[2] / "resources" / "koo_eddy"
# Trainable parameters at 200 bp and 12 tasks, of the published code's networks
PARAMETERS = {
    "CNN-1": 160_048,
    "CNN-2": 160_048,
    "CNN-4": 160_048,
    "CNN-10": 160_048,
    "CNN-25": 160_048,
    "CNN-50": 160_048,
    "CNN-100": 160_048,
    "CNN9-4": 158_848,
    "CNN9-25": 158_848,
    "CNN3-2": 158_128,
    "CNN3-50": 158_128,
    "CNN-50-2": 25_712,
    "CNN19-1-2": 144_688,
    "CNN-25-60": 181_588,
    "CNN-25-90": 203_128,
    "CNN-25-120": 224_668,
    "CNN-1-1-100": 242_224,
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "networks.tsv"


def complaint(path: Path) -> str:
    """Return the message about a table, which is one line, without the path."""
    with pytest.raises(InputError) as caught:
        read_conv_table(str(path))
    message = str(caught.value)
    assert message.startswith(str(path)) and "\n" not in message
    return message.removeprefix(str(path))


def test_a_row_by_hand(table: Path) -> None:
    table.write_text(
        "network\tconvolutions\tdense\tconv_norm\tdense_norm\tconv_dropout\tdense_dropout\tl2\tl1_first\tinitializer\t"
        "tied_strands\tpadding\tlstm\tlstm_dropout\taverage_strands\tknown_motifs\n"
        "a_1\t30x19/50:2 64x5/all\t512 96\t0\t1\t0.1\t0.5\t1e-6\t2.5e-4\the_normal\t1\tvalid\t64\t0.2\t1\t1\n"
    )
    assert read_conv_table(str(table)) == {
        "a_1": ConvSettings(
            convolutions=(Convolution(30, 19, 50, 2), Convolution(64, 5, ENTIRE)),
            dense=(512, 96),
            conv_norm=False,
            dense_norm=True,
            conv_dropout=0.1,
            dense_dropout=0.5,
            l2=1e-6,
            l1_first=2.5e-4,
            initializer="he_normal",
            tied_strands=True,
            padding=VALID,
            lstm=64,
            lstm_dropout=0.2,
            average_strands=True,
            known_motifs=True,
        )
    }


def test_empty_cells_and_missing_columns_are_defaults(table: Path) -> None:
    table.write_text("network\tdense\tconvolutions\tl2\na\t\t4x5\t\n")
    assert read_conv_table(str(table)) == {"a": ConvSettings((Convolution(4, 5),))}
    table.write_text("convolutions\tnetwork\tl2\n4x5\ta\n")
    assert read_conv_table(str(table)) == {"a": ConvSettings((Convolution(4, 5),))}


def test_blank_lines_comments_and_foreign_line_ends(table: Path) -> None:
    text = "# some networks\r\nnetwork\tconvolutions\r\n\r\n b \t 4x5 \r\n#c\t1x1\r\na\t6x7\r\n"
    table.write_bytes(b"\xef\xbb\xbf" + text.encode())
    found = read_conv_table(str(table))
    assert list(found) == ["b", "a"] and found["a"].convolutions == (Convolution(6, 7),)


@pytest.mark.parametrize(
    ("word", "layer"),
    [
        ("30x19", Convolution(30, 19)),
        ("30x19/25", Convolution(30, 19, 25)),
        ("30x19/50:2", Convolution(30, 19, 50, 2)),
        ("16x24/9+", Convolution(16, 24, 9, ragged=True)),
        ("16x24/9+:3", Convolution(16, 24, 9, 3, ragged=True)),
        ("1x1/all", Convolution(1, 1, ENTIRE)),
        ("2x3/1", Convolution(2, 3, 1)),
    ],
)
def test_notation_of_convolutions(word: str, layer: Convolution) -> None:
    assert convolution_of(word) == layer


@given(
    st.integers(1, 99_999),
    st.integers(1, 99_999),
    st.none() | st.integers(1, 999_999),
    st.none() | st.integers(1, 999_999),
)
def test_every_convolution_is_read_as_it_is_written(filters: int, width: int, pool: int | None, stride: int) -> None:
    stride = None if pool is None else stride
    word = f"{filters}x{width}" + f"/{pool}" * bool(pool) + f":{stride}" * bool(stride)
    assert convolution_of(word) == Convolution(filters, width, pool or 1, stride)


@pytest.mark.parametrize(
    "word", ["30", "30x", "x19", "0x19", "30x0", "30x19/0", "30x19/", "30x19:2", "30x19/4:", "30X19"]
)
def test_what_is_no_convolution(word: str) -> None:
    with pytest.raises(ValueError, match="is no convolution; write filters x width / pool : stride, like 30x19/50:2"):
        convolution_of(word)


def test_the_whole_length_has_no_stride() -> None:
    with pytest.raises(ValueError, match="'4x5/all:2' pools the whole length, which has no stride and no"):
        convolution_of("4x5/all:2")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"convolutions": ""},
            "give convolutions like 30x19/25 128x5/4, or kernels like 12x19 and, if wanted, strands",
        ),
        ({"strands": "one"}, "give convolutions like 30x19/25 128x5/4, or kernels like 12x19"),
        ({"kernels": "12x19"}, "a network of kernels has no convolutions, dense layers or dropout; leave them empty"),
        ({"convolutions": "", "kernels": "12"}, "kernels are '12' on strands both; write like 12x19, and one or both"),
        ({"convolutions": "", "kernels": "12x19/2"}, "kernels are '12x19/2' on strands both; write like 12x19"),
        ({"convolutions": "", "kernels": "2x9", "strands": "two"}, "kernels are '2x9' on strands two; write like"),
        ({"convolutions": "", "kernels": "2x9", "dense": "8"}, "a network of kernels has no convolutions"),
        ({"convolutions": "4x5 8y3"}, "'8y3' is no convolution"),
        ({"convolutions": "4x5/all:1"}, "'4x5/all:1' pools the whole length"),
        ({"convolutions": "4x5/all+"}, "'4x5/all+' pools the whole length, which has no stride and no +"),
        ({"convolutions": "4x5+"}, "'4x5+' is no convolution"),
        ({"dense": "512,96"}, "dense has '512,96'; write the units of each layer, like 512 or 512 96"),
        ({"dense": "0"}, "dense has '0'; write the units"),
        ({"conv_norm": "yes"}, "conv_norm is 'yes'; write 1 for yes and 0 for no"),
        ({"tied_strands": "True"}, "tied_strands is 'True'; write 1 for yes and 0 for no"),
        ({"conv_dropout": "1"}, "conv_dropout is '1'; give a number from 0 on, below 1"),
        ({"dense_dropout": "-0.1"}, "dense_dropout is '-0.1'; give a number from 0 on, below 1"),
        ({"l2": "-1e-6"}, "l2 is '-1e-6'; give a number from 0 on"),
        ({"l2": "nan"}, "l2 is 'nan'; give a number from 0 on"),
        ({"l1_first": "inf"}, "l1_first is 'inf'; give a number from 0 on"),
        ({"l2": "much"}, "l2 is 'much'; give a number from 0 on"),
        (
            {"initializer": "he"},
            "initializer is 'he'; give one of glorot_uniform, glorot_normal, he_uniform, he_normal",
        ),
        ({"initializer": "zeros"}, "initializer is 'zeros'; give one of"),
        ({"network": ""}, "network is ''; give each its own name of letters, digits, _ and -"),
        ({"network": "a b"}, "network is 'a b'; give each its own name"),
        ({"network": "../a"}, "network is '../a'; give each its own name"),
        ({"network": "a.tasks"}, "network is 'a.tasks'; give each its own name"),
        ({"network": "first"}, "network is 'first'; give each its own name"),
    ],
)
def test_mistakes_of_a_row(table: Path, row: dict[str, str], message: str) -> None:
    cells = {"network": "a", "convolutions": "4x5"} | row
    first = {"network": "first", "convolutions": "4x5"}
    lines = ["\t".join(line.get(column, "") for column in cells) for line in (first, cells)]
    table.write_text("\n".join(["\t".join(cells), lines[0], "", lines[1], ""]))
    assert complaint(table).startswith(f", line 4: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ", line 1: the column network is missing; the columns are network, convolutions, dense, "),
        ("network,convolutions\na,4x5\n", ", line 1: the column network is missing"),
        ("network\tdense\na\t4\n", ", line 2: give convolutions like"),
        ("#\nnetwork\tconvolutions\tpool\na\t4x5\t3\n", ", line 2: unknown column 'pool'; the columns are network, "),
        ("network\tconvolutions\t\na\t4x5\t\n", ", line 1: unknown column ''"),
        (
            "network\tdense\tconvolutions\tdense\na\t1\t4x5\t2\n",
            ", line 1: the column dense is listed twice; remove one",
        ),
        ("network\tconvolutions\n", " has no networks; give one row each"),
        ("network\tconvolutions\na\t4x5\t6\n", ", line 2: 3 cells under 2 columns; remove the surplus"),
        ("network\tconvolutions\na\t4x5\nb\t4x5\t\n", ", line 3: 3 cells under 2 columns; remove the surplus"),
        ('network\tconvolutions\na\t"4x5\nb\t4x5"\n', ", line 2: '\"4x5' is no convolution"),
    ],
)
def test_mistakes_of_a_table(table: Path, text: str, message: str) -> None:
    table.write_text(text)
    assert complaint(table).startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes(range(256)), " is not a text file; plain text or gzip is needed"),
        (b"network\tconvolutions\n\xe9\t4x5\n", " is not a text file in UTF-8; plain text or gzip is needed"),
        (
            gzip.compress(b"network\tconvolutions\na\t4x5\n")[:25],
            " is a truncated or damaged gzip file; fetch it again",
        ),
    ],
)
def test_files_that_are_no_text(table: Path, content: bytes, message: str) -> None:
    table.write_bytes(content)
    assert complaint(table) == message


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert complaint(tmp_path / "none.tsv") == ": No such file or directory; correct the path or make the file readable"
    assert complaint(tmp_path).startswith(": Is a directory")


def test_networks_of_few_kernels(table: Path) -> None:
    table.write_text("network\tkernels\tstrands\tconvolutions\ndefault\t12x19\t\t\none\t4x8\tone\nstack\t\t\t4x5\n")
    assert read_conv_table(str(table)) == {
        "default": FewSettings(12, 19, "both"),
        "one": FewSettings(4, 8, "one"),
        "stack": ConvSettings((Convolution(4, 5),)),
    }


def test_tables_are_joined_in_their_order(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("one.tsv", "two.tsv")]
    for path, names in zip(paths, (["b", "c"], ["a"]), strict=True):
        Path(path).write_text("network\tconvolutions\n" + "".join(f"{name}\t4x5\n" for name in names))
    assert list(read_networks(paths)) == ["b", "c", "a"] and list(read_networks(paths[1])) == ["a"]
    with pytest.raises(InputError) as caught:
        read_networks([*paths, paths[0]])
    assert str(caught.value) == f"{paths[0]}: network b is also in another table; give each its own name"
    for nothing in ("", [""]):
        with pytest.raises(InputError, match=r"^config: networks is empty, but this study trains the networks of a"):
            read_networks(nothing)


NETWORKS: dict[str, NetworkSettings] = {name: ConvSettings((Convolution(4, 5),)) for name in PARAMETERS}


def test_networks_are_selected_in_the_order_of_the_table() -> None:
    assert select_networks(NETWORKS, "*") == NETWORKS
    assert list(select_networks(NETWORKS, "CNN-4")) == ["CNN-4"]
    assert list(select_networks(NETWORKS, ["CNN3-*", "CNN-2?", "CNN-2", "CNN3-2"])) == [
        *("CNN-2", "CNN-25", "CNN3-2", "CNN3-50")
    ]


@pytest.mark.parametrize(
    ("select", "hint"),
    [
        ("CNN25", "did you mean CNN-25?"),
        ("cnn-25", "did you mean CNN-25?"),
        (["CNN-1", "xyz*"], "they are CNN-1, CNN-2, CNN-4,"),
    ],
)
def test_a_name_that_fits_no_network(select: str | list[str], hint: str) -> None:
    wrong = select if isinstance(select, str) else select[-1]
    with pytest.raises(InputError) as caught:
        select_networks(NETWORKS, select)
    assert f"config: select_networks is {wrong}, but no network is called so; {hint}" in str(caught.value)


def stacks(name: str) -> dict[str, ConvSettings]:
    """Return the stacks of convolutions of a table."""
    networks = read_conv_table(str(RESOURCES / f"networks.{name}.tsv"))
    return {name: settings for name, settings in networks.items() if isinstance(settings, ConvSettings)}


def test_the_published_networks_have_the_published_numbers_of_parameters() -> None:
    networks = stacks("code")
    assert {name: parameter_count(settings, 200, 12) for name, settings in networks.items()} == PARAMETERS
    assert {name for name, settings in networks.items() if settings.l1_first} == {"CNN-50"}


def test_the_networks_as_the_text_has_them() -> None:
    networks = stacks("paper")
    assert list(networks) == list(PARAMETERS)
    for name, settings in networks.items():
        check_settings(name, settings, 200)
        assert not settings.dense_norm and settings.initializer == "he_normal" and settings.dense == (512,)
        # Of the dense layer, a bias takes the place of batch norm.
        code = PARAMETERS["CNN-2"] if name == "CNN-50-2" else PARAMETERS[name]
        assert parameter_count(settings, 200, 12) == code - 512


def test_the_networks_beyond_them() -> None:
    tied, code = stacks("beyond"), stacks("code")
    # But for CNN-50's penalty, they are published ones.
    assert all(settings == code[name[:-5]]._replace(tied_strands=True, l1_first=0) for name, settings in tied.items())
    paths = [str(RESOURCES / f"networks.{name}.tsv") for name in ("code", "beyond")]
    assert set(read_networks(paths)) == {*PARAMETERS, *tied, "few-12", "few-24"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["code", "paper"])
def test_keras_counts_the_same_parameters(name: str) -> None:
    from deepprune.models.conv_keras import conv_model

    for settings in set(stacks(name).values()):
        weights = conv_model(settings, 200, 12).trainable_weights
        assert sum(math.prod(weight.shape) for weight in weights) == parameter_count(settings, 200, 12)


def test_the_page_of_the_table_names_every_column_and_its_example_is_read(table: Path) -> None:
    page = (RESOURCES.parents[1] / "docs/networks.md").read_text()
    assert all(f"`{column}`" in page for column in COLUMNS)
    table.write_text(page.split("```")[1])
    assert read_conv_table(str(table)) == {
        "wide_pool": ConvSettings((Convolution(30, 19, 25), Convolution(128, 5, 4)), (512,))._replace(
            conv_dropout=0.1, dense_dropout=0.5, l2=1e-6
        ),
        "two_layers": ConvSettings((Convolution(30, 19), Convolution(64, 5, ENTIRE)), (96,)),
        "recurrent": ConvSettings((Convolution(64, 26, 13),), (128,), conv_dropout=0.2, padding=VALID, lstm=64),
        "few": FewSettings(12, 19),
        "control": GkmSettings(10, 6, 3),
    }

"""Recurrent and unpadded networks in tables of networks."""

from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.models.conv_table import read_conv_table


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"padding": "causal"}, "padding is 'causal'; give one of same, valid"),
        ({"lstm": "-1"}, "lstm is '-1'; give a number of units, 0 for none"),
        ({"lstm": "1.5"}, "lstm is '1.5'; give a number of units, 0 for none"),
        ({"lstm": "4", "lstm_dropout": "1"}, "lstm_dropout is '1'; give a number from 0 on, below 1"),
        ({"lstm": "0", "lstm_dropout": "0.5"}, "lstm_dropout is 0.5, but there is no LSTM; give lstm its units"),
        ({"average_strands": "both"}, "average_strands is 'both'; write 1 for yes and 0 for no"),
        ({"known_motifs": "JASPAR"}, "known_motifs is 'JASPAR'; write 1 for yes and 0 for no"),
        (
            {"convolutions": "4x5/3+", "padding": "valid"},
            "with padding valid, pools drop what is left at the end; leave the + behind the pool out",
        ),
        ({"convolutions": "", "kernels": "2x9", "lstm": "8"}, "a network of kernels has no convolutions"),
    ],
)
def test_mistakes_of_a_row(tmp_path: Path, row: dict[str, str], message: str) -> None:
    table, cells = tmp_path / "networks.tsv", {"network": "a", "convolutions": "4x5"} | row
    table.write_text("\t".join(cells) + "\n" + "\t".join(cells.values()) + "\n")
    with pytest.raises(InputError) as caught:
        read_conv_table(str(table))
    assert str(caught.value).startswith(f"{table}, line 2: {message}")

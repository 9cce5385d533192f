"""Recurrent and unpadded networks in tables of networks."""

import math
from pathlib import Path

import pytest

from deepprune.errors import InputError
from deepprune.models.conv_settings import Convolution, ConvSettings, parameter_count
from deepprune.models.conv_table import read_conv_table

RESOURCES = Path(__file__).parents[2] / "resources" / "danq"
# Trained weights at 1000 bp and 919 tasks
PARAMETERS = {"DanQ": 46_926_479, "DanQ-JASPAR": 67_892_175}


def stacks(name: str) -> dict[str, ConvSettings]:
    """Return the networks of a table, all of which are stacks of convolutions."""
    networks = read_conv_table(str(RESOURCES / name))
    stacks = {name: settings for name, settings in networks.items() if isinstance(settings, ConvSettings)}
    assert len(stacks) == len(networks)
    return stacks


def test_the_published_networks() -> None:
    networks = stacks("networks.tsv")
    assert {name: parameter_count(settings, 1000, 919) for name, settings in networks.items()} == PARAMETERS
    first = networks["DanQ"]
    assert first.convolutions == (Convolution(320, 26, 13),) and first.average_strands and not first.known_motifs
    changed = {"convolutions": (Convolution(1024, 30, 15),), "lstm": 512, "known_motifs": True}
    assert networks["DanQ-JASPAR"] == first._replace(**changed)


def test_the_small_networks_are_the_published_ones_with_fewer_units() -> None:
    small, published = stacks("networks.small.tsv"), stacks("networks.tsv")
    fewer = {"DanQ": (Convolution(64, 26, 13), 32), "DanQ-JASPAR": (Convolution(96, 30, 15), 32)}
    assert small == {
        name: published[name]._replace(convolutions=(first,), lstm=units, dense=(92,))
        for name, (first, units) in fewer.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", PARAMETERS)
def test_keras_counts_the_published_numbers_of_weights(name: str) -> None:
    from deepprune.models.conv_keras import conv_model

    model = conv_model(stacks("networks.tsv")[name], 1000, 919)
    assert model.count_params() == sum(math.prod(weight.shape) for weight in model.trainable_weights)
    assert model.count_params() == PARAMETERS[name] and model.output_shape == (None, 919)


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

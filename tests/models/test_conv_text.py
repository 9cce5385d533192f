import pytest

from deepprune.models.conv_settings import (
    CODE,
    FOREST,
    LINEAR,
    WORDS,
    AutoencoderSettings,
    ConvSettings,
    FewSettings,
    GkmSettings,
    LearnerSettings,
)
from deepprune.models.conv_table import convolution_of
from deepprune.models.conv_text import layers_text


@pytest.mark.parametrize("words", ["30x19/25 128x5/4", "16x24/9+", "4x5/all", "4x5 3x3/50:2", "16x24/9+:3"])
def test_layers_are_written_as_they_are_read(words: str) -> None:
    convolutions = tuple(map(convolution_of, words.split()))
    assert layers_text(ConvSettings(convolutions)) == words
    assert layers_text(ConvSettings(convolutions, (32, 8))) == f"{words}, dense 32 8"


def test_a_recurrent_network_in_words() -> None:
    settings = ConvSettings((convolution_of("320x26/13"),), (925,), padding="valid", lstm=320)
    assert layers_text(settings) == "320x26/13 unpadded, LSTM 320, dense 925"
    assert layers_text(settings._replace(padding="same", dense=())) == "320x26/13, LSTM 320"


def test_layers_of_other_networks_in_words() -> None:
    assert layers_text(FewSettings(12, 19)) == "12x19, both strands"
    assert layers_text(FewSettings(8, 24, "one")) == "8x24, one strand"
    assert layers_text(GkmSettings(10, 6, 3)) == "gapped words of 10/6/3"
    encoder = ConvSettings((convolution_of("16x24/9+"),), padding="valid")
    assert layers_text(AutoencoderSettings(encoder, 40)) == "16x24/9+ unpadded, code 40"
    assert layers_text(LearnerSettings(FOREST, WORDS, letters=6, trees=200)) == "forest of 200 trees on words of 6"
    assert layers_text(LearnerSettings(LINEAR, CODE, source="coder")) == "linear model on code of coder"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.config.schema import schema
from deepprune.studies.claims.claim import CRITERIA, KNOWN_METHODS, SIZES, UNPRUNED, Networks


@pytest.mark.parametrize(
    ("text", "networks", "named"),
    [
        ("deepprune 4", ("deepprune", "", 4), "deepprune with 4 kernels"),
        ("deepprune/loss 4", ("deepprune", "loss", 4), "deepprune by loss with 4 kernels"),
        ("inter/score_weight pruned", ("inter", "score_weight", "pruned"), "inter by score_weight below the widest"),
        ("baseline widest", ("baseline", "", "widest"), "baseline at the widest"),
        ("circular 1", ("circular", "", 1), "circular with 1 kernel"),
    ],
)
def test_networks_as_claims_write_them(text: str, networks: tuple, named: str) -> None:
    found = Networks.parse(text)
    assert (found, str(found)) == (networks, named)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no known method"),
        ("deeprune 4", "no known method; begin with one of deepprune, inter"),
        ("deepprune/los 4", "no known criterion; give one of weight"),
        ("deepprune/ 4", "no known criterion"),
        ("baseline/loss 4", "baseline is not pruned; write 'baseline 4'"),
        ("deepprune", "no known size"),
        ("deepprune 0", "no known size"),
        ("deepprune -4", "no known size"),
        ("deepprune  4", "no known size"),
        ("deepprune four", "no known size; end with a number of kernels or widest, pruned, ladder"),
        ("deepprune 4 8", "no known size"),
    ],
)
def test_malformed_networks_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Networks.parse(text)


@given(
    method=st.sampled_from(sorted(set(KNOWN_METHODS) - set(UNPRUNED))),
    criterion=st.sampled_from(["", *CRITERIA]),
    size=st.one_of(st.integers(1, 512), st.sampled_from(sorted(SIZES))),
)
def test_any_networks_are_read_as_written(method: str, criterion: str, size: int | str) -> None:
    written = f"{method}/{criterion} {size}" if criterion else f"{method} {size}"
    assert Networks.parse(written) == (method, criterion, size)


def test_circular_filters_are_an_architecture_of_their_own() -> None:
    assert {Networks(method, "", 4).architecture for method in KNOWN_METHODS if method != "circular"} == {"few_kernel"}
    assert Networks("circular", "", 1).architecture == "circular"


def test_methods_and_criteria_are_those_of_the_options() -> None:
    options = schema("config")["properties"]
    assert sorted(KNOWN_METHODS) == sorted(options["methods"]["items"]["enum"])
    assert sorted(CRITERIA) == sorted(options["prune"]["properties"]["criteria"]["items"]["enum"])

"""Options: derived values, and the one line about each mistake."""

import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from options import DEFAULT, changed

from deepprune.config.options import check_config, check_study, kernel_length, ladder, of_kind
from deepprune.config.schema import options, schema
from deepprune.errors import InputError


def complaint(config: dict[str, Any]) -> str:
    """Return the message that a configuration gets, which is one line."""
    with pytest.raises(InputError) as caught:
        check_config(config)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_defaults_pass() -> None:
    before = copy.deepcopy(DEFAULT)
    check_config(DEFAULT)
    assert before == DEFAULT


@pytest.mark.parametrize(
    ("option", "value", "parts"),
    [
        ("train.batchsize", 1, ["unknown option train.batchsize", "did you mean train.batch_size?"]),
        ("Seeds", [1], ["unknown option Seeds", "did you mean seeds?"]),
        ("learning_rate", 0.1, ["unknown option learning_rate", "did you mean train.learning_rate?"]),
        ("tomtom.jaspar.tax", "x", ["unknown option tomtom.jaspar.tax", "did you mean tomtom.jaspar.tax_group?"]),
        ("model.kernel_length.real", 15, ["unknown option model.kernel_length.real", "simulated, chipseq"]),
        ("datasets", [], ["datasets is empty"]),
        ("datasets", 3, ["datasets is 3", "text or a list"]),
        ("select", ["a", "a"], ["select holds a twice"]),
        ("networks", 3, ["networks is 3", "text or a list"]),
        ("networks", [], ["networks is empty"]),
        ("networks", ["a.tsv", "a.tsv"], ["networks holds a.tsv twice"]),
        ("select_networks", [], ["select_networks is empty"]),
        ("select_networks", "", ["select_networks is empty"]),
        ("select_networks", ["a", "a"], ["select_networks holds a twice"]),
        ("select_networks", [3], ["select_networks[0] is 3", "text"]),
        ("source", "usc", ["source is the text 'usc'", "ucsc, csail", "did you mean ucsc?"]),
        ("sources.ucsc", "ftp://host", ["sources.ucsc is the text 'ftp://host'", "starting with http"]),
        ("sources.uscs", "http://host", ["unknown option sources.uscs", "did you mean sources.ucsc?"]),
        ("data.window", 7, ["data.window (--window of deepprune run) is 7", "at least 8 and at most 100000"]),
        ("data.most_positives", 49, ["data.most_positives is 49", "at least 50"]),
        ("data.most_positives", [900, 49], ["data.most_positives[1] is 49", "at least 50"]),
        ("data.most_positives", [], ["data.most_positives is empty"]),
        ("data.most_positives", [900, 900], ["data.most_positives holds 900 twice"]),
        ("data.most_positives", "900", ["data.most_positives is the text '900'", "write 900, without quotes"]),
        ("data.test_share", 1.0, ["data.test_share is 1.0", "at least 0.01 and at most 0.9"]),
        ("train.learning_rate", 0, ["train.learning_rate is 0", "above 0", "at most 1"]),
        ("motifs.threshold", 1, ["motifs.threshold is 1", "at least 0 and below 1"]),
        ("model.background", 7, ["model.background is 7", "at least 3 and at most 6, or one of none, gapped"]),
        ("model.background", "gaped", ["model.background is the text 'gaped'", "did you mean gapped?"]),
        ("model.background", "5", ["model.background is the text '5'", "write 5, without quotes", "--configfile"]),
        ("model.background", True, ["model.background is True", "text or a whole number"]),
        ("model.kernel_length", 3, ["model.kernel_length is 3", "at least 4"]),
        ("model.kernel_length.chipseq", 200, ["model.kernel_length.chipseq is 200", "at most 100"]),
        ("train.batch_size", 256.0, ["train.batch_size is 256.0", "a whole number"]),
        ("train.batch_size", True, ["train.batch_size is True", "a whole number"]),
        ("train.beta_1", 1.0, ["train.beta_1 is 1.0", "at least 0 and below 1"]),
        ("train.beta_1", -0.1, ["train.beta_1 is -0.1", "at least 0"]),
        ("train.beta1", 0.9, ["unknown option train.beta1", "did you mean train.beta_1?"]),
        ("train.learning_rate", math.nan, ["train.learning_rate is nan", "a number"]),
        ("train.learning_rate", "1e-2", ["'1e-2'", "write 0.01, without quotes", "--configfile"]),
        ("train", '{"kernels": 3}', ["train is the text", "--configfile"]),
        ("train", None, ["train is empty", "a group of options"]),
        ("prune.criteria", ["wieght"], ["'wieght'", "weight, score, score_weight, loss", "did you mean weight?"]),
        ("prune.criteria", "weight", ["prune.criteria is the text 'weight'", "a list"]),
        ("prune.criteria", {"simulated": ["weight"]}, ["prune.criteria.chipseq is missing"]),
        ("prune.criteria", {"simulated": ["score", "loss"], "chipseq": ["loss"]}, ["simulated begins with score"]),
        ("prune.gain_kept", "most", ["prune.gain_kept is the text 'most'", "a number or empty"]),
        ("prune.distill", 1.5, ["prune.distill is 1.5", "at most 1"]),
        ("methods", ["baseline", "inter"], ["methods lacks deepprune"]),
        ("methods", {"simulated": ["deepprune"], "chipseq": ["inter"]}, ["methods.chipseq lacks deepprune"]),
        ("methods", ["deepprune", "ticket"], ["methods[1]", "winning_ticket"]),
        ("seeds", {"simulated": [0], "chipseq": []}, ["seeds.chipseq is empty"]),
        ("tomtom.engine", "mem", ["'mem'", "memelite, meme", "did you mean meme"]),
        ("seeds", [], ["seeds is empty"]),
        ("seeds", [0, 3, 3], ["seeds holds 3 twice"]),
        ("seeds", ["0", "1"], ["seeds[0] is the text '0'", "--configfile"]),
        ("seeds", 4, ["seeds is 4", "a list"]),
        ("seeds", [-1], ["seeds[0] is -1", "at least 0"]),
        ("datasets", "", ["datasets is empty"]),
        ("folder", "../x", ["folder is the text '../x'", "inside results/"]),
        ("multitask.numbers", [0.5, 0.4], ["multitask.numbers sum to 0.9", "shares sum to 1"]),
        ("multitask.numbers", [1.5, -0.5], ["multitask.numbers[0] is 1.5", "at most 1"]),
        ("multitask.numbers", [], ["multitask.numbers is empty"]),
        ("multitask.strands", "plus", ["multitask.strands is the text 'plus'", "one, both"]),
        ("bins.width", 1001, ["bins.window is 1000", "hold a bin of bins.width 1001 bp; lengthen it"]),
        ("bins.share", 1, ["bins.share is 1", "at least 0 and below 1"]),
        ("bins.test", [], ["bins.test is empty"]),
        ("bins.validation", ["chr9"], ["chr9 is in bins.test and in bins.validation; remove it"]),
        ("sources.deepsea", "", ["sources.deepsea is", "starting with http"]),
        ("deepsea.clases", "x", ["unknown option deepsea.clases", "did you mean deepsea.classes?"]),
        ("simulate.margin", 500, ["simulate.margin is 500", "simulate.length 1000", "at most 499"]),
    ],
)
def test_mistake_is_named_with_its_remedy(option: str, value: Any, parts: list[str]) -> None:
    message = complaint(changed(option, value))
    assert [part for part in parts if part not in message] == [], message


@pytest.mark.parametrize(
    "name", ["a/b", "/a", "..", ".", ".a", "a b", "{a}", "<a>", "genomes", "networks", "filters", "tables"]
)
def test_results_stay_below_their_folder_and_apart_from_others(name: str) -> None:
    assert "folder is the text" in complaint(changed("folder", name))


@pytest.mark.parametrize("name", ["", "deepprune.small", "my-peaks_2", "tables2", "0"])
def test_folder_of_results(name: str) -> None:
    check_config(changed("folder", name))


def test_nested_options_of_the_command_line_are_sent_to_a_file() -> None:
    """`--config 'train={"patience": 3}'` reaches the workflow as text inside a group."""
    assert "--configfile" in complaint(changed("train.patience", "3"))


@pytest.mark.parametrize("option", list(options(schema("config"))))
def test_missing_option_is_named(option: str) -> None:
    config = copy.deepcopy(DEFAULT)
    *groups, last = option.split(".")
    level = config
    for group in groups:
        level = level[group]
    del level[last]
    assert f"the option {option} is missing" in complaint(config)


@pytest.mark.parametrize(
    "methods", [["deepprune", "circular"], {"simulated": ["deepprune", "circular"], "chipseq": ["deepprune"]}]
)
def test_circular_filters_read_one_strand(methods: Any) -> None:
    message = complaint(changed("methods", methods) | {"model": DEFAULT["model"] | {"strands": "both"}})
    assert "model.strands is both, but circular filters read one strand only" in message
    check_config(changed("methods", methods) | {"model": DEFAULT["model"] | {"strands": "one"}})


def test_what_reads_both_strands_needs_no_average() -> None:
    model = DEFAULT["model"] | {"strands": "both", "average_strands": True}
    assert "model.average_strands is for networks of one strand" in complaint(DEFAULT | {"model": model})


def test_ladder_of_the_paper() -> None:
    assert ladder(DEFAULT) == [256, 128, 64, 32, 16, 8, 4]


STRANGE = [
    *(None, True, False, -1, 0, 10**400, math.nan, math.inf, -0.0, "", "a", "1e-3", "\x1b[2J", "x" * 10_000),
    *([], {}, [None], [[1]], {"a": {}}, {"": 0}, {1: 2}, ["x" * 10_000], b"bytes"),
]


@pytest.mark.parametrize("option", list(options(schema("config"))))
def test_any_value_of_an_option_passes_or_is_told_in_one_line(option: str) -> None:
    for value in STRANGE:
        try:
            check_config(changed(option, value))
        except InputError as error:
            shown = str(error)
            assert shown.startswith("config: ") and shown.isprintable() and len(shown) < 700, shown
            assert option.split(".")[0] in shown, shown


@given(final=st.integers(1, 20), factor=st.integers(2, 5), steps=st.integers(1, 5))
def test_ladder_divides_by_the_factor(final: int, factor: int, steps: int) -> None:
    prune = {"start": final * factor**steps, "final": final, "factor": factor}
    assert ladder({"prune": prune}) == [final * factor**step for step in range(steps, -1, -1)]


@pytest.mark.parametrize(
    ("start", "fitting"), [(200, "128 or 256"), (6, "8"), (4, "8"), (2, "8"), (12, "8 or 16"), (255, "128 or 256")]
)
def test_unfit_start_gets_fitting_ones(start: int, fitting: str) -> None:
    assert f"; {fitting} would fit" in complaint(changed("prune.start", start))


@given(start=st.integers(2, 600), final=st.integers(1, 40), factor=st.integers(2, 5))
def test_proposed_starts_do_fit(start: int, final: int, factor: int) -> None:
    prune = {"start": start, "final": final, "factor": factor}
    try:
        assert ladder({"prune": prune})[0] == start
    except InputError as error:
        proposed = str(error).rpartition(";")[2].removesuffix(" would fit").split(" or ")
        for number in map(int, proposed):
            assert ladder({"prune": prune | {"start": number}})[0] == number


def test_kernel_length_by_kind_and_as_a_number() -> None:
    assert [kernel_length(DEFAULT, "a", kind) for kind in ("simulated", "chipseq")] == [24, 15]
    plain = changed("model.kernel_length", 19)
    check_config(plain)
    assert [kernel_length(plain, "a", kind) for kind in ("simulated", "chipseq")] == [19, 19]


def test_options_by_kind_of_data() -> None:
    seeds = {"simulated": [0, 1], "chipseq": [2]}
    check_config(changed("seeds", seeds))
    assert of_kind(seeds, "chipseq") == [2] and of_kind([0], "chipseq") == [0]
    # Kinds without values of their own, such as data sets of several tasks, have those of real data.
    assert of_kind(seeds, "multitask") == [2] and of_kind(seeds, "simulated") == [0, 1]


def test_kernel_longer_than_the_sequence() -> None:
    config = changed("data.window", 14)
    check_config(config)
    with pytest.raises(InputError) as caught:
        kernel_length(config, "b", "chipseq")
    assert str(caught.value) == (
        "config: model.kernel_length.chipseq is 15, longer than the sequences of data set b: data.window (--window of "
        "deepprune run) is 14; shorten the kernel or lengthen the sequences"
    )
    assert kernel_length(changed("data.window", 15), "b", "chipseq") == 15


def test_a_study_is_one_of_the_known_or_none() -> None:
    check_study("none", [])
    check_study("first", ["first"])
    with pytest.raises(InputError, match="study is the text 'frist', but must be one of none, first; did"):
        check_study("frist", ["first"])

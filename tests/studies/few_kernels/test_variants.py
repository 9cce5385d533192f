import pytest
from options import DEFAULT

from deepprune.config.options import check_config
from deepprune.studies.few_kernels.variants import REFERENCE, VARIANTS, options_of


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_are_valid_options_and_change_nothing_else(variant: str) -> None:
    options = options_of(DEFAULT, variant)
    check_config(options)
    assert {name for name in DEFAULT if options[name] != DEFAULT[name]} <= {"model", "prune"}
    assert options["model"]["strands"] == VARIANTS[variant]["strands"]
    assert options["prune"]["distinct"] == VARIANTS[variant]["distinct"]
    assert options["model"]["kernel_length"] == DEFAULT["model"]["kernel_length"]
    assert options["prune"] | {"distinct": DEFAULT["prune"]["distinct"]} == DEFAULT["prune"]


def test_the_reference_has_neither_both_strands_nor_a_background() -> None:
    assert REFERENCE == "paper"
    options = options_of({"model": {"strands": "both", "background": 6, "padding": "same"}, "prune": {}}, REFERENCE)
    assert not options["prune"]["distinct"]
    assert options["model"] == {"strands": "one", "background": "none", "padding": "same", "average_strands": False}

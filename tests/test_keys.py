from deepprune.keys import KEY_COLUMNS, KIND_COLUMNS, NO_CRITERION, NetworkKey, NetworkKind


def test_networks_that_differ_by_seed_are_of_one_kind() -> None:
    one, other = (NetworkKey("few_kernel", "baseline", NO_CRITERION, 4, seed) for seed in (0, 1))
    assert one != other and one.kind == other.kind == NetworkKind("few_kernel", "baseline", "-", 4)
    assert [*KIND_COLUMNS, "seed"] == KEY_COLUMNS

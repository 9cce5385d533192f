from deepprune.keys import NetworkKey
from deepprune.models.circular import Circular
from deepprune.models.few_kernel import FewKernel
from deepprune.pruning.plan import Plan, Trained


def test_networks_of_a_plan_differ_by_their_size_alone() -> None:
    plan = Plan(FewKernel(16, 9, padding="same"), [16, 8])
    assert plan.at(8) == FewKernel(8, 9, padding="same") and plan.at(16) == plan.network


def test_keys_name_what_was_trained() -> None:
    pruned = Trained(FewKernel(8, 9), "deepprune", "loss", {}, {})
    assert pruned.key(3) == NetworkKey("few_kernel", "deepprune", "loss", 8, 3)
    circular = Trained(Circular(9), "circular", "-", {}, {})
    assert circular.key(0) == NetworkKey("circular", "circular", "-", 1, 0)

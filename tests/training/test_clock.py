import time

import pytest

from deepprune.training.clock import Clock, Step


def test_steps_are_measured_and_added_up() -> None:
    clock = Clock()
    with clock.step("idle", 7):
        time.sleep(0.1)
    with clock.step("busy", 2):
        until = time.process_time() + 0.1
        while time.process_time() < until:
            pass
    idle, busy = clock.steps
    assert (idle.name, idle.sequences, busy.name, busy.sequences) == ("idle", 7, "busy", 2)
    assert idle.seconds > 0.09 > 0.05 > idle.processor_seconds
    assert busy.processor_seconds >= 0.1 and busy.seconds > 0.09
    clock.steps.append(Step("idle", 1, 5.0, 0.0))
    assert clock.seconds("idle") == pytest.approx(idle.seconds + 5)
    assert clock.seconds("idle", "busy") == pytest.approx(idle.seconds + 5 + busy.seconds)
    assert clock.seconds("other") == 0


def test_a_step_that_fails_is_none() -> None:
    clock = Clock()
    with pytest.raises(KeyError), clock.step("fails", 1):
        raise KeyError
    assert clock.steps == []

from pathlib import Path

import yaml

from deepprune.jobs.workflow import default_options, workflow_folder


def test_the_workflow_lies_above_a_checkout() -> None:
    assert (workflow_folder() / "Snakefile").is_file()
    assert workflow_folder() == Path(__file__).parents[2]


def test_the_defaults_are_those_of_its_file() -> None:
    assert default_options() == yaml.safe_load((workflow_folder() / "config.yaml").read_text())

import argparse

from deepprune.cli import run
from deepprune.config.flags import FLAGS, flagged
from deepprune.config.schema import options, schema


def test_flags_are_those_of_the_command() -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    run.add_parser(commands)
    for option, flag in FLAGS.items():
        assert option in options(schema("config")) and flag in commands.choices["run"].format_help()
    assert flagged("data.window") == "data.window (--window of deepprune run)" and flagged("seeds") == "seeds"

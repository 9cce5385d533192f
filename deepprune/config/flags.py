"""The flags of the command `deepprune run` beside the options that they set, for messages."""

OPTIONS_FILE = "--configfile (--options of deepprune run)"
# Options that the command `deepprune run` has a flag for
FLAGS = {"data.window": "--window", "data.negatives": "--negatives", "blacklist": "--blacklist"}


def flagged(option: str) -> str:
    """Return an option's dotted key for a message, with its flag of `deepprune run` if it has one."""
    return f"{option} ({FLAGS[option]} of deepprune run)" if option in FLAGS else option

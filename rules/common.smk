import hashlib
import re
from pathlib import Path

from snakemake.exceptions import WorkflowError

from deepprune import __version__
from deepprune.config import check_config, kernel_length, ladder
from deepprune.errors import InputError
from deepprune.sheet import input_files, read_sheet

try:
    check_config(config)
    SHEET = read_sheet(config["datasets"], config)
except InputError as error:
    raise WorkflowError(str(error)) from None

DATASETS = list(SHEET.index)
SIMULATED = list(SHEET.index[SHEET["format"] == "simulated"])


def one_of(names):
    """A wildcard constraint: exactly one of these names; nothing at all if there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


def row(wildcards):
    """A data set's row of the sheet."""
    return SHEET.loc[wildcards.dataset].to_dict()


def genome_name(source):
    """A name for the prepared copy of a genome: its own, and what tells genomes of the same name apart."""
    return f"{Path(source).name.split('.fa')[0]}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"


GENOMES = {genome_name(source): source for source in SHEET["genome"].unique() if source}


wildcard_constraints:
    dataset=one_of(DATASETS),
    genome=one_of(GENOMES),

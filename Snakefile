import os

from snakemake.utils import min_version

from deepprune.config.yaml_file import read_yaml
from deepprune.errors import InputError
from deepprune.jobs.messages import refuse

# The first version with pathvars that passed the tests
min_version("9.27")


# The defaults. A config.yaml in the working folder overrides them; --configfile and --config override both.
configfile: os.path.join(workflow.basedir, "config.yaml")


if os.path.exists("config.yaml") and not os.path.samefile("config.yaml", workflow.configfiles[-1]):
    try:
        read_yaml("config.yaml")  # Snakemake would end in a traceback where it is no text
    except InputError as error:
        refuse(error)

    configfile: "config.yaml"


report: "report/workflow.rst"


include: "rules/common.smk"


# In the paths of rules, <results>, <logs> and <benchmarks> are the folders of this configuration. Without the option
# `folder` they are results/, logs/ and results/benchmarks/, which also hold the files that all configurations share.
pathvars:
    results=RESULTS,
    logs=LOGS,
    benchmarks=f"{RESULTS}/benchmarks",


include: "rules/download.smk"
include: "rules/data.smk"
include: "rules/simulate.smk"
include: "rules/multitask.smk"
include: "rules/train.smk"
include: "rules/motifs.smk"
include: "rules/occupancy.smk"


if config["study"] != "none":

    include: f"rules/studies/{config['study']}.smk"


include: "rules/summary.smk"
include: "rules/defaults.smk"


# All data sets ready for training
rule prepare:
    input:
        prepared,


rule all:
    default_target: True
    input:
        everything,

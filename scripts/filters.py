"""Read the filters of a trained network as motifs, and where they are active among implanted motifs."""

from pathlib import Path

from deepprune.jobs.job import job
from deepprune.training.device import device

with job(snakemake), device(0, Path(snakemake.params.compiled)):
    # TensorFlow must be imported after its device was chosen.
    from deepprune.data.dataset import Dataset
    from deepprune.explain.filters import FilterFiles, Trained, write_filters
    from deepprune.io.table import read_table
    from deepprune.motifs.filters import FilterReading
    from deepprune.training.trainer import prepare_devices

    files, params = snakemake.input, snakemake.params
    prepare_devices(snakemake.threads, compiled=False)
    seeds = tuple(read_table(files.networks)["seed"])
    trained = Trained(snakemake.wildcards.network, params.settings, seeds, Path(files.weights))
    readings = {name: FilterReading(**options) for name, options in params.readings.items()}
    instances = read_table(files.implanted) if files.get("implanted") else None
    paths = FilterFiles(*(Path(snakemake.output[name]) for name in FilterFiles._fields))
    write_filters(trained, Dataset.load(files.data), readings, instances, paths)

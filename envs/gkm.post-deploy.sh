#!/bin/sh
# Snakemake runs this inside the new environment, from the working directory, which must be the checkout.
set -e
if ! grep -q '^name = "deepprune"$' pyproject.toml; then
    echo "run snakemake --sdm conda in the checkout of deepprune, without --directory" >&2
    exit 1
fi
python -m pip install --no-deps --no-build-isolation --editable .

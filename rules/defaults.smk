# Settings of all rules; included last
# A rule that requests no memory or time needs less than 500 MB and 10 min, the defaults of profiles/slurm.

from deepprune import __version__

# Another version of deepprune makes all results again, but fetches no file again.
for each in workflow.rules:
    if each.script and not each.name.startswith("download"):
        each.set_params(version=__version__)

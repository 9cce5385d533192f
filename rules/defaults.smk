# What all rules have in common; included last
# A rule that says nothing of memory and time needs less than 500 MB and 10 min, which profiles/slurm asks for.

from deepprune import __version__

# Another version of deepprune makes all results anew, but fetches no file again.
for each in workflow.rules:
    if each.script and not each.name.startswith("download"):
        each.set_params(version=__version__)

#!/bin/sh
# After Snakemake itself was killed: cancel the jobs that it left on the cluster, wait until none of them can write any
# more, and remove its lock. Call this in the working folder, with the command that starts Snakemake:
#   sh profiles/slurm/unlock.sh .venv/bin/snakemake
set -eu
prefix=$(sed -n 's/^slurm-jobname-prefix: *\([^ ]*\).*/\1/p' "$(dirname "$0")/profile.yaml")
here=$(pwd -P)
while
    all=$(squeue --noheader --user "$(id -un)" --format '%A %j %Z') || exit 1
    # Jobs of other runs have the same names but other working folders.
    left=$(echo "$all" | while read -r id name folder; do
        case "$name $folder" in "${prefix}_"*" $here") echo "$id" ;; esac
    done)
    [ -n "$left" ]
do
    # shellcheck disable=SC2086 -- a list of numbers
    scancel --quiet $left
    sleep 1
done
exec "${@:-snakemake}" --unlock

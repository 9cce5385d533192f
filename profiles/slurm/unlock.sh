#!/bin/sh
# After Snakemake itself was killed: cancels the jobs that it left on the cluster, waits until none of them can write any
# more, and removes its lock. In the study's folder, with the command that Snakemake is started by:
#   sh profiles/slurm/unlock.sh .venv/bin/snakemake
set -eu
prefix=$(sed -n 's/^slurm-jobname-prefix: *\([^ ]*\).*/\1/p' "$(dirname "$0")/profile.yaml")
here=$(pwd -P)
while
    all=$(squeue --noheader --user "$(id -un)" --format '%A %j %Z') || exit 1
    # Other studies' jobs, which are called the same, run in other folders.
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

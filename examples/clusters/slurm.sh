#!/bin/sh
# The shards of a batch as a job array of Slurm, and a job after it that puts them together.
#   examples/clusters/slurm.sh COUNT FOLDER FILE...
# FOLDER, which all nodes see, gets a journal for each shard, what the jobs say, and the answer: all.json. LICIT names
# the program.
set -eu
count=$1 folder=$2
shift 2
mkdir -p "$folder"
here=$(dirname "$0")

array=$(sbatch --parsable --array="1-$count" --output="$folder/shard-%a.log" "$here/slurm-shard.sh" "$count" "$folder" "$@")
# After any end: merge says itself what is missing.
sbatch --job-name=licit-merge --dependency="afterany:$array" --output="$folder/merge.log" --wait \
    "$here/merge.sh" "$count" "$folder"

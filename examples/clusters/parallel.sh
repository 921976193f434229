#!/bin/sh
# The shards of a batch by GNU parallel, one for each core at a time, each in up to three attempts.
#   examples/clusters/parallel.sh COUNT FOLDER FILE...
# FOLDER gets a journal for each shard, a log, and the answer: all.json. LICIT names the program. Over several machines
# that share the folders: PARALLEL='--sshloginfile machines --workdir .'
set -u
count=$1 folder=$2
shift 2
mkdir -p "$folder"

seq "$count" | parallel --quote --retries 3 --joblog "$folder/parallel.log" \
    "${LICIT:-licit}" batch "$@" --quiet --jobs 1 --shard "{}/$count" --journal "$folder/{}.sqlite" \
    --format csv --out "$folder/{}.csv"
exec "$(dirname "$0")/merge.sh" "$count" "$folder"

#!/bin/sh
# The shards of a batch as processes of one machine. A shard that is lost is begun again, and goes on from its journal.
#   examples/clusters/shards.sh COUNT FOLDER FILE...
# FOLDER gets a journal for each shard, and the answer: all.json. LICIT names the program.
set -eu
count=$1 folder=$2
shift 2
mkdir -p "$folder"

# Solves one shard, in up to three attempts.
solve() {
    shard=$1
    shift
    for attempt in 1 2 3; do
        code=0
        "${LICIT:-licit}" batch "$@" --quiet --jobs 1 --shard "$shard/$count" --journal "$folder/$shard.sqlite" \
            --format csv --out "$folder/$shard.csv" || code=$?
        echo "shard $shard/$count, attempt $attempt: exit code $code" >&2
        [ "$code" -ne 0 ] || return 0
        sleep 1
    done
}

for shard in $(seq "$count"); do
    solve "$shard" "$@" &
done
wait
exec "$(dirname "$0")/merge.sh" "$count" "$folder"

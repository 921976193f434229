#!/bin/sh
# The answer of a batch from the journals of its shards, whatever became of them: `licit merge` refuses shards that are
# missing or have not ended.
#   examples/clusters/merge.sh COUNT FOLDER
# FOLDER has the journals and gets all.sqlite and all.json. LICIT names the program.
set -eu
count=$1 folder=$2
shift 2
for shard in $(seq "$count"); do
    set -- "$@" "$folder/$shard.sqlite"
done
rm -f "$folder/all.sqlite"
exec "${LICIT:-licit}" merge "$folder/all.sqlite" "$@" --format json --out "$folder/all.json"

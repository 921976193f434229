#!/bin/sh
# Stands in for licit and loses a shard on purpose, to see whether whoever starts shards begins a lost one again:
#   LICIT=examples/clusters/lost.sh examples/clusters/shards.sh 4 night examples/night.yaml
# The first time that shard LOSE (2) runs, it is killed with -9 in the midst of its work, and this process with it.
licit=${LOST_LICIT:-licit} lose=${LOSE:-2}
shard='' journal='' before=''
for word in "$@"; do
    case $before in
        --shard) shard=$word ;;
        --journal) journal=$word ;;
    esac
    before=$word
done
if [ "${shard%%/*}" != "$lose" ] || [ -e "$journal.lost" ]; then
    exec "$licit" "$@"
fi
: >"$journal.lost"
"$licit" "$@" &
while kill -0 $! 2>/dev/null; do
    # By then the list of scenarios and some results are written.
    if [ "$(cat "$journal" "$journal-wal" 2>/dev/null | wc -c)" -gt 4000000 ]; then
        kill -9 $!
        wait $! 2>/dev/null
        echo "lost.sh: killed shard $shard" >&2
        kill -9 $$
    fi
done
wait $!
code=$?
echo "lost.sh: shard $shard ended before it could be killed" >&2
exit $code

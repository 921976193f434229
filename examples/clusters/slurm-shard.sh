#!/bin/sh
#SBATCH --job-name=licit-shard
#SBATCH --requeue
#SBATCH --open-mode=append
# One shard of a batch, for slurm.sh. A shard that is lost with its node is begun again by Slurm (--requeue), one whose
# process is killed by the lines below: on a node that has more room, it may be. It goes on from its journal.
count=$1 folder=$2
shift 2
shard=$SLURM_ARRAY_TASK_ID
"${LICIT:-licit}" batch "$@" --quiet --jobs "${SLURM_CPUS_PER_TASK:-1}" --shard "$shard/$count" \
    --journal "$folder/$shard.sqlite" --format csv --out "$folder/$shard.csv"
code=$?
echo "shard $shard/$count, attempt $((${SLURM_RESTART_COUNT:-0} + 1)): exit code $code" >&2
if [ "$code" -gt 128 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 2 ]; then
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$shard"
fi
exit "$code"

#!/bin/sh
# A Slurm cluster of this one machine, to try out slurm.sh: Debian, as root, on a machine that may be thrown away.
#   apt-get install slurm-wlm munge && examples/clusters/slurm-one-node.sh
set -eu
name=$(hostname -s)
cat >/etc/slurm/slurm.conf <<END
ClusterName=one
SlurmctldHost=$name(127.0.0.1)
SlurmUser=slurm
AuthType=auth/munge
StateSaveLocation=/var/lib/slurm/slurmctld
SlurmdSpoolDir=/var/lib/slurm/slurmd
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile=/var/log/slurm/slurmctld.log
SlurmdLogFile=/var/log/slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AuthInfo=cred_expire=5
ReturnToService=2
NodeName=$name NodeAddr=127.0.0.1 CPUs=$(nproc)
PartitionName=all Nodes=$name Default=YES State=UP
END
mkdir -p /var/lib/slurm/slurmctld /var/lib/slurm/slurmd /var/log/slurm /run/munge
chown slurm /var/lib/slurm/slurmctld
chown munge /run/munge
[ -e /etc/munge/munge.key ] || mungekey
pgrep -x munged >/dev/null || setpriv --reuid=munge --regid=munge --clear-groups munged
pgrep -x slurmctld >/dev/null || slurmctld
pgrep -x slurmd >/dev/null || slurmd
sinfo

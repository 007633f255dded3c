#!/bin/bash
# A sweep as an array of Slurm on this machine alone, with a task that is requeued and one whose process is killed:
# the rows are those of one process. Needs Debian's slurm-wlm and root; everything else lies in a scratch folder.
#
#   slurm.sh ISOTHERM STUDY
set -euo pipefail
isotherm=$(readlink -f "$1")
study=$(readlink -f "$2")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
pids=()
end() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$scratch"
}
trap end EXIT
for tool in sbatch slurmctld slurmd munged; do
    command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || { echo "there is no $tool: apt-get install slurm-wlm" >&2; exit 66; }
done
export PATH=$PATH:/usr/sbin SLURM_CONF=$scratch/slurm.conf
mkdir -p "$scratch"/{state,spool,bin,munge}
ln -s "$isotherm" "$scratch/bin/isotherm"
export PATH=$scratch/bin:$PATH
node=$(hostname -s)

dd if=/dev/urandom of="$scratch/munge/key" bs=1024 count=1 status=none
chmod 700 "$scratch/munge"; chmod 600 "$scratch/munge/key"
munged --foreground --force --key-file "$scratch/munge/key" --socket "$scratch/munge/socket" \
    --pid-file "$scratch/munge/pid" --log-file "$scratch/munge/log" --seed-file "$scratch/munge/seed" 2>"$scratch/munged.err" &
pids+=($!)
cat >"$SLURM_CONF" <<CONF
ClusterName=scratch
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$scratch/munge/socket
CredType=cred/munge
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd.pid
SlurmctldLogFile=$scratch/slurmctld.log
SlurmdLogFile=$scratch/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=requeue_delay=1
ReturnToService=2
MpiDefault=none
NodeName=$node NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
sleep 1
slurmctld -D -c 2>"$scratch/slurmctld.err" & pids+=($!)
sleep 2
slurmd -D 2>"$scratch/slurmd.err" & pids+=($!)
for _ in $(seq 60); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 1; done
sinfo -h -o %T | grep -q idle || { tail -n 5 "$scratch"/*.log "$scratch"/*.err >&2; exit 69; }
echo "slurm $(sinfo --version | cut -d' ' -f2) is up on $node"

cd "$scratch"
hash_of() { isotherm sweep merge "$1" --json | python3 -c 'import json, sys; d = json.load(sys.stdin)["data"]; assert d["missing"] == 0, d; print(d["hash"])'; }
isotherm sweep plan "$study" -o one >/dev/null
isotherm sweep run one --jobs 2 -q
isotherm sweep plan "$study" -o array >/dev/null
job=$(sbatch --parsable --array=0-7 --cpus-per-task=1 --mem-per-cpu=0 "$here/assets/sweep/slurm_array.sh" "$scratch/array")
running() { squeue -h -r -j "$job" -t RUNNING -o %K 2>/dev/null | sort -n | head -n "${1:-1}" | tail -n 1; }
for _ in $(seq 100); do [ -n "$(running)" ] && break; sleep 0.2; done
first=$(running)
sleep 1
scontrol requeue "${job}_$first" && echo "task $first was requeued while it ran"
for _ in $(seq 100); do second=$(running 2); [ -n "$second" ] && [ "$second" != "$first" ] && break; sleep 0.2; done
killed=$(pgrep -f "isotherm sweep run $scratch/array" | head -n 1 || true)
if [ -n "$killed" ]; then
    kill -KILL "$killed" && echo "process $killed of a task was killed"
fi
# What ended badly is requeued, as its user would.
for _ in $(seq 600); do
    left=$(squeue -h -r -j "$job" -o "%K %T" 2>/dev/null || true)
    [ -z "$left" ] && break
    sleep 0.5
done
[ -z "$left" ] || { echo "still there: $left" >&2; exit 69; }
missing=$(isotherm sweep status array --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["missing"])')
echo "$missing cases are missing after the array"
if [ "$missing" -gt 0 ]; then
    sbatch --wait --array=0-7 --cpus-per-task=1 --mem-per-cpu=0 "$here/assets/sweep/slurm_array.sh" "$scratch/array" >/dev/null
    echo "the array was submitted again"
fi
one=$(hash_of one)
array=$(hash_of array)
echo "one process $one"
echo "array of 8  $array"
[ "$one" = "$array" ]

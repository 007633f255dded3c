#!/bin/bash
# Slurm array: eight shards of a sweep that is planned already.
#
#   isotherm sweep plan siting_china -o siting
#   sbatch --array=0-7 slurm_array.sh siting
#   isotherm sweep merge siting
#
# --shard auto reads SLURM_ARRAY_TASK_ID, _MIN, _MAX, _STEP and _COUNT. A task that is requeued goes on where it was. Exit code
# 74 (disk full) and 75 (the shard is still locked) are worth another try; every other one but 0 is final.
#SBATCH --job-name=isotherm-sweep
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=512M
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=TERM@60
#SBATCH --output=%x-%A_%a.log

set -u
sweep=${1:?the folder of the sweep}

# exec: the signal before the time limit reaches isotherm, which commits what is done and ends with 130.
exec isotherm sweep run "$sweep" --shard auto --jobs "${SLURM_CPUS_PER_TASK:-1}"

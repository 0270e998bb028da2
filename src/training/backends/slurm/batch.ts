import { join } from 'node:path';
import { shellQuote } from '../../../internal/shell-quote.ts';
import { LOG_FILE } from '../../folder/folder-outcome.ts';
import { trainerVariables } from '../../folder/trainer-environment.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { SlurmBackendOptions } from './options.ts';

interface SbatchOptions
  extends Pick<SlurmBackendOptions, 'partition' | 'account' | 'passEnv' | 'sbatchOptions'> {
  readonly folder: string;
  readonly jobName: string;
}

/** Clusters define `module`, the command that loads software, with these. */
const MODULES = [
  ...['BASH_ENV', 'BASH_FUNC_module%%', 'BASH_FUNC_ml%%', 'MODULEPATH', 'MODULESHOME', 'MODULES_CMD'],
  ...['LOADEDMODULES', '_LMFILES_', 'LMOD_CMD', 'LMOD_DIR', 'LMOD_PKG', 'LMOD_ROOT'],
];

/** The arguments after `sbatch --parsable`. */
export function sbatchWords(job: TrainingJob, options: SbatchOptions): string[] {
  const { folder, jobName, partition, account, passEnv = [], sbatchOptions = [] } = options;
  const { gpus, nodes, cpus, memoryGiB, timeLimitMinutes } = job.resources;
  return [
    `--job-name=${jobName}`,
    // The queue prints one line per job.
    `--comment=${job.name.replaceAll(/\s+/g, ' ')}`,
    // sbatch expands % patterns in the path of a log.
    `--output=${join(folder, LOG_FILE).replaceAll('%', '%%')}`,
    '--open-mode=append',
    // By default Slurm takes all variables along and stores them, API keys too. Those that are not set are ignored.
    `--export=${trainerVariables(process.env, [...MODULES, ...passEnv]).join(',')}`,
    `--chdir=${folder}`,
    // A requeued job would resume, but nobody asked for it, and somebody pays for it.
    '--no-requeue',
    `--nodes=${nodes}`,
    '--ntasks-per-node=1',
    ...(gpus > 0 ? [`--gres=gpu:${gpus}`] : []),
    ...(cpus === undefined ? [] : [`--cpus-per-task=${cpus}`]),
    ...(memoryGiB === undefined ? [] : [`--mem=${memoryGiB}G`]),
    ...(timeLimitMinutes === undefined ? [] : [`--time=${timeLimitMinutes}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...sbatchOptions,
    join(folder, 'slurm.sh'),
  ];
}

/** The script that Slurm runs on the first node. Slurm runs a copy stored elsewhere, so its paths are absolute. */
export function batchScript(
  job: TrainingJob,
  folder: string,
  { python = 'python3', prologue = [] }: Pick<SlurmBackendOptions, 'python' | 'prologue'>,
): string {
  const lines = [
    '#!/usr/bin/env bash',
    `cd ${shellQuote(folder)} || exit 1`,
    ...prologue,
    `export ALOE_PYTHON=${shellQuote(python)}`,
    ...(job.resources.nodes > 1 ? EVERY_NODE : ['exec bash run.sh']),
  ];
  return `${lines.join('\n')}\n`;
}

const EVERY_NODE = [
  // A port per job, since jobs may share a node. Below the range that systems assign themselves.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell.
  'export MASTER_PORT="${MASTER_PORT:-$((20000 + SLURM_JOB_ID % 10000))}"',
  'export MASTER_ADDR="$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)"',
  // srun of Slurm 22.05 to 23.11 does not take this from sbatch, and may bind a task to fewer cores.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell.
  '[ -z "${SLURM_CPUS_PER_TASK:-}" ] || export SRUN_CPUS_PER_TASK="$SLURM_CPUS_PER_TASK"',
  // Otherwise --export of sbatch applies here too, and takes away what the prologue has set.
  `exec srun --export=ALL --kill-on-bad-exit=1 bash --norc -c 'NODE_RANK=$SLURM_NODEID exec bash run.sh'`,
];

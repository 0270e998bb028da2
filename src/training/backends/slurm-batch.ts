import { join } from 'node:path';
import { shellQuote } from '../../internal/shell-quote.ts';
import { LOG_FILE } from '../folder-outcome.ts';
import type { TrainingJob } from '../training-job.ts';

export interface SbatchWordsOptions {
  readonly folder: string;
  readonly jobName: string;
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  readonly sbatchOptions?: readonly string[] | undefined;
}

/** The words after `sbatch --parsable`. */
export function sbatchWords(job: TrainingJob, options: SbatchWordsOptions): string[] {
  const { folder, jobName, partition, account, sbatchOptions = [] } = options;
  const { gpus, nodes, cpus, memoryGiB, timeLimitMinutes } = job.resources;
  return [
    `--job-name=${jobName}`,
    // A queue's list has one line a job.
    `--comment=${job.name.replaceAll(/\s+/g, ' ')}`,
    // It replaces patterns in the path of a log.
    `--output=${join(folder, LOG_FILE).replaceAll('%', '%%')}`,
    '--open-mode=append',
    `--chdir=${folder}`,
    // Started anew it would find the done steps, but nobody asked for it, and somebody pays.
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

export interface BatchScriptOptions {
  readonly python?: string | undefined;
  readonly prologue?: readonly string[] | undefined;
}

/** What Slurm runs on the first node. It keeps a copy of it elsewhere, so that paths in it are whole. */
export function batchScript(job: TrainingJob, folder: string, options: BatchScriptOptions): string {
  const { python = 'python3', prologue = [] } = options;
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
  // Before the others look for it: what an earlier attempt left would end them.
  'rm -f exit_code',
  // One of its own: jobs may share a node. Below what systems give out themselves.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell.
  'export MASTER_PORT="${MASTER_PORT:-$((20000 + SLURM_JOB_ID % 10000))}"',
  'export MASTER_ADDR="$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)"',
  `exec srun --kill-on-bad-exit=1 bash -c 'NODE_RANK=$SLURM_NODEID exec bash run.sh'`,
];

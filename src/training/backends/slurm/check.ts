import { messageOf } from '../../../internal/message-of.ts';
import { runCommand } from '../../../internal/run-command.ts';
import { checkPython } from '../../doctor/check-python.ts';
import { ok, problem } from '../../doctor/findings.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { Finding } from '../../training-backend.ts';
import { checkDefaults } from './defaults.ts';
import { minutesOf } from './minutes-of.ts';
import type { SlurmBackendOptions } from './options.ts';

interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isUp: boolean;
  readonly limitMinutes: number;
  readonly nodes: number;
  readonly gpus: number;
}

/**
 * Checks the queue, and Python on the machine where Slurm's commands run. GPUs are not checked there: training happens
 * on the nodes.
 */
export async function checkSlurm(
  job: TrainingJob,
  { dir, python: program = 'python3', partition, runCommand: run = runCommand }: SlurmBackendOptions,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const python = await checkPython({ job, folder: dir, python: program, hasGpus: false, run, signal });
  try {
    const { exitCode, stdout, stderr } = await run(['sinfo', '-h', '-o', '%P|%a|%l|%D|%G'], { signal });
    if (exitCode !== 0) return [unreachable(stderr.trim()), ...python];
    const partitions = readPartitions(stdout);
    const { name } = findPartition(partitions, partition)[0] ?? {};
    const defaults = name === undefined ? [] : await checkDefaults(job, { partition: name, run, signal });
    return [...checkQueue(job, partition, partitions), ...defaults, ...python];
  } catch (error) {
    signal?.throwIfAborted();
    return [unreachable(messageOf(error)), ...python];
  }
}

function findPartition(rows: readonly Partition[], wanted: string | undefined): Partition[] {
  return rows.filter(({ name, isDefault }) => (wanted === undefined ? isDefault : name === wanted));
}

function checkQueue(
  { resources }: TrainingJob,
  wanted: string | undefined,
  rows: readonly Partition[],
): Finding[] {
  const matching = findPartition(rows, wanted);
  const [first] = matching;
  if (first === undefined) {
    const names = [...new Set(rows.map(({ name }) => name))].join(', ');
    const message =
      wanted === undefined ? 'The cluster has no default partition.' : `There is no partition "${wanted}".`;
    return [problem('partition', message, `Set partition to one of: ${names}.`)];
  }
  const findings = [
    first.isUp
      ? ok('partition', `${first.name} is up.`)
      : problem('partition', `${first.name} is down.`, 'Choose another partition, or wait.'),
  ];
  const fitting = matching.filter(({ gpus }) => gpus >= resources.gpus);
  const nodes = fitting.reduce((sum, row) => sum + row.nodes, 0);
  const message = `The job needs ${resources.nodes} with ${resources.gpus} GPUs each; ${nodes} of that kind exist.`;
  findings.push(
    nodes >= resources.nodes
      ? ok('nodes', message)
      : problem('nodes', message, 'Request fewer nodes or GPUs, or choose another partition.'),
  );
  const minutes = resources.timeLimitMinutes;
  if (minutes !== undefined && minutes > first.limitMinutes) {
    const limit = `The job asks for ${minutes} minutes; ${first.name} allows ${first.limitMinutes}.`;
    findings.push(problem('time limit', limit, 'Lower resources.timeLimitMinutes.'));
  }
  return findings;
}

/** sinfo prints one row per kind of node in a partition. */
function readPartitions(text: string): Partition[] {
  const rows = text.split('\n').filter((line) => line.includes('|'));
  return rows.map((row) => {
    const [name = '', availability, limit = '', nodes, gres = ''] = row.split('|');
    const gpus = [...gres.matchAll(/\bgpu(?::[^:,(]+)?:(\d+)/g)].map(([, count]) => Number(count));
    return {
      name: name.replace(/\*$/, ''),
      isDefault: name.endsWith('*'),
      isUp: availability === 'up',
      limitMinutes: minutesOf(limit),
      nodes: Number(nodes),
      gpus: gpus.reduce((sum, count) => sum + count, 0),
    };
  });
}

function unreachable(message: string): Finding {
  return problem(
    'slurm',
    `sinfo failed: ${message}`,
    'Run this on a machine with Slurm, or pass runCommand.',
  );
}

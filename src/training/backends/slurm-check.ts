import { runCommand } from '../../internal/run-command.ts';
import { checkPython, fine, problem } from '../check-python.ts';
import type { Finding } from '../training-backend.ts';
import type { TrainingJob } from '../training-job.ts';
import type { SlurmBackendOptions } from './slurm-options.ts';

interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isUp: boolean;
  readonly limitMinutes: number;
  readonly nodes: number;
  readonly gpus: number;
}

/** The queue, and Python where Slurm's commands run, whose GPUs are not those of the nodes. */
export async function checkSlurm(
  job: TrainingJob,
  folder: string,
  options: SlurmBackendOptions,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const run = options.runCommand ?? runCommand;
  const python = await checkPython({
    job,
    folder,
    python: options.python ?? 'python3',
    hasGpus: false,
    run,
    signal,
  });
  try {
    const { exitCode, stdout, stderr } = await run(['sinfo', '-h', '-o', '%P|%a|%l|%D|%G'], { signal });
    if (exitCode !== 0) return [unreachable(stderr.trim()), ...python];
    return [...checkQueue(job, options.partition, readPartitions(stdout)), ...python];
  } catch (error) {
    signal?.throwIfAborted();
    return [unreachable((error as Error).message), ...python];
  }
}

function checkQueue(
  { resources }: TrainingJob,
  wanted: string | undefined,
  rows: readonly Partition[],
): Finding[] {
  const ofIt = rows.filter(({ name, isDefault }) => (wanted === undefined ? isDefault : name === wanted));
  const [first] = ofIt;
  if (first === undefined) {
    const names = [...new Set(rows.map(({ name }) => name))].join(', ');
    const message = wanted === undefined ? 'There is no default partition.' : `No partition "${wanted}".`;
    return [problem('partition', message, `Set partition to one of: ${names}.`)];
  }
  const findings = [
    first.isUp
      ? fine('partition', `${first.name} is up.`)
      : problem('partition', `${first.name} is down.`, 'Choose another partition, or wait.'),
  ];
  const fitting = ofIt.filter(({ gpus }) => gpus >= resources.gpus);
  const nodes = fitting.reduce((sum, row) => sum + row.nodes, 0);
  const need = `${resources.nodes} nodes with ${resources.gpus} GPUs each`;
  findings.push(
    nodes >= resources.nodes
      ? fine('nodes', `${nodes} for ${need}.`)
      : problem('nodes', `${nodes} for ${need}.`, 'Ask for fewer, or choose another partition.'),
  );
  const minutes = resources.timeLimitMinutes;
  if (minutes !== undefined && minutes > first.limitMinutes) {
    const message = `${minutes} minutes are asked for, ${first.name} allows ${first.limitMinutes}.`;
    findings.push(problem('time limit', message, 'Lower resources.timeLimitMinutes.'));
  }
  return findings;
}

/** One row for each kind of node in a partition. */
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

/** `days-hours:minutes:seconds` without what is zero at the front, or `infinite`. */
function minutesOf(limit: string): number {
  const [, days = 0, clock] = /^(?:(\d+)-)?([\d:]+)$/.exec(limit) ?? [];
  if (clock === undefined) return Infinity;
  const [seconds = 0, minutes = 0, hours = 0] = clock.split(':').map(Number).reverse();
  return Number(days) * 1_440 + hours * 60 + minutes + seconds / 60;
}

function unreachable(message: string): Finding {
  return problem('slurm', `sinfo failed: ${message}`, 'Run this where Slurm is, or pass runCommand.');
}

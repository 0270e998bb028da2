import type { CommandRunner } from '../../../internal/run-command.ts';
import { ok, warning } from '../../doctor/findings.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { Finding } from '../../training-backend.ts';
import { minutesOf } from './minutes-of.ts';

/** Settings of Slurm by name, as `scontrol show` prints them. */
type Settings = Readonly<Record<string, string>>;

/** What Slurm prints for a setting without a value. */
const UNSET = /^(?:|NONE|UNLIMITED|\(null\)|N\/A|0)$/;

/**
 * Tells what a job gets that leaves CPUs, memory or time to the cluster.
 *
 * @returns nothing if the cluster does not tell.
 */
export async function checkDefaults(
  { resources }: TrainingJob,
  options: {
    readonly partition: string;
    readonly run: CommandRunner;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Finding[]> {
  const { partition, run, signal } = options;
  const asked = [
    ['scontrol', 'show', 'config'],
    ['scontrol', 'show', 'partition', partition, '-o'],
  ];
  const [cluster, own] = await Promise.all(
    asked.map(async (command) => {
      const { exitCode, stdout } = await run(command, { signal });
      return exitCode === 0 ? readSettings(stdout) : null;
    }),
  );
  if (!cluster || !own) return [];
  const { gpus, cpus, memoryGiB, timeLimitMinutes } = resources;
  return [
    ...(cpus === undefined ? [describeCpus(gpus, cluster, own)] : []),
    ...(memoryGiB === undefined ? [describeMemory(gpus, cluster, own)] : []),
    ...(timeLimitMinutes === undefined ? [describeTime(own)] : []),
  ];
}

function describeCpus(gpus: number, cluster: Settings, own: Settings): Finding {
  const perGpu = numberIn('DefCpuPerGPU', jobDefaults(own), jobDefaults(cluster));
  const remedy = 'Set resources.cpus: at least two per GPU, to load data beside training.';
  if (gpus > 0 && perGpu !== undefined) {
    return ok('cpus', `Not requested. Slurm gives ${perGpu * gpus} per node (DefCpuPerGPU).`);
  }
  // Whole nodes: by the plugin that selects them, or by the partition.
  if (cluster.SelectType === 'select/linear' || own.OverSubscribe === 'EXCLUSIVE') {
    return ok('cpus', 'Not requested. Slurm gives whole nodes here.');
  }
  return warning('cpus', 'Not requested. Slurm gives one core per node.', remedy);
}

function describeMemory(gpus: number, cluster: Settings, own: Settings): Finding {
  const tracked =
    [own.SelectTypeParameters, cluster.SelectTypeParameters].find((text) => !isUnset(text)) ?? '';
  if (!/MEMORY/i.test(tracked)) return ok('memory', 'Not requested. Slurm does not limit it here.');
  const perGpu = numberIn('DefMemPerGPU', jobDefaults(own), jobDefaults(cluster));
  const perCpu = numberIn('DefMemPerCPU', own, cluster);
  const perNode = numberIn('DefMemPerNode', own, cluster);
  const [amount, name] =
    gpus > 0 && perGpu !== undefined
      ? [`${perGpu * gpus} MiB per node`, 'DefMemPerGPU']
      : perCpu !== undefined
        ? [`${perCpu} MiB per CPU`, 'DefMemPerCPU']
        : [perNode && `${perNode} MiB per node`, 'DefMemPerNode'];
  if (amount === undefined) return ok('memory', "Not requested. Slurm gives all of a node's memory.");
  const remedy = 'Set resources.memoryGiB. Slurm ends a job that uses more than it has.';
  return warning('memory', `Not requested. Slurm gives ${amount} (${name}).`, remedy);
}

function describeTime(own: Settings): Finding {
  const { DefaultTime: usual, MaxTime: most = '' } = own;
  const [limit, name] = isUnset(usual) ? [most, 'MaxTime'] : [usual!, 'DefaultTime'];
  const minutes = minutesOf(limit);
  if (minutes === Infinity) return ok('time limit', 'Not requested. Slurm sets none here.');
  const message = `Not requested. Slurm ends the job after ${minutes} minutes (${name}).`;
  return warning('time limit', message, 'Set resources.timeLimitMinutes.');
}

/** `DefCpuPerGPU=4,DefMemPerGPU=1000`, a list in one setting. */
function jobDefaults({ JobDefaults: text = '' }: Settings): Settings {
  return readSettings(text.replaceAll(',', ' '));
}

/** The first value that is a number: the partition's, else the cluster's. */
function numberIn(name: string, ...settings: readonly Settings[]): number | undefined {
  const value = settings.map((own) => own[name]).find((text) => !isUnset(text));
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

function isUnset(text: string | undefined): boolean {
  return text === undefined || UNSET.test(text);
}

/** `NAME = VALUE` a line, or `NAME=VALUE` between spaces. */
function readSettings(text: string): Settings {
  return Object.fromEntries([...text.matchAll(/(\w+) *= *(\S+)/g)].map(([, name, value]) => [name, value]));
}

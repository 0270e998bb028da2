import { shellQuote } from '../../../internal/shell-quote.ts';
import type { TrainingResources } from '../../job/training-job.ts';
import { driverOnNodes } from './several-nodes.ts';

/** What a submission is made of. */
export interface RaySubmission {
  readonly submissionId: string;
  readonly name: string;
  /** Where the job's directory will be on the cluster. */
  readonly folder: string;
  /** Package with the directory. Null if the directory is already there. */
  readonly packageName: string | null;
  readonly resources: TrainingResources;
  readonly python: string | undefined;
  readonly graceMs: number;
  readonly runtimeEnv: Readonly<Record<string, unknown>>;
}

/** The request body of a submission. */
export function submissionBody(submission: RaySubmission): object {
  const { submissionId, name, packageName, resources, graceMs, runtimeEnv } = submission;
  const { env_vars: variables, ...environment } = runtimeEnv;
  return {
    submission_id: submissionId,
    entrypoint: entrypoint(submission),
    runtime_env: {
      ...environment,
      ...(packageName !== null && { working_dir: `gcs://${packageName}` }),
      // Ray's default, three seconds, is too short to write a checkpoint.
      env_vars: { RAY_JOB_STOP_WAIT_TIME_S: String(Math.ceil(graceMs / 1_000)), ...asVariables(variables) },
    },
    metadata: { name },
    ...(resources.nodes === 1 && needsOfDriver(resources)),
  };
}

function needsOfDriver({ gpus, cpus, memoryGiB }: TrainingResources): object {
  return {
    entrypoint_num_gpus: gpus,
    ...(cpus !== undefined && { entrypoint_num_cpus: cpus }),
    ...(memoryGiB !== undefined && { entrypoint_memory: memoryGiB * 2 ** 30 }),
  };
}

/**
 * Ray unpacks a package into a cache, so the files are copied to the shared directory, unless an earlier attempt did so.
 * `exec` makes the process that Ray stops the parent of all processes of the job.
 */
function entrypoint({ folder, packageName, resources, python, graceMs }: RaySubmission): string {
  const place = shellQuote(folder);
  const copy = [
    `mkdir -p ${shellQuote(parentOf(folder))}`,
    `rm -rf ${place}.partial`,
    `cp -R . ${place}.partial`,
    `mv ${place}.partial ${place}`,
  ];
  const minutes = resources.timeLimitMinutes;
  return [
    'set -e',
    ...(packageName === null ? [] : [`[ -e ${place} ] || { ${copy.join('; ')}; }`]),
    `cd ${place}`,
    ...(python === undefined ? [] : [`export ALOE_PYTHON=${shellQuote(python)}`]),
    resources.nodes > 1
      ? driverOnNodes(resources, graceMs)
      : `exec ${minutes === undefined ? '' : `timeout -k 60 ${minutes}m `}bash run.sh`,
  ].join('; ');
}

function parentOf(folder: string): string {
  return folder.slice(0, folder.lastIndexOf('/')) || '/';
}

function asVariables(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

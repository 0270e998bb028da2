import type * as z from 'zod';
import { InvalidFileError, InvalidOptionError } from '../../errors.ts';
import type { TrainingBackend } from '../training-backend.ts';
import { checkEnvironment } from './check-environment.ts';
import { checkTrainerOptions } from './check-trainer-options.ts';
import type { TrainingFile, TrainingJob, TrainingResources, TrainingStage } from './training-job.ts';
import { resourcesSchema, trainingJobSchema } from './training-job-schema.ts';

/** Far deeper than any option of a trainer, and far from overflowing the stack. */
const MAX_DEPTH = 32;

/**
 * Checks a job, which may come from a file, before any of it becomes a command, a script or a configuration.
 *
 * @returns a copy with nothing else in it.
 * @throws InvalidOptionError naming the first part that is wrong.
 */
export function checkJob(given: TrainingJob): TrainingJob {
  const job = checkPart('job', trainingJobSchema, given);
  checkEnvironment(job.environment);
  checkStages(job.stages);
  return job;
}

/** @throws InvalidOptionError for anything but whole numbers in their ranges. */
export function checkResources(given: TrainingResources): TrainingResources {
  return checkPart('resources', resourcesSchema, given);
}

/** The backend with every job checked first, so that none of its methods sees an invalid one. */
export function withCheckedJobs(backend: TrainingBackend): TrainingBackend {
  return {
    ...backend,
    submit: async (job, options) => backend.submit(checkJob(job), options),
    preview: async (job, options) => backend.preview(checkJob(job), options),
    check: async (job, options) => backend.check(checkJob(job), options),
  };
}

/** @throws InvalidOptionError for a job that needs several nodes, on a backend that trains on one (`place`). */
export function checkOneNode({ resources }: TrainingJob, place: string): void {
  if (resources.nodes === 1) return;
  throw new InvalidOptionError('resources.nodes', `1, as this backend trains on ${place}`, resources.nodes, {
    hint: 'Use slurm() or ray() for several nodes.',
  });
}

/** @throws InvalidFileError when a data file is not the one the job was made from. */
export function checkUnchanged({ path, sha256 }: TrainingFile, actual: string): void {
  if (actual === sha256) return;
  throw new InvalidFileError(path, 'has changed since the job was made.', {
    hint: 'Make the job again with interactToAlign().',
  });
}

function checkPart<Value>(name: string, schema: z.ZodType<Value>, value: Value): Value {
  if (!isShallow(value, MAX_DEPTH)) {
    throw new InvalidOptionError(name, `at most ${MAX_DEPTH} levels of nesting`, value);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const path = [...issue.path, ...unknown];
  const got = path.reduce<unknown>(memberOf, value);
  const expected = unknown.length > 0 ? 'no member of this name' : issue.message;
  // Members of a job are named as the options they come from.
  const option = name === 'job' && path.length > 0 ? path : [name, ...path];
  throw new InvalidOptionError(option.join('.'), expected, got);
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}

function checkStages(stages: readonly TrainingStage[]): void {
  const earlier = new Set<string>();
  for (const { name, from, method, options } of stages) {
    if (earlier.has(name)) throw new InvalidOptionError('stages', 'unique names', name);
    if (from !== undefined && !earlier.has(from)) {
      throw new InvalidOptionError('stages', `stage ${name} to start "from" an earlier stage`, from);
    }
    earlier.add(name);
    checkTrainerOptions(`stages.${name}.options`, method, options);
  }
}

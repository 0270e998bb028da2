import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { InvalidOptionError } from '../../errors.ts';
import { canonicalJson, sha256 } from '../../internal/hash.ts';
import type { TrainerOption, TrainingJob, TrainingStage } from '../training-job.ts';
import type { HostedFiles } from './hosted-files.ts';

/** Finds again the job that was asked for: services keep it with the job. */
export const KEY = 'aloe_job';

export type Hyperparameter = number | 'auto';

/** What a service is asked for a job with, but for its own ids of the files. */
export interface HostedRequest {
  readonly model: string;
  readonly method: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly suffix?: string;
  /** A hash of all that decides the result: not of the suffix, which is a name. */
  readonly metadata: { readonly [KEY]: string };
}

/** Options of TRL that have a counterpart here. */
const TAKEN = [
  'num_train_epochs',
  'per_device_train_batch_size',
  'gradient_accumulation_steps',
  'beta',
  'seed',
];

/** TRL's own default, of transformers' `TrainingArguments`. */
const DEFAULT_BATCH_SIZE = 8;

/**
 * The request for a stage: epochs, batch size (of all GPUs and steps together), beta and seed are translated, and
 * `hyperparameters` has the last word. The services have no absolute learning rate.
 */
export function hostedRequest(
  job: TrainingJob,
  stage: TrainingStage,
  files: HostedFiles,
  hyperparameters: Readonly<Record<string, Hyperparameter>>,
): HostedRequest {
  const { num_train_epochs: epochs, beta, seed } = stage.options;
  const batchSize = effectiveBatchSize(job, stage.options);
  const settings = {
    ...(isNumber(epochs) && { n_epochs: epochs }),
    ...(batchSize !== undefined && { batch_size: batchSize }),
    ...(stage.method === 'dpo' && isNumber(beta) && { beta }),
    ...hyperparameters,
  };
  const type = stage.method === 'sft' ? 'supervised' : 'dpo';
  const suffix = suffixOf(job.name);
  const request = {
    model: job.base,
    method: { type, [type]: { hyperparameters: settings } },
    ...(isNumber(seed) && { seed }),
  };
  const data = [files.train.name, files.validation?.name ?? null];
  return {
    ...request,
    ...(suffix !== '' && { suffix }),
    metadata: { [KEY]: sha256(canonicalJson({ request, data })) },
  };
}

/**
 * The stage of a job that has one.
 *
 * @throws InvalidOptionError when it has several, or starts from a folder of this machine.
 */
export function onlyStage({ base, stages }: TrainingJob): TrainingStage {
  const [stage] = stages;
  if (stage === undefined || stages.length > 1) {
    throw new InvalidOptionError('stages', 'exactly one', stages, {
      hint: 'Train sft first, then dpo as a job of its own whose base is the model that sft has given.',
    });
  }
  if (isAbsolute(base) && existsSync(base)) {
    throw new InvalidOptionError('base', "the service's name of a model", base, {
      hint: 'A folder of this machine is not sent to a service.',
    });
  }
  return stage;
}

/** Options of a stage that a hosted service has no word for: it trains as it sees fit. */
export function leftOutOptions(stage: TrainingStage): string[] {
  return Object.keys(stage.options).filter(
    (name) => !TAKEN.includes(name) || (name === 'beta' && stage.method === 'sft'),
  );
}

function effectiveBatchSize(
  { resources }: TrainingJob,
  {
    per_device_train_batch_size: perDevice,
    gradient_accumulation_steps: accumulation,
  }: Readonly<Record<string, TrainerOption>>,
): number | undefined {
  if (!isNumber(perDevice) && !isNumber(accumulation)) return undefined;
  const devices = Math.max(1, resources.gpus) * resources.nodes;
  return (
    (isNumber(perDevice) ? perDevice : DEFAULT_BATCH_SIZE) *
    (isNumber(accumulation) ? accumulation : 1) *
    devices
  );
}

/** What a model's name may hold, as long as the shortest limit among the services (18, OpenAI's former one). */
function suffixOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 18)
    .replace(/^-+|-+$/g, '');
}

function isNumber(value: TrainerOption | undefined): value is number {
  return typeof value === 'number';
}

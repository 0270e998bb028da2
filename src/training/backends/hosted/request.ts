import { InvalidOptionError } from '../../../errors.ts';
import { canonicalJson, sha256 } from '../../../internal/hash.ts';
import type { JsonValue } from '../../../json-value.ts';
import type { TrainingJob, TrainingStage } from '../../job/training-job.ts';
import { refuseLocalBase } from '../refuse-local-base.ts';
import type { HostedFiles } from './files.ts';

/** Metadata key that identifies a job, so that it can be found again. */
export const KEY = 'aloe_job';

/** A value of a service's hyperparameter. */
export type Hyperparameter = number | 'auto';

/** Options of a stage: TRL's names. */
export type StageOptions = TrainingStage['options'];

/** The request for a job, without the service's ids of the files. */
export interface HostedRequest {
  readonly model: string;
  readonly method: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly suffix?: string;
  /** A hash of everything that affects the result. The suffix is only a name, so it is left out. */
  readonly metadata: { readonly [KEY]: string };
}

/** TRL options with an equivalent on hosted services. */
const TRANSLATED = [
  'num_train_epochs',
  'per_device_train_batch_size',
  'gradient_accumulation_steps',
  'beta',
  'seed',
];

/** TRL's default, from transformers' `TrainingArguments`. */
const DEFAULT_BATCH_SIZE = 8;

/**
 * The request for a stage. Epochs, batch size (over all GPUs and accumulation steps), beta and seed are translated;
 * `hyperparameters` overrides them. The learning rate is not: services have no absolute one.
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
 * The only stage of a job.
 *
 * @throws InvalidOptionError when the job has several, or its base is a directory on this machine.
 */
export function onlyStage(job: TrainingJob): TrainingStage {
  const { stages } = job;
  const [stage] = stages;
  if (stage === undefined || stages.length > 1) {
    throw new InvalidOptionError('stages', 'exactly one stage', stages, {
      hint: 'Train sft first, then dpo as a second job whose base is the model that sft produced.',
    });
  }
  refuseLocalBase(job);
  return stage;
}

/** Options of a stage without an equivalent at the service, which uses its own settings instead. */
export function leftOutOptions(stage: TrainingStage, translated: readonly string[] = TRANSLATED): string[] {
  return Object.keys(stage.options).filter(
    (name) => !translated.includes(name) || (name === 'beta' && stage.method === 'sft'),
  );
}

function effectiveBatchSize(job: TrainingJob, options: StageOptions): number | undefined {
  const { gradient_accumulation_steps: accumulation } = options;
  const size = batchOfDevices(job, options);
  if (size === undefined && !isNumber(accumulation)) return undefined;
  return (size ?? DEFAULT_BATCH_SIZE * devicesOf(job)) * (isNumber(accumulation) ? accumulation : 1);
}

/** Rows in one step over all devices, before gradient accumulation. Undefined if the job leaves it to the trainer. */
export function batchOfDevices(
  job: TrainingJob,
  { per_device_train_batch_size: perDevice }: StageOptions,
): number | undefined {
  return isNumber(perDevice) ? perDevice * devicesOf(job) : undefined;
}

function devicesOf({ resources }: TrainingJob): number {
  return Math.max(1, resources.gpus) * resources.nodes;
}

/** The job's name as a model suffix, cut to the shortest limit of any service (18, OpenAI's former limit). */
export function suffixOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 18)
    .replace(/^-+|-+$/g, '');
}

/** Whether an option is a number, and not left to the service. */
export function isNumber(value: JsonValue | undefined): value is number {
  return typeof value === 'number';
}

import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidOptionError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { fileSha256 } from '../../internal/hash.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import { unreadable } from '../../internal/unreadable.ts';
import type { JsonValue } from '../../json-value.ts';
import { findGpu } from '../plan/gpus.ts';
import { checkJob, checkResources } from './check-job.ts';
import { checkTrainerOptions } from './check-trainer-options.ts';
import { PRESET_NAMES, PROCESSOR_OPTIONS, type TrainingPresetName, trainingPreset } from './presets.ts';
import { spreadBatch } from './spread-batch.ts';
import type { TrainingFile, TrainingJob, TrainingResources, TrainingStage } from './training-job.ts';
import { LAUNCHES } from './training-job-schema.ts';

/** A training file, with an optional validation file. */
export type TrainingData = string | { readonly train: string; readonly validation?: string | undefined };

/** Options of {@link interactToAlign}. */
export interface InteractToAlignOptions {
  /**
   * The model to train: a name on the Hugging Face Hub, or a directory in its layout. Convert a GGUF file with
   * `gguf_to_hf.py` first.
   */
  readonly base: string;
  /** Demonstrations, as `trlSft()` writes them. Without them, DPO starts from the base model. */
  readonly sft?: TrainingData | undefined;
  /** Preference pairs, as `trlDpo()` writes them. Without them, only SFT runs. */
  readonly dpo?: TrainingData | undefined;
  /** `lora`: adapters, for one GPU. `paper`: all weights, with the values of the paper's code. Default `lora`. */
  readonly preset?: TrainingPresetName | undefined;
  /**
   * Options of `trl sft`. They override the preset. Default: none. The rows of an optimizer step stay those of the preset on any
   * number of GPUs, unless `gradient_accumulation_steps` is set here.
   */
  readonly sftOptions?: Readonly<Record<string, JsonValue>> | undefined;
  /** Options of `trl dpo`, as `sftOptions`. */
  readonly dpoOptions?: Readonly<Record<string, JsonValue>> | undefined;
  /**
   * How many checkpoints of each stage to keep, evenly spaced, so that `chooseCheckpoint` can choose one. `all`: every one that is
   * written, ten with the presets. They are part of the result. Default: the newest, which an interrupted job resumes from.
   */
  readonly checkpoints?: number | 'all' | undefined;
  /** Default: one GPU on one node. `gpus: 0` trains on CPUs, with one process per node. */
  readonly resources?:
    | { readonly [Name in keyof TrainingResources]?: TrainingResources[Name] | undefined }
    | undefined;
  /**
   * How `accelerate` distributes the training. Default: `single` for one process. For several, `ddp` for adapters or
   * CPUs, `fsdp2` for all weights on GPUs. `-offload` keeps sharded weights and optimizer states in the host's memory, which is
   * slower.
   */
  readonly launch?: TrainingJob['launch'] | undefined;
  /** Environment variables for the trainers. Never put secrets here: they are stored in plain text. Default: none. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** A label for people and queues. Default `aloe`. */
  readonly name?: string | undefined;
  /** Stops reading the data files. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Describes the paper's recipe as a job for any `TrainingBackend`: SFT on the preferred responses, then DPO on
 * the pairs, with the SFT model as the frozen reference. An SFT adapter is merged into the weights before DPO, so that
 * the reference is the SFT model with adapters too. Nothing is trained until a backend submits the job.
 *
 * @throws InvalidOptionError for an invalid value, or an option that this function or TRL does not know, with the
 * nearest known name.
 * @throws InvalidFileError when a data file cannot be read.
 * @example
 * ```ts
 * import { interactToAlign } from 'aloe-align/training';
 *
 * const job = await interactToAlign({
 *   base: 'HuggingFaceTB/SmolLM2-135M-Instruct',
 *   sft: 'data/trl-sft.train.jsonl',
 *   dpo: { train: 'data/trl-dpo.train.jsonl', validation: 'data/trl-dpo.validation.jsonl' },
 *   dpoOptions: { learning_rate: 2e-5 },
 * });
 * ```
 */
export async function interactToAlign(options: InteractToAlignOptions): Promise<TrainingJob> {
  const { resources, launch, sftOptions, dpoOptions } = checkTrainingOptions(options);
  const base = locateBase(options.base);
  const { sft, dpo, signal, name = 'aloe', environment = {} } = options;
  if (sft === undefined && dpo === undefined) throw new InvalidOptionError('sft', 'sft, dpo or both', sft);

  const stages: TrainingStage[] = [];
  if (sft !== undefined) {
    const files = await readData('sft', sft, sftOptions, signal);
    stages.push({ name: 'sft', method: 'sft', ...files, options: sftOptions });
  }
  if (dpo !== undefined) {
    const from = sft === undefined ? undefined : 'sft';
    const files = await readData('dpo', dpo, dpoOptions, signal);
    stages.push({ name: 'dpo', method: 'dpo', from, ...files, options: dpoOptions });
  }
  return checkJob({ schema: 'aloe-training-job/1', name, base, stages, resources, launch, environment });
}

/** A job but for its base model and its data. */
export interface CheckedTrainingOptions extends Pick<TrainingJob, 'resources' | 'launch'> {
  readonly sftOptions: TrainingStage['options'];
  readonly dpoOptions: TrainingStage['options'];
}

/** Checks what can be checked before there is any data. @throws InvalidOptionError */
export function checkTrainingOptions(options: Omit<InteractToAlignOptions, 'base'>): CheckedTrainingOptions {
  checkKnownOptions('interactToAlign()', options, OPTION_NAMES);
  const presetName = checkChoice('preset', options.preset ?? 'lora', PRESET_NAMES);
  const preset = trainingPreset(presetName);
  const resources = resourcesFrom(options.resources ?? {});
  const launch = checkLaunch(options.launch ?? usualLaunch(resources, preset.spread), resources);

  const forMachine = resources.gpus === 0 ? PROCESSOR_OPTIONS : {};
  const processes = Math.max(1, resources.gpus) * resources.nodes;
  const kept = checkpointOptions(options.checkpoints);
  const optionsOf = (method: 'sft' | 'dpo') => {
    const own = options[`${method}Options`] ?? {};
    const batch = spreadBatch(`${method}Options`, preset[method], own, processes);
    return { ...preset[method], ...forMachine, ...kept, ...own, ...batch };
  };
  const sftOptions = optionsOf('sft');
  const dpoOptions = optionsOf('dpo');
  checkTrainerOptions('sftOptions', 'sft', sftOptions);
  checkTrainerOptions('dpoOptions', 'dpo', dpoOptions);
  return { resources, launch, sftOptions, dpoOptions };
}

const OPTION_NAMES: Readonly<Record<keyof InteractToAlignOptions, true>> = {
  base: true,
  sft: true,
  dpo: true,
  preset: true,
  sftOptions: true,
  dpoOptions: true,
  checkpoints: true,
  resources: true,
  launch: true,
  environment: true,
  name: true,
  signal: true,
};

function resourcesFrom(given: NonNullable<InteractToAlignOptions['resources']>): TrainingResources {
  checkKnownOptions('resources', given, {
    gpus: true,
    nodes: true,
    cpus: true,
    memoryGiB: true,
    timeLimitMinutes: true,
    gpuKind: true,
  });
  if (given.gpuKind !== undefined) findGpu(given.gpuKind, 'resources.gpuKind');
  const { gpus = 1, nodes = 1, ...limits } = given;
  return checkResources({ gpus, nodes, ...limits });
}

/** The options of both trainers that keep checkpoints. @throws InvalidOptionError */
function checkpointOptions(checkpoints: InteractToAlignOptions['checkpoints']): TrainingStage['options'] {
  if (checkpoints === undefined) return {};
  if (checkpoints === 'all') return { save_total_limit: null };
  const count = checkNumber('checkpoints', checkpoints, { min: 2, integer: true });
  return { save_steps: 1 / count, save_total_limit: count };
}

function usualLaunch(
  { gpus, nodes }: TrainingResources,
  spread: TrainingJob['launch'],
): TrainingJob['launch'] {
  if (gpus === 0) return nodes > 1 ? 'ddp' : 'single';
  return gpus * nodes > 1 ? spread : 'single';
}

function checkLaunch(
  launch: TrainingJob['launch'],
  { gpus, nodes }: TrainingResources,
): TrainingJob['launch'] {
  checkChoice('launch', launch, LAUNCHES);
  if (launch === 'single' && (gpus > 1 || nodes > 1)) {
    throw new InvalidOptionError('launch', `ddp, fsdp2 or zero3 for ${gpus} GPUs on ${nodes} nodes`, launch);
  }
  // All that accelerate 1.15 supports on CPUs: given an FSDP config there, it silently keeps full copies.
  const onCpus = nodes > 1 ? 'ddp' : 'single';
  if (gpus === 0 && launch !== onCpus) {
    throw new InvalidOptionError('launch', `"${onCpus}" when training without GPUs`, launch);
  }
  return launch;
}

/** A directory becomes an absolute path, since trainers run elsewhere. Anything else counts as a name on the hub. */
export function locateBase(base: string): string {
  if (typeof base !== 'string' || base.trim() === '')
    throw new InvalidOptionError('base', 'the name or directory of a model', base);
  if (!existsSync(base)) {
    if (/^[./~]/.test(base)) throw new InvalidOptionError('base', 'an existing directory', base);
    return base;
  }
  if (!statSync(base).isDirectory()) {
    throw new InvalidOptionError('base', 'the name or directory of a model', base, {
      hint: 'Convert a GGUF file to a directory with gguf_to_hf.py.',
    });
  }
  if (!existsSync(join(base, 'config.json'))) {
    throw new InvalidOptionError('base', 'a directory with a config.json', base);
  }
  return resolve(base);
}

async function readData(
  option: 'sft' | 'dpo',
  data: TrainingData,
  { eval_strategy = 'no' }: TrainingStage['options'],
  signal: AbortSignal | undefined,
): Promise<Pick<TrainingStage, 'train' | 'validation'>> {
  const { train, validation } = typeof data === 'string' ? { train: data, validation: undefined } : data;
  for (const path of [train, validation ?? train]) checkPath(option, path, 'a path, or { train: a path }');
  if (eval_strategy !== 'no' && validation === undefined) {
    throw new InvalidOptionError(
      option,
      `{ train, validation }, since eval_strategy is "${eval_strategy}"`,
      data,
    );
  }
  return {
    train: await readFile(train, signal),
    validation: validation === undefined ? undefined : await readFile(validation, signal),
  };
}

async function readFile(path: string, signal: AbortSignal | undefined): Promise<TrainingFile> {
  try {
    return { path: resolve(path), sha256: await fileSha256(path, signal) };
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreadable(path, cause);
  }
}

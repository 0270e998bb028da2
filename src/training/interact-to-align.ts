import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { checkChoice, checkNumber } from '../internal/options.ts';
import { checkTrainerOptions } from './check-trainer-options.ts';
import { PRESET_NAMES, PROCESSOR_OPTIONS, type TrainingPresetName, trainingPreset } from './presets.ts';
import type {
  TrainerOption,
  TrainingFile,
  TrainingJob,
  TrainingResources,
  TrainingStage,
} from './training-job.ts';

/** A file to train on, with or without one to validate on. */
export type TrainingData = string | { readonly train: string; readonly validation?: string | undefined };

export interface InteractToAlignOptions {
  /** A model of a hub by name, or a folder of one in Hugging Face's layout (a GGUF file is made one by `setup`'s script). */
  readonly base: string;
  /** Demonstrations, as `trlSft` writes them. Without it, DPO starts from the base. */
  readonly sft?: TrainingData | undefined;
  /** Pairs, as `trlDpo` writes them. Without it, SFT is all. */
  readonly dpo?: TrainingData | undefined;
  /** `lora`: adapters, for one GPU. `paper`: all weights, with the values of the paper's code. Default `lora`. */
  readonly preset?: TrainingPresetName | undefined;
  /** Options of `trl sft`, on top of the preset. */
  readonly sftOptions?: Readonly<Record<string, TrainerOption>> | undefined;
  /** Options of `trl dpo`, on top of the preset. */
  readonly dpoOptions?: Readonly<Record<string, TrainerOption>> | undefined;
  /** Default: one GPU on one node. `gpus: 0` trains on processors, with several `nodes` a process on each. */
  readonly resources?:
    | { readonly [Name in keyof TrainingResources]?: TrainingResources[Name] | undefined }
    | undefined;
  /** Default: `single` for one process; for several `ddp` with adapters or without GPUs, `fsdp2` with all weights. */
  readonly launch?: TrainingJob['launch'] | undefined;
  /** Environment variables of the trainers. Never secrets. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** For people and queues. Default `aloe`. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The paper's recipe as a job for any {@link TrainingBackend}: SFT on the preferred responses, then DPO on the pairs,
 * with the SFT model as frozen reference. An adapter of SFT is merged into the weights before DPO, so that the
 * reference is the SFT model here as well.
 *
 * @throws InvalidOptionError for an option that TRL does not know, naming the nearest it does.
 * @throws InvalidFileError for data that cannot be read.
 */
export async function interactToAlign(options: InteractToAlignOptions): Promise<TrainingJob> {
  const { sft, dpo, signal } = options;
  const presetName = checkChoice('preset', options.preset ?? 'lora', PRESET_NAMES);
  const preset = trainingPreset(presetName);
  const resources = checkResources(options.resources ?? {});
  const launch = checkLaunch(options.launch ?? usualLaunch(resources, preset.spread), resources);
  if (sft === undefined && dpo === undefined) throw new InvalidOptionError('sft', 'sft, dpo or both', sft);
  const name = options.name ?? 'aloe';
  if (name.trim() === '') throw new InvalidOptionError('name', 'a text that is not empty', name);

  const ofMachine = resources.gpus === 0 ? PROCESSOR_OPTIONS : {};
  const sftOptions = { ...preset.sft, ...ofMachine, ...options.sftOptions };
  const dpoOptions = { ...preset.dpo, ...ofMachine, ...options.dpoOptions };
  checkTrainerOptions('sftOptions', 'sft', sftOptions);
  checkTrainerOptions('dpoOptions', 'dpo', dpoOptions);
  const environment = checkEnvironment(options.environment ?? {});
  const base = locateBase(options.base);

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
  return { schema: 'aloe-training-job/1', name, base, stages, resources, launch, environment };
}

function checkResources(given: NonNullable<InteractToAlignOptions['resources']>): TrainingResources {
  const { gpus = 1, nodes = 1, cpus, memoryGiB, timeLimitMinutes } = given;
  checkNumber('resources.gpus', gpus, { min: 0, integer: true });
  checkNumber('resources.nodes', nodes, { min: 1, integer: true });
  if (cpus !== undefined) checkNumber('resources.cpus', cpus, { min: 1, integer: true });
  for (const [name, value] of Object.entries({ memoryGiB, timeLimitMinutes })) {
    if (value !== undefined) checkNumber(`resources.${name}`, value, { min: 1, integer: true });
  }
  return { gpus, nodes, cpus, memoryGiB, timeLimitMinutes };
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
  checkChoice('launch', launch, ['single', 'ddp', 'fsdp2', 'zero3']);
  if (launch === 'single' && (gpus > 1 || nodes > 1)) {
    throw new InvalidOptionError('launch', `ddp, fsdp2 or zero3 for ${gpus} GPUs on ${nodes} nodes`, launch);
  }
  // What accelerate 1.15 has for processors: with a plan for FSDP it keeps whole copies and says nothing.
  const ofProcessors = nodes > 1 ? 'ddp' : 'single';
  if (gpus === 0 && launch !== ofProcessors) {
    throw new InvalidOptionError('launch', `${ofProcessors}, as there are no GPUs`, launch);
  }
  return launch;
}

function checkEnvironment(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name of Object.keys(environment)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new InvalidOptionError('environment', 'names of variables', name);
  }
  return environment;
}

/** A folder gets its full path, since the trainer works in another one; anything else is taken for a name. */
function locateBase(base: string): string {
  if (typeof base !== 'string' || base.trim() === '') throw new InvalidOptionError('base', 'a model', base);
  if (!existsSync(base)) {
    if (/^[./~]/.test(base)) throw new InvalidOptionError('base', 'a folder that is there', base);
    return base;
  }
  if (!statSync(base).isDirectory()) {
    throw new InvalidOptionError('base', 'the name of a model or a folder of one', base, {
      hint: 'The script gguf_to_hf.py makes a folder of a GGUF file.',
    });
  }
  if (!existsSync(join(base, 'config.json'))) {
    throw new InvalidOptionError('base', 'a folder with a config.json', base);
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
  if (typeof train !== 'string') throw new InvalidOptionError(option, 'a file, or { train: a file }', data);
  if (eval_strategy !== 'no' && validation === undefined) {
    throw new InvalidOptionError(option, `{ train, validation } for eval_strategy ${eval_strategy}`, data);
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
    throw new InvalidFileError(path, `cannot be read (${(cause as Error).message}).`, { cause });
  }
}

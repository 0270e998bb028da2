import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseModelReference } from '../config/model-reference.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { fingerprintGguf } from '../models/gguf-file.ts';
import { readGgufTraits } from '../models/gguf-traits.ts';
import { llamaCpp } from '../models/llama-cpp.ts';
import { isGgufUri, pullGguf } from '../models/pull-gguf.ts';
import { runPython } from '../training/folder/run-python.ts';
import { folderDigest } from '../training/job/folder-digest.ts';
import type { ServedWeights } from '../training/serving/lazy-model.ts';
import type { OpenWeights } from '../training/serving/open-weights.ts';
import { type PullWeightsOptions, pullWeights } from '../weights/pull-weights.ts';
import { packGguf, unpackGguf } from './gguf-weights.ts';
import { modelParameters } from './model-parameters.ts';

/** A base model of a table. */
export interface ReproducedBase {
  /**
   * What is trained: a model's name on the Hugging Face Hub, a directory in its layout, or a GGUF file of the Llama family as
   * `gguf:FILE`, `hf:OWNER/REPO:QUANT` or `embedded`.
   */
  readonly model: string;
  /** Name in the table. Rows are compared with the published ones if it is as in the paper. Default: from `model`. */
  readonly name?: string | undefined;
}

/** What opening a base model needs. */
export interface OpenBaseOptions
  extends Pick<PullWeightsOptions, 'modelsDir' | 'offline' | 'onEvent' | 'signal'> {
  /** Where converted weights are kept. */
  readonly dir: string;
  /** A Python with the packages of `setupPython()`. */
  readonly python: string;
  /** Serves models that are not GGUF files. */
  readonly serve: OpenWeights;
}

/** A base model that can be trained and served. Nothing is converted or served before it is needed. */
export interface OpenedBase {
  readonly name: string;
  /** Says which weights it has, and how they are served. */
  readonly id: string;
  /** Number of weights. Null if it is not known. */
  readonly parameters: number | null;
  /** Whether {@link OpenedBase.prepare} has nothing to do. */
  isReady(): boolean;
  /** What trainers start from: a name on the hub, or a directory. */
  prepare(): Promise<string>;
  /** Serves the directory of a trained model, or the base model itself. */
  serve(trained: string | null): Promise<ServedWeights>;
}

/** Names in the paper of the models on the hub that it names. */
const PAPER_NAMES: Readonly<Record<string, string>> = {
  'Qwen/Qwen2-7B-Instruct': 'Qwen2-7B-Instruct',
  'meta-llama/Meta-Llama-3-8B-Instruct': 'Llama-3-8B-Instruct',
  'mistralai/Mistral-7B-Instruct-v0.3': 'Mistral-7B-Instruct',
  'allenai/OLMo-7B-0724-Instruct-hf': 'OLMo-7B-0724-Instruct',
};

/** The end of a file's name that says how its weights are stored, such as `.Q4_1`. Trained are the unpacked ones. */
const QUANTISATION = /[.-](?:i?q\d\w*|b?f16|f32)$/i;

/** @throws InvalidOptionError for an empty name; MissingWeightsError or InvalidFileError for a GGUF file that cannot be used. */
export async function openBase(base: ReproducedBase, options: OpenBaseOptions): Promise<OpenedBase> {
  const model = checkPath('base', base?.model, 'the name or directory of a model');
  if (base.name !== undefined && (typeof base.name !== 'string' || base.name.trim() === '')) {
    throw new InvalidOptionError('base.name', 'a name', base.name);
  }
  return isGgufBase(model)
    ? openGgufBase(model, base.name, options)
    : openDirectoryBase(model, base.name, options);
}

/** Whether a base model is a GGUF file, whose weights are unpacked before they are trained. */
export function isGgufBase(model: string): boolean {
  return /^(?:embedded$|gguf:|hf:)/.test(model);
}

async function openGgufBase(
  model: string,
  name: string | undefined,
  { dir, python, signal, ...weights }: OpenBaseOptions,
): Promise<OpenedBase> {
  const path = await ggufPath(model, { ...weights, signal });
  const file = basename(path, '.gguf').replace(QUANTISATION, '');
  const print = fingerprintGguf(path);
  const folder = join(dir, 'bases', `${file}-${print}`);
  const prepare = async () => {
    await unpackGguf(path, folder, { python, signal });
    return folder;
  };
  return {
    name: name ?? file,
    id: `${file}:${print}, q8_0`,
    parameters: (await readGgufTraits(path)).parameters,
    isReady: () => existsSync(folder),
    prepare,
    async serve(trained) {
      // Base and trained models lose the same precision.
      const modelPath = await packGguf(trained ?? (await prepare()), path, { python, signal });
      const calls = availableParallelism();
      const served = llamaCpp({ modelPath, concurrency: calls, threads: 1 });
      return { model: served, close: () => served.dispose() };
    },
  };
}

async function ggufPath(
  model: string,
  options: Pick<OpenBaseOptions, 'modelsDir' | 'offline' | 'onEvent' | 'signal'>,
): Promise<string> {
  const reference = parseModelReference(model, 'base');
  if (reference.kind !== 'gguf') {
    return (await pullWeights({ sets: ['smollm2-135m-instruct'], ...options }))['smollm2-135m-instruct'];
  }
  return isGgufUri(reference.path) ? pullGguf(reference.path, options) : resolve(reference.path);
}

async function openDirectoryBase(
  model: string,
  name: string | undefined,
  { serve, python, signal }: OpenBaseOptions,
): Promise<OpenedBase> {
  const isHere = existsSync(model);
  const digest = isHere ? await folderDigest(resolve(model)) : undefined;
  const own = name ?? PAPER_NAMES[model] ?? basename(model);
  return {
    name: own,
    id: digest === undefined ? model : `${basename(resolve(model))}:${digest.slice(0, 12)}`,
    parameters: await modelParameters(model),
    isReady: () => true,
    prepare: async () => model,
    async serve(trained) {
      if (trained !== null || isHere) return serve(trained ?? model, { signal });
      // Trainers have it in the same cache.
      return serve(await runPython('download_model.py', [model], { python, signal }), { signal });
    },
  };
}

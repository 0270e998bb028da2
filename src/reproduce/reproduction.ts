import { availableParallelism } from 'node:os';
import type { MeasureAbilitiesOptions } from '../abilities/measure-abilities.ts';
import type { TrainingConfig } from '../config/config.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkChoice, checkMethod } from '../internal/options.ts';
import { ALL_PARTS } from '../pipeline/open-pipeline.ts';
import type { Pipeline, PipelinePart } from '../pipeline/pipeline.ts';
import { checkMix } from '../preferences/exporter-options.ts';
import type { MixOptions } from '../preferences/general-chat.ts';
import { defaultPython } from '../training/folder/setup-python.ts';
import type { TrainingEvent } from '../training/follow-training.ts';
import { checkTrainingOptions, locateBase } from '../training/job/interact-to-align.ts';
import { type OpenWeights, openServed } from '../training/serving/open-weights.ts';
import type { TrainingBackend } from '../training/training-backend.ts';
import type { PullWeightsOptions } from '../weights/pull-weights.ts';
import { isGgufBase, type OpenedBase, openBase, type ReproducedBase } from './base-model.ts';
import { PAPER_TABLES, type PaperTableName, type PaperTablePlan } from './paper-tables.ts';

/** What a reproduction needs of a pipeline: everything but the candidates, which it trains. */
export const REPRODUCED_PARTS: readonly PipelinePart[] = ALL_PARTS.filter((part) => part !== 'candidates');

/** How models are trained: the options of `interactToAlign()` but for the base and the data. */
export type ReproductionRecipe = Omit<TrainingConfig, 'base' | 'sft' | 'dpo' | 'name'>;

/** Options of {@link reproduceTable}. */
export interface ReproduceOptions {
  /** `table1`: base, SFT on preferred and on rejected responses, SFT and DPO. `table2`: SFT with and without agent data. */
  readonly table: PaperTableName;
  /** The base models, in the order of the table. The paper has four in Table 1, and Qwen2-7B-Instruct in Table 2. */
  readonly bases: readonly ReproducedBase[];
  /** Where to train. Its results must be on this machine, or on a file system that it shares. */
  readonly backend: TrainingBackend;
  /** Default: `{ preset: 'paper' }`, all weights with the values of the paper's code. */
  readonly recipe?: ReproductionRecipe | undefined;
  /** General chat data to mix into SFT, as CodeActInstruct in the paper. Needed for `table2`. Default: none. */
  readonly generalChat?: MixOptions | undefined;
  /** Measures general ability of each row too, with so many requests (default: all 80). Default: it is not measured. */
  readonly abilities?: Pick<MeasureAbilitiesOptions, 'count'> | undefined;
  /** A Python with the packages of `setupPython()`, to convert GGUF files and to serve. Default: its environment, else `python3`. */
  readonly python?: string | undefined;
  /** Serves the directory of a model, until it is closed. Default: `serveModel()`. GGUF bases are served in this process. */
  readonly serve?: OpenWeights | undefined;
  /** Where the embedded weights are, and whether they may be downloaded. Default: the user cache; yes. */
  readonly weights?: Pick<PullWeightsOptions, 'modelsDir' | 'offline' | 'onEvent'> | undefined;
  /** Called with what happens in each training. `training` is the base model's name and that of the training. */
  readonly onTraining?: ((event: TrainingEvent, training: string) => void) | undefined;
}

/** A reproduction with its base models open. */
export interface Reproduction {
  readonly pipeline: Pipeline;
  readonly plan: PaperTablePlan;
  readonly bases: readonly OpenedBase[];
  readonly recipe: ReproductionRecipe;
  readonly options: ReproduceOptions;
}

/** @throws InvalidOptionError for an option that is unknown or wrong, before anything is spent. */
export async function openReproduction(pipeline: Pipeline, options: ReproduceOptions): Promise<Reproduction> {
  checkKnownOptions<ReproduceOptions>('reproduceTable()', options, {
    table: true,
    bases: true,
    backend: true,
    recipe: true,
    generalChat: true,
    abilities: true,
    python: true,
    serve: true,
    weights: true,
    onTraining: true,
  });
  const names = Object.keys(PAPER_TABLES) as PaperTableName[];
  const plan = PAPER_TABLES[checkChoice('table', options.table, names)];
  checkMethod('backend', options.backend, 'submit', 'a TrainingBackend');
  if (!Array.isArray(options.bases) || options.bases.length === 0) {
    throw new InvalidOptionError('bases', 'at least one base model', options.bases);
  }
  if (plan.needsGeneralChat && options.generalChat === undefined) {
    throw new InvalidOptionError(
      'generalChat',
      `general chat data, which ${plan.title} is about`,
      undefined,
      {
        hint: 'Prepare a file of CodeActInstruct, or of other general conversations: see docs/preferences.md.',
      },
    );
  }
  const { python = defaultPython(), recipe = { preset: 'paper' }, weights } = options;
  const { signal, files } = pipeline;
  if (options.generalChat !== undefined) checkMix(options.generalChat, 'generalChat');
  checkTrainingOptions(recipe);
  const serve = options.serve ?? openServed({ python });
  const opening = { dir: files.dir, python, serve, signal, ...weights };
  const bases = await Promise.all(options.bases.map((base) => openBase(base, opening)));
  const twice = bases.find(({ name }, index) => bases.findIndex((base) => base.name === name) !== index);
  if (twice !== undefined) throw new InvalidOptionError('bases', 'a different name for each', twice.name);
  for (const { model } of options.bases) if (!isGgufBase(model)) locateBase(model);
  return { pipeline, plan, bases, recipe, options };
}

/** The environment of trainers on CPUs: a model on this machine needs no hub, and threads must not outnumber the cores. */
export function trainerEnvironmentOf({ recipe }: Reproduction): Readonly<Record<string, string>> {
  const onCpus = recipe.resources?.gpus === 0 ? { OMP_NUM_THREADS: String(availableParallelism()) } : {};
  return { ...onCpus, ...recipe.environment };
}

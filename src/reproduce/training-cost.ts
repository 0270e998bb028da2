import { stat } from 'node:fs/promises';
import { builderScalars } from '../conversations/builder-options.ts';
import type { JsonValue } from '../json-value.ts';
import { trainingPreset } from '../training/job/presets.ts';
import { type PaperTraining, trainingsOf } from './paper-tables.ts';
import type { Reproduction } from './reproduction.ts';
import { trainingFile } from './training-files.ts';

/** What a training computes. */
export interface TrainingCost {
  /** `Qwen2-7B-Instruct, rejected` */
  readonly name: string;
  /** Tokens that go through the model, over all epochs. Both responses of a pair count with their prompt. */
  readonly tokens: number;
  /** On one A100 at 40 % of its peak. Null if the model's size is not known, and without GPUs. */
  readonly gpuHours: number | null;
}

/** Peak of an A100 in bf16, and the share of it that a training well set up reaches. */
const FLOPS_PER_SECOND = 312e12 * 0.4;

/** As an estimate of calls has it: a token is 4 characters, a message and a response have 70 and 65 tokens. */
const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_TURN = 70 + 65;

/** What the figures rest on, one sentence each. */
export const TRAINING_ASSUMPTIONS: readonly string[] = [
  'GPU hours of training are those of one A100 at 40 % of its peak, 125 TFLOP/s: 6 operations per weight and token (4 for adapters), and in DPO 2 more for the reference model.',
  'Tokens of training come from the training files if they are there, else from conversations x turns.',
  'Serving the models for the evaluation is not counted.',
];

/** The cost of each training of a table, in order. */
export function trainingCosts(reproduction: Reproduction): Promise<readonly TrainingCost[]> {
  return Promise.all(
    reproduction.bases.flatMap((base) =>
      trainingsOf(reproduction.plan).map((training) =>
        costOf(reproduction, training, `${base.name}, ${training.name}`, base.parameters),
      ),
    ),
  );
}

async function costOf(
  reproduction: Reproduction,
  { sft, dpo }: PaperTraining,
  name: string,
  parameters: number | null,
): Promise<TrainingCost> {
  const { preset = 'lora', sftOptions, dpoOptions, resources } = reproduction.recipe;
  const own = trainingPreset(preset);
  const sftTokens = (await tokensIn(reproduction, sft)) * epochs({ ...own.sft, ...sftOptions });
  // Each pair has two rows.
  const dpoTokens =
    dpo === undefined ? 0 : 2 * (await tokensIn(reproduction, dpo)) * epochs({ ...own.dpo, ...dpoOptions });
  const perWeight = (isAdapter: boolean) => (isAdapter ? 4 : 6);
  const perToken =
    sftTokens * perWeight(isAdapter({ ...own.sft, ...sftOptions })) +
    dpoTokens * (2 + perWeight(isAdapter({ ...own.dpo, ...dpoOptions })));
  const onGpus = resources?.gpus !== 0;
  return {
    name,
    tokens: Math.round(sftTokens + dpoTokens),
    gpuHours: parameters === null || !onGpus ? null : (perToken * parameters) / FLOPS_PER_SECOND / 3_600,
  };
}

/** Tokens of a training file, or of the one that will be written. */
async function tokensIn({ pipeline, options }: Reproduction, format: string): Promise<number> {
  const written = await stat(trainingFile(pipeline, format)).catch(() => null);
  if (written !== null) return written.size / CHARACTERS_PER_TOKEN;
  const { conversations = {} } = pipeline.config;
  const turns = builderScalars.turns(conversations.turns, 'conversations.turns');
  const rows = (conversations.personas ?? 0) * turns;
  const ratio = options.generalChat?.ratio ?? 0;
  const parts = format.endsWith('-general') ? ratio : format.endsWith('-unmixed') ? 1 : 1 + ratio;
  const mixed = format === 'trl-dpo' ? 1 : parts;
  // A row of turn k has k turns.
  return rows * mixed * TOKENS_PER_TURN * ((turns + 1) / 2);
}

type Options = Readonly<Record<string, JsonValue>>;

function epochs({ num_train_epochs: count }: Options): number {
  return typeof count === 'number' ? count : 1;
}

function isAdapter({ use_peft: isUsed }: Options): boolean {
  return isUsed === true;
}

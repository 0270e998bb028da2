import type { StringArgDef } from 'citty';
import * as z from 'zod';
import { InvalidOptionError } from '../../errors.ts';
import { type ExpectedFile, readJsonFile } from '../../internal/json-file.ts';
import type { JsonValue } from '../../json-value.ts';
import { type InteractToAlignOptions, interactToAlign } from '../../training/interact-to-align.ts';
import type { TrainingJob } from '../../training/training-job.ts';

type JobFlag = 'recipe' | 'base' | 'sft' | 'dpo' | 'preset' | 'gpus' | 'nodes' | 'launch' | 'name';

export const jobArgs: Readonly<Record<JobFlag, StringArgDef>> = {
  recipe: {
    type: 'string',
    description: 'JSON file with the options of interactToAlign(). Flags override it.',
  },
  base: { type: 'string', description: 'Base model: a name on the hub, or a directory.' },
  sft: { type: 'string', description: 'Demonstrations for SFT, as trlSft() writes them.' },
  dpo: { type: 'string', description: 'Preference pairs for DPO, as trlDpo() writes them.' },
  preset: { type: 'string', description: 'lora (default): adapters. paper: all weights.' },
  gpus: { type: 'string', description: 'GPUs per node (default: 1; 0 trains on CPUs).' },
  nodes: { type: 'string', description: 'Number of nodes (default: 1).' },
  launch: {
    type: 'string',
    description: 'How to distribute the training: single, ddp, fsdp2 or zero3 (default: by GPUs and nodes).',
  },
  name: { type: 'string', description: 'Label of the job, for people and queues (default: aloe).' },
};

const trainerOption: z.ZodType<JsonValue> = z.json();
const trainerOptions = z.record(z.string(), trainerOption).optional();
const data = z
  .union([z.string(), z.strictObject({ train: z.string(), validation: z.string().optional() })])
  .optional();

const recipeSchema = z.strictObject({
  base: z.string().optional(),
  sft: data,
  dpo: data,
  preset: z.enum(['lora', 'paper']).optional(),
  sftOptions: trainerOptions,
  dpoOptions: trainerOptions,
  resources: z
    .strictObject({
      gpus: z.number().optional(),
      nodes: z.number().optional(),
      cpus: z.number().optional(),
      memoryGiB: z.number().optional(),
      timeLimitMinutes: z.number().optional(),
    })
    .optional(),
  launch: z.enum(['single', 'ddp', 'fsdp2', 'zero3']).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  name: z.string().optional(),
});

const RECIPE: ExpectedFile = {
  what: 'a recipe',
  hint: 'A recipe holds options of interactToAlign(), such as {"base": "my-model", "sft": "sft.jsonl"}.',
};

/** The job that flags and recipe file describe. @throws InvalidOptionError, InvalidFileError */
export async function jobFrom(
  args: Readonly<Partial<Record<JobFlag, string>>>,
  signal: AbortSignal,
): Promise<TrainingJob> {
  const recipe = args.recipe === undefined ? {} : await readJsonFile(args.recipe, recipeSchema, RECIPE);
  const { recipe: _file, gpus, nodes, ...texts } = args;
  const flags = Object.fromEntries(
    Object.entries(texts).filter(([name, value]) => name in jobArgs && value !== undefined),
  ) as Partial<InteractToAlignOptions>;
  const { base, ...rest } = { ...recipe, ...flags };
  if (base === undefined) throw new InvalidOptionError('base', 'the name or directory of a model', base);
  const resources = {
    ...recipe.resources,
    ...(gpus !== undefined && { gpus: wholeNumber('gpus', gpus) }),
    ...(nodes !== undefined && { nodes: wholeNumber('nodes', nodes) }),
  };
  return interactToAlign({ ...rest, base, resources, signal });
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidOptionError(option, 'a whole number', text);
  return Number(text);
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StringArgDef } from 'citty';
import type * as z from 'zod';
import type { TrainingConfig } from '../../config/config.ts';
import { recipeSchema } from '../../config/config-schema.ts';
import { readPlainFile } from '../../config/read-config.ts';
import { InvalidFileError, InvalidOptionError } from '../../errors.ts';
import { describeIssues } from '../../internal/describe-issues.ts';
import { filesDir } from '../../pipeline/files-dir.ts';
import { pipelineFiles } from '../../pipeline/pipeline-files.ts';
import {
  type InteractToAlignOptions,
  interactToAlign,
  type TrainingData,
} from '../../training/job/interact-to-align.ts';
import type { TrainingJob } from '../../training/job/training-job.ts';
import { readNumber } from '../read-number.ts';
import { findConfig } from '../study/find-config.ts';
import { studyArgs } from '../study/study.ts';
import { namedValueArg, namedValues } from './named-values.ts';

type JobFlag =
  | 'config'
  | 'run'
  | 'recipe'
  | 'base'
  | 'sft'
  | 'dpo'
  | 'preset'
  | 'sft-validation'
  | 'dpo-validation'
  | 'sft-option'
  | 'dpo-option'
  | 'checkpoints'
  | 'gpus'
  | 'nodes'
  | 'cpus'
  | 'memory'
  | 'time-limit'
  | 'launch'
  | 'name';

export const jobArgs: Readonly<Record<JobFlag, StringArgDef>> = {
  config: studyArgs.config,
  run: {
    type: 'string',
    valueHint: 'DIR',
    description:
      "Run directory whose training files are used without --sft and --dpo (default: the config's).",
  },
  recipe: {
    type: 'string',
    valueHint: 'FILE',
    description:
      "JSON or YAML file with the options of interactToAlign(). They override the config's `training`, and flags override both.",
  },
  base: { type: 'string', description: 'Base model: a name on the hub, or a directory.' },
  sft: { type: 'string', description: 'Demonstrations for SFT, as trlSft() writes them.' },
  dpo: { type: 'string', description: 'Preference pairs for DPO, as trlDpo() writes them.' },
  'sft-validation': { type: 'string', valueHint: 'FILE', description: 'Demonstrations to validate SFT on.' },
  'dpo-validation': {
    type: 'string',
    valueHint: 'FILE',
    description: 'Preference pairs to validate DPO on.',
  },
  preset: { type: 'string', description: 'lora (default): adapters. paper: all weights.' },
  'sft-option': namedValueArg('An option of trl sft, with a value in YAML: learning_rate=2e-5.'),
  'dpo-option': namedValueArg('An option of trl dpo: beta=0.2, or loss_type=[sigmoid, sft].'),
  checkpoints: {
    type: 'string',
    valueHint: 'N|all',
    description: 'How many checkpoints of each stage to keep, for `aloe train choose` (default: the newest).',
  },
  gpus: { type: 'string', description: 'GPUs per node (default: 1; 0 trains on CPUs).' },
  nodes: { type: 'string', description: 'Number of nodes (default: 1).' },
  cpus: { type: 'string', description: "CPU cores per node (default: the engine's)." },
  memory: {
    type: 'string',
    valueHint: 'GIB',
    description: "Memory per node, in GiB (default: the engine's).",
  },
  'time-limit': {
    type: 'string',
    valueHint: 'MINUTES',
    description: "The engine ends the job after this many minutes (default: the engine's limit).",
  },
  launch: {
    type: 'string',
    description:
      'How to distribute the training: single, ddp, fsdp2, zero3, or the last two with -offload (default: by GPUs and nodes).',
  },
  name: { type: 'string', description: 'Label of the job, for people and queues (default: aloe).' },
};

/** Flags that are options of interactToAlign() by the same name. */
const TEXTS = ['base', 'sft', 'dpo', 'preset', 'launch', 'name'] as const;

/** Flags that stand for resources, with the smallest value of each. */
const RESOURCES = [
  ['gpus', 'gpus', 0],
  ['nodes', 'nodes', 1],
  ['cpus', 'cpus', 1],
  ['memory', 'memoryGiB', 1],
  ['time-limit', 'timeLimitMinutes', 1],
] as const;

const RECIPE_HINT =
  'A recipe holds options of interactToAlign(), such as {"base": "my-model", "sft": "sft.jsonl"}.';

type JobArguments = Readonly<Partial<Record<JobFlag, string>>>;

/** The job that config, recipe and flags describe. @throws InvalidOptionError, InvalidFileError */
export async function jobFrom(args: JobArguments, signal: AbortSignal): Promise<TrainingJob> {
  const { config, path } = await findConfig(args.config);
  const recipe = args.recipe === undefined ? {} : await readRecipe(args.recipe);
  const { run, checkpoints } = args;
  const flags = Object.fromEntries(
    TEXTS.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])),
  ) as Partial<InteractToAlignOptions>;
  const own = {
    ...recipe,
    ...flags,
    ...(checkpoints !== undefined && { checkpoints: readCheckpoints(checkpoints) }),
  };
  const { sft, dpo, ...settings }: Partial<TrainingConfig> = config.training ?? {};
  const { base, ...rest } = { ...settings, ...own };
  if (base === undefined) {
    throw new InvalidOptionError('base', 'the name or directory of a model', base, {
      hint: 'Add --base, or `training: { base: … }` to the config file.',
    });
  }
  const resources = { ...settings.resources, ...recipe.resources, ...resourcesFrom(args) };
  const hasRun = path !== null || run !== undefined;
  // Whoever names data by hand names all of it: SFT alone and DPO alone are jobs too.
  const isNamed = own.sft !== undefined || own.dpo !== undefined || !hasRun;
  if (!hasRun && own.sft === undefined && own.dpo === undefined) {
    throw new InvalidOptionError('There are no training files.', {
      hint: 'Name them with --sft and --dpo, or use --run to name a run that has exported some.',
    });
  }
  const data = isNamed ? own : await dataOfRun(filesDir(run === undefined ? config : { run }), { sft, dpo });
  const sftPart = await stagePart('sft', data.sft, args, rest.sftOptions);
  const dpoPart = await stagePart('dpo', data.dpo, args, rest.dpoOptions);
  return interactToAlign({ ...rest, ...sftPart, ...dpoPart, base, resources, signal });
}

/** Data and options of a stage. Flags override the options of config and recipe one by one. */
async function stagePart<Stage extends 'sft' | 'dpo'>(
  stage: Stage,
  data: TrainingData | undefined,
  args: JobArguments,
  options: InteractToAlignOptions['sftOptions'],
): Promise<object> {
  const validation = args[`${stage}-validation`];
  const given = args[`${stage}-option`];
  if (data === undefined) {
    const [flag, value] =
      validation === undefined
        ? ([`${stage}-option`, given] as const)
        : ([`${stage}-validation`, validation] as const);
    if (value === undefined) return {};
    throw new InvalidOptionError(flag, `training data for ${stage} too, as in --${stage}`, value);
  }
  const train = typeof data === 'string' ? data : data.train;
  return {
    [stage]: validation === undefined ? data : { train, validation },
    [`${stage}Options`]: { ...options, ...(await namedValues(`${stage}-option`, given)) },
  };
}

async function readRecipe(path: string): Promise<z.infer<typeof recipeSchema>> {
  const value = await readPlainFile(path, RECIPE_HINT);
  const parsed = recipeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidFileError(path, `is not a recipe: ${describeIssues(parsed.error, value)}.`, {
    hint: RECIPE_HINT,
  });
}

function resourcesFrom(args: JobArguments): InteractToAlignOptions['resources'] {
  const given = RESOURCES.flatMap(([flag, name, min]) => {
    const text = args[flag];
    return text === undefined ? [] : [[name, readNumber(flag, text, { min, whole: true })]];
  });
  return Object.fromEntries(given);
}

function readCheckpoints(value: string): number | 'all' {
  return value === 'all' ? value : readNumber('checkpoints', value, { min: 2, whole: true });
}

interface JobData {
  readonly sft?: TrainingData | undefined;
  readonly dpo?: TrainingData | undefined;
}

/** The training files that a config names, else those that its run has exported. */
async function dataOfRun(run: string, { sft, dpo }: JobData): Promise<JobData> {
  const { data } = pipelineFiles(run);
  const found = {
    sft: sft ?? (await dataFiles(join(data, 'trl-sft'))),
    dpo: dpo ?? (await dataFiles(join(data, 'trl-dpo'))),
  };
  if (found.sft !== undefined || found.dpo !== undefined) return found;
  throw new InvalidOptionError(`There are no training files of TRL in ${data}.`, {
    hint: 'Write them with `aloe run` or `aloe export --formats trl-sft,trl-dpo`, or name others with --sft and --dpo.',
  });
}

async function dataFiles(stem: string): Promise<TrainingData | undefined> {
  const [train, validation] = [`${stem}.train.jsonl`, `${stem}.validation.jsonl`];
  if (!(await hasContent(train))) return undefined;
  return (await hasContent(validation)) ? { train, validation } : train;
}

async function hasContent(path: string): Promise<boolean> {
  return stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );
}

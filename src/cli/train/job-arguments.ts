import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StringArgDef } from 'citty';
import type { TrainingConfig } from '../../config/config.ts';
import { recipeSchema } from '../../config/config-schema.ts';
import { InvalidOptionError } from '../../errors.ts';
import { type ExpectedFile, readJsonFile } from '../../internal/json-file.ts';
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

type JobFlag =
  | 'config'
  | 'run'
  | 'recipe'
  | 'base'
  | 'sft'
  | 'dpo'
  | 'preset'
  | 'checkpoints'
  | 'gpus'
  | 'nodes'
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
      "JSON file with the options of interactToAlign(). They override the config's `training`, and flags override both.",
  },
  base: { type: 'string', description: 'Base model: a name on the hub, or a directory.' },
  sft: { type: 'string', description: 'Demonstrations for SFT, as trlSft() writes them.' },
  dpo: { type: 'string', description: 'Preference pairs for DPO, as trlDpo() writes them.' },
  preset: { type: 'string', description: 'lora (default): adapters. paper: all weights.' },
  checkpoints: {
    type: 'string',
    valueHint: 'N|all',
    description: 'How many checkpoints of each stage to keep, for `aloe train choose` (default: the newest).',
  },
  gpus: { type: 'string', description: 'GPUs per node (default: 1; 0 trains on CPUs).' },
  nodes: { type: 'string', description: 'Number of nodes (default: 1).' },
  launch: {
    type: 'string',
    description:
      'How to distribute the training: single, ddp, fsdp2, zero3, or the last two with -offload (default: by GPUs and nodes).',
  },
  name: { type: 'string', description: 'Label of the job, for people and queues (default: aloe).' },
};

const RECIPE: ExpectedFile = {
  what: 'a recipe',
  hint: 'A recipe holds options of interactToAlign(), such as {"base": "my-model", "sft": "sft.jsonl"}.',
};

type JobArguments = Readonly<Partial<Record<JobFlag, string>>>;

/** The job that config, recipe and flags describe. @throws InvalidOptionError, InvalidFileError */
export async function jobFrom(args: JobArguments, signal: AbortSignal): Promise<TrainingJob> {
  const { config, path } = await findConfig(args.config);
  const recipe = args.recipe === undefined ? {} : await readJsonFile(args.recipe, recipeSchema, RECIPE);
  const { recipe: _file, config: _path, run, gpus, nodes, checkpoints, ...texts } = args;
  const flags = Object.fromEntries(
    Object.entries(texts).filter(([name, value]) => name in jobArgs && value !== undefined),
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
  const resources = {
    ...settings.resources,
    ...recipe.resources,
    ...(gpus !== undefined && { gpus: readNumber('gpus', gpus, { min: 0, whole: true }) }),
    ...(nodes !== undefined && { nodes: readNumber('nodes', nodes, { min: 1, whole: true }) }),
  };
  const hasRun = path !== null || run !== undefined;
  // Whoever names data by hand names all of it: SFT alone and DPO alone are jobs too.
  const isNamed = own.sft !== undefined || own.dpo !== undefined || !hasRun;
  const data = isNamed ? own : await dataOfRun(filesDir(run === undefined ? config : { run }), { sft, dpo });
  return interactToAlign({ ...rest, sft: data.sft, dpo: data.dpo, base, resources, signal });
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

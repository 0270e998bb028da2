import type { ArgDef } from 'citty';
import { instructions } from '../../abilities/instructions.ts';
import { recipeSchema } from '../../config/config-schema.ts';
import { InvalidOptionError } from '../../errors.ts';
import { readJsonFile } from '../../internal/json-file.ts';
import type { MixOptions } from '../../preferences/general-chat.ts';
import type { ReproducedBase } from '../../reproduce/base-model.ts';
import type { ReproduceOptions, ReproductionRecipe } from '../../reproduce/reproduction.ts';
import { readNumber, readOptionalNumber } from '../read-number.ts';
import { engineArgs } from '../train/engines.ts';

/** The flags about bases, general chat and training. */
export const reproduceArgs: Readonly<Record<string, ArgDef>> = {
  base: {
    type: 'string',
    valueHint: 'MODELS',
    description:
      'Base models, separated by commas: names on the hub, directories, or gguf:FILE, hf:OWNER/REPO:QUANT, embedded.',
  },
  sizes: {
    type: 'string',
    valueHint: 'paper|small',
    default: 'paper',
    description:
      "paper: the paper's sizes. small: a dozen short conversations and judging by rules. Flags and the config change each size.",
  },
  'general-chat': {
    type: 'string',
    valueHint: 'FILE',
    description:
      'JSON Lines file of general conversations to mix into SFT, such as CodeActInstruct. Needed for Table 2.',
  },
  'general-chat-ratio': {
    type: 'string',
    valueHint: 'N',
    description: 'General rows per row from the conversations (default: 1).',
  },
  recipe: {
    type: 'string',
    valueHint: 'FILE',
    description: 'JSON file with options of interactToAlign(): preset, sftOptions, dpoOptions, resources.',
  },
  preset: {
    type: 'string',
    valueHint: 'paper|lora',
    description: 'What is trained: all weights, as in the paper, or adapters (default: paper).',
  },
  epochs: { type: 'string', valueHint: 'N', description: 'Epochs of SFT and of DPO (default: 1).' },
  gpus: { type: 'string', valueHint: 'N', description: 'GPUs per node (default: 1; 0 trains on CPUs).' },
  ...engineArgs,
  dir: {
    type: 'string',
    valueHint: 'DIR',
    description: 'Directory for training jobs (default: training in the run directory).',
  },
  'serve-command': {
    type: 'string',
    valueHint: 'WORDS',
    description:
      'Serves a trained model, with {model} and {port} in it: "vllm serve {model} --host 127.0.0.1 --port {port}" (default: transformers serve). GGUF bases are served in this process.',
  },
  abilities: {
    type: 'string',
    valueHint: 'N|all',
    description: `Also measure the general ability of each row, with N of ${instructions.length} requests (default: not measured).`,
  },
  estimate: {
    type: 'boolean',
    description: 'Only say what it would cost: calls, tokens, dollars, GPU hours.',
  },
};

type Args = Readonly<Record<string, unknown>>;

/** @throws InvalidOptionError if `--base` names no model. */
export function basesFrom({ base }: Args): readonly ReproducedBase[] {
  const models = String(base ?? '')
    .split(',')
    .map((model) => model.trim())
    .filter((model) => model !== '');
  if (models.length > 0) return models.map((model) => ({ model }));
  throw new InvalidOptionError('base', 'the name or directory of a model', base);
}

/** @throws InvalidOptionError for a ratio without a file, or one that is not above 0. */
export function generalChatFrom(args: Args): MixOptions | undefined {
  const path = args['general-chat'] as string | undefined;
  const ratio = args['general-chat-ratio'] as string | undefined;
  if (path === undefined) {
    if (ratio === undefined) return undefined;
    throw new InvalidOptionError('general-chat', 'a file (required with --general-chat-ratio)', path);
  }
  return { path, ratio: readPositive('general-chat-ratio', ratio) ?? 1 };
}

function readPositive(option: string, text: string | undefined): number | undefined {
  const value = readOptionalNumber(option, text, { min: 0 });
  if (value === 0) throw new InvalidOptionError(option, 'a number above 0', text);
  return value;
}

/** @throws InvalidOptionError for a number that is no number of requests. */
export function abilitiesFrom({ abilities }: Args): ReproduceOptions['abilities'] {
  if (abilities === undefined) return undefined;
  if (abilities === 'all') return {};
  return {
    count: readNumber('abilities', String(abilities), { min: 1, max: instructions.length, whole: true }),
  };
}

/** How to train: the recipe file, changed by the flags. @throws InvalidOptionError, InvalidFileError */
export async function recipeFrom(args: Args): Promise<ReproductionRecipe> {
  const file = args.recipe as string | undefined;
  const {
    base: _base,
    sft: _sft,
    dpo: _dpo,
    name: _name,
    ...recipe
  } = file === undefined
    ? {}
    : await readJsonFile(file, recipeSchema, {
        what: 'a recipe',
        hint: 'A recipe holds options of interactToAlign(), such as {"sftOptions": {"learning_rate": 1e-5}}.',
      });
  const epochs = readPositive('epochs', args.epochs as string | undefined);
  const length = epochs === undefined ? {} : { num_train_epochs: epochs };
  const gpus = args.gpus as string | undefined;
  return {
    preset: 'paper',
    ...recipe,
    ...(args.preset !== undefined && { preset: args.preset as ReproductionRecipe['preset'] }),
    sftOptions: { ...recipe.sftOptions, ...length },
    dpoOptions: { ...recipe.dpoOptions, ...length },
    resources: {
      ...recipe.resources,
      ...(gpus !== undefined && { gpus: readNumber('gpus', gpus, { min: 0, whole: true }) }),
    },
  };
}

import type { BooleanArgDef, StringArgDef } from 'citty';
import { openGguf } from '../config/open-gguf.ts';
import type { OpenedModel } from '../config/opened-model.ts';
import { readKey } from '../config/read-key.ts';
import { revisionOfDirectory } from '../config/revision-of-directory.ts';
import { SMALL_MODEL, smallModelNote } from '../config/small-model.ts';
import { InvalidOptionError, RunConflictError } from '../errors.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { embeddedModel } from '../models/embedded.ts';
import { openai } from '../models/openai.ts';
import type { PullGgufOptions } from '../models/pull-gguf.ts';
import { GIVE_REVISION, passSameModel } from '../runs/served-models.ts';
import { pullWithProgress } from './pull-with-progress.ts';
import { createStatusLine, megabytes, printError } from './terminal.ts';

/** What the flags choose. */
export type ChosenModel = OpenedModel;

/** Used when only `OPENAI_API_KEY` is set. */
export const DEFAULT_OPENAI_MODEL = 'gpt-4o-mini';

/** The command-line options that select a model. */
export interface ModelArguments {
  readonly model?: string | undefined;
  readonly 'base-url'?: string | undefined;
  readonly 'key-env'?: string | undefined;
  readonly revision?: string | undefined;
  readonly gguf?: string | undefined;
  readonly embedded?: boolean | undefined;
  readonly 'models-dir'?: string | undefined;
  readonly offline?: boolean | undefined;
}

/**
 * The model selected by the options, else by `OPENAI_API_KEY`, else the embedded one, which is downloaded if need be.
 *
 * @param role Whose flags these are, for errors: `user` for `--user-model`. Default: those of `--model`.
 * @throws InvalidOptionError for more than one model, or a base URL, key or revision without a model name.
 */
export async function chooseModel(
  args: ModelArguments,
  signal: AbortSignal,
  role?: string,
): Promise<ChosenModel> {
  const { model, gguf, embedded } = args;
  const baseUrl = args['base-url'];
  const chosen = [model !== undefined && '--model', gguf !== undefined && '--gguf', embedded && '--embedded'];
  if (chosen.filter(Boolean).length > 1) {
    throw new InvalidOptionError(
      'model',
      'only one of --model, --gguf and --embedded',
      chosen.filter(Boolean).join(' and '),
    );
  }
  if (baseUrl !== undefined && model === undefined) {
    throw new InvalidOptionError('model', 'a model name (required with a base URL)', model);
  }
  if (args.revision !== undefined && model === undefined) {
    throw new InvalidOptionError('model', 'a model name (required with a revision)', model);
  }
  if (args['key-env'] !== undefined && model === undefined) {
    throw new InvalidOptionError('model', 'a model name (required with --key-env)', model);
  }
  const { 'models-dir': modelsDir, offline } = args;
  if (gguf !== undefined) return openShown(gguf, { modelsDir, offline, signal });
  if (model !== undefined) {
    const revision = args.revision ?? revisionOfDirectory(model, baseUrl);
    const directory = args.revision === undefined && revision !== undefined ? model : undefined;
    const apiKey = readKey(role === undefined ? 'key-env' : `${role}-key-env`, args['key-env']);
    return { model: openai(model, { baseUrl, revision, apiKey }), note: '', directory };
  }
  if (process.env.OPENAI_API_KEY && !embedded) return { model: openai(DEFAULT_OPENAI_MODEL), note: '' };
  await pullWithProgress({ sets: ['smollm2-135m-instruct'], modelsDir, offline, signal });
  return {
    model: embeddedModel({ modelsDir }),
    note: smallModelNote('the embedded model has only', 135_000_000),
    ...SMALL_MODEL,
  };
}

/** Opens a GGUF model, shows its download, and prints what it warns of. */
async function openShown(gguf: string, options: PullGgufOptions): Promise<ChosenModel> {
  const status = createStatusLine();
  try {
    const opened = await openGguf(gguf, {
      ...options,
      onProgress: ({ bytes, totalBytes }) =>
        status.update(`  ${gguf}: ${megabytes(bytes)} of ${megabytes(totalBytes)}`, bytes / totalBytes),
    });
    if (opened.warning !== undefined) printError(opened.warning);
    return opened;
  } finally {
    status.clear();
  }
}

/** The flags on key and weights of `--model`, the same in every command. */
export const servedModelArgs: {
  readonly 'key-env': StringArgDef;
  readonly revision: StringArgDef;
  readonly 'same-model': BooleanArgDef;
} = {
  'key-env': {
    type: 'string',
    description:
      'Environment variable with the API key of --base-url. OPENAI_API_KEY goes to OpenAI or OPENAI_BASE_URL only.',
  },
  revision: {
    type: 'string',
    description: 'Name for the weights of --model, if its server can have new weights under the same name.',
  },
  'same-model': { type: 'boolean', description: 'Resume: --model still has the same weights.' },
};

/** A model of a command, with the flags that say which weights it has. */
export interface FlaggedModel {
  readonly model: ChatModel;
  /** Says that they are unchanged: `same-model`. */
  readonly same: string;
  /** Names them: `revision`. */
  readonly revision: string;
}

/** What a command's flags say of the weights of its models. */
export interface SaidOfWeights {
  /** Ids of the models whose weights are said to be unchanged. */
  readonly sameModel: readonly string[];
  /** The flags to add to resume, with a space before each: a server of your own may have new weights by then. */
  readonly resumeFlags: string;
}

/** Reads from a command's arguments which of its models are said to be unchanged. */
export function readWeights(models: readonly FlaggedModel[], args: object): SaidOfWeights {
  const given: Readonly<Record<string, unknown>> = { ...args };
  const isSame = ({ same }: FlaggedModel) => given[same] === true;
  return {
    sameModel: models.filter(isSame).map(({ model }) => model.id),
    resumeFlags: models
      .filter((own) => !isSame(own) && own.model.server?.stable === false)
      .map(({ same }) => ` --${same}`)
      .join(''),
  };
}

/** The error of a run that refuses a model, in terms of flags. Other errors are returned as they are. */
export function inFlags(error: unknown, models: readonly FlaggedModel[]): unknown {
  if (!RunConflictError.isInstance(error) || error.hint === undefined) return error;
  const refused = models.find(({ model }) => model.id === error.modelId);
  if (refused === undefined) return error;
  const hint = error.hint
    .replace('raise maxRebought', 'raise --max-rebought')
    .replace(passSameModel(refused.model.id), `add --${refused.same}`)
    .replace(GIVE_REVISION, `add --${refused.revision} NAME`);
  return new RunConflictError(error.message.replace(` ${error.hint}`, ''), {
    modelId: refused.model.id,
    hint,
    cause: error,
  });
}

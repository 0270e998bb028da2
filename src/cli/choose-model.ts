import type { BooleanArgDef, StringArgDef } from 'citty';
import type { ConfigModel } from '../config/config.ts';
import { openModel } from '../config/open-model.ts';
import type { OpenedModel } from '../config/opened-model.ts';
import { InvalidOptionError, RunConflictError } from '../errors.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { GIVE_REVISION, passSameModel } from '../runs/served-models.ts';
import { showWeights } from './pull-with-progress.ts';
import { printError } from './terminal.ts';

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
): Promise<OpenedModel> {
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
  const display = showWeights();
  try {
    const opened = await openModel(settingsOf(args), {
      modelsDir,
      offline,
      signal,
      onEvent: display.take,
      option: role === undefined ? 'model' : `${role}-model`,
      keyOption: role === undefined ? 'key-env' : `${role}-key-env`,
    });
    if (opened.warning !== undefined) printError(opened.warning);
    return opened;
  } finally {
    display.stop();
  }
}

function settingsOf({ model, gguf, embedded, ...args }: ModelArguments): ConfigModel | undefined {
  if (gguf !== undefined) return gguf.startsWith('hf:') ? gguf : `gguf:${gguf}`;
  if (embedded) return 'embedded';
  if (model === undefined) return undefined;
  return { model, baseUrl: args['base-url'], revision: args.revision, keyEnv: args['key-env'] };
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
  return withHint(error, {
    same: passSameModel(refused.model.id),
    addSame: `add --${refused.same}`,
    addRevision: `add --${refused.revision} NAME`,
  });
}

/** The error of a run that refuses a model, in terms of a config. Other errors are returned as they are. */
export function inConfig(error: unknown): unknown {
  if (!RunConflictError.isInstance(error) || error.hint === undefined || error.modelId === undefined)
    return error;
  return withHint(error, {
    same: passSameModel(error.modelId),
    addSame: 'add --same-model',
    addRevision: 'give the model a `revision` in the config',
  });
}

/** The hint of a run in the words of whoever opened it. */
function withHint(
  error: RunConflictError,
  {
    same,
    addSame,
    addRevision,
  }: { readonly same: string; readonly addSame: string; readonly addRevision: string },
): RunConflictError {
  const hint = (error.hint ?? '')
    .replace('raise maxRebought', 'raise --max-rebought')
    .replace(same, addSame)
    .replace(GIVE_REVISION, addRevision);
  return new RunConflictError(error.message.replace(` ${error.hint}`, ''), {
    modelId: error.modelId,
    hint,
    cause: error,
  });
}

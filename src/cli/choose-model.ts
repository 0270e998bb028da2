import type { BooleanArgDef, StringArgDef } from 'citty';
import type { ConfigModel } from '../config/config.ts';
import { openModel } from '../config/open-model.ts';
import type { OpenedModel } from '../config/opened-model.ts';
import { readKey } from '../config/read-key.ts';
import { InvalidOptionError, RunConflictError } from '../errors.ts';
import { type ChatTemplateKwargs, checkChatTemplateKwargs } from '../models/chat-template-kwargs.ts';
import { PROMPT_CACHES, type PromptCache } from '../models/prompt-cache/prompt-cache.ts';
import { CALL_TIMEOUTS, servedScalars } from '../models/served-options.ts';
import { GIVE_REVISION, passSameModel } from '../runs/served/served-models.ts';
import { showWeights } from './pull-with-progress.ts';
import { readOptionalNumber } from './read-number.ts';
import { printError } from './terminal.ts';

/** The command-line options that select a model. */
export interface ModelArguments {
  readonly model?: string | undefined;
  readonly 'base-url'?: string | undefined;
  readonly 'key-env'?: string | undefined;
  readonly revision?: string | undefined;
  readonly 'timeout-ms'?: string | undefined;
  readonly 'prompt-cache'?: string | undefined;
  readonly batch?: boolean | undefined;
  readonly 'chat-template-kwargs'?: string | undefined;
  readonly gguf?: string | undefined;
  readonly embedded?: boolean | undefined;
}

/**
 * The model that the options name. Nothing is opened.
 *
 * @param role Whose flags these are, for errors: `user` for `--user-model`. Default: those of `--model`.
 * @returns undefined if they name none.
 * @throws InvalidOptionError for more than one model, a key that is not set, a wrong time limit or prompt
 * cache, or an option of a served model without a model.
 */
export function namedModel(args: ModelArguments, role?: string): ConfigModel | undefined {
  const { model, gguf, embedded } = args;
  const prefix = role === undefined ? '' : `${role}-`;
  const chosen = [model !== undefined && '--model', gguf !== undefined && '--gguf', embedded && '--embedded'];
  if (chosen.filter(Boolean).length > 1) {
    throw new InvalidOptionError(
      'model',
      'only one of --model, --gguf and --embedded',
      chosen.filter(Boolean).join(' and '),
    );
  }
  if (model === undefined) {
    for (const [option, what] of SERVED_ONLY) {
      if (args[option] === undefined) continue;
      const why = role === undefined ? what : `--${prefix}${option}`;
      throw new InvalidOptionError(`${prefix}model`, `a model name (required with ${why})`, model);
    }
  }
  if (gguf !== undefined) return gguf.startsWith('hf:') ? gguf : `gguf:${gguf}`;
  if (embedded) return 'embedded';
  if (model === undefined) return undefined;
  readKey(`${prefix}key-env`, args['key-env']);
  return {
    model,
    baseUrl: args['base-url'],
    revision: args.revision,
    keyEnv: args['key-env'],
    timeoutMs: readOptionalNumber(`${prefix}timeout-ms`, args['timeout-ms'], CALL_TIMEOUTS),
    promptCache: servedScalars.promptCache(
      args['prompt-cache'] as PromptCache | undefined,
      `${prefix}prompt-cache`,
    ),
    batch: args.batch,
    chatTemplateKwargs: readKwargs(`${prefix}chat-template-kwargs`, args['chat-template-kwargs']),
  };
}

const SERVED_ONLY = [
  ['base-url', 'a base URL'],
  ['revision', 'a revision'],
  ['key-env', '--key-env'],
  ['timeout-ms', '--timeout-ms'],
  ['prompt-cache', '--prompt-cache'],
  ['batch', '--batch'],
  ['chat-template-kwargs', '--chat-template-kwargs'],
] as const;

function readKwargs(option: string, given: string | undefined): ChatTemplateKwargs | undefined {
  if (given === undefined) return undefined;
  try {
    return checkChatTemplateKwargs(option, JSON.parse(given));
  } catch (error) {
    if (InvalidOptionError.isInstance(error)) throw error;
    throw new InvalidOptionError(option, 'JSON, such as \'{"enable_thinking":false}\'', given);
  }
}

/** Opens a model, by default that of `OPENAI_API_KEY`, else the embedded one, which is downloaded if need be. */
export async function openNamed(
  named: ConfigModel | undefined,
  signal: AbortSignal,
  option = 'model',
): Promise<OpenedModel> {
  const display = showWeights();
  try {
    const opened = await openModel(named, { signal, onEvent: display.take, option });
    if (opened.warning !== undefined) printError(opened.warning);
    return opened;
  } finally {
    display.stop();
  }
}

/** The flag with the time limit of a model's calls. @param model The flag that names the model. */
export function timeoutArg(model: string): StringArgDef {
  return {
    type: 'string',
    valueHint: 'N',
    description: `Time limit of one call of ${model}, in milliseconds (default: 600000).`,
  };
}

/** The flag that says how a model's server finds its prompt cache. @param model The flag that names the model. */
export function promptCacheArg(model: string): StringArgDef {
  return {
    type: 'string',
    valueHint: PROMPT_CACHES.join('|'),
    description: `How to tell the server of ${model} which calls extend the same prompt: key sends prompt_cache_key, slots is for llama.cpp (default: key for OpenAI, else none).`,
  };
}

/** The flag that sends calls through a batch API. @param model The flag that names the model. */
export function batchArg(model: string): BooleanArgDef {
  return {
    type: 'boolean',
    description: `Send calls of ${model} through the server's batch API: half the price, up to 24 hours per round of calls.`,
  };
}

/** The flag with variables of a model's chat template. @param model The flag that names the model. */
export function chatTemplateArg(model: string): StringArgDef {
  return {
    type: 'string',
    valueHint: 'JSON',
    description: `Variables for the chat template of ${model}, such as '{"enable_thinking":false}'.`,
  };
}

/** The flags on the server and weights of `--model`, the same in every command. */
export const servedModelArgs: {
  readonly 'key-env': StringArgDef;
  readonly 'timeout-ms': StringArgDef;
  readonly 'prompt-cache': StringArgDef;
  readonly batch: BooleanArgDef;
  readonly 'chat-template-kwargs': StringArgDef;
  readonly revision: StringArgDef;
  readonly 'same-model': BooleanArgDef;
} = {
  'key-env': {
    type: 'string',
    description:
      'Environment variable with the API key of --base-url. OPENAI_API_KEY goes to OpenAI or OPENAI_BASE_URL only.',
  },
  'timeout-ms': timeoutArg('--model'),
  'prompt-cache': promptCacheArg('--model'),
  batch: batchArg('--model'),
  'chat-template-kwargs': chatTemplateArg('--model'),
  revision: {
    type: 'string',
    description: 'Name for the weights of --model, if its server can have new weights under the same name.',
  },
  'same-model': { type: 'boolean', description: 'Resume: --model still has the same weights.' },
};

/** A model of a command, with the flags that say which weights it has. */
export interface FlaggedModel {
  readonly model: OpenedModel['model'];
  /** Says that they are unchanged: `same-model`. */
  readonly same: string;
  /** Names them: `revision`. Undefined if the model is from a config, which names them itself. */
  readonly revision: string | undefined;
}

/** The flags to add to resume, with a space before each: a server of your own may have new weights by then. */
export function resumeFlags(models: readonly FlaggedModel[], args: object): string {
  const given: Readonly<Record<string, unknown>> = { ...args };
  return models
    .filter(({ model, same }) => given[same] !== true && model.server?.stable === false)
    .map(({ same }) => ` --${same}`)
    .join('');
}

const REVISION_IN_CONFIG = 'give the model a `revision` in the config';

/** The error of a run that refuses a model, in terms of flags. Other errors are returned as they are. */
export function inFlags(error: unknown, models: readonly FlaggedModel[]): unknown {
  if (!RunConflictError.isInstance(error) || error.hint === undefined) return error;
  const refused = models.find(({ model }) => model.id === error.modelId);
  if (refused === undefined) return error;
  return withHint(error, {
    same: passSameModel(refused.model.id),
    addSame: `add --${refused.same}`,
    addRevision: refused.revision === undefined ? REVISION_IN_CONFIG : `add --${refused.revision} NAME`,
  });
}

/** The error of a run that refuses a model, in terms of a config. Other errors are returned as they are. */
export function inConfig(error: unknown): unknown {
  if (!RunConflictError.isInstance(error) || error.hint === undefined || error.modelId === undefined)
    return error;
  return withHint(error, {
    same: passSameModel(error.modelId),
    addSame: 'add --same-model',
    addRevision: REVISION_IN_CONFIG,
  });
}

/** The error with flags, or options of a config, in its hint in place of the names in code. */
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

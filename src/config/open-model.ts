import { InvalidOptionError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { checkMethod } from '../internal/options.ts';
import { aiSdk } from '../models/ai-sdk.ts';
import { balanced } from '../models/balancing/balanced.ts';
import { batched } from '../models/batch/batched.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { embeddedModel } from '../models/embedded.ts';
import { openai } from '../models/openai.ts';
import { openaiCompatible } from '../models/openai-compatible.ts';
import { type PullWeightsOptions, pullWeights } from '../weights/pull-weights.ts';
import { readBaseUrls } from './base-urls.ts';
import type { ConfigModel, ModelSettings } from './config.ts';
import { type ModelReference, parseModelReference, REFERENCE_FORMS } from './model-reference.ts';
import { openGguf } from './open-gguf.ts';
import type { OpenedModel } from './opened-model.ts';
import { readKey } from './read-key.ts';
import { revisionOfDirectory } from './revision-of-directory.ts';
import { SMALL_MODEL, smallModelNote } from './small-model.ts';

/** Used when no model is named and `OPENAI_API_KEY` is set. */
export const DEFAULT_OPENAI_MODEL = 'gpt-4o-mini';

export type { OpenedModel } from './opened-model.ts';

/** Options of {@link openModel}. */
export interface OpenModelOptions
  extends Pick<PullWeightsOptions, 'modelsDir' | 'offline' | 'onEvent' | 'signal'> {
  /** What names the model, for errors: `models.judge` in a config, `judge-model` as a flag. Default `model`. */
  readonly option?: string | undefined;
  /** What names the variable with its key, for errors. Default: `keyEnv` of the model. */
  readonly keyOption?: string | undefined;
}

/**
 * Opens a model by its reference. Weights of the embedded model are downloaded if they are missing.
 *
 * @param given Default: `gpt-4o-mini` if `OPENAI_API_KEY` is set, else the embedded model.
 * @throws InvalidOptionError if it is not a reference, or its key is not set; MissingPackageError for an AI SDK provider that
 * is not installed.
 */
export async function openModel(
  given: ConfigModel | undefined,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  const { option = 'model' } = options;
  const settings = toSettings(given, option);
  if ('generate' in settings) return { model: settings, note: '' };
  const reference = parseModelReference(settings.model, option);
  refuseServer(settings, reference.kind, option);
  return open(reference, settings, options);
}

/** The model that is used when none is named. */
export function defaultReference(): string {
  return process.env.OPENAI_API_KEY ? `openai:${DEFAULT_OPENAI_MODEL}` : 'embedded';
}

function toSettings(given: ConfigModel | undefined, option: string): ModelSettings | ChatModel {
  if (given === undefined) return { model: defaultReference() };
  if (typeof given === 'string') return { model: given };
  if (typeof given === 'object' && given !== null) {
    if ('generate' in given) checkMethod(option, given, 'generate', 'a ChatModel');
    if ('generate' in given || typeof given.model === 'string') return given;
  }
  throw new InvalidOptionError(option, REFERENCE_FORMS, given);
}

/** @throws InvalidOptionError for a setting that models of this kind do not have. */
function refuseServer(settings: ModelSettings, kind: ModelReference['kind'], option: string): void {
  if (kind === 'openai' || kind === 'openai-compatible') return;
  for (const name of [
    'baseUrl',
    'keyEnv',
    'revision',
    'batch',
    'promptCache',
    'chatTemplateKwargs',
    'timeoutMs',
  ] as const) {
    if (settings[name] === undefined || (kind === 'ai-sdk' && name === 'timeoutMs')) continue;
    throw new InvalidOptionError(`${option}.${name}`, `no value for ${settings.model}`, settings[name]);
  }
}

async function open(
  reference: ModelReference,
  settings: ModelSettings,
  { option = 'model', keyOption = `${option}.keyEnv`, ...weights }: OpenModelOptions,
): Promise<OpenedModel> {
  switch (reference.kind) {
    case 'embedded':
      return openEmbedded(weights);
    case 'gguf':
      return openGguf(reference.path, {
        ...weights,
        onProgress: (progress) =>
          weights.onEvent?.({
            type: 'download-progress',
            set: reference.path,
            source: 'Hugging Face',
            ...progress,
          }),
      });
    case 'ai-sdk':
      return { model: await openProvider(reference, settings, option), note: '' };
    default:
      return openServed(reference, settings, { option, keyOption });
  }
}

async function openEmbedded(weights: Omit<OpenModelOptions, 'option' | 'keyOption'>): Promise<OpenedModel> {
  await pullWeights({ ...weights, sets: ['smollm2-135m-instruct'] });
  return {
    model: embeddedModel({ modelsDir: weights.modelsDir }),
    note: smallModelNote('the embedded model has only', 135_000_000),
    ...SMALL_MODEL,
  };
}

function openServed(
  reference: Extract<ModelReference, { kind: 'openai' | 'openai-compatible' }>,
  settings: ModelSettings,
  { option, keyOption }: { readonly option: string; readonly keyOption: string },
): OpenedModel {
  const { name } = reference;
  const inReference = reference.kind === 'openai-compatible' ? reference.baseUrl : undefined;
  if (inReference !== undefined && settings.baseUrl !== undefined) {
    throw new InvalidOptionError(`${option}.baseUrl`, 'no second base URL', settings.baseUrl);
  }
  const baseUrl = inReference ?? settings.baseUrl;
  const urls =
    baseUrl === undefined
      ? [undefined]
      : readBaseUrls(inReference === undefined ? `${option}.baseUrl` : option, baseUrl);
  const revisions = new Set(urls.map((url) => settings.revision ?? revisionOfDirectory(name, url)));
  // A server elsewhere may have other files under the directory's name.
  const revision = revisions.size === 1 ? [...revisions][0] : undefined;
  const directory = settings.revision === undefined && revision !== undefined ? name : undefined;
  const apiKey = readKey(keyOption, settings.keyEnv);
  const opened = (model: ChatModel) => ({
    model: settings.batch ? batched(model) : model,
    note: '',
    directory,
  });
  const { timeoutMs, promptCache, chatTemplateKwargs } = settings;
  const options = { revision, apiKey, timeoutMs, promptCache, chatTemplateKwargs };
  const at = (url: string | undefined): ChatModel => {
    if (reference.kind === 'openai') return openai(name, { ...options, baseUrl: url });
    const known = url ?? process.env.OPENAI_BASE_URL;
    if (known) return openaiCompatible(name, { ...options, baseUrl: known });
    throw new InvalidOptionError(
      option,
      'a base URL: openai-compatible:NAME@URL, or OPENAI_BASE_URL',
      settings.model,
    );
  };
  return opened(urls.length === 1 ? at(urls[0]) : balanced(urls.map(at)));
}

/** A model of an AI SDK provider: `@ai-sdk/anthropic` exports `anthropic`, a function from a model's name to the model. */
async function openProvider(
  { packageName, name }: Extract<ModelReference, { kind: 'ai-sdk' }>,
  { timeoutMs }: ModelSettings,
  option: string,
): Promise<ChatModel> {
  const exports = await importOptional<Readonly<Record<string, unknown>>>(
    packageName,
    `the model ai-sdk:${packageName}:${name}`,
  );
  const provider = packageName
    .split('/')
    .at(-1)!
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/AiProvider$|Provider$/, '');
  const make = exports[provider];
  if (typeof make === 'function') return aiSdk(make(name) as Parameters<typeof aiSdk>[0], { timeoutMs });
  throw new InvalidOptionError(
    option,
    `a package that exports the provider "${provider}", as @ai-sdk/anthropic exports "anthropic"`,
    packageName,
  );
}

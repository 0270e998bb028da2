import { existsSync } from 'node:fs';
import { splitBaseUrls } from '../config/base-urls.ts';
import type { ConfigModel, ModelSettings } from '../config/config.ts';
import { parseModelReference } from '../config/model-reference.ts';
import { AloeError, type AloeErrorCode } from '../errors.ts';
import { isOpenAI, resolveBaseUrl } from '../http/base-url.ts';
import { isInstalled } from '../internal/find-package.ts';
import { shellQuote } from '../internal/shell-quote.ts';
import { isGgufUri } from '../models/pull-gguf.ts';
import { locateWeights } from '../weights/models-directory.ts';
import type { WeightSetName } from '../weights/sources.ts';

/** Something a command needs and does not find, and what for. */
export type MissingPart = { readonly purpose: string } /** `instead` is the flags that do without it. */ & (
  | { readonly package: string; readonly instead?: string | undefined }
  | { readonly weights: WeightSetName }
  | { readonly file: string }
  | { readonly key: string }
);

/** What {@link missingForModel} needs beside the model. */
export interface MissingForModelOptions {
  /** What names the model: `model`, `judge-model`, or in a config `models.judge`. Default `model`. */
  readonly option?: string | undefined;
  readonly modelsDir?: string | undefined;
  readonly offline?: boolean | undefined;
}

/**
 * What a model needs and does not find.
 *
 * @param given Default: the model of `OPENAI_API_KEY`, else the embedded one.
 * @throws InvalidOptionError if it is not a reference.
 */
export function missingForModel(
  given: ConfigModel | undefined,
  { option = 'model', ...weights }: MissingForModelOptions = {},
): readonly MissingPart[] {
  if (typeof given === 'object' && 'generate' in given) return [];
  if (given === undefined && process.env.OPENAI_API_KEY) return [];
  const settings: ModelSettings = typeof given === 'object' ? given : { model: given ?? 'embedded' };
  const reference = parseModelReference(settings.model, option);
  switch (reference.kind) {
    case 'openai':
      return missingKey(reference.name, settings.baseUrl, settings.keyEnv);
    case 'openai-compatible':
      return [];
    case 'ai-sdk':
      return [reference.packageName, 'ai']
        .filter((name) => !isInstalled(name))
        .map((name) => ({ package: name, purpose: `is needed for ${settings.model}` }));
    default:
      return missingForLocal(reference.kind === 'gguf' ? reference.path : undefined, { option, ...weights });
  }
}

/** @param gguf Undefined for the embedded model. */
function missingForLocal(
  gguf: string | undefined,
  { option = 'model', modelsDir, offline }: MissingForModelOptions,
): readonly MissingPart[] {
  const role = /^(?:models\.(\w+)|(\w+)-model)$/.exec(option)?.slice(1).find(Boolean) ?? 'default';
  const isDefault = role === 'default';
  const parts: MissingPart[] = [];
  if (!isInstalled('node-llama-cpp')) {
    parts.push({
      package: 'node-llama-cpp',
      purpose: `runs the ${gguf === undefined ? 'embedded' : 'GGUF'} model${isDefault ? '' : ` (role: ${role})`}`,
      instead: `--${isDefault ? '' : `${role}-`}model openai-compatible:NAME@URL`,
    });
  }
  if (gguf !== undefined && !isGgufUri(gguf) && !existsSync(gguf)) {
    parts.push({ file: gguf, purpose: 'is to be the language model' });
  }
  if (gguf === undefined && offline && locateWeights('smollm2-135m-instruct', { modelsDir }) === null) {
    parts.push({ weights: 'smollm2-135m-instruct', purpose: 'are the embedded language model' });
  }
  return parts;
}

/** The key of a served model, if it is at OpenAI and no key was given. Other servers may need none. */
export function missingKey(
  model: string,
  baseUrl: string | undefined,
  keyVariable: string | undefined,
): MissingPart[] {
  if (keyVariable !== undefined || process.env.OPENAI_API_KEY) return [];
  const urls = baseUrl === undefined ? [undefined] : splitBaseUrls(baseUrl);
  if (!urls.some((url) => isOpenAI(resolveBaseUrl(url)))) return [];
  // `anthropic:NAME` reads as one of OpenAI's names, which have colons if they are fine-tuned.
  const elsewhere = /^(?!ft:)[^:]+:/.test(model) ? ' (another provider: ai-sdk:PACKAGE:NAME)' : '';
  return [{ key: 'OPENAI_API_KEY', purpose: `${model} is at OpenAI${elsewhere}` }];
}

/**
 * Refuses to start if anything is missing: names all of it at once, and one command that gets all that can be installed.
 *
 * @throws AloeError with the code of the first missing part.
 */
export function refuseMissing(
  parts: readonly MissingPart[],
  { modelsDir }: { readonly modelsDir?: string | undefined } = {},
): void {
  const lines = [...new Set(parts.map(describe))];
  if (lines.length === 0) return;
  const packages = [...new Set(parts.flatMap((part) => ('package' in part ? [part.package] : [])))];
  const pulls = parts.some((part) => 'weights' in part);
  const commands = [
    ...(packages.length === 0 ? [] : [`npm install ${packages.join(' ')}`]),
    ...(pulls
      ? [
          `npx aloe-align models pull${modelsDir === undefined ? '' : ` --models-dir ${shellQuote(modelsDir)}`}`,
        ]
      : []),
  ];
  const advice =
    commands.length === 0
      ? ''
      : `\nTo get it, run this here, and then the same command again:\n\n  ${commands.join(' && ')}\n`;
  const instead = [...new Set(parts.flatMap((part) => ('instead' in part ? [part.instead] : [])))];
  const others =
    instead.length === 0
      ? ''
      : `\nOr use a model that you have (vLLM, Ollama, LM Studio): ${instead.join(' ')}. Or set OPENAI_API_KEY.`;
  throw new AloeError(codeOf(parts[0]!), `Missing:\n${lines.join('\n')}\n${advice}${others}`);
}

function describe(part: MissingPart): string {
  const { purpose } = part;
  if ('package' in part) return `  - the package ${part.package}, which ${purpose}`;
  if ('weights' in part) return `  - the weights ${part.weights}, which ${purpose}`;
  if ('file' in part) return `  - the file ${part.file}, which ${purpose}`;
  return `  - a key: ${purpose}, and the environment variable ${part.key} is not set`;
}

function codeOf(part: MissingPart): AloeErrorCode {
  if ('package' in part) return 'missing-package';
  return 'key' in part ? 'missing-key' : 'missing-weights';
}

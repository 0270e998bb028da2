import { existsSync } from 'node:fs';
import { AloeError, type AloeErrorCode } from '../errors.ts';
import { isOpenAI, resolveBaseUrl } from '../http/base-url.ts';
import { isInstalled } from '../internal/find-package.ts';
import { shellQuote } from '../internal/shell-quote.ts';
import { isGgufUri } from '../models/pull-gguf.ts';
import { locateWeights } from '../weights/models-directory.ts';
import type { WeightSetName } from '../weights/sources.ts';
import type { ModelArguments } from './choose-model.ts';

/** Something a command needs and does not find, and what for. */
export type MissingPart = { readonly purpose: string } /** `instead` is the flags that do without it. */ & (
  | { readonly package: string; readonly instead?: string | undefined }
  | { readonly weights: WeightSetName }
  | { readonly file: string }
  | { readonly key: string }
);

/**
 * What the model that `chooseModel` would choose needs and does not find.
 *
 * @param role Whose model it is, if not that of `--model`: `user` or `judge`.
 */
export function missingForModel(args: ModelArguments, role?: string): MissingPart[] {
  const { model, gguf, embedded } = args;
  // `chooseModel` refuses two at once.
  if (model !== undefined && (gguf !== undefined || embedded)) return [];
  if (model !== undefined) return missingKey(model, args['base-url'], args['key-env']);
  if (gguf === undefined && !embedded && process.env.OPENAI_API_KEY) return [];
  const parts: MissingPart[] = [];
  if (!isInstalled('node-llama-cpp')) {
    const prefix = role === undefined ? '' : `${role}-`;
    parts.push({
      package: 'node-llama-cpp',
      purpose: `runs the ${gguf === undefined ? 'embedded' : 'GGUF'} model${role === undefined ? '' : ` (role: ${role})`}`,
      instead: `--${prefix}model NAME --${prefix}base-url URL`,
    });
  }
  if (gguf !== undefined && !isGgufUri(gguf) && !existsSync(gguf)) {
    parts.push({ file: gguf, purpose: 'is to be the language model' });
  }
  if (gguf === undefined && args.offline && !weightsAreHere(args)) {
    parts.push({ weights: 'smollm2-135m-instruct', purpose: 'are the embedded language model' });
  }
  return parts;
}

/** What a role's own model needs and does not find. Nothing if the flags name none. */
export function missingForRole(role: string, args: object): MissingPart[] {
  const given = args as Readonly<Record<string, string | undefined>>;
  const model = given[`${role}-model`];
  return model === undefined ? [] : missingKey(model, given[`${role}-base-url`], given[`${role}-key-env`]);
}

/** The key of a served model, if it is at OpenAI and no key was given. Other servers may need none. */
export function missingKey(
  model: string,
  baseUrl: string | undefined,
  keyVariable: string | undefined,
): MissingPart[] {
  if (keyVariable !== undefined || process.env.OPENAI_API_KEY) return [];
  if (!isOpenAI(resolveBaseUrl(baseUrl))) return [];
  return [{ key: 'OPENAI_API_KEY', purpose: `${model} is at OpenAI` }];
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

function weightsAreHere({ 'models-dir': modelsDir }: ModelArguments): boolean {
  return locateWeights('smollm2-135m-instruct', { modelsDir }) !== null;
}

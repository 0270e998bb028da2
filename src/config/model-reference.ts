import { InvalidOptionError } from '../errors.ts';

/** Where a model runs, and its name there. */
export type ModelReference =
  | { readonly kind: 'openai'; readonly name: string }
  | { readonly kind: 'openai-compatible'; readonly name: string; readonly baseUrl: string | undefined }
  | { readonly kind: 'ai-sdk'; readonly packageName: string; readonly name: string }
  | { readonly kind: 'gguf'; readonly path: string }
  | { readonly kind: 'embedded' };

/** How references are written, for help and errors. */
export const REFERENCE_FORMS =
  'openai:NAME, openai-compatible:NAME@URL, ai-sdk:PACKAGE:NAME, gguf:FILE, hf:OWNER/REPO:QUANT or embedded';

/** Begins the address after a name. */
const ADDRESS = /@https?:\/\//;

const PACKAGE_NAME = /^(?:@[a-z\d~-][a-z\d._~-]*\/)?[a-z\d~-][a-z\d._~-]*$/;

/**
 * Reads a model reference such as `openai:gpt-4o`. A bare name is a model at OpenAI, or at the server that goes with it.
 *
 * @param option The option that has the reference, for errors.
 * @throws InvalidOptionError if a part is missing.
 */
export function parseModelReference(text: string, option = 'model'): ModelReference {
  const [kind, rest] = splitOnce(text, ':');
  const named = (value: string | undefined): string => {
    if (value) return value;
    throw new InvalidOptionError(option, REFERENCE_FORMS, text);
  };
  const atOpenAI = (name: string | undefined): ModelReference => {
    if (!ADDRESS.test(named(name))) return { kind: 'openai', name: named(name) };
    throw new InvalidOptionError(option, REFERENCE_FORMS, text);
  };
  switch (kind) {
    case 'embedded':
      if (rest === undefined) return { kind: 'embedded' };
      throw new InvalidOptionError(option, REFERENCE_FORMS, text);
    case 'openai':
      return atOpenAI(rest);
    case 'openai-compatible': {
      const at = named(rest).search(ADDRESS);
      return at === -1
        ? { kind: 'openai-compatible', name: named(rest), baseUrl: undefined }
        : {
            kind: 'openai-compatible',
            name: named(rest?.slice(0, at)),
            baseUrl: rest?.slice(at + 1),
          };
    }
    case 'ai-sdk': {
      const [packageName, name] = splitOnce(named(rest), ':');
      // A path would run code that a config file brings with it.
      if (!PACKAGE_NAME.test(packageName)) throw new InvalidOptionError(option, REFERENCE_FORMS, text);
      return { kind: 'ai-sdk', packageName, name: named(name) };
    }
    case 'gguf':
      return { kind: 'gguf', path: named(rest) };
    case 'hf':
      named(rest);
      return { kind: 'gguf', path: text };
    default:
      return atOpenAI(text);
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

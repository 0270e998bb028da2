import type { ChatModel } from '../src/index.ts';
import { openaiCompatible } from '../src/models/openai-compatible.ts';

/** The options of a bench that asks a model on a server, for `parseArgs`. Seats may have addresses of their own. */
export const servedOptions = {
  model: { type: 'string' },
  'base-url': { type: 'string' },
  'user-base-url': { type: 'string' },
  'judge-base-url': { type: 'string' },
} as const;

/** The model at the address of a seat, `--base-url` by default. */
export function servedModel(
  { model, 'base-url': baseUrl }: { readonly model?: string; readonly 'base-url'?: string },
  url: string | undefined,
): ChatModel {
  if (model === undefined || baseUrl === undefined) {
    throw new Error('Give --model NAME and --base-url URL.');
  }
  return openaiCompatible(model, { baseUrl: url ?? baseUrl, revision: 'bench', timeoutMs: 3_600_000 });
}

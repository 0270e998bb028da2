import { number, oneOf, optional, type Scalars } from '../internal/option-checks.ts';
import type { NumberRange } from '../internal/options.ts';
import { PROMPT_CACHES, type PromptCache } from './prompt-cache/prompt-cache.ts';

/** Time limits of a call, in milliseconds. A longer timer would fire at once. */
export const CALL_TIMEOUTS: Required<Pick<NumberRange, 'min' | 'max'>> = { min: 1, max: 2 ** 31 - 1 };

/** The options of a model on a server that a config file and the command line know. */
export const servedScalars: Scalars<{
  readonly timeoutMs: number;
  readonly promptCache: PromptCache | undefined;
}> = {
  timeoutMs: number(CALL_TIMEOUTS, 600_000, 'Time limit of one call, in milliseconds.'),
  promptCache: optional(
    oneOf(
      PROMPT_CACHES,
      'none',
      'How to tell the server which calls extend the same prompt: key sends prompt_cache_key, slots is for llama.cpp (default: key for OpenAI, else none).',
    ),
  ),
};

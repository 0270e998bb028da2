import type { ChatModel, ChatRequest } from '../chat-model.ts';
import { plausibleUsage } from '../plausible-usage.ts';
import type { CallOutcome, Pacer } from './pacer.ts';

/** What `retry` needs to know of a model's outages: while it is away, its pacer holds the calls back. */
export type Outages = Pick<Pacer, 'isAway' | 'awayMs'>;

/** Where a paced model keeps them, so that `retry` finds them. */
export const OUTAGES: unique symbol = Symbol('outages');

/** A model whose outages are known. */
export interface PacedModel extends ChatModel {
  readonly [OUTAGES]: Outages;
}

const CHARACTERS_PER_TOKEN = 4;
/** Most replies are shorter than `maxOutputTokens`. */
const SHARE_OF_OUTPUT = 0.5;
const UNKNOWN_OUTPUT = 512;

/**
 * Sends each call when the pacer permits it. Models that share a rate limit should share a pacer.
 *
 * A run paces by itself; use this for a model outside a run.
 *
 * @example
 * ```ts
 * import { createPacer, paced, retry } from 'aloe-align/models';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const pacer = createPacer({ requestsPerMinute: 500 });
 * const model = retry(paced(openai('gpt-4o'), pacer));
 * ```
 */
export function paced(model: ChatModel, pacer: Pacer): ChatModel {
  return { ...heldBy(pacer, plausibleUsage(model)), server: model.server };
}

/**
 * Sends each call of a model, whose usage can be believed, when the pacer permits it.
 *
 * @param told What the pacer is told of the end of a call. Default: all of it.
 */
export function heldBy(
  pacer: Pacer,
  model: ChatModel,
  told: (outcome: CallOutcome) => CallOutcome = (outcome) => outcome,
): PacedModel {
  return {
    id: model.id,
    server: model.server,
    [OUTAGES]: pacer,
    async generate(request, options = {}) {
      const permit = await pacer.acquire(estimateTokens(request), options.signal);
      try {
        const response = await model.generate(request, options);
        permit.release(told({ response }));
        return response;
      } catch (error) {
        permit.release(told({ error }));
        throw error;
      }
    },
  };
}

/** Estimates the tokens of a call before it is sent: a quarter of its characters plus half of `maxOutputTokens`. */
export function estimateTokens({ messages, maxOutputTokens = UNKNOWN_OUTPUT }: ChatRequest): number {
  let characters = 0;
  for (const { content } of messages) characters += content.length;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN + maxOutputTokens * SHARE_OF_OUTPUT);
}

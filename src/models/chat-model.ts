import type { Message } from '../messages.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { CallPlace } from './place.ts';

/** A JSON Schema (draft 2020-12 subset: type, properties, required, items, enum, const, minItems, maxItems, …). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a model is asked. Plain data: it is hashed into the journal's key. */
export interface ChatRequest {
  readonly messages: readonly Message[];
  /** Sampling temperature, 0 or more. Default: the provider's own. */
  readonly temperature?: number | undefined;
  /** Upper bound of the reply's length, in tokens. Default: the provider's own. */
  readonly maxOutputTokens?: number | undefined;
  /** Sampling seed, 0 to 2^31 - 1. A provider that has none ignores it. */
  readonly seed?: number | undefined;
  /** Texts that end the reply; they are not part of it. */
  readonly stop?: readonly string[] | undefined;
  /** Asks for a JSON reply of this shape. Providers enforce it as far as they can; callers still validate. */
  readonly outputSchema?: { readonly name: string; readonly schema: JsonSchema } | undefined;
}

/** Tokens of one call. `inputTokens` includes `cachedInputTokens`. Zero where a provider does not say. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

/** `content-filter` is an outcome, not an exception; `length` means the reply was cut at `maxOutputTokens`. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'other';

export interface ChatResponse {
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  /** Present where the server told its limits. About the moment and not about the answer: no journal keeps it. */
  readonly rateLimit?: RateLimit | undefined;
}

export interface CallOptions {
  /** Ends the call early; the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Where in the work this call stands. Wrappers use it (journal, events); a provider may take it as a caching hint. */
  readonly place?: CallPlace | undefined;
}

/**
 * The contract of a language model. A provider implements it once; a wrapper takes one and returns one.
 * `id` names everything that can change an answer: provider, model, base URL, file. It holds no secret.
 */
export interface ChatModel {
  readonly id: string;
  /**
   * Whether calls cost nothing, as those of a model in this process. When work stops, free calls are ended at once;
   * others are let finish and kept, since they are paid for. Default false.
   */
  readonly free?: boolean | undefined;
  /**
   * Present in a model that asks others: the same model with `around` put around each of those. A run takes it, so
   * that every call inside is journaled, paced and paid for, and none twice.
   */
  mapModels?(around: (model: ChatModel) => ChatModel): ChatModel;
  /** @throws ModelCallError when the model cannot be reached or refuses; the signal's reason on abort. */
  generate(request: ChatRequest, options?: CallOptions): Promise<ChatResponse>;
}

export const NO_USAGE: Usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}

import type { Message } from '../messages.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { BatchEvent } from './batch/batch-events.ts';
import type { CallPlace } from './place.ts';

/** A JSON Schema (subset of draft 2020-12: type, properties, required, items, enum, const, minItems, maxItems, …). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A request to a model. Plain data, since the journal key is a hash of it. */
export interface ChatRequest {
  /** The conversation so far, oldest message first. */
  readonly messages: readonly Message[];
  /** Sampling temperature, at least 0. Default: the provider's. */
  readonly temperature?: number | undefined;
  /** Maximum length of the reply, in tokens. Default: the provider's. */
  readonly maxOutputTokens?: number | undefined;
  /** Sampling seed, 0 to 2^31 - 1. Ignored by providers that do not support one. */
  readonly seed?: number | undefined;
  /** Stop sequences. The reply ends before the first one. */
  readonly stop?: readonly string[] | undefined;
  /** Requests a JSON reply of this shape. Providers enforce it as far as they can; callers must still validate. */
  readonly outputSchema?: { readonly name: string; readonly schema: JsonSchema } | undefined;
}

/** Tokens used by a call. A count is 0 if the provider does not report it. */
export interface Usage {
  /** Tokens of the prompt, including the cached ones. */
  readonly inputTokens: number;
  /** Part of `inputTokens` that the provider read from its prompt cache. */
  readonly cachedInputTokens: number;
  /** Tokens that the model generated, including hidden reasoning if the provider counts it. */
  readonly outputTokens: number;
}

/**
 * Why a reply ended. `length`: cut off at `maxOutputTokens`. `content-filter`: the provider withheld it, which is an
 * outcome and not an exception.
 */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'other';

/** What a server says of the model that answered. Either part may be missing. */
export interface ServedIdentity {
  /** The model's name, often more exact than the one asked for: `gpt-4o-2024-11-20` for `gpt-4o`. */
  readonly model?: string | undefined;
  /** The provider's mark for weights and serving software together, such as `fp_a288987b44`. */
  readonly fingerprint?: string | undefined;
}

/** A model's reply to one request. */
export interface ChatResponse {
  /** The reply as the model wrote it. Empty if the provider returned no text. */
  readonly text: string;
  /** Tells a complete reply (`stop`) from one that was cut off or withheld. */
  readonly finishReason: FinishReason;
  /** Tokens used. If the model called other models, their sum. */
  readonly usage: Usage;
  /** Which model the server says it was. Undefined if it says nothing, and for a model in this process. */
  readonly served?: ServedIdentity | undefined;
  /**
   * Set by a model that calls others if a part of what it does failed and it replied without it, such as an adaptive model
   * without an inference. An evaluation records it.
   */
  readonly warning?: string | undefined;
  /** Rate limits, if the server reported them. They describe the moment, not the reply, so the journal does not keep them. */
  readonly rateLimit?: RateLimit | undefined;
}

/** Options of a single call. */
export interface CallOptions {
  /** Aborts the call. The call then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** What the call is for. Used by wrappers (journal, events); a provider may use it as a caching hint. */
  readonly place?: CallPlace | undefined;
}

/** Where a model runs, if only its name says which weights it is. */
export interface ModelServer {
  /** Host, port and path, without credentials: `localhost:8000/v1`. */
  readonly address: string;
  /**
   * Whether a name means the same model whenever it is asked for at this address, as at the large providers. On a server
   * of your own, the same name can stand for new weights tomorrow.
   */
  readonly stable: boolean;
}

/** What a run gives to a model that answers in batches. */
export interface BatchHost {
  /** File in which the model keeps what it has submitted. Null in memory: nothing outlives the process. */
  readonly path: string | null;
  readonly onEvent: (event: BatchEvent) => void;
  /** Whether calls of other models are in flight, after which more calls of this one may follow. */
  readonly isBusy: () => boolean;
}

/** A model that answers in batches, within a run. */
export interface HostedModel {
  readonly model: ChatModel;
  /** Rejects the calls that wait. Resolves when no batch is being submitted. Submitted ones are not cancelled. */
  close(): Promise<void>;
}

/**
 * A language model. A provider implements this interface; a wrapper takes a model and returns another.
 *
 * @example
 * ```ts
 * import type { ChatModel } from 'aloe-align';
 *
 * const echo: ChatModel = {
 *   id: 'echo',
 *   generate: async ({ messages }) => ({
 *     text: messages.at(-1)?.content ?? '',
 *     finishReason: 'stop',
 *     usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
 *   }),
 * };
 * ```
 */
export interface ChatModel {
  /**
   * Says who the model is: its name, revision, file and settings, everything that can change a reply. Not where it runs,
   * nor through which library it is called. It is part of the journal key and must not contain a secret.
   */
  readonly id: string;
  /**
   * Set if the id is the name of a served model without a revision. A run that holds answers under this name then refuses
   * the model if it may have other weights by now. Default: the id alone says which model it is.
   */
  readonly server?: ModelServer | undefined;
  /**
   * Whether calls cost nothing, like those of a model in this process. When work is aborted, free calls end at once;
   * all other calls finish and are kept, since they are paid for. Default false.
   */
  readonly free?: boolean | undefined;
  /**
   * For one model on several servers, see `balanced`: the model on each of them. A run then learns the pace of each on its
   * own. Default: one server.
   */
  readonly replicas?: readonly ChatModel[] | undefined;
  /**
   * For models that call other models: returns the same model with `wrap` applied to each of them. A run uses it to
   * journal, pace and budget every inner call, and none of them twice.
   */
  mapModels?(wrap: (model: ChatModel) => ChatModel): ChatModel;
  /**
   * For models that answer in batches, hours later, such as `batched`: returns the model as it works within a run. Its calls
   * hold no slot and are not paced, and it retries them itself.
   */
  inBatches?(host: BatchHost): HostedModel;
  /**
   * Sends one request and returns the reply. Any number of calls may be in flight.
   *
   * @throws ModelCallError if the model cannot be reached or refuses the request. On abort, the signal's reason is thrown.
   */
  generate(request: ChatRequest, options?: CallOptions): Promise<ChatResponse>;
}

/** Usage of a call that used no tokens. */
export const NO_USAGE: Usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** Adds two usages, count by count. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}

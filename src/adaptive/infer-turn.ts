import { ModelCallError } from '../errors.ts';
import { endsRun } from '../internal/ends-run.ts';
import { orAborted } from '../internal/until-aborted.ts';
import type { Message } from '../messages.ts';
import { addUsage, type CallOptions, type ChatModel, NO_USAGE, type Usage } from '../models/chat-model.ts';
import type { CheckedLearningOptions } from './adaptive-options.ts';
import { inferPreferences } from './infer-preferences.ts';

/** A message of the user that is about to be answered. */
export interface UserTurn extends CallOptions {
  /** The conversation without system messages, up to and including the user's last message. */
  readonly conversation: readonly Message[];
  readonly inferrer: ChatModel;
  readonly userId: string | undefined;
  readonly seed: number | undefined;
}

/** What an inference gave, and what it cost: the whole list, or why there is none. */
export interface Inference {
  readonly preferences?: readonly string[];
  readonly error?: unknown;
  readonly usage: Usage;
}

/**
 * Infers once for a turn, and gives up after `timeoutMs`.
 *
 * @throws the signal's reason on abort, and errors that would affect every call.
 */
export async function inferTurn(
  { inferrer, seed, signal, place }: UserTurn,
  unread: readonly Message[],
  known: readonly string[],
  { maxPreferences, inferenceTokens, attempts, timeoutMs, maxMessages, prompts }: CheckedLearningOptions,
): Promise<Inference> {
  const limit = waitLimit(signal, timeoutMs);
  let usage = NO_USAGE;
  const model = metered(inferrer, (spent) => {
    usage = addUsage(usage, spent);
  });
  try {
    const inference = inferPreferences(model, {
      conversation: unread.slice(-maxMessages),
      known,
      maxPreferences,
      maxOutputTokens: inferenceTokens,
      attempts,
      seed,
      prompt: prompts.inference,
      signal: limit,
      place: place && { ...place, role: `${place.role}:inference` },
    });
    return { preferences: await orAborted(inference, limit), usage };
  } catch (error) {
    signal?.throwIfAborted();
    if (endsRun(error) && !ModelCallError.isInstance(error)) throw error;
    return { error, usage };
  }
}

/** Fires on abort and after `timeoutMs`. A provider or a store may ignore it: wait with `orAborted`. */
export function waitLimit(
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): AbortSignal | undefined {
  if (timeoutMs === undefined) return signal;
  const deadline = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
}

function metered(model: ChatModel, onUsage: (usage: Usage) => void): ChatModel {
  return {
    id: model.id,
    async generate(request, options) {
      const response = await model.generate(request, options);
      onUsage(response.usage);
      return response;
    },
  };
}

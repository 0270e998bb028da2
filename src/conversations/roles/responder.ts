import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Statement } from '../../personas/persona.ts';
import type { ResponseNode } from '../conversation-tree.ts';
import { DEFAULT_ATTEMPTS, type GenerationSettings } from '../generation-settings.ts';
import { type ResponderVariables, responderPrompt } from '../prompts/responder.ts';
import { writeText } from './write-text.ts';

export interface RespondOptions extends GenerationSettings {
  /** The conversation so far, ending with the user message. */
  readonly conversation: readonly Message[];
  /** Statements revealed so far. Empty for the rejected response. */
  readonly revealed: readonly Statement[];
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  /** Default {@link responderPrompt}. */
  readonly prompt?: Prompt<ResponderVariables> | undefined;
  /** Attempts before giving up. Default 3. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Generates the preferred or the rejected response. A response that hits its token limit is cut back to its last
 * complete sentence and marked as truncated. An empty one is requested again, unless the token limit caused it.
 *
 * @throws MalformedReplyError when every attempt was empty.
 * @throws ContentFilterError when the provider withheld all or part of the response.
 */
export async function respond(model: ChatModel, options: RespondOptions): Promise<ResponseNode> {
  const { conversation, revealed, place, seedFor, prompt = responderPrompt, signal } = options;
  const messages = prompt.messages({ conversation, revealed });
  const { value } = await writeText<ResponseNode, 'empty'>(model, {
    what: 'response',
    setting: 'responses',
    messages: () => messages,
    review(draft, truncated) {
      const text = draft.trim();
      return text === '' ? { ok: false, problem: 'empty' } : { ok: true, value: { text, truncated } };
    },
    temperature: options.temperature ?? 0.7,
    maxOutputTokens: options.maxOutputTokens ?? 512,
    attempts: options.attempts ?? DEFAULT_ATTEMPTS,
    place,
    seedFor,
    signal,
  });
  return value;
}

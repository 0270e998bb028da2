import { endsRun } from '../../internal/ends-run.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import { countWords } from '../../personas/rules/text-features.ts';
import { type RewordVariables, rewordPrompt } from '../prompts/reword.ts';
import { isSilent } from '../silent-response.ts';

const TEMPERATURE = 0.7;

/** How a rewording is asked for. */
export interface RewordSetting {
  readonly length: RewordVariables['length'];
  readonly place: CallPlace;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * A reply in other words; null if the model failed, said nothing or gave the same words. Errors that every call would hit
 * are thrown.
 *
 * @param model With the run around it.
 */
export async function rewordResponse(
  model: ChatModel,
  response: string,
  { length, place, seed, signal }: RewordSetting,
): Promise<string | null> {
  const messages = rewordPrompt.messages({ response, words: countWords(response), length });
  try {
    const { text, finishReason } = await model.generate(
      { messages, temperature: TEMPERATURE, seed },
      { signal, place },
    );
    // Cut off, it would not have the same content.
    if (finishReason === 'length') return null;
    const reworded = withoutReasoning(text)
      .replace(/^\s*<reply>|<\/reply>\s*$/g, '')
      .trim();
    return isSilent(reworded) || reworded === response.trim() ? null : reworded;
  } catch (error) {
    signal.throwIfAborted();
    if (endsRun(error)) throw error;
    return null;
  }
}

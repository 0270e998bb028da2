import { ContentFilterError, MalformedReplyError } from '../../errors.ts';
import { sample, seededRandom } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import type { Persona } from '../../personas/persona.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../../prompts/role-player.ts';
import type { CallPlace } from '../../runs/place.ts';
import { cleanUserMessage, toWholeSentences } from '../clean-message.ts';
import { DEFAULT_ATTEMPTS, type GenerationSettings } from '../generation-settings.ts';

export interface PlayUserOptions extends GenerationSettings {
  readonly persona: Persona;
  /** The conversation so far, user first, ending with the assistant's last response; empty at the start. */
  readonly conversation: readonly Message[];
  /** Its turn is that of the message to be written. */
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  /** What keeps to one order of facts from turn to turn. Default: the subject of the place. */
  readonly conversationId?: string | undefined;
  /** Default {@link rolePlayerPrompt}. */
  readonly prompt?: Prompt<RolePlayerVariables> | undefined;
  /** How often the model is asked before the message is given up. Default 3. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The role-playing model writes the next user message. A reply that no person would send (empty, a refusal, out of
 * its role, a repetition) is asked for again, unless its token limit left no room for a message.
 *
 * @throws MalformedReplyError when no attempt gave a usable message.
 * @throws ContentFilterError when the provider withheld the message, or a part of it.
 */
export async function playUser(model: ChatModel, options: PlayUserOptions): Promise<string> {
  const { persona, conversation, place, seedFor, prompt = rolePlayerPrompt, signal } = options;
  const attempts = options.attempts ?? DEFAULT_ATTEMPTS;
  const messages = prompt.messages({ persona, conversation, focus: focusOf(options) });
  const earlier = conversation.map(({ content }) => content);
  for (let attempt = 0; ; attempt++) {
    const here = { ...place, sample: attempt };
    const response = await model.generate(
      {
        messages,
        temperature: options.temperature ?? 0.8,
        maxOutputTokens: options.maxOutputTokens ?? 160,
        seed: seedFor(here),
      },
      { signal, place: here },
    );
    if (response.finishReason === 'content-filter')
      throw new ContentFilterError(model.id, 'the user message');
    const whole = withoutReasoning(response.text);
    const truncated = response.finishReason === 'length';
    const text = truncated ? toWholeSentences(whole) : whole;
    const message = cleanUserMessage(text, earlier);
    if (message.ok) return message.text;
    if (truncated && message.problem === 'empty') {
      throw new MalformedReplyError(
        `${model.id} used up its tokens before it wrote a message.`,
        response.text,
        {
          hint: 'Raise userMessages.maxOutputTokens.',
        },
      );
    }
    if (attempt + 1 >= attempts) {
      throw new MalformedReplyError(
        `${model.id} wrote no usable message for ${persona.id} in ${attempts} attempts (${message.problem}).`,
        response.text,
      );
    }
  }
}

/** Each turn is about another fact, in an order of the conversation's own. */
function focusOf({ persona, place, conversationId, seedFor }: PlayUserOptions): string {
  const { facts } = persona.profile;
  const subject = conversationId ?? place.subject;
  const seed = seedFor({ ...place, subject, turn: 0, role: 'focus', sample: 0 });
  const order = sample(facts, facts.length, seededRandom(seed));
  return order[((place.turn ?? 1) - 1) % order.length]!;
}

import { sample, seededRandom } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { DEFAULT_ATTEMPTS, type GenerationSettings } from '../generation-settings.ts';
import { lastTurns } from '../last-turns.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../prompts/role-player.ts';
import { askForContradiction } from '../user-checks/ask-for-contradiction.ts';
import { contradictionReason } from '../user-checks/contradiction.ts';
import { reviewUserMessage } from '../user-checks/review-user-message.ts';
import type { MessageChecks, UserProblem } from '../user-checks/user-check.ts';
import type { CheckedUserCheckOptions } from '../user-checks/user-check-options.ts';
import { type Review, writeText } from './write-text.ts';

export interface PlayUserOptions extends GenerationSettings {
  readonly persona: Persona;
  /** Who the person was at the beginning, when they have changed since. */
  readonly former?: Persona | undefined;
  /** The conversation so far, user first, ending with the assistant's last response; empty at the start. */
  readonly conversation: readonly Message[];
  /** How many turns of it the model is shown, the last ones. Default: all. */
  readonly shownTurns?: number | undefined;
  /** Its turn is that of the message to be written. */
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  /** What keeps to one order of facts from turn to turn. Default: the subject of the place. */
  readonly conversationId?: string | undefined;
  /** Default {@link rolePlayerPrompt}. */
  readonly prompt?: Prompt<RolePlayerVariables> | undefined;
  /** How often the model is asked before the message is given up. Default 3. */
  readonly attempts?: number | undefined;
  readonly checks: CheckedUserCheckOptions;
  readonly signal?: AbortSignal | undefined;
}

/** A user's message as it was made. */
export interface PlayedMessage {
  readonly text: string;
  /** What was wrong with it or its drafts; undefined when nothing was. */
  readonly checks: MessageChecks | undefined;
}

/**
 * The role-playing model writes the next user message. One that no person would send (empty, a refusal, out of its
 * role, an assistant's, a repetition) is asked for again with the reason, and so is one that contradicts the persona or
 * tells too much at once. Of the last two kinds the first is kept, with its mark, when nothing better comes.
 *
 * @throws MalformedReplyError when no attempt gave a usable message; its `problems` name what was wrong with each.
 * @throws ContentFilterError when the provider withheld the message, or a part of it.
 */
export async function playUser(model: ChatModel, options: PlayUserOptions): Promise<PlayedMessage> {
  const {
    persona,
    former,
    conversation,
    place,
    seedFor,
    prompt = rolePlayerPrompt,
    checks,
    signal,
  } = options;
  const shown = lastTurns(conversation, options.shownTurns);
  const focus = focusOf(options);

  async function review(draft: string): Promise<Review<string, UserProblem>> {
    const seen = reviewUserMessage(draft, { persona, conversation, maxStatements: checks.maxStatements });
    if (!seen.ok || checks.model === undefined) return seen;
    const asked = { persona, message: seen.value, place, seedFor, signal };
    const denied = await askForContradiction(checks.model, asked);
    if (denied === null) return seen;
    const reason = contradictionReason(denied);
    return { ok: false, problem: 'contradiction', reason, fallback: seen.value };
  }

  const { value, found, kept } = await writeText<string, UserProblem>(model, {
    what: 'user message',
    setting: 'userMessages',
    messages: (correction) => prompt.messages({ persona, former, conversation: shown, ...focus, correction }),
    review,
    temperature: options.temperature ?? 0.8,
    maxOutputTokens: options.maxOutputTokens ?? 160,
    attempts: options.attempts ?? DEFAULT_ATTEMPTS,
    place,
    seedFor,
    signal,
  });
  return {
    text: value,
    checks: found.length === 0 ? undefined : { found, ...(kept !== undefined && { kept }) },
  };
}

/** Each turn is about another fact, in an order of the conversation's own, and begins again when all had their turn. */
function focusOf({ persona, place, conversationId, seedFor }: PlayUserOptions): {
  readonly focus: string;
  readonly again: boolean;
} {
  const { facts } = persona.profile;
  const subject = conversationId ?? place.subject;
  const seed = seedFor({ ...place, subject, turn: 0, role: 'focus', sample: 0 });
  const order = sample(facts, facts.length, seededRandom(seed));
  const index = (place.turn ?? 1) - 1;
  return { focus: order[index % order.length]!, again: index >= order.length };
}

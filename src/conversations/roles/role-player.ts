import { sample, seededRandom } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { DEFAULT_ATTEMPTS, type GenerationSettings, userMessageSettings } from '../generation-settings.ts';
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
  /** The persona before its preferences changed, if they did. */
  readonly former?: Persona | undefined;
  /** What the user wants done in this conversation. */
  readonly task?: string | undefined;
  /** How the user behaves in this conversation, one sentence each. */
  readonly habits?: readonly string[] | undefined;
  /** What holds for this message alone. */
  readonly situation?: string | undefined;
  /** The conversation so far, from the first user message to the latest response. Empty at the start. */
  readonly conversation: readonly Message[];
  /** Number of most recent turns shown to the model. Default: all. */
  readonly shownTurns?: number | undefined;
  /** `turn` is the turn of the message to be written. */
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  /** Fixes the order of facts across turns. Default: the subject of the place. */
  readonly conversationId?: string | undefined;
  /** Default {@link rolePlayerPrompt}. */
  readonly prompt?: Prompt<RolePlayerVariables> | undefined;
  /** Attempts before giving up. Default 3. */
  readonly attempts?: number | undefined;
  readonly checks: CheckedUserCheckOptions;
  readonly signal?: AbortSignal | undefined;
}

/** A finished user message. */
export interface PlayedMessage {
  readonly text: string;
  /** Problems found in it or its drafts. Undefined if there were none. */
  readonly checks: MessageChecks | undefined;
}

/**
 * Has the role-playing model write the next user message. A message no real user would send (empty, a refusal, out of
 * role, written as an assistant, a repetition) is requested again with the reason. So is one that contradicts the
 * persona or reveals too much at once, but the first of these is kept and marked if no attempt does better.
 *
 * @throws MalformedReplyError when no attempt gave a valid message; `problems` lists the problem of each.
 * @throws ContentFilterError when the provider withheld all or part of the message.
 */
export async function playUser(model: ChatModel, options: PlayUserOptions): Promise<PlayedMessage> {
  const {
    persona,
    former,
    task,
    situation,
    habits,
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
    messages: (correction) =>
      prompt.messages({
        persona,
        former,
        task,
        situation,
        habits,
        conversation: shown,
        ...focus,
        correction,
      }),
    review,
    ...userMessageSettings(options),
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

/** Picks a different fact each turn, in an order fixed per conversation, and starts over once all were used. */
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

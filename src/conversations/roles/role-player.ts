import { sample, seededRandom } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { DEFAULT_ATTEMPTS, type GenerationSettings, userMessageSettings } from '../generation-settings.ts';
import { lastTurns } from '../last-turns.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../prompts/role-player.ts';
import { askForFault } from '../user-checks/ask-for-fault.ts';
import { briefOf } from '../user-checks/brief.ts';
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
  /** Problems found in it or its drafts. Undefined if there were none and it was checked. */
  readonly checks: MessageChecks | undefined;
}

/**
 * Has the role-playing model write the next user message. A message no real user would send (empty, a refusal, out of
 * role, written as an assistant, a repetition) is requested again with the reason. So is one that contradicts the
 * persona, reveals too much at once, speaks of the person as of somebody else, or has a fault according to a model, but the
 * first of these is kept and marked if no attempt does better.
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
  const variables = { persona, former, task, situation, habits, conversation: shown, ...focusOf(options) };
  const messages = prompt.messages(variables);
  const context = {
    persona,
    conversation,
    maxStatements: checks.maxStatements,
    brief: briefOf(messages, variables),
  };
  const unanswered = new Set<string>();
  let drafts = 0;

  async function review(draft: string): Promise<Review<string, UserProblem>> {
    const sample = drafts++;
    const seen = reviewUserMessage(draft, context);
    if (!seen.ok || checks.model === undefined) return seen;
    const message = seen.value;
    const answer = await askForFault(checks.model, {
      ...context,
      message,
      place: { ...place, sample },
      seedFor,
      signal,
    });
    if (answer === 'unanswered') unanswered.add(message);
    // A model can be wrong, and a conversation should not end for that.
    return typeof answer === 'string' ? seen : { ok: false, ...answer, fallback: message };
  }

  const { value, found, kept } = await writeText<string, UserProblem>(model, {
    what: 'user message',
    setting: 'userMessages',
    messages: (correction) =>
      correction === undefined ? messages : prompt.messages({ ...variables, correction }),
    review,
    ...userMessageSettings(options),
    attempts: options.attempts ?? DEFAULT_ATTEMPTS,
    place,
    seedFor,
    signal,
  });
  const unchecked = unanswered.has(value);
  return {
    text: value,
    checks:
      found.length === 0 && !unchecked
        ? undefined
        : { found, ...(kept !== undefined && { kept }), ...(unchecked && { unchecked }) },
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

import type { DecisionPoint, Side } from '../conversations/conversation-tree.ts';
import type { OrderVerdict, PairVerdict } from '../conversations/pair-verdict.ts';
import { SIDES } from '../conversations/side.ts';
import { describeError } from '../internal/describe-error.ts';
import { endsRun } from '../internal/ends-run.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import { type Prompt, promptName } from '../models/prompt.ts';
import { generateStructured } from '../models/structured.ts';
import type { Persona } from '../personas/persona.ts';
import { choiceSchema, readChoice } from './read-choice.ts';
import type { VerifyPairVariables } from './verify-pair-prompt.ts';

/** How a pair is judged. */
export interface JudgePairOptions {
  readonly persona: Persona;
  readonly task: string | undefined;
  readonly prompt: Prompt<VerifyPairVariables>;
  readonly temperature: number;
  readonly maxOutputTokens: number;
  readonly attempts: number;
  /** The place of the call with the preferred response first (1), or second (2). */
  readonly placeOf: (order: 1 | 2) => CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  readonly signal: AbortSignal;
}

/**
 * Asks a judge about the two responses of a turn, with either of them first. Without a usable verdict in one order, the pair is
 * undecided. Responses with the same text are undecided without a call.
 *
 * @param judge With the run around it.
 * @throws Errors that every call would hit, once both calls have ended. On abort, the signal's reason.
 */
export async function judgePair(
  judge: ChatModel,
  { node, conversation }: DecisionPoint,
  options: JudgePairOptions,
): Promise<PairVerdict> {
  const { persona, task, prompt, placeOf, seedFor, signal } = options;
  const names = { judge: judge.id, prompt: promptName(prompt) };
  if (node.preferred.text.trim() === node.rejected.text.trim()) {
    return { winner: 'undecided', margin: 0, ...names, orders: [] };
  }

  async function ask(first: Side): Promise<OrderVerdict> {
    const second: Side = first === 'preferred' ? 'rejected' : 'preferred';
    const place = placeOf(first === 'preferred' ? 1 : 2);
    try {
      const { better, by, rationale } = await generateStructured(
        judge,
        {
          messages: prompt.messages({
            persona,
            task,
            conversation,
            first: node[first].text,
            second: node[second].text,
          }),
          temperature: options.temperature,
          maxOutputTokens: options.maxOutputTokens,
        },
        {
          name: 'choice',
          schema: choiceSchema,
          read: readChoice,
          attempts: options.attempts,
          seedFor: (sample) => seedFor({ ...place, sample }),
          place,
          signal,
        },
      );
      const picked = { A: first, B: second, equal: 'equal' as const }[better];
      return { first, picked, strength: by, ...(rationale !== undefined && { rationale }) };
    } catch (error) {
      signal.throwIfAborted();
      if (endsRun(error)) throw error;
      return { first, picked: null, strength: 0, rationale: describeError(error).message };
    }
  }

  // All settled, so that a finished call reaches the journal even if the other one fails.
  const settled = await Promise.allSettled(SIDES.map(ask));
  const orders = settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  return { ...combineOrders(orders), ...names, orders };
}

/** Combines the verdicts of both orders. */
function combineOrders(orders: readonly OrderVerdict[]): Pick<PairVerdict, 'winner' | 'margin'> {
  const [one, other] = orders.map(({ picked }) => picked);
  const winner = one === other && one !== 'equal' ? one : null;
  if (one === null || other === null) return { winner: 'undecided', margin: 0 };
  const towards = orders.map(({ picked, strength }) => (picked === 'rejected' ? -strength : strength));
  return { winner: winner ?? 'undecided', margin: (towards[0]! + towards[1]!) / 2 };
}

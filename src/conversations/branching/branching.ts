import type { Persona } from '../../personas/persona.ts';
import { contentWords } from '../../personas/rules/told-statements.ts';
import type { DecisionPoint, Side } from '../conversation-tree.ts';

/** A response that the conversation did not continue from, and could. */
export interface OpenBranch {
  readonly conversationId: string;
  readonly persona: Persona;
  /** What the user wants done in this conversation. */
  readonly task: string | undefined;
  /** The turn of the response, with the conversation and the path that led to it. */
  readonly point: DecisionPoint;
  /** The response to continue from. */
  readonly side: Side;
}

/**
 * What it is worth to continue from a response too: the highest number first, nothing for 0 or less. May ask a model, whose
 * calls do not count in `branchCalls`.
 */
export type BranchWorth = (branch: OpenBranch, signal: AbortSignal) => number | Promise<number>;

/**
 * Worth is the share of content words that only one of the two responses has, 0 to 1. Two responses that say the same lead to
 * the same conversation. Needs no model.
 *
 * @example
 * ```ts
 * new ConversationTreeBuilder({ run, roles, branchCalls: 80, branchWorth: whereResponsesDiffer() });
 * ```
 */
export function whereResponsesDiffer(): BranchWorth {
  return ({ point: { node } }) => {
    const one = contentWords(node.preferred.text);
    const other = contentWords(node.rejected.text);
    const shared = [...one].filter((word) => other.has(word)).length;
    const all = one.size + other.size - shared;
    return all === 0 ? 0 : 1 - shared / all;
  };
}

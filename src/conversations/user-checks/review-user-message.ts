import { cleanUserMessage } from '../clean-message.ts';
import type { Review } from '../roles/write-text.ts';
import { contradictionCheck } from './contradiction.ts';
import { oversharingCheck } from './oversharing.ts';
import { repetitionCheck } from './repetition.ts';
import {
  assistantVoiceCheck,
  emptyCheck,
  refusalCheck,
  roleReversalCheck,
  roleSlipCheck,
} from './role-checks.ts';
import type { UserCheck, UserCheckContext, UserProblem } from './user-check.ts';

const CHECKS: readonly UserCheck[] = [
  emptyCheck,
  refusalCheck,
  roleReversalCheck,
  roleSlipCheck,
  assistantVoiceCheck,
  repetitionCheck,
  contradictionCheck,
  oversharingCheck,
];

/** Cleans a draft of a user message and checks it. Returns the cleaned text, or the first problem found. */
export function reviewUserMessage(reply: string, context: UserCheckContext): Review<string, UserProblem> {
  const text = cleanUserMessage(reply);
  for (const { problem, tolerable, find } of CHECKS) {
    const reason = find(text, context, reply);
    if (reason !== null) return { ok: false, problem, reason, ...(tolerable && { fallback: text }) };
  }
  return { ok: true, value: text };
}

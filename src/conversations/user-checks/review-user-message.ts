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

/** Cleans what a model wrote for the user, and says whether a person would send it; if not, the first thing wrong with it. */
export function reviewUserMessage(reply: string, context: UserCheckContext): Review<string, UserProblem> {
  const text = cleanUserMessage(reply);
  for (const { problem, tolerable, find } of CHECKS) {
    const reason = find(text, context, reply);
    if (reason !== null) return { ok: false, problem, reason, ...(tolerable && { fallback: text }) };
  }
  return { ok: true, value: text };
}

import type { Review } from '../roles/write-text.ts';
import { roleReversalCheck } from './addressed.ts';
import { contradictionCheck } from './contradiction.ts';
import { toDraft } from './draft.ts';
import { listCheck } from './list.ts';
import { oversharingCheck } from './oversharing.ts';
import { repetitionCheck } from './repetition.ts';
import {
  assistantVoiceCheck,
  emptyCheck,
  otherSideCheck,
  promptEchoCheck,
  refusalCheck,
  roleSlipCheck,
} from './role-checks.ts';
import { thirdPersonCheck } from './third-person.ts';
import type { UserCheck, UserCheckContext, UserProblem } from './user-check.ts';

const CHECKS: readonly UserCheck[] = [
  emptyCheck,
  refusalCheck,
  otherSideCheck,
  roleSlipCheck,
  promptEchoCheck,
  assistantVoiceCheck,
  listCheck,
  roleReversalCheck,
  thirdPersonCheck,
  repetitionCheck,
  contradictionCheck,
  oversharingCheck,
];

/** Cleans a draft of a user message and checks it. Returns the cleaned text, or the first problem found. */
export function reviewUserMessage(reply: string, context: UserCheckContext): Review<string, UserProblem> {
  const draft = toDraft(reply);
  for (const { problem, tolerable, find } of CHECKS) {
    const reason = find(draft, context);
    if (reason !== null) return { ok: false, problem, reason, ...(tolerable && { fallback: draft.text }) };
  }
  return { ok: true, value: draft.text };
}

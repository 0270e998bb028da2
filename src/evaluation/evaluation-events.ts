import type { ConversationFailure } from '../conversations/conversation-tree.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import type { JudgementStatus } from './judge.ts';

/** What an evaluation reports while it works. `candidate` is the candidate's name. */
export type EvaluationEvent =
  | { readonly type: 'case-start'; readonly candidate: string; readonly caseId: string }
  | {
      readonly type: 'turn-end';
      readonly candidate: string;
      readonly caseId: string;
      /** From 1. */
      readonly turn: number;
      readonly score: number | null;
      readonly status: JudgementStatus;
    }
  | {
      readonly type: 'case-end';
      readonly candidate: string;
      readonly caseId: string;
      /** Undefined for a case that came to its end. */
      readonly failure: ConversationFailure | undefined;
    }
  | { readonly type: 'evaluation-end'; readonly candidate: string; readonly result: EvaluationResult };

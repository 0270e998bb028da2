import type { ConversationFailure } from '../conversations/conversation-tree.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import type { JudgementStatus } from './judge.ts';

/** Progress events of an evaluation. `candidate` is the candidate's name; `repeat` counts the simulations of a case from 1. */
export type EvaluationEvent =
  | {
      readonly type: 'case-start';
      readonly candidate: string;
      readonly caseId: string;
      readonly repeat: number;
    }
  | {
      readonly type: 'turn-end';
      readonly candidate: string;
      readonly caseId: string;
      readonly repeat: number;
      /** From 1. */
      readonly turn: number;
      readonly score: number | null;
      readonly status: JudgementStatus;
    }
  | {
      readonly type: 'case-end';
      readonly candidate: string;
      readonly caseId: string;
      readonly repeat: number;
      /** Undefined if all turns were played. */
      readonly failure: ConversationFailure | undefined;
      /** What was played and judged. */
      readonly played: EvaluatedCase;
    }
  | { readonly type: 'evaluation-end'; readonly candidate: string; readonly result: EvaluationResult };

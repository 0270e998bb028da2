import { z } from 'zod';
import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { Message } from '../messages.ts';
import type { CallOptions } from '../models/chat-model.ts';
import type { LockedPrompt } from '../models/locked-prompt.ts';
import type { Run } from '../runs/run.ts';

/** What a judge is shown. */
export interface JudgeInput {
  readonly case: BenchmarkCase;
  /** The conversation so far, ending with the user message that is answered. */
  readonly conversation: readonly Message[];
  /** The response to be rated. */
  readonly response: string;
}

/** `scored`, or why there is no score: the judge gave no valid verdict, refused, or the response was empty. */
export type JudgementStatus = 'scored' | 'malformed-verdict' | 'judge-failed' | 'no-response';

/** A score of 1-5, or null with the reason: never 0, never dropped. */
export interface Judgement {
  /** Alignment level of the response, 1 (not at all) to 5 (fully). Null when `status` is not `scored`. */
  readonly score: number | null;
  readonly status: JudgementStatus;
  readonly rationale?: string | undefined;
  /** What was checked one by one, for a judge that does. */
  readonly items?: readonly CheckedItem[] | undefined;
  /** The single verdicts behind the score, for a judge that asks several times or several judges. */
  readonly votes?: readonly Vote[] | undefined;
}

/** One yes-or-no question about a response. */
export interface CheckedItem {
  readonly item: string;
  readonly met: boolean;
}

/** One verdict of several. */
export interface Vote extends Omit<Judgement, 'votes'> {
  /** Id of the judge that gave it. */
  readonly judge: string;
}

export interface JudgeCallOptions extends CallOptions {
  /** Sampling seed of this judgement. */
  readonly seed?: number | undefined;
  /** The run that asks: `run.model(model)` has a judge's calls in its journal. */
  readonly run?: Run | undefined;
}

/** The contract of a judge. */
export interface Judge {
  /** Names all that can change a verdict: kind, model, prompt version. */
  readonly id: string;
  /** The prompts it asks with, for the lock of a result: see `lockPrompt`. Default: none. */
  readonly prompts?: readonly LockedPrompt[] | undefined;
  /**
   * Refuses a case that this judge cannot judge, before anything is played. Default: every case will do.
   *
   * @throws InvalidOptionError
   */
  checkCase?(benchmarkCase: BenchmarkCase): void;
  judge(input: JudgeInput, options?: JudgeCallOptions): Promise<Judgement>;
}

const statusSchema = z.enum(['scored', 'malformed-verdict', 'judge-failed', 'no-response']);

const verdictShape = {
  score: z.number().min(1).max(5).nullable(),
  status: statusSchema,
  rationale: z.string().optional(),
  items: z.array(z.object({ item: z.string(), met: z.boolean() })).optional(),
};

export const judgementSchema: z.ZodType<Judgement> = z
  .object({
    ...verdictShape,
    votes: z.array(z.object({ judge: z.string(), ...verdictShape })).optional(),
  })
  .refine(({ score, status }) => (score !== null) === (status === 'scored'), {
    error: 'score must be a number if status is "scored", and null otherwise',
  });

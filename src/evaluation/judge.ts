import * as z from 'zod';
import type { CaseAtTurn } from '../benchmark/benchmark-case.ts';
import type { Message } from '../messages.ts';
import type { CallOptions, ChatModel } from '../models/chat-model.ts';
import type { LockedPrompt } from '../models/locked-prompt.ts';
import type { Run } from '../runs/run.ts';

/** What a judge gets to see. */
export interface JudgeInput {
  /** The case, with the persona that applies at this turn. */
  readonly case: CaseAtTurn;
  /** The conversation so far. It ends with the user message that the response answers. */
  readonly conversation: readonly Message[];
  /** The response to rate. */
  readonly response: string;
}

/** Why a response says nothing: the candidate returned nothing, or its provider withheld what it wrote. */
export type SilenceStatus = 'no-response' | 'withheld-response';

/**
 * Where a score comes from, or why there is none. `scored`: the judge gave it. `no-response`, `withheld-response`: the
 * response was empty, or a content filter withheld it; it scores 1 and no judge is asked. `malformed-verdict`,
 * `judge-failed`: there is no score.
 */
export type JudgementStatus = 'scored' | SilenceStatus | 'malformed-verdict' | 'judge-failed';

/** A score from 1 to 5, or null with the reason. A missing score is never counted as 0 and never dropped. */
export interface Judgement {
  /** Alignment of the response, 1 (not at all) to 5 (fully). Null if `status` is `malformed-verdict` or `judge-failed`. */
  readonly score: number | null;
  /** Where the score comes from, or why there is none. */
  readonly status: JudgementStatus;
  /** The judge's reason, or the error message if there is no score. */
  readonly rationale?: string | undefined;
  /** Sub-scores, for judges that give them. They explain the score and are not its parts. */
  readonly aspects?: JudgedAspects | undefined;
  /** Ids of the persona's statements that the response honours, such as `T2`, for judges that name them. */
  readonly honoured?: readonly string[] | undefined;
  /** Ids of the persona's statements that the response goes against. */
  readonly violated?: readonly string[] | undefined;
  /** The individual checks, for judges that score a checklist. */
  readonly items?: readonly CheckedItem[] | undefined;
  /** The individual verdicts behind the score, for judges that combine several. */
  readonly votes?: readonly Vote[] | undefined;
}

/** Sub-scores of a response, each from 1 (wrong for this user) to 5 (just right). */
export interface JudgedAspects {
  /** How it speaks: warmth, humour, directness, formality. */
  readonly tone: number;
  /** Its length, layout and plainness. */
  readonly form: number;
  /** Whether it takes up what the last message says and wants. */
  readonly uptake: number;
}

/** One yes-or-no question about a response. */
export interface CheckedItem {
  /** The question or requirement, as text. */
  readonly item: string;
  /** Whether the response meets it. */
  readonly met: boolean;
}

/** One verdict of several. */
export interface Vote extends Omit<Judgement, 'votes'> {
  /** Id of the judge that gave it. */
  readonly judge: string;
}

/** Options of one judgement. */
export interface JudgeCallOptions extends CallOptions {
  /** Sampling seed of this judgement. */
  readonly seed?: number | undefined;
  /** The current run. Use `run.model(model)` to journal the judge's calls. */
  readonly run?: Run | undefined;
}

/** Rates responses. To add one of your own, see docs/extending/judge.md. */
export interface Judge {
  /** Identifies everything that can change a verdict: kind, model, prompt version. */
  readonly id: string;
  /** The prompts it uses, from `lockPrompt`, recorded in the lock of a result. Default: none. */
  readonly prompts?: readonly LockedPrompt[] | undefined;
  /** The models it asks. Their prices are checked before any model is called. Default: none. */
  readonly models?: readonly ChatModel[] | undefined;
  /**
   * Called for each case before anything is played. Default: all cases are accepted.
   *
   * @throws InvalidOptionError if the judge cannot judge this case.
   */
  checkCase?(benchmarkCase: CaseAtTurn): void;
  /** Rates one response. A failure is a judgement without a score, not an exception. */
  judge(input: JudgeInput, options?: JudgeCallOptions): Promise<Judgement>;
}

/** Whether a status means that the response said nothing. */
export function isSilence(status: JudgementStatus): status is SilenceStatus {
  return status === 'no-response' || status === 'withheld-response';
}

const statusSchema = z.enum([
  'scored',
  'no-response',
  'withheld-response',
  'malformed-verdict',
  'judge-failed',
]);

const aspect = z.number().min(1).max(5);
const verdictShape = {
  score: z.number().min(1).max(5).nullable(),
  status: statusSchema,
  rationale: z.string().optional(),
  aspects: z.object({ tone: aspect, form: aspect, uptake: aspect }).optional(),
  honoured: z.array(z.string()).optional(),
  violated: z.array(z.string()).optional(),
  items: z.array(z.object({ item: z.string(), met: z.boolean() })).optional(),
};

export const judgementSchema: z.ZodType<Judgement> = z
  .object({
    ...verdictShape,
    votes: z.array(z.object({ judge: z.string(), ...verdictShape })).optional(),
  })
  .refine(
    ({ score, status }) => (isSilence(status) ? score === 1 : (score !== null) === (status === 'scored')),
    {
      error:
        'score must be a number if status is "scored", 1 if it is "no-response" or "withheld-response", and null otherwise',
    },
  );

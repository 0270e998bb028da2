import { z } from 'zod';
import type { ConversationFailure } from '../conversations/conversation-tree.ts';
import type { ImprovementFit } from '../metrics/index.ts';
import { type Persona, personaSchema } from '../personas/persona.ts';
import { type EvaluationLock, evaluationLockSchema } from './evaluation-lock.ts';
import { type EvaluationStatistics, statisticsSchema } from './evaluation-statistics.ts';
import { type Judgement, judgementSchema } from './judge.ts';
import { resultsTable } from './results-table.ts';
import { describeGaps } from './score-gaps.ts';

/** One turn of a case, as it was played and judged. */
export interface EvaluatedTurn {
  /** From 1. */
  readonly turn: number;
  readonly user: string;
  /** The candidate's response as it came; empty when it gave none. */
  readonly response: string;
  readonly judgement: Judgement;
  /** Ids of the traits the user had revealed by this message, where an inducer was asked. They only grow. */
  readonly revealed?: readonly string[] | undefined;
}

/** One case, with the turns that were played: fewer than asked for when there is a failure. */
export interface EvaluatedCase {
  readonly caseId: string;
  readonly persona: Persona;
  readonly turns: readonly EvaluatedTurn[];
  /** Why the case could not go on: `role` is `user` or `candidate`. */
  readonly failure?: ConversationFailure | undefined;
}

/** AL(k) of one turn, and what stands behind it. */
export interface TurnLevel {
  /** From 1. */
  readonly turn: number;
  /** Mean of the scores at this turn; null when nothing was scored. */
  readonly level: number | null;
  /** Scores behind the level. */
  readonly scored: number;
  /** Scores the benchmark called for: one a case, also for a case that never came to this turn. */
  readonly asked: number;
}

/** What the scores come to. */
export interface EvaluationSummary {
  /** One entry a turn, in order. */
  readonly levels: readonly TurnLevel[];
  /** Mean of the levels there are. */
  readonly average: number | null;
  /** IR and R2. */
  readonly improvement: ImprovementFit | null;
  /** N-IR and N-R2, normalised over all turns. */
  readonly normalizedImprovement: ImprovementFit | null;
  /** Intervals for all of these. */
  readonly statistics: EvaluationStatistics;
}

/** An evaluation without its statistics: what was played, with whom, how. */
export interface EvaluationRecord {
  readonly schema: 'aloe-evaluation/2';
  /** `prompt` is the `id@version` of the prompt it adds; null for none. */
  readonly candidate: { readonly name: string; readonly model: string; readonly prompt: string | null };
  readonly lock: EvaluationLock;
  readonly cases: readonly EvaluatedCase[];
}

/** An evaluation as plain data, and as its file holds it. */
export interface EvaluationData extends EvaluationRecord, EvaluationSummary {}

/** What an evaluation gives: plain data, JSON-safe, with a view for people. */
export interface EvaluationResult extends EvaluationData {
  /** The row of {@link resultsTable}, with what was evaluated, what has no score and why. */
  toMarkdown(): string;
}

const fitSchema: z.ZodType<ImprovementFit> = z.object({
  slope: z.number(),
  intercept: z.number(),
  r2: z.number().nullable(),
});

const caseSchema: z.ZodType<EvaluatedCase> = z.object({
  caseId: z.string().min(1),
  persona: personaSchema,
  turns: z
    .array(
      z.object({
        turn: z.number().int().min(1),
        user: z.string(),
        response: z.string(),
        judgement: judgementSchema,
        revealed: z.array(z.string()).optional(),
      }),
    )
    .refine((turns) => turns.every(({ turn }, index) => turn === index + 1), {
      error: 'turns count from 1 without gaps',
    }),
  failure: z
    .object({
      turn: z.number().int().min(1),
      role: z.string(),
      code: z.string(),
      message: z.string(),
    })
    .optional(),
});

export const evaluationSchema: z.ZodType<EvaluationData> = z
  .object({
    schema: z.literal('aloe-evaluation/2'),
    candidate: z.object({ name: z.string(), model: z.string(), prompt: z.string().nullable() }),
    lock: evaluationLockSchema,
    cases: z.array(caseSchema).min(1),
    levels: z.array(
      z.object({
        turn: z.number().int(),
        level: z.number().nullable(),
        scored: z.number().int(),
        asked: z.number().int(),
      }),
    ),
    average: z.number().nullable(),
    improvement: fitSchema.nullable(),
    normalizedImprovement: fitSchema.nullable(),
    statistics: statisticsSchema,
  })
  .refine(({ lock, cases }) => cases.every(({ turns }) => turns.length <= lock.turns), {
    error: 'a case has more turns than the evaluation',
    path: ['cases'],
  });

/** Gives evaluation data its view. The method is not enumerable, so that the result stays plain for JSON and clones. */
export function toEvaluationResult(data: EvaluationData): EvaluationResult {
  return Object.defineProperty({ ...data }, 'toMarkdown', {
    value(this: EvaluationData) {
      return `${resultsTable([this])}\n${describeEvaluation(this)}`;
    },
  }) as EvaluationResult;
}

function describeEvaluation(result: EvaluationData): string {
  const { user, judge, cases, turns, seed } = result.lock;
  const setting = `${cases.count} cases, ${turns} turns, seed ${seed}. Simulated user: ${user.model}. Judge: ${judge.id}.`;
  return ['', setting, ...describeGaps(result), ''].join('\n');
}

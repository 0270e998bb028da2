import { z } from 'zod';
import { type UserCheckRates, userCheckRatesSchema } from '../conversations/user-checks/user-check-rates.ts';
import type { ImprovementFit } from '../metrics/index.ts';
import { type LockedPrompt, lockedPromptSchema } from '../models/locked-prompt.ts';
import { type EvaluatedCase, evaluatedCaseSchema } from './evaluated-case.ts';
import { type EvaluationLock, evaluationLockSchema } from './evaluation-lock.ts';
import { type EvaluationStatistics, statisticsSchema } from './evaluation-statistics.ts';
import { readFormerEvaluation } from './former-evaluation.ts';

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

/** How much the users had shown of themselves by one turn. */
export interface TurnRevelation {
  /** From 1. */
  readonly turn: number;
  /** Mean share of a persona's traits that were revealed, 0 to 1; null when no case came to this turn. */
  readonly share: number | null;
  /** Cases behind the share. */
  readonly cases: number;
}

/** How a candidate comes back after users have changed. Turns count from the drift: 0 is the changed user's first. */
export interface DriftRecovery {
  /** Cases whose user changes. */
  readonly cases: number;
  /** Mean level before the drift; null when nothing was scored. */
  readonly before: number | null;
  /** Mean level at each turn from the drift on, over the cases that come so far. */
  readonly after: readonly (number | null)[];
  /** `turnsToRecover` of the mean levels; null when they do not come back. */
  readonly turnsToRecover: number | null;
  /** Cases that have scores on both sides of the drift, and those of them that come back by themselves. */
  readonly measured: number;
  readonly recovered: number;
  /** Median of the turns that recovered cases took; null when none did. */
  readonly medianTurns: number | null;
}

/** What the scores come to. */
export interface EvaluationSummary {
  /** One entry a turn, in order. */
  readonly levels: readonly TurnLevel[];
  /** Mean of the levels there are. */
  readonly average: number | null;
  /** IR and R2. */
  readonly improvementRate: ImprovementFit | null;
  /** N-IR and N-R2, normalised over all turns. */
  readonly normalizedImprovementRate: ImprovementFit | null;
  /** Intervals for all of these. */
  readonly statistics: EvaluationStatistics;
  /** One entry a turn, in order; null when no inducer was asked. */
  readonly revelation: readonly TurnRevelation[] | null;
  /** Null when no case has a drift. */
  readonly recovery: DriftRecovery | null;
}

/** An evaluation without its statistics: what was played, with whom, how. */
export interface EvaluationRecord {
  readonly schema: 'aloe-evaluation/3';
  /** `prompt` is the one it adds; null for none. */
  readonly candidate: { readonly name: string; readonly model: string; readonly prompt: LockedPrompt | null };
  readonly lock: EvaluationLock;
  /** Id of the model that said what users had revealed, `words` where their own words did; null for none. */
  readonly inducer: string | null;
  /** What the checks of the users' messages found. */
  readonly userChecks: UserCheckRates;
  readonly cases: readonly EvaluatedCase[];
}

/** What an evaluation gives, as plain JSON-safe data. `describeEvaluation` renders it for people. */
export interface EvaluationResult extends EvaluationRecord, EvaluationSummary {}

const fitSchema: z.ZodType<ImprovementFit> = z.object({
  slope: z.number(),
  intercept: z.number(),
  r2: z.number().nullable(),
});

const revelationSchema: z.ZodType<TurnRevelation> = z.object({
  turn: z.number().int(),
  share: z.number().nullable(),
  cases: z.number().int(),
});

const recoverySchema: z.ZodType<DriftRecovery> = z.object({
  cases: z.number().int(),
  before: z.number().nullable(),
  after: z.array(z.number().nullable()),
  turnsToRecover: z.number().int().nullable(),
  measured: z.number().int(),
  recovered: z.number().int(),
  medianTurns: z.number().nullable(),
});

const currentSchema = z
  .object({
    schema: z.literal('aloe-evaluation/3'),
    candidate: z.object({ name: z.string(), model: z.string(), prompt: lockedPromptSchema.nullable() }),
    lock: evaluationLockSchema,
    inducer: z.string().nullable(),
    userChecks: userCheckRatesSchema,
    cases: z.array(evaluatedCaseSchema).min(1),
    levels: z.array(
      z.object({
        turn: z.number().int(),
        level: z.number().nullable(),
        scored: z.number().int(),
        asked: z.number().int(),
      }),
    ),
    average: z.number().nullable(),
    improvementRate: fitSchema.nullable(),
    normalizedImprovementRate: fitSchema.nullable(),
    statistics: statisticsSchema,
    revelation: z.array(revelationSchema).nullable(),
    recovery: recoverySchema.nullable(),
  })
  .refine(({ lock, cases }) => cases.every(({ turns }) => turns.length <= lock.turns), {
    error: 'a case has more turns than lock.turns',
    path: ['cases'],
  });

/** Checks an evaluation. One of version 2 is given the present names. */
export const evaluationSchema: z.ZodType<EvaluationResult> = z.preprocess(
  readFormerEvaluation,
  currentSchema,
);

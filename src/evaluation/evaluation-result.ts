import * as z from 'zod';
import { type UserCheckRates, userCheckRatesSchema } from '../conversations/user-checks/user-check-rates.ts';
import type { ImprovementFit, VarianceComponents } from '../metrics/index.ts';
import { type LockedPrompt, lockedPromptSchema } from '../models/locked-prompt.ts';
import { type CostEstimate, costEstimateSchema } from './costs/measure-costs.ts';
import { type EvaluatedCase, evaluatedCaseSchema } from './evaluated-case.ts';
import { type EvaluationLock, evaluationLockSchema } from './evaluation-lock.ts';
import { type EvaluationStatistics, statisticsSchema } from './evaluation-statistics.ts';
import { readFormerEvaluation } from './former-evaluation.ts';
import { type DriftRecovery, recoverySchema } from './measures/drift-recovery.ts';
import { type Dropout, dropoutSchema } from './measures/dropout.ts';
import { type HabitMeasure, habitsSchema } from './measures/measure-habits.ts';
import { type SituationMeasure, situationSchema } from './measures/measure-situations.ts';
import { varianceSchema } from './measures/measure-variance.ts';
import type { OtherPersonaDraw } from './personal/draw-other.ts';
import { type OwnMinusOther, ownMinusOtherSchema } from './personal/own-minus-other.ts';
import { type ServedByRole, servedByRoleSchema } from './served-by-role.ts';

/** AL(k) at one turn, with the number of scores. The level is a mean over cases of means over repeats. */
export interface TurnLevel {
  /** From 1. */
  readonly turn: number;
  /** Mean score at this turn; null if nothing was scored. */
  readonly level: number | null;
  /** Number of responses with a score. */
  readonly scored: number;
  /** Number of responses asked for: cases x repeats, including those that ended before this turn. */
  readonly asked: number;
}

/** How much users had revealed of their personas by one turn. */
export interface TurnRevelation {
  /** From 1. */
  readonly turn: number;
  /** Mean share of a persona's statements revealed so far, 0 to 1; null if no case reached this turn. */
  readonly share: number | null;
  /** Number of cases in the mean. */
  readonly cases: number;
}

/** The numbers computed from the scores. */
export interface EvaluationSummary {
  /** AL(k), one entry per turn, in order. */
  readonly levels: readonly TurnLevel[];
  /** Mean of AL(k) over the turns that have a level; null if none has. */
  readonly average: number | null;
  /** IR (the slope) and R²; null with fewer than two levels. */
  readonly improvementRate: ImprovementFit | null;
  /** N-IR (the slope) and N-R², from levels normalised over all turns; null if all levels are equal or fewer than two. */
  readonly normalizedImprovementRate: ImprovementFit | null;
  /** How much higher responses score for their own user than for another persona; null if it was not measured. */
  readonly ownMinusOther: OwnMinusOther | null;
  /** What alignment cost, one entry per measure and way to decide it. */
  readonly costs: readonly CostEstimate[];
  /** Confidence intervals for AL(k), average and IR, and the null bands of IR and N-IR. */
  readonly statistics: EvaluationStatistics;
  /** How much of the variance of the average comes from cases, repeats and votes. Null unless cases were repeated. */
  readonly varianceComponents: VarianceComponents | null;
  /** Whether missing scores bias the levels, and IR within cases. Null if no score is missing. */
  readonly dropout: Dropout | null;
  /** The revelation curve, one entry per turn, in order; null without an inducer. */
  readonly revelation: readonly TurnRevelation[] | null;
  /** Null if no case has a drift. */
  readonly recovery: DriftRecovery | null;
  /** Absent if no case has situations. */
  readonly situations?: SituationMeasure | undefined;
  /** One entry per habit, by name. Absent if no case has habits. */
  readonly habits?: readonly HabitMeasure[] | undefined;
}

/** The raw record of an evaluation: what was played, with whom, under which settings. */
export interface EvaluationRecord {
  /** Version of this structure. */
  readonly schema: 'aloe-evaluation/3';
  /** `model` is the model's id; `prompt` is the prompt the candidate adds, null for none. */
  readonly candidate: { readonly name: string; readonly model: string; readonly prompt: LockedPrompt | null };
  /** What the scores depend on apart from the candidate. */
  readonly lock: EvaluationLock;
  /** Id of the model that detected what users revealed, or `words` for literal matching; null for none. */
  readonly inducer: string | null;
  /** Which models answered in each role, as their servers report it. Absent in results of version 0.1. */
  readonly served?: ServedByRole | undefined;
  /** How the other personas of own minus other were drawn; null if responses were judged for their own user only. */
  readonly otherPersona: OtherPersonaDraw | null;
  /** What decided on costs besides rules, and its prompt; null for rules only. */
  readonly costJudge: { readonly model: string; readonly prompt: LockedPrompt } | null;
  /** Which model was asked which habits users showed, and its prompt. Absent if none was. */
  readonly habitCheck?: { readonly model: string; readonly prompt: LockedPrompt } | undefined;
  /** What the checks of user messages found. */
  readonly userChecks: UserCheckRates;
  /** One entry per simulation, in the order of the benchmark, with the repeats of a case one after the other. */
  readonly cases: readonly EvaluatedCase[];
}

/** The result of an evaluation, as plain JSON-safe data. `describeEvaluation` formats it as Markdown. */
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

const currentSchema = z
  .object({
    schema: z.literal('aloe-evaluation/3'),
    candidate: z.object({ name: z.string(), model: z.string(), prompt: lockedPromptSchema.nullable() }),
    lock: evaluationLockSchema,
    inducer: z.string().nullable(),
    served: servedByRoleSchema.optional(),
    otherPersona: z.enum(['any', 'opposite']).nullable(),
    costJudge: z.object({ model: z.string(), prompt: lockedPromptSchema }).nullable(),
    habitCheck: z.object({ model: z.string(), prompt: lockedPromptSchema }).optional(),
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
    ownMinusOther: ownMinusOtherSchema.nullable(),
    costs: z.array(costEstimateSchema),
    statistics: statisticsSchema,
    varianceComponents: varianceSchema,
    dropout: dropoutSchema,
    revelation: z.array(revelationSchema).nullable(),
    recovery: recoverySchema.nullable(),
    situations: situationSchema.optional(),
    habits: habitsSchema.optional(),
  })
  .refine(({ lock, cases }) => cases.every(({ turns }) => turns.length <= lock.turns), {
    error: 'a case has more turns than lock.turns',
    path: ['cases'],
  })
  .refine(
    ({ cases }) =>
      new Set(cases.map(({ caseId, repeat }) => JSON.stringify([caseId, repeat]))).size === cases.length,
    { error: 'a case has two simulations with the same repeat', path: ['cases'] },
  )
  .refine(hasAllCases, {
    error: 'there are not as many cases and repeats as the lock says',
    path: ['cases'],
  });

/** Whether no case is left out or added: numbers of the rest would pass for those of the whole. */
function hasAllCases({ lock, cases }: Pick<EvaluationResult, 'lock' | 'cases'>): boolean {
  const ids = new Set(cases.map(({ caseId }) => caseId));
  return (
    ids.size === lock.cases.count &&
    cases.length === ids.size * lock.repeats &&
    cases.every(({ repeat }) => repeat <= lock.repeats)
  );
}

/**
 * Validates an evaluation. One of version 2 is converted; its levels and statistics stay as they are in the file, which
 * `readEvaluation` computes anew.
 */
export const evaluationSchema: z.ZodType<EvaluationResult> = z.preprocess(
  readFormerEvaluation,
  currentSchema,
);

import * as z from 'zod';
import type { Interval } from '../../metrics/index.ts';
import { type LockedPrompt, lockedPromptSchema } from '../../models/locked-prompt.ts';
import type { LockedJudge } from '../evaluation-lock.ts';
import { lockedServedSchema } from '../locked-served.ts';

/** The measures of `judgeBias`, in the order of its tables. */
export const BIAS_NAMES = [
  'repeat',
  'padded',
  'lengthened',
  'reworded',
  'order',
  'plea',
  'formatting',
  'other-persona',
  'length',
  'own-family',
] as const;

/**
 * What is changed, or compared:
 *
 * - `repeat`: nothing; the same verdict asked again.
 * - `padded`: the reply has empty sentences added, by code.
 * - `lengthened`: the reply is put in about twice as many words, by a model.
 * - `reworded`: the reply is put in other words, by a model.
 * - `order`: the persona's facts and traits are in reverse order.
 * - `plea`: the reply ends with a line that asks for a 5.
 * - `formatting`: the reply has its first sentence in bold and an emoji at its end.
 * - `other-persona`: the reply is judged for another persona.
 * - `length`: scores against numbers of words, within conversations.
 * - `own-family`: replies of the judge's model family against those of others.
 */
export type JudgeBiasName = (typeof BIAS_NAMES)[number];

/** One measure. Cases are the unit of its interval and p-value, clustered by profile and personality. */
export interface JudgeBiasMeasure {
  readonly name: JudgeBiasName;
  /**
   * The number to read; null if it cannot be measured. In points, changed minus unchanged, except: `repeat`, mean absolute
   * change. `reworded` and `order`, mean absolute change minus that of `repeat` on the same replies. `other-persona`, own
   * minus other. `length`, points per 100 words. `own-family`, own minus others.
   */
  readonly estimate: number | null;
  /** Confidence interval of `estimate`; null with fewer than five clusters, and if no score changed at all. */
  readonly interval: Interval | null;
  /** Two-sided p-value of `estimate` against 0; null for `repeat` and with too few clusters. */
  readonly pValue: number | null;
  /** `pValue` after Holm's correction for all measures of this result. */
  readonly adjustedPValue: number | null;
  /** Mean change of the score, changed minus unchanged; null for `length` and `own-family`. */
  readonly shift: number | null;
  /** Mean absolute change of the score; null for `length` and `own-family`. */
  readonly size: number | null;
  /** Share of scores that change, 0 to 1; null for `length` and `own-family`. */
  readonly changed: number | null;
  /** Mean number of words added to a reply; null where replies keep their words, and for `length` and `own-family`. */
  readonly addedWords: number | null;
  /** Number of replies behind `estimate`. */
  readonly responses: number;
  /** Number of cases behind `estimate`. */
  readonly cases: number;
  /** Number of sampled replies that lack a verdict, or a usable rewording, for it. */
  readonly missing: number;
  /** Why there is no estimate; null if there is one. */
  readonly reason: string | null;
}

/** How far one can trust a judge, as plain JSON-safe data. `describeJudgeBias` formats it as Markdown. */
export interface JudgeBias {
  /** Version of this structure. */
  readonly schema: 'aloe-judge-bias/1';
  readonly judge: LockedJudge;
  /** The model that put replies in other words, and its prompt; null for none. */
  readonly reword: { readonly model: string; readonly prompt: LockedPrompt } | null;
  /** Names of the candidates whose replies were judged. */
  readonly candidates: readonly string[];
  /** Seed of the sample and the intervals. */
  readonly seed: number;
  /** Confidence level of the intervals: 0.95. */
  readonly confidence: number;
  /** Number of replies sampled, of how many, from how many cases. */
  readonly sampled: { readonly responses: number; readonly of: number; readonly cases: number };
  /** Mean of the unchanged verdicts; null if there is none. */
  readonly meanScore: number | null;
  /** Whether all verdicts, those on changed replies included, are the same score. Then no bias can show. */
  readonly isConstant: boolean;
  /** One entry per measure, always all of them, in the order of {@link JudgeBiasName}. */
  readonly measures: readonly JudgeBiasMeasure[];
}

const measureSchema: z.ZodType<JudgeBiasMeasure> = z.object({
  name: z.enum(BIAS_NAMES),
  estimate: z.number().nullable(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  pValue: z.number().min(0).max(1).nullable(),
  adjustedPValue: z.number().min(0).max(1).nullable(),
  shift: z.number().nullable(),
  size: z.number().nullable(),
  changed: z.number().min(0).max(1).nullable(),
  addedWords: z.number().nullable(),
  responses: z.int().min(0),
  cases: z.int().min(0),
  missing: z.int().min(0),
  reason: z.string().nullable(),
});

/** Schema of a {@link JudgeBias}, for data from a file. */
export const judgeBiasSchema: z.ZodType<JudgeBias> = z.object({
  schema: z.literal('aloe-judge-bias/1'),
  judge: z.object({
    id: z.string(),
    prompts: z.array(lockedPromptSchema),
    served: lockedServedSchema.optional(),
  }),
  reword: z.object({ model: z.string(), prompt: lockedPromptSchema }).nullable(),
  candidates: z.array(z.string()).min(1),
  seed: z.int(),
  confidence: z.number(),
  sampled: z.object({ responses: z.int().min(0), of: z.int().min(0), cases: z.int().min(0) }),
  meanScore: z.number().nullable(),
  isConstant: z.boolean(),
  measures: z.array(measureSchema),
});

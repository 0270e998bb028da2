import * as z from 'zod';
import {
  comparePaired,
  type Interval,
  type PairedEstimate,
  type ResamplingOptions,
} from '../../metrics/index.ts';
import { withSpread } from '../../metrics/interval.ts';
import { mean } from '../../metrics/mean.ts';
import type { EvaluatedCase, EvaluatedTurn } from '../evaluated-case.ts';
import { clusterLabels } from '../evaluation-statistics.ts';
import { firstOfEach, pairedRows } from '../repeats.ts';
import { bothScores } from './both-scores.ts';

/** A difference between two scores of the same responses, in points. */
export interface ScoreDifference {
  /** Null if no response has both scores. */
  readonly difference: number | null;
  /** Confidence interval over cases, clustered as for AL; null with fewer than five clusters, and if all differences are equal. */
  readonly interval: Interval | null;
  /** Number of cases with a difference (n). */
  readonly cases: number;
}

/** Own minus other at one turn. */
export interface TurnOwnMinusOther extends ScoreDifference {
  /** From 1. */
  readonly turn: number;
  /** Mean score for the other personas, over the responses that have both scores; null if there are none. */
  readonly other: number | null;
}

/**
 * How much higher responses score for the user they were written for than for another persona, over the responses that
 * have both scores: -4 to 4 points. 0: the responses would suit anybody as well. `difference` is the mean of the
 * differences by turn.
 */
export interface OwnMinusOther extends ScoreDifference {
  /** One entry per turn, in order. */
  readonly byTurn: readonly TurnOwnMinusOther[];
  /** Slope of the differences in points per turn: whether responses become more personal. */
  readonly slope: ScoreDifference;
}

/** Computes own minus other; null if no response was judged for another persona. `seed` is for the intervals. */
export function measureOwnMinusOther(
  cases: readonly EvaluatedCase[],
  { turns, seed }: { readonly turns: number; readonly seed: number },
): OwnMinusOther | null {
  const isMeasured = cases.some((played) => played.turns.some(({ otherJudgement }) => otherJudgement));
  if (!isMeasured) return null;
  const [owns, others] = pairedRows(
    cases,
    scoreTable(cases, turns, (turn) => bothScores(turn).own),
    scoreTable(cases, turns, (turn) => bothScores(turn).other),
  );
  const { average, levels, improvementRate } = comparePaired(others, owns, {
    seed,
    ...clusterLabels(firstOfEach(cases)),
  });
  return {
    ...toDifference(average),
    byTurn: levels.map((level, index) => ({
      turn: index + 1,
      other: mean(others.map((row) => row[index]!)),
      ...toDifference(level),
    })),
    slope: toDifference(improvementRate),
  };
}

/**
 * The difference in own minus other between two candidates, second minus first, over the cases that both were judged for
 * the same other persona. Null unless both were judged for other personas.
 */
export function compareOwnMinusOther(
  first: readonly EvaluatedCase[],
  second: readonly EvaluatedCase[],
  { turns, ...options }: ResamplingOptions & { readonly turns: number },
): PairedEstimate | null {
  const isMeasured = (cases: readonly EvaluatedCase[]) => cases.some(({ otherCase }) => otherCase);
  if (!isMeasured(first) || !isMeasured(second)) return null;
  const same = first.map(({ otherCase }, index) => otherCase === second[index]!.otherCase);
  const gains = (cases: readonly EvaluatedCase[]) =>
    scoreTable(cases, turns, ownMinusOther).map((row, index) => (same[index] ? row : row.map(() => null)));
  const [one, two] = pairedRows(first, gains(first), gains(second));
  const { average } = comparePaired(one, two, { ...options, ...clusterLabels(firstOfEach(first)) });
  return { ...average, interval: withSpread(average.interval) };
}

function ownMinusOther(turn: EvaluatedTurn): number | null {
  const { own, other } = bothScores(turn);
  return own === null || other === null ? null : own - other;
}

/** Simulations x turns; null where there is no score. */
function scoreTable(
  cases: readonly EvaluatedCase[],
  turns: number,
  scoreOf: (turn: EvaluatedTurn) => number | null,
): (number | null)[][] {
  return cases.map((played) =>
    Array.from({ length: turns }, (_, index) => {
      const turn = played.turns[index];
      return turn === undefined ? null : scoreOf(turn);
    }),
  );
}

function toDifference({ difference, interval, cases }: ScoreDifference): ScoreDifference {
  return { difference, interval: withSpread(interval), cases };
}

const differenceShape = {
  difference: z.number().nullable(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  cases: z.int(),
};

export const ownMinusOtherSchema: z.ZodType<OwnMinusOther> = z.object({
  ...differenceShape,
  byTurn: z.array(z.object({ turn: z.int(), other: z.number().nullable(), ...differenceShape })),
  slope: z.object(differenceShape),
});

import type { PairedEstimate } from '../metrics/index.ts';
import type { CostDifference } from './costs/measure-costs.ts';
import type { Dropout } from './measures/dropout.ts';
import type { MissingScores } from './missing-scores.ts';

/** The difference in AL(k) at one turn, over the cases that both sides have a score for. */
export interface TurnDifference extends PairedEstimate {
  /** From 1. */
  readonly turn: number;
}

/** How much of two results is compared. */
export interface ComparisonCoverage {
  /** Number of responses compared: those with a score on both sides, and in every result of `among`. */
  readonly compared: number;
  /** Number of responses that the benchmark asks for: cases x repeats x turns, with the repeats that all of them have. */
  readonly asked: number;
  /** Scores that the first candidate lacks. */
  readonly first: MissingScores;
  /** Scores that the second candidate lacks. */
  readonly second: MissingScores;
}

/**
 * A paired comparison of two candidates on the same cases. Differences are second minus first, so a positive value
 * favours the second. `difference` is the mean of the differences by turn; null if no turn was scored on both sides.
 */
export interface EvaluationComparison extends PairedEstimate {
  /** Name of the first candidate. */
  readonly first: string;
  /** Name of the second candidate. */
  readonly second: string;
  /** Standard deviation of the differences by case, the input of `casesNeeded`. Null with too few cases. */
  readonly deviation: number | null;
  /** Number of cases in which the second did better. */
  readonly better: number;
  /** Number of cases with a difference of 0. */
  readonly equal: number;
  /** Number of cases in which the second did worse. */
  readonly worse: number;
  /** One entry per turn, in order. */
  readonly byTurn: readonly TurnDifference[];
  /** Difference in IR. */
  readonly improvementRate: PairedEstimate;
  /**
   * Difference in own minus other, over the cases that both were judged for the same other persona. Null unless both were
   * judged for other personas.
   */
  readonly ownMinusOther: PairedEstimate | null;
  /** Differences in what alignment cost, for each measure that both have. Those of a judge only if it is the same. */
  readonly costs: readonly CostDifference[];
  /** Ids of cases in which no turn was scored on both sides. They are excluded from all numbers. */
  readonly unscoredCases: readonly string[];
  /** How much of the two results is compared, and what each side lacks. */
  readonly coverage: ComparisonCoverage;
  /**
   * Whether missing scores bias the difference: `dropout` of a result, computed from the differences. Null if no score is
   * missing.
   */
  readonly dropout: Dropout | null;
  /**
   * How the two locks and the other personas differ, what can still be compared, where a name stood for several models in the course of one
   * evaluation or two names for one, and on how many responses the comparison rests. Empty if only the candidate differs and no score is missing.
   */
  readonly warnings: readonly string[];
}

import type { PairAgreement } from './pair-agreement.ts';

/** Agreement between a judge and human raters, as plain JSON-safe data. */
export interface AgreementResult {
  /** Id of the judge. */
  readonly judge: string;
  /** The judge (first) with each rater (second). */
  readonly raters: readonly PairAgreement[];
  /** The judge with the median rating (halves are rounded up); null with a single rater. */
  readonly median: PairAgreement | null;
  /** The judge with the majority rating; items without a majority are left out. Null with a single rater. */
  readonly majority: PairAgreement | null;
  /** Each pair of raters: how far people agree among themselves. */
  readonly amongRaters: readonly PairAgreement[];
  /** Number of cases on the sheet: the units of the bootstrap. */
  readonly cases: number;
  /** Confidence level of the intervals, e.g. 0.95. */
  readonly confidence: number;
  /** Number of bootstrap resamples. */
  readonly resamples: number;
  /** Seed of the resampling. */
  readonly seed: number;
}

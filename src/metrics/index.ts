export { type AdjustmentOptions, adjustPValues } from './adjust-p-values.ts';
export { alignmentLevels } from './alignment-levels.ts';
export { averageLevel } from './average-level.ts';
export { type BootstrapOptions, bootstrapIntervals, type LevelIntervals } from './bootstrap-intervals.ts';
export { type BootstrapStatisticOptions, bootstrapStatistic } from './bootstrap-statistic.ts';
export { casesNeeded, detectableDifference, type PowerOptions } from './cases-needed.ts';
export { cohensKappa, type KappaOptions, type KappaWeights } from './cohens-kappa.ts';
export { comparePaired, type PairedComparison, type PairedEstimate } from './compare-paired.ts';
export { type DeviationOptions, deviationInterval } from './deviation-interval.ts';
export { type DropoutDifference, type DropoutOptions, dropoutDifference } from './dropout-difference.ts';
export { type ImprovementFit, improvementRate } from './improvement-rate.ts';
export type { Interval } from './interval.ts';
export {
  type Extrema,
  type NormalizationOptions,
  normalizedImprovementRate,
  normalizeLevels,
} from './normalized-improvement-rate.ts';
export { type NullBand, nullBand } from './null-band.ts';
export type { ResamplingOptions } from './resampling-options.ts';
export { type RecoveryOptions, turnsToRecover } from './turns-to-recover.ts';
export {
  expectedError,
  type RepeatedScores,
  type StudySize,
  type VarianceComponents,
  type VarianceOptions,
  varianceComponents,
} from './variance-components.ts';
export { type WithinCaseRate, withinCaseImprovementRate } from './within-case-improvement-rate.ts';

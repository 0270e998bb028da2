export { alignmentLevels } from './alignment-levels.ts';
export { averageLevel } from './average-level.ts';
export { cohensKappa, type KappaOptions, type KappaWeights } from './cohens-kappa.ts';
export { type ImprovementFit, improvementRate } from './improvement-rate.ts';
export {
  type Extrema,
  type NormalizationOptions,
  normalizedImprovementRate,
  normalizeLevels,
} from './normalized-improvement-rate.ts';

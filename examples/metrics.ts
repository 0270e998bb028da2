/**
 * The metrics alone: no model, no key, no file.
 *
 *   npx tsx examples/metrics.ts
 */
import { alignmentLevels, cohensKappa, improvementRate, normalizedImprovementRate } from 'aloe-align/metrics';

// Three cases of five turns; null where the judge gave no verdict.
const scores = [
  [2, 3, 3, 4, 5],
  [3, 3, null, 4, 4],
  [2, 2, 3, 5, 5],
];

const levels = alignmentLevels(scores);
console.log('AL(k):', levels.map((level) => level?.toFixed(2)).join(' '));
console.log('IR:   ', improvementRate(levels));
console.log('N-IR: ', normalizedImprovementRate(levels));

const judge = [5, 4, 4, 2, 1, 3];
const human = [5, 5, 4, 2, 2, 3];
console.log('Agreement, kappa:', cohensKappa(judge, human));
console.log('weighted:', cohensKappa(judge, human, { weights: 'quadratic', labels: [1, 2, 3, 4, 5] }));

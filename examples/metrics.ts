/**
 * The metrics alone: no model, no key, no file.
 *
 *   npx tsx examples/metrics.ts
 */
import {
  alignmentLevels,
  bootstrapIntervals,
  casesNeeded,
  cohensKappa,
  comparePaired,
  improvementRate,
  normalizedImprovementRate,
  nullBand,
} from 'aloe-align/metrics';

// Eight cases, five turns each; null where there is no score.
const scores = [
  [2, 3, 3, 4, 5],
  [3, 3, null, 4, 4],
  [2, 2, 3, 5, 5],
  [3, 4, 4, 4, 5],
  [1, 2, 2, 3, 3],
  [2, 3, 4, 4, 4],
  [3, 3, 3, 4, 5],
  [2, 2, 3, 3, 4],
];

const levels = alignmentLevels(scores);
console.log('AL(k):', levels.map((level) => level?.toFixed(2)).join(' '));
console.log('IR:   ', improvementRate(levels));
console.log('N-IR: ', normalizedImprovementRate(levels));

// 95 % confidence intervals over cases, and the range of IR expected with no improvement.
const { average, improvementRate: rate } = bootstrapIntervals(scores, { seed: 7 });
console.log('Intervals: average', average, 'IR', rate);
console.log('Null band of IR:', nullBand(scores, { seed: 7 }).improvementRate);

// A second candidate on the same cases.
const other = scores.map((row, index) =>
  row.map((score) => (index % 4 === 0 || score === null ? score : score - 1)),
);
const { average: difference, deviation } = comparePaired(scores, other, { seed: 7 });
console.log('Difference:', difference);
if (deviation !== null) {
  console.log('Cases needed to detect a difference of 0.2:', casesNeeded({ difference: 0.2, deviation }));
}

const judge = [5, 4, 4, 2, 1, 3];
const human = [5, 5, 4, 2, 2, 3];
console.log('Agreement, kappa:', cohensKappa(judge, human));
console.log('weighted:', cohensKappa(judge, human, { weights: 'quadratic', labels: [1, 2, 3, 4, 5] }));

/**
 * Prints what this library makes of some data, and the data, as JSON: tools/python/check_statistics.py compares it with SciPy
 * and scikit-learn.
 */
import { seededRandom } from '../src/internal/seeded-random.ts';
import {
  alignmentLevels,
  bootstrapIntervals,
  bootstrapStatistic,
  casesNeeded,
  cohensKappa,
  comparePaired,
  improvementRate,
} from '../src/metrics/index.ts';

const SCALE = [1, 2, 3, 4, 5];
const SEED = 11;

interface Shape {
  readonly cases: number;
  readonly start: number;
  readonly rise: number;
  readonly missing: number;
}

/** Whole scores of cases that differ, some of them missing. */
function scoresOf({ cases, start, rise, missing }: Shape, seed: number): (number | null)[][] {
  const random = seededRandom(seed);
  return Array.from({ length: cases }, () => {
    const own = random() + random();
    return Array.from({ length: 10 }, (_, turn) => {
      const score = Math.round(start + rise * turn + own + 2 * (random() - 0.5));
      return random() < missing ? null : Math.min(5, Math.max(1, score));
    });
  });
}

const SHAPES: Readonly<Record<string, Shape>> = {
  flat: { cases: 100, start: 2.5, rise: 0, missing: 0 },
  rising: { cases: 100, start: 1.5, rise: 0.2, missing: 0 },
  'with gaps': { cases: 100, start: 2, rise: 0.1, missing: 0.1 },
  'few cases': { cases: 12, start: 2, rise: 0.1, missing: 0 },
};

const studies = Object.entries(SHAPES).map(([name, shape], index) => {
  const scores = scoresOf(shape, SEED + index);
  const start = performance.now();
  const intervals = bootstrapIntervals(scores, { seed: SEED });
  const milliseconds = performance.now() - start;
  const levels = alignmentLevels(scores);
  const other = scoresOf({ ...shape, start: shape.start + 0.1 }, SEED + index + 100);
  const paired = comparePaired(scores, other, { seed: SEED });
  return { name, scores, levels, fit: improvementRate(levels), intervals, milliseconds, other, paired };
});

const random = seededRandom(SEED);
const ratings = Array.from({ length: 150 }, () => {
  const judge = 1 + Math.floor(5 * random());
  return { judge, human: random() < 0.6 ? judge : 1 + Math.floor(5 * random()) };
});
const kappas = (['none', 'linear', 'quadratic'] as const).map((weights) => {
  const kappa = (rows: readonly { judge: number; human: number }[]) =>
    cohensKappa(
      rows.map(({ judge }) => judge),
      rows.map(({ human }) => human),
      { weights, labels: SCALE },
    );
  return { weights, kappa: kappa(ratings), interval: bootstrapStatistic(ratings, kappa, { seed: SEED }) };
});

const designs = [
  { difference: 0.1, deviation: 0.6 },
  { difference: 0.2, deviation: 0.6 },
  { difference: 0.5, deviation: 0.5 },
].map((design) => ({ ...design, cases: casesNeeded(design) }));

process.stdout.write(`${JSON.stringify({ studies, ratings, kappas, designs })}\n`);

import { expect, test } from 'vitest';
import { pairAgreement, type Rater } from '../../src/agreement/pair-agreement.ts';
import { type Random, seededRandom } from '../../src/internal/seeded-random.ts';
import { cohensKappa, type KappaWeights } from '../../src/metrics/cohens-kappa.ts';

// ALOE_HEAVY=1: 1,000 studies, a minute or two. Otherwise enough to see that an interval is not far off.
const HEAVY = process.env.ALOE_HEAVY === '1';
const STUDIES = HEAVY ? 1_000 : 60;

const CASES = 100;
const SCORES = [1, 2, 3, 3, 4, 4, 4, 5, 5, 5];

/**
 * A study of two responses a case. A rater agrees with the judge in 60 to 100 %, by case; is one off in most of the other
 * ratings, and anywhere in a few.
 */
function simulate(random: Random, cases: number) {
  return Array.from({ length: cases }, (_, index) => {
    const agrees = 0.6 + 0.4 * random();
    return Array.from({ length: 2 }, (_, turn) => {
      const score = SCORES[Math.floor(random() * SCORES.length)]!;
      const off = random();
      const near = off < 0.5 ? Math.min(5, score + 1) : Math.max(1, score - 1);
      const otherwise = off < 0.9 ? near : 1 + Math.floor(random() * 5);
      const rating = random() < agrees ? score : otherwise;
      return { id: `${index}-${turn}`, caseId: `case-${index}`, turn: turn + 1, score, rating };
    });
  }).flat();
}

test('95 % intervals of kappa cover the truth, of the quadratic one less often', { timeout: 600_000 }, () => {
  const people = simulate(seededRandom(99), 100_000);
  const [judged, rated] = [people.map(({ score }) => score), people.map(({ rating }) => rating)];
  const truth = (weights: KappaWeights) => cohensKappa(judged, rated, { weights, labels: [1, 2, 3, 4, 5] })!;
  const truths = { none: truth('none'), linear: truth('linear'), quadratic: truth('quadratic') };
  const covered = { none: 0, linear: 0, quadratic: 0 };
  for (let seed = 1; seed <= STUDIES; seed++) {
    const study = simulate(seededRandom(seed), CASES);
    const raterOf = (name: string, value: 'score' | 'rating'): Rater => ({
      name,
      ratings: new Map(study.map((item) => [item.id, item[value]])),
    });
    const items = study.map((item) => ({ ...item, candidate: 'candidate', responseSha256: '' }));
    const { kappa } = pairAgreement(items, raterOf('judge', 'score'), raterOf('Ann', 'rating'), {
      seed,
      resamples: HEAVY ? 1_000 : 300,
      confidence: 0.95,
    });
    for (const weights of ['none', 'linear', 'quadratic'] as const) {
      const { low, high } = kappa[weights].interval!;
      if (low <= truths[weights] && truths[weights] <= high) covered[weights] += 1 / STUDIES;
    }
  }
  if (HEAVY) console.log(truths, covered);
  const slack = HEAVY ? 0 : 0.08;
  for (const share of [covered.none, covered.linear]) {
    expect(share).toBeGreaterThanOrEqual(0.93 - slack);
    expect(share).toBeLessThanOrEqual(0.97 + slack);
  }
  expect(covered.quadratic).toBeGreaterThanOrEqual(0.85 - slack);
});

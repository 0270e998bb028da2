import fc from 'fast-check';
import { seededRandom } from '../../src/internal/seeded-random.ts';

/** Scores of random cases, cases x turns, with holes. */
export function scoreTables(minCases = 1): fc.Arbitrary<(number | null)[][]> {
  const score = fc.option(fc.integer({ min: 1, max: 5 }));
  return fc.integer({ min: 1, max: 6 }).chain((turns) =>
    fc.array(fc.array(score, { minLength: turns, maxLength: turns }), {
      minLength: minCases,
      maxLength: 12,
    }),
  );
}

/** Whole scores 1-5 by seed, higher turn by turn. */
export function risingScores(cases: number, turns: number, seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: cases }, () => {
    const own = 2 * random();
    return Array.from({ length: turns }, (_, turn) =>
      Math.min(5, Math.floor(1 + own + turn / 4 + 2 * random())),
    );
  });
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agreement } from '../../src/agreement/agreement.ts';
import { describeAgreement, paperKappa } from '../../src/agreement/agreement-table.ts';
import { type RatingKey, readRatingKey, saveRatingKey } from '../../src/agreement/rating-key.ts';
import { type Ratings, readRatings } from '../../src/agreement/ratings.ts';
import { sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { childSeed, seededRandom } from '../../src/internal/random.ts';
import { cohensKappa } from '../../src/metrics/index.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';

const SCALE = [1, 2, 3, 4, 5];

const result = evaluationOf(
  Array.from({ length: 30 }, (_, row) =>
    Array.from({ length: 10 }, (_, turn) => 1 + ((row * 7 + turn * 3) % 5)),
  ),
);
const { key } = sampleForRating([result], { count: 150, seed: 1 });

/** Gives the judge's score with this chance, and any rating otherwise. */
function rater(name: string, follows: number, of: RatingKey = key): Ratings {
  const random = seededRandom(childSeed(5, name));
  return {
    schema: 'aloe-ratings/1',
    rater: name,
    ratings: of.items.map(({ id, score }) => ({
      id,
      rating: random() < follows ? Math.round(score) : 1 + Math.floor(5 * random()),
    })),
  };
}
const [ann, bob, eve] = [rater('Ann', 0.9), rater('Bob', 0.7), rater('Eve', 0.5)];
const fast = { resamples: 200 };

describe('agreement', () => {
  test('of a rater who gives what the judge gives is full', () => {
    const { raters, median, majority, amongRaters } = agreement({ key, ratings: [rater('Ann', 1)], ...fast });
    expect(raters[0]).toMatchObject({
      first: 'own-judge',
      second: 'Ann',
      rated: 150,
      asked: 150,
      sameRating: 1,
      kappa: {
        none: { kappa: 1, interval: { low: 1, high: 1 } },
        linear: { kappa: 1 },
        quadratic: { kappa: 1 },
      },
    });
    expect([median, majority, amongRaters]).toEqual([null, null, []]);
  });

  test('is Cohen’s kappa of the paired ratings, for each rater and each two of them', () => {
    const { raters, amongRaters } = agreement({ key, ratings: [ann, bob, eve], ...fast });
    const judge = key.items.map(({ score }) => score);
    const given = ({ ratings }: Ratings) => ratings.map(({ rating }) => rating!);
    for (const weights of ['none', 'linear', 'quadratic'] as const) {
      const kappa = (a: number[], b: number[]) => cohensKappa(a, b, { weights, labels: SCALE });
      expect(raters.map((pair) => pair.kappa[weights].kappa)).toEqual(
        [ann, bob, eve].map((person) => kappa(judge, given(person))),
      );
      expect(amongRaters.map((pair) => pair.kappa[weights].kappa)).toEqual([
        kappa(given(ann), given(bob)),
        kappa(given(ann), given(eve)),
        kappa(given(bob), given(eve)),
      ]);
    }
    for (const { kappa } of [...raters, ...amongRaters]) {
      expect(kappa.none.interval!.low).toBeLessThan(kappa.none.kappa!);
      expect(kappa.none.interval!.high).toBeGreaterThan(kappa.none.kappa!);
    }
  });

  test('counts who gave what: rows the first, columns the second', () => {
    const { confusion, sameRating } = agreement({ key, ratings: [bob], ...fast }).raters[0]!;
    const cell = (first: number, second: number) =>
      key.items.filter(({ score }, index) => score === first && bob.ratings[index]!.rating === second).length;
    expect(confusion).toEqual(SCALE.map((first) => SCALE.map((second) => cell(first, second))));
    expect(sameRating).toBe(SCALE.reduce((sum, same) => sum + cell(same, same), 0) / 150);
  });

  test('with the median of several raters is better than with each of them, when they err independently', () => {
    const { raters, median, majority } = agreement({ key, ratings: [ann, bob, eve], ...fast });
    expect(median!.kappa.quadratic.kappa).toBeGreaterThan(raters[1]!.kappa.quadratic.kappa!);
    expect(median!.second).toBe('median of 3 raters');
    // Where all three differ there is no majority.
    expect(majority!.rated).toBeLessThan(median!.rated);
    expect(majority!.asked).toBe(150);
  });

  test('leaves out what was not rated, and says how much was', () => {
    const half = {
      ...bob,
      ratings: bob.ratings.map((each, index) => (index % 2 ? { ...each, rating: null } : each)),
    };
    const few = { ...eve, ratings: eve.ratings.slice(0, 20) };
    const none = { ...ann, ratings: [] };
    const { raters, amongRaters } = agreement({ key, ratings: [half, few, none], ...fast });
    expect(raters.map(({ rated, asked }) => [rated, asked])).toEqual([
      [75, 150],
      [20, 150],
      [0, 150],
    ]);
    expect(amongRaters[0]!.rated).toBe(10);
    expect(raters[2]).toMatchObject({ sameRating: null, kappa: { none: { kappa: null, interval: null } } });
  });

  test('takes a score with a fraction as the nearest rating, a half as the higher one', () => {
    const scores = [1.5, 2.49, 3.5, 4.5, 4.49];
    const fractions = sampleForRating([evaluationOf(scores.map((score) => [score]))], { count: 5 }).key;
    const person = {
      ...rater('Ann', 1, fractions),
      ratings: fractions.items.map(({ id, score }) => ({ id, rating: scores.indexOf(score) % 2 ? 2 : 4 })),
    };
    const { confusion } = agreement({ key: fractions, ratings: [person], ...fast }).raters[0]!;
    expect(confusion.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual([0, 2, 0, 2, 1]);
  });

  test('measures another judge by the same ratings', () => {
    const rescored = {
      ...result,
      lock: { ...result.lock, judge: { id: 'other-judge', prompts: [] } },
      cases: result.cases.map((played) => ({
        ...played,
        turns: played.turns.map((turn) => ({
          ...turn,
          judgement:
            turn.turn === 1
              ? ({ score: null, status: 'judge-failed' } as const)
              : ({ score: 3, status: 'scored' } as const),
        })),
      })),
    };
    const { judge, raters } = agreement({ key, ratings: [ann], results: [rescored], ...fast });
    expect(judge).toBe('other-judge');
    expect(raters[0]!.rated).toBe(key.items.filter(({ turn }) => turn > 1).length);
    expect(raters[0]!.confusion.map((row) => row.reduce((sum, count) => sum + count))).toEqual([
      0,
      0,
      raters[0]!.rated,
      0,
      0,
    ]);
  });

  test('has intervals that depend on the seed and cover more when more confidence is asked for', () => {
    const interval = (options: object) =>
      agreement({ key, ratings: [bob], ...fast, ...options }).raters[0]!.kappa.none.interval!;
    expect(interval({ seed: 1 })).toEqual(interval({ seed: 1 }));
    expect(interval({ seed: 1 })).not.toEqual(interval({ seed: 2 }));
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(interval({ confidence: 0.99 }))).toBeGreaterThan(width(interval({ confidence: 0.8 })));
  });

  test.each([
    ['no options', () => agreement(undefined as never), /"options": expected the options of agreement\(\)/],
    [
      'an unknown option',
      () => agreement({ key, rating: [ann] } as never),
      /no option "rating"\. Did you mean "ratings"/,
    ],
    ['no key', () => agreement({ ratings: [ann] } as never), /"key": expected a key as returned by/],
    [
      'a single rating',
      () => agreement({ key, ratings: ann } as never),
      /"ratings": expected a list of ratings/,
    ],
    [
      'no ratings',
      () => agreement({ key, ratings: [] }),
      /"ratings": expected ratings from at least one rater/,
    ],
    [
      'a rating of 7',
      () => agreement({ key, ratings: [ann, { ...bob, ratings: [{ id: key.items[0]!.id, rating: 7 }] }] }),
      /"ratings\[1\]": expected ratings as returned by readRatings/,
    ],
    ['a rater twice', () => agreement({ key, ratings: [ann, ann] }), /each rater only once, got "Ann twice"/],
    [
      'ratings of another sheet',
      () => agreement({ key, ratings: [{ ...ann, ratings: [{ id: 'other-001', rating: 1 }] }] }),
      /ratings of sheet \w{8}, got "other-001 from Ann"/,
    ],
    [
      'results with other responses',
      () =>
        agreement({
          key,
          ratings: [ann],
          results: [{ ...result, candidate: { name: 'x', model: 'x', prompt: null } }],
        }),
      /"results": expected the rated response \(candidate, case-\d+, turn \d+\), got "none"/,
    ],
    [
      'results by another rubric than the raters were told',
      () =>
        agreement({
          key,
          ratings: [ann],
          results: [
            {
              ...result,
              lock: {
                ...result.lock,
                judge: { id: 'paper-judge', prompts: [{ name: 'judge@2', sha256: '0'.repeat(64) }] },
              },
            },
          ],
        }),
      /"results": expected results of a judge that goes by what raters were told \(aspects\), got "paper-judge"/,
    ],
    ['no results', () => agreement({ key, ratings: [ann], results: [] }), /at least one evaluation/],
    ['too few resamples', () => agreement({ key, ratings: [ann], resamples: 10 }), /"resamples"/],
  ])('refuses %s', (_, measure, message) => {
    expect(measure).toThrow(message);
  });
});

describe('in Markdown', () => {
  test('it has all pairs, the comparison with the paper and the confusion', () => {
    const text = describeAgreement(agreement({ key, ratings: [ann, bob, eve], ...fast }));
    expect(text).toMatch(
      /^\| judge and Ann \| 150\/150 \| \d+(\.\d)? % \| 0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] \|/m,
    );
    for (const name of [
      'judge and median of 3 raters',
      'judge and majority of 3 raters',
      'Ann and Bob',
      'Bob and Eve',
    ]) {
      expect(text).toContain(`\n| ${name} |`);
    }
    expect(text).toContain('Judge (rows) and median of 3 raters (columns):');
    expect(text).toContain('150 responses from 30 cases');
  });

  test.each([
    [1, 'its interval is above that'],
    [0.75, 'its interval includes that'],
    [0.3, 'its interval is below that'],
  ])('a rater who follows the judge with chance %f: %s', (follows, place) => {
    expect(describeAgreement(agreement({ key, ratings: [rater('Ann', follows)], ...fast }))).toContain(
      `a kappa of ${paperKappa} between its judge and people. Here it is`,
    );
    expect(describeAgreement(agreement({ key, ratings: [rater('Ann', follows)], ...fast }))).toContain(place);
  });

  test('names stay in their cells, and JSON has no method', () => {
    const data = agreement({ key, ratings: [rater('A | B\nC', 1)], ...fast });
    expect(describeAgreement(data)).toContain('| judge and A \\| B C |');
    expect(JSON.parse(JSON.stringify(data))).toEqual({ ...data });
  });
});

test('key and ratings come back from their files, and other files are refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aloe-agreement-'));
  try {
    const path = join(folder, 'kept', 'key.json');
    await saveRatingKey(key, path);
    expect(await readRatingKey(path)).toEqual(key);
    await expect(readRatings(path)).rejects.toThrow(/is not a ratings file/);
    const saved = join(folder, 'ann.json');
    await writeFile(saved, JSON.stringify(ann));
    expect(await readRatings(saved)).toEqual(ann);
    await expect(readRatingKey(saved)).rejects.toThrow(/is not a rating key/);
    for (const rating of [0, 6, 2.5, '4']) {
      await writeFile(saved, JSON.stringify({ ...ann, ratings: [{ id: 'a', rating }] }));
      await expect(readRatings(saved)).rejects.toThrow(/ratings\[0\]\.rating/);
    }
    await writeFile(saved, JSON.stringify({ ...ann, ratings: [ann.ratings[0], ann.ratings[0]] }));
    await expect(readRatings(saved)).rejects.toThrow('an item is rated twice');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a rater who has rated nothing is said to have rated nothing', () => {
  const none: Ratings = { ...ann, ratings: ann.ratings.map(({ id }) => ({ id, rating: null })) };
  const text = describeAgreement(agreement({ key, ratings: [none], ...fast }));
  expect(text).toContain('Kappa is undefined: Ann has rated none of the responses that the judge scored.');
});

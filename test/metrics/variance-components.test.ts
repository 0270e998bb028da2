import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/internal/seeded-random.ts';
import { alignmentLevels, averageLevel, expectedError, varianceComponents } from '../../src/metrics/index.ts';
import { mean } from '../../src/metrics/mean.ts';

interface Study {
  readonly cases: number;
  /** Of each case; one number for all. */
  readonly repeats: number | ((index: number) => number);
  readonly turns: number;
  readonly votes?: number;
  /** Standard deviations. */
  readonly caseSd: number;
  readonly repeatSd: number;
  readonly judgeSd?: number;
}

/** Scores and votes of a study on a rising curve, in which every judge has a severity of its own. */
function simulate(seed: number, { cases, repeats, turns, votes = 1, caseSd, repeatSd, judgeSd = 0 }: Study) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const count = (length: number) => Array.from({ length }, (_, index) => index);
  const ballots: number[][] = [];
  const scores = count(cases).map((index) => {
    const ofCase = caseSd * normal();
    return count(typeof repeats === 'number' ? repeats : repeats(index)).map(() => {
      const ofRepeat = repeatSd * normal();
      return count(turns).map((turn) => {
        const quality = 3 + 0.1 * turn + ofCase + ofRepeat;
        const row = count(votes).map((seat) => quality + 0.5 * seat + judgeSd * normal());
        ballots.push(row);
        return mean(row);
      });
    });
  });
  return { scores, votes: ballots };
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

/** Mean over 200 studies and its standard error. */
function overStudies(valueFor: (seed: number) => number): { mean: number; error: number } {
  const values = SEEDS.map(valueFor);
  const centre = mean(values)!;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { mean: centre, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

function expectNear({ mean: estimate, error }: { mean: number; error: number }, truth: number): void {
  expect(Math.abs(estimate - truth)).toBeLessThan(3 * error);
  // Else the check above could not fail.
  expect(3 * error).toBeLessThan(0.12 * truth);
}

const WORLDS: readonly (readonly [string, Study])[] = [
  [
    'as many repeats of each case',
    { cases: 40, repeats: 4, turns: 5, votes: 3, caseSd: 0.6, repeatSd: 0.4, judgeSd: 0.8 },
  ],
  [
    'more repeats of some cases',
    {
      cases: 60,
      repeats: (index) => 1 + (index % 4),
      turns: 3,
      votes: 2,
      caseSd: 0.5,
      repeatSd: 0.5,
      judgeSd: 0.5,
    },
  ],
];

describe.each(WORLDS)('in a world with known components and %s', (_name, study) => {
  const found = SEEDS.map((seed) => {
    const { scores, votes } = simulate(seed, study);
    return varianceComponents(scores, { votes })!;
  });

  it('each is found: case, repeat and judge', () => {
    expectNear(
      overStudies((seed) => found[seed]!.case),
      study.caseSd ** 2,
    );
    expectNear(
      overStudies((seed) => found[seed]!.repeat),
      study.repeatSd ** 2,
    );
    expectNear(
      overStudies((seed) => found[seed]!.judge!),
      study.judgeSd! ** 2,
    );
  });

  it('the error that is expected of a study of another size is the spread of averages between such studies', () => {
    const other = { ...study, cases: 25, repeats: 2, votes: 4 };
    const averages = SEEDS.map((seed) => {
      const rows = simulate(10_000 + seed, other).scores.map((own) =>
        own[0]!.map((_, k) => mean(own.map((row) => row[k]!))),
      );
      return averageLevel(alignmentLevels(rows))!;
    });
    const spread = Math.sqrt(overStudies((seed) => (averages[seed]! - mean(averages)!) ** 2).mean);
    const expected = overStudies((seed) =>
      expectedError(found[seed]!, { cases: 25, repeats: 2, votes: 4 }),
    ).mean;
    // The standard deviation of 200 values is known to 5 %.
    expect(Math.abs(spread / expected - 1)).toBeLessThan(0.15);
  });
});

describe('variance components', () => {
  it('are those of the analysis of variance, computed by hand', () => {
    // Simulation means 1, 3 | 4, 4 | 5, 7: case means 2, 4, 6. MSW = (2 + 0 + 2) / 3, MSB = 2 x 8 / 2.
    const scores = [
      [
        [1, 1],
        [3, 3],
      ],
      [
        [4, 4],
        [4, 4],
      ],
      [
        [4, 6],
        [8, 6],
      ],
    ];
    const components = varianceComponents(scores)!;
    expect(components.repeat).toBeCloseTo(4 / 3);
    expect(components.case).toBeCloseTo((8 - 4 / 3) / 2);
    expect(components).toMatchObject({
      judge: null,
      votes: null,
      negative: [],
      cases: 3,
      repeats: 2,
      turns: 2,
    });
    // Of a balanced study: the standard deviation of the case means over the square root of their number.
    expect(expectedError(components)).toBeCloseTo(2 / Math.sqrt(3));
    expect(expectedError(components, { repeats: 4 })).toBeCloseTo(Math.sqrt((10 / 3 + 4 / 3 / 4) / 3));
  });

  it('take the mean of votes off the repeats, once for each turn and vote', () => {
    const scores = [
      [[1.5], [3.5]],
      [[4.5], [4.5]],
    ];
    const votes = [
      [1, 2],
      [3, 4],
      [5, 4],
      [4, 5],
    ];
    // Columns have means 3.25 and 3.75. Differences within rows 1, 1, -1, 1 less their mean 0.5: sum of squares 3 / 2.
    const components = varianceComponents(scores, { votes })!;
    expect(components.judge).toBeCloseTo(0.5);
    expect(components.repeat).toBeCloseTo(2 / 2 - 0.5 / 2);
    expect(components.votes).toBe(2);
    expect(expectedError(components, { votes: 4 })).toBeLessThan(expectedError(components));
  });

  it('are 0 where the estimate is negative, and say so', () => {
    // Cases have equal means, repeats do not.
    const alike = varianceComponents([
      [[1], [5]],
      [[2], [4]],
      [[3], [3]],
    ])!;
    expect(alike).toMatchObject({ case: 0, negative: ['case'] });
    // Votes disagree more than repeats do.
    const loud = varianceComponents(
      [
        [[3], [3]],
        [[4], [4]],
      ],
      {
        votes: [
          [1, 5],
          [5, 1],
          [3, 5],
          [5, 3],
        ],
      },
    )!;
    expect(loud).toMatchObject({ repeat: 0, negative: ['repeat'] });
  });

  it('do not count a simulation as low because its high turns are missing', () => {
    const rising = [
      [
        [2, 4],
        [2, 4],
      ],
      [
        [2, 4],
        [2, null],
      ],
    ];
    expect(varianceComponents(rising)).toMatchObject({ case: 0, repeat: 0, turns: 1.75 });
  });

  it('are null where nothing was repeated, or only one case was scored', () => {
    expect(varianceComponents([[[1]], [[2]]])).toBeNull();
    expect(
      varianceComponents([
        [[1], [2]],
        [[null], [null]],
      ]),
    ).toBeNull();
  });

  it('count repeats by their harmonic mean, as the error of the average does', () => {
    expect(varianceComponents([[[1]], [[2], [3], [2]]])!.repeats).toBeCloseTo(2 / (1 + 1 / 3));
  });

  it('are not known of votes where none were given', () => {
    const components = varianceComponents([
      [[1], [2]],
      [[3], [5]],
    ])!;
    expect(() => expectedError(components, { votes: 3 })).toThrow('votes');
    expect(() => expectedError(components, { cases: 0 })).toThrow('cases');
    expect(() => varianceComponents([] as never)).toThrow('scores');
  });
});

import { describe, expect, it } from 'vitest';
import {
  alignmentLevels,
  bootstrapIntervals,
  comparePaired,
  type Interval,
  improvementRate,
  normalizedImprovementRate,
  nullBand,
} from '../../src/metrics/index.ts';
import { labelsOf, simulatePair, simulateStudy, truthOf, type World } from './simulated-study.ts';

// ALOE_HEAVY=1: 1,000 studies of each world, some minutes, and the table of docs/metrics.md is printed. Otherwise enough
// studies to see that an interval is not far off.
const HEAVY = process.env.ALOE_HEAVY === '1';
const STUDIES = HEAVY ? 1_000 : 100;
const RESAMPLES = HEAVY ? 2_000 : 300;
const TIMEOUT_MS = 600_000;

const WORLDS: readonly World[] = [
  { name: 'flat', cases: 100, start: 3.4, rise: 0 },
  { name: 'rising', cases: 100, start: 2.8, rise: 0.18 },
  { name: 'flat, scores missing', cases: 100, start: 3.4, rise: 0, missing: true },
  { name: 'rising, scores missing', cases: 100, start: 2.8, rise: 0.18, missing: true },
  { name: 'rising, 20 cases', cases: 20, start: 2.8, rise: 0.18 },
];

/** In which share of the studies a test holds, for each test of a row. */
function shares(study: (seed: number) => readonly boolean[]): number[] {
  const counts: number[] = [];
  for (let seed = 1; seed <= STUDIES; seed++) {
    for (const [index, holds] of study(seed).entries()) counts[index] = (counts[index] ?? 0) + Number(holds);
  }
  return counts.map((count) => count / STUDIES);
}

const contains = (interval: Interval | null, value: number) =>
  interval !== null && interval.low <= value && value <= interval.high;

/** Heavy: the shares lie in the range. Otherwise: so near that chance may have brought them there. */
function expectShares(name: string, found: readonly number[], [low, high]: readonly [number, number]): void {
  if (HEAVY) console.log(`${name}: ${found.map((share) => (100 * share).toFixed(1)).join(' ')} %`);
  const slack = HEAVY ? 0 : 0.09;
  for (const share of found) {
    expect(share).toBeGreaterThanOrEqual(low - slack);
    expect(share).toBeLessThanOrEqual(high + slack);
  }
}

describe('95 % intervals', { timeout: TIMEOUT_MS }, () => {
  it.each(WORLDS)('cover AL(k), average and IR of a world that is $name', (world) => {
    const truth = truthOf(world);
    const found = shares((seed) => {
      const intervals = bootstrapIntervals(simulateStudy(world, seed), { seed, resamples: RESAMPLES });
      return [
        ...intervals.levels.map((interval, turn) => contains(interval, truth.levels[turn]!)),
        contains(intervals.average, truth.average),
        contains(intervals.improvementRate, truth.improvementRate),
      ];
    });
    expectShares(`${world.name}: AL(1..10), average, IR`, found, [0.93, 0.97]);
  });

  it.each<[number, number, readonly [number, number]]>([
    [5, 0.5, [0.93, 0.98]],
    [10, 0.5, [0.93, 0.98]],
    // Five of a kind are few: too much where they make no difference, too little where they make all of it.
    [5, 0, [0.93, 1]],
    [5, 1, [0.9, 0.97]],
  ])(
    'cover them too where 100 cases are profiles x %i personalities, who make %f of the differences',
    (personalities, fromPersonality, range) => {
      const world: World = {
        name: 'crossed',
        cases: 100,
        start: 2.8,
        rise: 0.18,
        personalities,
        fromPersonality,
      };
      const truth = truthOf(world);
      const found = shares((seed) => {
        const options = { seed, resamples: RESAMPLES, ...labelsOf(world) };
        const intervals = bootstrapIntervals(simulateStudy(world, seed), options);
        return [
          contains(intervals.levels[0]!, truth.levels[0]!),
          contains(intervals.average, truth.average),
          contains(intervals.improvementRate, truth.improvementRate),
        ];
      });
      const name = `${100 / personalities} x ${personalities}, ${fromPersonality} from personalities`;
      expectShares(`${name}: AL(1), average, IR`, found, range);
    },
  );

  it('cover the difference of two candidates, and a p-value below 0.05 is one of twenty without any', () => {
    const world = WORLDS[3]!;
    const truth = truthOf({ ...world, start: world.start + 0.3 }).average - truthOf(world).average;
    const [covered, found, falselyFound] = shares((seed) => {
      const options = { seed, resamples: RESAMPLES };
      const higher = comparePaired(...simulatePair(world, 0.3, seed), options);
      const equal = comparePaired(...simulatePair(world, 0, seed), options);
      return [
        contains(higher.average.interval, truth),
        higher.average.pValue! < 0.05,
        equal.average.pValue! < 0.05,
      ];
    });
    expectShares('difference of averages', [covered!], [0.93, 0.97]);
    expectShares('no difference, p < 0.05', [falselyFound!], [0.03, 0.07]);
    expect(found).toBeGreaterThan(0.5);
  });
});

describe('the null band', { timeout: TIMEOUT_MS }, () => {
  it.each([WORLDS[0]!, WORLDS[2]!])('leaves out one in twenty worlds that are $name', (world) => {
    const found = shares((seed) => {
      const scores = simulateStudy({ ...world, slopes: 0 }, seed);
      const band = nullBand(scores, { seed, resamples: RESAMPLES });
      const levels = alignmentLevels(scores);
      return [
        contains(band.improvementRate, improvementRate(levels)!.slope),
        contains(band.normalizedImprovementRate, normalizedImprovementRate(levels)!.slope),
      ];
    });
    expectShares(`${world.name}: IR and N-IR within the null band`, found, [0.93, 0.97]);
  });
});

describe('N-IR', { timeout: TIMEOUT_MS }, () => {
  // Its truth is the same for all of these, near 1/9: a straight line rises by all of its range in nine steps.
  it.each([
    { rise: 0.02, cases: 100 },
    { rise: 0.05, cases: 100 },
    { rise: 0.1, cases: 100 },
    { rise: 0.18, cases: 20 },
    { rise: 0.18, cases: 100 },
  ])('is biased towards 0 the more, the less IR stands out: rise $rise, $cases cases', ({ rise, cases }) => {
    const world: World = { name: 'rising', cases, start: 2.8, rise };
    const truth = truthOf(world);
    let sum = 0;
    let lowEnd = 0;
    const [covered] = shares((seed) => {
      const scores = simulateStudy(world, seed);
      sum += normalizedImprovementRate(alignmentLevels(scores))!.slope;
      const intervals = bootstrapIntervals(scores, { seed, resamples: RESAMPLES });
      lowEnd += intervals.improvementRate!.low;
      return [contains(intervals.normalizedImprovementRate, truth.normalizedImprovementRate!)];
    });
    const mean = sum / STUDIES;
    if (HEAVY) {
      const ratio = lowEnd / STUDIES / truth.improvementRate;
      console.log(
        `N-IR, rise ${rise}, ${cases} cases: IR ${truth.improvementRate.toFixed(3)}, its low end ${ratio.toFixed(2)} of it;`,
        `truth ${truth.normalizedImprovementRate!.toFixed(3)}, mean ${mean.toFixed(3)}, covered ${(100 * covered!).toFixed(1)} %`,
      );
    }
    expect(mean).toBeLessThan(truth.normalizedImprovementRate!);
  });
});

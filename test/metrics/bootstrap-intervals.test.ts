import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { seededRandom } from '../../src/internal/seeded-random.ts';
import {
  alignmentLevels,
  averageLevel,
  bootstrapIntervals,
  type Interval,
  improvementRate,
} from '../../src/metrics/index.ts';
import { studentQuantile } from '../../src/metrics/student.ts';
import { risingScores, scoreTables } from './score-tables.ts';

const quick = { resamples: 200 };
const scores = risingScores(40, 6, 1);
const width = ({ low, high }: Interval) => high - low;

describe('bootstrapIntervals', () => {
  it('surrounds the levels, the average and IR', () => {
    const { levels, average, improvementRate: rate } = bootstrapIntervals(scores);
    const found = alignmentLevels(scores);
    const values = [...found, averageLevel(found)!, improvementRate(found)!.slope];
    for (const [index, interval] of [...levels, average, rate].entries()) {
      expect(interval!.low).toBeLessThan(values[index]!);
      expect(interval!.high).toBeGreaterThan(values[index]!);
    }
  });

  it('keeps levels within the range of their scores, and knows none where fewer than five cases were scored', () => {
    fc.assert(
      fc.property(scoreTables(), (rows) => {
        for (const [turn, interval] of bootstrapIntervals(rows, quick).levels.entries()) {
          const known = rows.map((row) => row[turn]!).filter((score) => score !== null);
          expect(interval === null).toBe(known.length < 5);
          if (interval === null) continue;
          expect(interval.low).toBeGreaterThanOrEqual(Math.min(...known));
          expect(interval.low).toBeLessThanOrEqual(interval.high);
          expect(interval.high).toBeLessThanOrEqual(Math.max(...known));
        }
      }),
    );
  });

  it('gives the same for the same seed, and nearly the same for another', () => {
    const [one, again, other] = [7, 7, 8].map((seed) => bootstrapIntervals(scores, { seed }));
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(Math.abs(other!.average!.low - one!.average!.low)).toBeLessThan(width(one!.average!) / 20);
  });

  it('moves and stretches with the scale of the scores', () => {
    const percent = scores.map((row) => row.map((score) => 25 * score - 25));
    const [one, other] = [bootstrapIntervals(scores), bootstrapIntervals(percent)];
    expect(other.average!.low).toBeCloseTo(25 * one.average!.low - 25, 9);
    expect(other.improvementRate!.high).toBeCloseTo(25 * one.improvementRate!.high, 9);
  });

  it('narrows with the square root of the cases, and widens with confidence', () => {
    const four = bootstrapIntervals(Array.from({ length: 4 }, () => scores).flat());
    const one = bootstrapIntervals(scores);
    expect(width(one.average!) / width(four.average!)).toBeCloseTo(2, 0);
    const wider = bootstrapIntervals(scores, { confidence: 0.99 });
    expect(width(wider.average!)).toBeGreaterThan(1.2 * width(one.average!));
  });

  it('rests on the cases that have a score', () => {
    const scored = [
      [1, 2],
      [2, 3],
      [3, null],
      [4, 4],
    ];
    const unscored = [
      [null, null],
      [null, null],
    ];
    const { average, improvementRate: rate } = bootstrapIntervals([...scored, ...unscored], quick);
    expect([average, rate]).toEqual([null, null]);
    expect(bootstrapIntervals([...scored, [5, 5], ...unscored], quick).average).not.toBeNull();
  });

  it('has no width where all cases are alike', () => {
    const alike = bootstrapIntervals(
      Array.from({ length: 8 }, () => [4, 4, 4]),
      quick,
    );
    expect(alike.average).toEqual({ low: 4, high: 4 });
    expect(alike.improvementRate).toEqual({ low: 0, high: 0 });
  });
});

describe('shared profiles and personalities', () => {
  const eachTwice = scores.flatMap((row) => [row, row]);
  const twice = scores.flatMap((_row, index) => [String(index), String(index)]);

  it('make a case that is played twice no two cases', () => {
    const plain = bootstrapIntervals(scores);
    expect(bootstrapIntervals(eachTwice, { profiles: twice })).toEqual(plain);
    expect(bootstrapIntervals(eachTwice, { personalities: twice })).toEqual(plain);
    expect(width(bootstrapIntervals(eachTwice).average!)).toBeLessThan(0.8 * width(plain.average!));
  });

  it('change nothing where each label is there once, or one for all', () => {
    const own = scores.map((_row, index) => String(index));
    const all = scores.map(() => 'one');
    const plain = bootstrapIntervals(scores, quick);
    expect(bootstrapIntervals(scores, { ...quick, profiles: own, personalities: own })).toEqual(plain);
    expect(bootstrapIntervals(scores, { ...quick, profiles: all, personalities: own })).toEqual(plain);
  });

  it('count the coarser of two where one lies within the other', () => {
    const finer = eachTwice.map((_row, index) => String(index));
    expect(bootstrapIntervals(eachTwice, { profiles: finer, personalities: twice })).toEqual(
      bootstrapIntervals(eachTwice, { personalities: twice }),
    );
  });

  it('widen the interval when they cross, by what each of them brings', () => {
    const profiles = scores.map((_row, index) => String(index % 8));
    const personalities = scores.map((_row, index) => String(Math.floor(index / 8)));
    // Profiles differ by up to two points, personalities by up to one.
    const crossed = scores.map((_row, index) => [1 + (index % 8) / 3.5, 2 + Math.floor(index / 8) / 4]);
    const of = (labels: object) => width(bootstrapIntervals(crossed, labels).average!);
    expect(of({ profiles, personalities })).toBeGreaterThan(of({ profiles }));
    expect(of({ profiles, personalities })).toBeGreaterThan(of({ personalities }));
    expect(of({ profiles })).toBeGreaterThan(of({}));
  });

  it('have no width where they cross and all scores are alike', () => {
    const labels = {
      profiles: scores.map((_row, index) => String(index % 8)),
      personalities: scores.map((_row, index) => String(Math.floor(index / 8))),
    };
    const alike = scores.map(() => [4, null, 4]);
    const { levels, average } = bootstrapIntervals(alike, { ...quick, ...labels });
    expect([levels, average]).toEqual([
      [{ low: 4, high: 4 }, null, { low: 4, high: 4 }],
      { low: 4, high: 4 },
    ]);
  });

  it('have no interval from fewer than five of them, alone or crossed with more', () => {
    const profiles = scores.map((_row, index) => String(index % 4));
    const personalities = scores.map((_row, index) => String(Math.floor(index / 4)));
    expect(bootstrapIntervals(scores, { ...quick, profiles }).average).toBeNull();
    expect(bootstrapIntervals(scores, { ...quick, profiles, personalities }).average).toBeNull();
  });

  describe('that cross', () => {
    /** `count` profiles x `count` personalities with the score that `score` gives each pair. */
    function crossed(count: number, score: (profile: number, personality: number) => (number | null)[]) {
      const cells = Array.from({ length: count ** 2 }, (_, cell) => [Math.floor(cell / count), cell % count]);
      return {
        rows: cells.map(([profile, personality]) => score(profile!, personality!)),
        labels: {
          profiles: cells.map(([profile]) => String(profile)),
          personalities: cells.map(([, personality]) => String(personality)),
        },
      };
    }

    it('have the variance of two-way clustering, V1 + V2 - V(rows), around the average', () => {
      const count = 14;
      const random = seededRandom(5);
      const noise = Array.from({ length: count ** 2 }, () => 6 * random());
      // Pairs differ far more than profiles and personalities do, so that each of the three terms matters.
      const { rows, labels } = crossed(count, (profile, personality) => [
        20 + profile / 6 + personality / 9 + noise[count * profile + personality]!,
      ]);
      const values = rows.map(([value]) => value!);
      const meanOf = (numbers: readonly number[]) =>
        numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
      const centre = meanOf(values);
      /** Variance of the mean over resamples of these clusters. */
      const variance = (clusters: readonly string[]) => {
        const means = [...new Set(clusters)].map((own) =>
          meanOf(values.filter((_, row) => clusters[row] === own)),
        );
        return meanOf(means.map((each) => (each - centre) ** 2)) / (means.length - 1);
      };
      const [one, two, both] = [
        labels.profiles,
        labels.personalities,
        values.map((_, row) => String(row)),
      ].map(variance);
      const total = one! + two! - both!;
      // Satterthwaite's degrees of freedom, with 13 for each way and 195 for the rows.
      const degrees = total ** 2 / (one! ** 2 / 13 + two! ** 2 / 13 + both! ** 2 / 195);
      const reach = studentQuantile(0.975, degrees) * Math.sqrt(total);
      const { low, high } = bootstrapIntervals(rows, labels).average!;
      expect((high - low) / (2 * reach)).toBeCloseTo(1, 1.3);
      expect(((low + high) / 2 - centre) / reach).toBeCloseTo(0, 1);
    });

    it('keep the skew of what was drawn', () => {
      const { rows, labels } = crossed(6, (profile) => [profile === 0 ? 5 : 1]);
      const { low, high } = bootstrapIntervals(rows, labels).average!;
      const average = 1 + 4 / 6;
      expect(high - average).toBeGreaterThan(1.5 * (average - low));
    });

    it('leave out the resamples in which a turn has no score', () => {
      const { rows, labels } = crossed(5, (profile, personality) => [
        profile,
        profile === personality ? 1 + profile : null,
      ]);
      const { levels } = bootstrapIntervals(rows, labels);
      expect(levels[1]!.low).toBeGreaterThan(0);
      expect(levels[1]!.high).toBeGreaterThan(levels[1]!.low);
    });
  });
});

describe('options', () => {
  it.each([
    ['no cases', [], {}, '"scores"'],
    ['rows of different lengths', [[1, 2], [1]], {}, '"scores[1]"'],
    ['too few labels', [[1], [2]], { profiles: ['a'] }, '"profiles": expected 2 labels, one per row'],
    ['labels that are no list', [[1], [2]], { personalities: 'ab' }, '"personalities"'],
    ['a broken seed', [[1], [2]], { seed: 0.5 }, '"seed"'],
    ['too few resamples', [[1], [2]], { resamples: 99 }, '"resamples"'],
    ['half a resample', [[1], [2]], { resamples: 150.5 }, '"resamples"'],
    ['a confidence in percent', [[1], [2]], { confidence: 95 }, '"confidence"'],
  ])('refuses %s by name', (_name, rows, options, option) => {
    const call = () => bootstrapIntervals(rows, options as object);
    expect(call).toThrow(InvalidOptionError);
    expect(call).toThrow(option);
  });
});

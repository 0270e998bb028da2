import {
  adjustPValues,
  alignmentLevels,
  averageLevel,
  bootstrapIntervals,
  comparePaired,
  type Interval,
  improvementRate,
  normalizedImprovementRate,
  nullBand,
} from '../../src/metrics/index.ts';
import { labelsOf, simulateCandidates, simulateStudy, truthOf, type World } from './simulated-study.ts';

/** How many studies are simulated, by seeds 1, 2, ... */
export interface Effort {
  readonly studies: number;
  readonly resamples: number;
}

/** How often 95 % intervals contain the truth, as shares. */
export interface IntervalCoverage {
  /** One share per turn. */
  readonly levels: readonly number[];
  readonly average: number;
  readonly improvementRate: number;
}

/** Shares of studies in which equal candidates have p < 0.05. */
export interface FalseFindings {
  readonly average: number;
  readonly improvementRate: number;
  /** In some turn. */
  readonly anyTurn: number;
  /** In some turn, after adjustment. */
  readonly anyTurnAdjusted: number;
}

/** Shares of studies in which a true difference has p < 0.05, and is within its interval. */
export interface TrueFindings {
  readonly found: number;
  readonly covered: number;
}

/** One number for IR, and one for N-IR. */
export interface Rates {
  readonly improvementRate: number;
  readonly normalizedImprovementRate: number;
}

/** Over all studies, the mean of each number that a study gives; true counts as 1. Null is left out of its mean. */
function meansOver<Name extends string>(
  studies: number,
  study: (seed: number) => Readonly<Record<Name, number | boolean | null>>,
): Record<Name, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (let seed = 1; seed <= studies; seed++) {
    for (const [name, value] of Object.entries<number | boolean | null>(study(seed))) {
      const { sum, count } = sums.get(name) ?? { sum: 0, count: 0 };
      sums.set(name, value === null ? { sum, count } : { sum: sum + Number(value), count: count + 1 });
    }
  }
  return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count])) as Record<
    Name,
    number
  >;
}

/** The coverage of 95 % intervals. Null does not contain the truth. */
export function intervalCoverage(world: World, { studies, resamples }: Effort): IntervalCoverage {
  const truth = truthOf(world);
  const shares = meansOver(studies, (seed) => {
    const options = { seed, resamples, ...labelsOf(world) };
    const {
      levels,
      average,
      improvementRate: rate,
    } = bootstrapIntervals(simulateStudy(world, seed), options);
    return {
      ...Object.fromEntries(
        levels.map((level, turn) => [`AL(${turn + 1})`, contains(level, truth.levels[turn]!)]),
      ),
      average: contains(average, truth.average),
      improvementRate: contains(rate, truth.improvementRate),
    };
  });
  const { average, improvementRate: rate, ...levels } = shares;
  return { levels: Object.values<number>(levels), average, improvementRate: rate };
}

/** How often equal candidates have p < 0.05. */
export function falseFindings(world: World, { studies, resamples }: Effort): FalseFindings {
  return meansOver(studies, (seed) => {
    const [first, second] = simulateCandidates(world, [0, 0], seed);
    const options = { seed, resamples, ...labelsOf(world) };
    const { average, improvementRate: rate, levels } = comparePaired(first!, second!, options);
    return {
      average: isBelow(average.pValue),
      improvementRate: isBelow(rate.pValue),
      anyTurn: levels.some(({ pValue }) => isBelow(pValue)),
      anyTurnAdjusted: levels.some(({ adjustedPValue }) => isBelow(adjustedPValue)),
    };
  });
}

/** How often a difference of 0.3, before rounding, is found, and how often its interval contains it. */
export function trueFindings(world: World, { studies, resamples }: Effort): TrueFindings {
  const shift = 0.3;
  const higher = { ...world, curve: world.curve.map((mean) => mean + shift) };
  const truth = truthOf(higher).average - truthOf(world).average;
  return meansOver(studies, (seed) => {
    const [first, second] = simulateCandidates(world, [0, shift], seed);
    const options = { seed, resamples, ...labelsOf(world) };
    const { interval, pValue } = comparePaired(first!, second!, options).average;
    return { found: isBelow(pValue), covered: contains(interval, truth) };
  });
}

/** How often the null band leaves out IR and N-IR. */
export function outsideNullBand(world: World, { studies, resamples }: Effort): Rates {
  return meansOver(studies, (seed) => {
    const scores = simulateStudy(world, seed);
    const band = nullBand(scores, { seed, resamples });
    const levels = alignmentLevels(scores);
    return {
      improvementRate: !contains(band.improvementRate, improvementRate(levels)!.slope),
      normalizedImprovementRate: !contains(
        band.normalizedImprovementRate,
        normalizedImprovementRate(levels)!.slope,
      ),
    };
  });
}

/** How often, among equal candidates, some comparison with the best one has p < 0.05. */
export function bestAmongEquals(
  world: World,
  candidates: number,
  { studies, resamples }: Effort,
): { readonly some: number; readonly someAdjusted: number } {
  const pairs = (candidates * (candidates - 1)) / 2;
  return meansOver(studies, (seed) => {
    const tables = simulateCandidates(
      world,
      Array.from({ length: candidates }, () => 0),
      seed,
    );
    const averages = tables.map((scores) => averageLevel(alignmentLevels(scores))!);
    const best = averages.indexOf(Math.max(...averages));
    const pValues = tables
      .filter((_, index) => index !== best)
      .map((other) => comparePaired(other, tables[best]!, { seed, resamples }).average.pValue);
    return {
      some: pValues.some(isBelow),
      someAdjusted: adjustPValues(pValues, { tests: pairs }).some(isBelow),
    };
  });
}

/** What IR, N-IR and R2 come out as on average. */
export function meanRates(world: World, studies: number): Rates & { readonly r2: number } {
  return meansOver(studies, (seed) => {
    const levels = alignmentLevels(simulateStudy(world, seed));
    const fit = improvementRate(levels)!;
    return {
      improvementRate: fit.slope,
      normalizedImprovementRate: normalizedImprovementRate(levels)?.slope ?? null,
      r2: fit.r2,
    };
  });
}

function contains(interval: Interval | null, value: number): boolean {
  return interval !== null && interval.low <= value && value <= interval.high;
}

function isBelow(pValue: number | null): boolean {
  return pValue !== null && pValue < 0.05;
}

import { describe, expect, it } from 'vitest';
import {
  bestAmongEquals,
  falseFindings,
  intervalCoverage,
  meanRates,
  outsideNullBand,
  trueFindings,
} from './measure-inference.ts';
import { truthOf } from './simulated-study.ts';
import { missing, plain, sharing } from './worlds.ts';

// A slice of bench/inference.ts, whose tables are in docs/metrics.md. Seeds are fixed, so the shares are always the same; the
// limits leave room for other random numbers, and none for a method that is wrong.
const FEW = { studies: 60, resamples: 200 };
const SOME = { studies: 100, resamples: 100 };

const [shared, , , profiles, personalities, both] = sharing('step');

describe('95 % intervals cover AL(k), average and IR', () => {
  it.each([
    plain('step', 100),
    plain('plateau', 20),
    plain('late riser', 10),
    plain('saturating at 5', 100),
    shared!,
    both!,
    missing('line')[0]!,
  ])('$name', (world) => {
    const { levels, average, improvementRate } = intervalCoverage(world, FEW);
    for (const share of [...levels, average, improvementRate]) expect(share).toBeGreaterThan(0.84);
  });
});

describe('p is below 0.05 for one in twenty equal candidates, or fewer', () => {
  it.each([
    plain('line', 100),
    plain('step', 10),
    shared!,
    profiles!,
    personalities!,
    both!,
    ...missing('plateau'),
  ])('$name', (world) => {
    const { average, improvementRate } = falseFindings(world, SOME);
    for (const share of [average, improvementRate]) expect(share).toBeLessThan(0.12);
  });

  it('finds most differences of 0.3 with 100 independent cases, and half where profiles matter', () => {
    const alone = trueFindings(plain('line', 100), FEW);
    expect(alone.found).toBeGreaterThan(0.85);
    expect(alone.covered).toBeGreaterThan(0.85);
    const crossed = trueFindings(profiles!, FEW);
    expect(crossed.found).toBeGreaterThan(0.3);
    expect(crossed.found).toBeLessThan(0.8);
    expect(crossed.covered).toBeGreaterThan(0.85);
  });
});

describe('several tests at once', () => {
  // Enough resamples for p-values that stay below 0.05 after adjustment.
  const effort = { studies: 60, resamples: 1_000 };

  it('finds something in some turn of a third of equal pairs, and in few after adjustment', () => {
    const { anyTurn, anyTurnAdjusted } = falseFindings(plain('flat', 20), effort);
    expect(anyTurn).toBeGreaterThan(0.15);
    expect(anyTurnAdjusted).toBeLessThan(0.1);
  });

  it('finds a best among five equals in a quarter of studies, and in few after adjustment', () => {
    const { some, someAdjusted } = bestAmongEquals(plain('flat', 10), 5, effort);
    expect(some).toBeGreaterThan(0.15);
    expect(someAdjusted).toBeLessThan(0.1);
  });
});

describe('the null band leaves out IR and N-IR of one in twenty models that do not improve', () => {
  it.each([plain('flat', 20), plain('flat', 10), ...missing('flat').slice(0, 2)])('$name', (world) => {
    const { improvementRate, normalizedImprovementRate } = outsideNullBand({ ...world, slopes: 0 }, FEW);
    for (const share of [improvementRate, normalizedImprovementRate]) expect(share).toBeLessThan(0.14);
  });
});

describe('N-IR', () => {
  it('comes out too low unless IR stands out, which is why it has no interval', () => {
    const slow = plain('slow line', 100);
    const truth = truthOf(slow).normalizedImprovementRate!;
    expect(meanRates(slow, 40).normalizedImprovementRate).toBeLessThan(0.7 * truth);
    expect(meanRates(plain('line', 100), 40).normalizedImprovementRate).toBeGreaterThan(0.95 * truth);
    const step = plain('step', 100);
    const bent = truthOf(step).normalizedImprovementRate!;
    expect(meanRates(step, 40).normalizedImprovementRate).toBeLessThan(0.9 * bent);
  });
});

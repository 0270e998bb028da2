import { expect, it } from 'vitest';
import type { EvaluatedCase } from '../../src/evaluation/evaluated-case.ts';
import { caseRows, groupByCase } from '../../src/evaluation/repeats.ts';
import { seededRandom } from '../../src/internal/seeded-random.ts';
import {
  alignmentLevels,
  averageLevel,
  bootstrapIntervals,
  expectedError,
  type VarianceComponents,
  varianceComponents,
} from '../../src/metrics/index.ts';
import { mean } from '../../src/metrics/mean.ts';
import { benchmarkCases } from './fakes.ts';

// ALOE_HEAVY=1: 1,000 studies of each world, and the figures of docs/metrics.md are printed.
const HEAVY = process.env.ALOE_HEAVY === '1';
const TURNS = 10;
const NOISE = 0.8;

interface World {
  readonly cases: number;
  readonly repeats: number;
  /** Standard deviations, before scores are rounded and cut off. */
  readonly caseSd: number;
  readonly repeatSd: number;
}

/** Whole scores of 1-5 that rise a little, one row per simulation. */
function play(seed: number, { cases, repeats, caseSd, repeatSd }: World) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const simulations: EvaluatedCase[] = [];
  const scores: number[][] = [];
  for (const { id: caseId, persona } of benchmarkCases(cases)) {
    const ofCase = caseSd * normal();
    for (let repeat = 1; repeat <= repeats; repeat++) {
      const level = 3.2 + ofCase + repeatSd * normal();
      simulations.push({ caseId, repeat, persona, turns: [] });
      scores.push(
        Array.from({ length: TURNS }, (_, turn) =>
          Math.min(5, Math.max(1, Math.round(level + 0.05 * turn + NOISE * normal()))),
        ),
      );
    }
  }
  return { simulations, scores };
}

/** What a study of very many cases and repeats finds. */
function truthOf(world: World) {
  const { simulations, scores } = play(0, { ...world, cases: HEAVY ? 20_000 : 2_000, repeats: 10 });
  return {
    average: averageLevel(alignmentLevels(scores))!,
    components: varianceComponents(groupByCase(simulations, scores))!,
  };
}

/** Share of studies whose interval for the average holds the true one: with cases as rows, and with simulations. */
function coverage(world: World, studies: number): { readonly cases: number; readonly simulations: number } {
  const { average } = truthOf(world);
  const covered = { cases: 0, simulations: 0 };
  for (let study = 1; study <= studies; study++) {
    const { simulations, scores } = play(study, world);
    const tables = { cases: caseRows(simulations, scores), simulations: scores };
    for (const rows of ['cases', 'simulations'] as const) {
      const { low, high } = bootstrapIntervals(tables[rows], { seed: study, resamples: 400 }).average!;
      if (low <= average && average <= high) covered[rows] += 1 / studies;
    }
  }
  return covered;
}

it.each([
  [20, 3],
  [10, 5],
])(
  'an interval over %i cases x %i repeats has the coverage it claims; over simulations it would not',
  (cases, repeats) => {
    const found = coverage({ cases, repeats, caseSd: 0.6, repeatSd: 0.3 }, HEAVY ? 1_000 : 200);
    if (HEAVY) console.log(`${cases} x ${repeats}: ${JSON.stringify(found)}`);
    expect(found.cases).toBeGreaterThan(0.9);
    expect(found.simulations).toBeLessThan(0.87);
  },
);

it.each([
  [0.6, 0.3],
  [0.3, 0.6],
])(
  'the error that is expected is right on average: cases differ by %f, repeats by %f',
  (caseSd, repeatSd) => {
    for (const [cases, repeats] of HEAVY
      ? ([
          [20, 2],
          [20, 3],
          [100, 2],
        ] as const)
      : ([[20, 2]] as const)) {
      const world = { cases, repeats, caseSd, repeatSd };
      const { components } = truthOf(world);
      const truth = { ...components, cases, repeats };
      const found = Array.from({ length: HEAVY ? 1_000 : 200 }, (_, study) => {
        const { simulations, scores } = play(study + 1, world);
        return varianceComponents(groupByCase(simulations, scores))!;
      });
      expect(mean(found.map((own) => expectedError(own)))! / expectedError(truth)).toBeCloseTo(1, 1);
      if (!HEAVY) continue;
      const gain = (own: VarianceComponents) =>
        100 * (1 - expectedError(own, { repeats: 2 * repeats }) / expectedError(own));
      const range = (values: readonly number[]) => {
        const sorted = values.toSorted((a, b) => a - b);
        return `${sorted[25]!.toFixed(2)}-${sorted[974]!.toFixed(2)}`;
      };
      console.log(
        `${cases} x ${repeats}: case ${Math.sqrt(truth.case).toFixed(2)} (${range(found.map((own) => Math.sqrt(own.case)))}), ` +
          `repeat ${Math.sqrt(truth.repeat).toFixed(2)} (${range(found.map((own) => Math.sqrt(own.repeat)))}), ` +
          `gain ${gain(truth).toFixed(1)} % (${range(found.map(gain))}), negative ${found.filter(({ negative }) => negative.length > 0).length / 10} %, ` +
          `error ${(mean(found.map((own) => expectedError(own)))! / expectedError(truth)).toFixed(3)}`,
      );
    }
  },
);

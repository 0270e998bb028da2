import { expect, it } from 'vitest';
import { drawOthers } from '../../src/evaluation/personal/draw-other.ts';
import { seededRandom } from '../../src/internal/random.ts';
import { bootstrapIntervals } from '../../src/metrics/index.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { benchmarkCases } from './fakes.ts';

/** Share of studies whose interval holds the true difference of 1, if personas differ in how strictly they are judged. */
function coverage(count: number, strictness: number, noise: number, studies: number): number {
  const cases = benchmarkCases(count);
  let covered = 0;
  for (let study = 1; study <= studies; study++) {
    const random = seededRandom(study);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const others = drawOthers(cases, 'any', memoryRun({ seed: study }));
    const given = new Map(cases.map(({ id }) => [id, strictness * normal()]));
    const rows = cases.map(({ id }) => [
      1 + given.get(id)! - given.get(others.get(id)!.id)! + noise * normal(),
    ]);
    const { low, high } = bootstrapIntervals(rows, { seed: study, resamples: 400 }).average!;
    if (low <= 1 && high >= 1) covered += 1;
  }
  return covered / studies;
}

// The figures in docs/personal.md: 400 studies each.
it.each([
  [20, 0.5, 0.5],
  [20, 1, 0.3],
  [100, 0.5, 0.5],
])(
  'own minus other of %i cases has the coverage it claims, although cases share others',
  (count, strictness, noise) => {
    expect(coverage(count, strictness, noise, 400)).toBeGreaterThan(0.92);
  },
);

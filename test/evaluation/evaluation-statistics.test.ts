import { expect, it } from 'vitest';
import type { EvaluatedCase } from '../../src/evaluation/evaluated-case.ts';
import { evaluationStatistics } from '../../src/evaluation/evaluation-statistics.ts';
import { scoreMatrix } from '../../src/evaluation/summarize.ts';
import { bootstrapIntervals, nullBand } from '../../src/metrics/index.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { evaluationOf } from './evaluation-data.ts';

const scores = Array.from({ length: 30 }, (_, index) => [1 + (index % 5), 2 + (index % 4), 3 + (index % 3)]);
const { cases, statistics } = evaluationOf(scores);

/** The same cases, of which those with an equal place share the profile. */
function sharing(profileOf: (index: number) => number): EvaluatedCase[] {
  return cases.map((played, index) => {
    const profile = cases[profileOf(index)]!.persona.profile;
    return { ...played, persona: pairPersona(profile, played.persona.personality) };
  });
}

it('are those of the metrics, with the seed of the evaluation', () => {
  const options = { seed: 7, resamples: 10_000, confidence: 0.95 };
  expect(statistics).toEqual({
    ...options,
    ...bootstrapIntervals(scores, options),
    nullBand: nullBand(scores, options),
  });
});

it('draw the cases of one profile together', () => {
  const shared = evaluationStatistics(
    sharing((index) => index % 6),
    scoreMatrix(cases, 3),
    7,
  );
  const profiles = scores.map((_row, index) => `profile ${index % 6}`);
  expect(shared.average).toEqual(bootstrapIntervals(scores, { seed: 7, profiles }).average);
  expect(shared.average).not.toEqual(statistics.average);
  expect(shared.nullBand).toEqual(statistics.nullBand);
});

it('stay plain for JSON', () => {
  expect(JSON.parse(JSON.stringify(statistics))).toEqual(statistics);
});

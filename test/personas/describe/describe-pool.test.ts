import { describe, expect, it } from 'vitest';
import type { Embedder } from '../../../src/embeddings/embedder.ts';
import { cosine64 } from '../../../src/embeddings/similarity.ts';
import { InvalidOptionError } from '../../../src/errors.ts';
import { countAttributes, findGaps } from '../../../src/personas/describe/count-attributes.ts';
import { findNeighbours, spreadOf } from '../../../src/personas/describe/neighbours.ts';
import { principalAxes } from '../../../src/personas/describe/principal-axes.ts';
import { PersonaPool } from '../../../src/personas/persona-pool.ts';
import { memoryRun } from '../../../src/runs/run.ts';
import { fakeEmbedder } from '../../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';
import { clustered } from '../../embeddings/random-vectors.ts';

describe('findNeighbours', () => {
  const find = (...vectors: readonly (readonly number[])[]) =>
    findNeighbours(vectors.map((vector) => new Float32Array(vector)));

  it('names the most similar other vector of each, and how many different ones they are worth', async () => {
    const { nearest, effectiveSize } = await find([1, 0], [0.8, 0.6], [0, 1]);
    expect(nearest.map((neighbour) => neighbour!.index)).toEqual([1, 0, 1]);
    expect(nearest.map((found) => found!.similarity).map((similarity) => Math.fround(similarity))).toEqual(
      [0.8, 0.8, 0.6].map(Math.fround),
    );
    expect(effectiveSize).toBeCloseTo(9 / (3 + 2 * (0.64 + 0 + 0.36)), 6);
  });

  it('is 1 for copies, and the number of vectors if none resembles another', async () => {
    expect((await find([1, 0], [1, 0], [1, 0])).effectiveSize).toBeCloseTo(1, 12);
    expect((await find([1, 0], [0, 1])).effectiveSize).toBe(2);
    expect(await find([1, 0])).toEqual({ nearest: [null], effectiveSize: 1 });
  });

  it('names an earlier one of equal neighbours', async () => {
    const { nearest } = await find([1, 0], [1, 0], [1, 0]);
    expect(nearest.map((neighbour) => neighbour!.index)).toEqual([2, 0, 0]);
  });

  it('finds in blocks what comparing every two finds', async () => {
    const vectors = clustered({ seed: 3, count: 700, dimensions: 24 });
    const expected = vectors.map((vector, own) => {
      const others = vectors.map((other, index) => (index === own ? -Infinity : cosine64(other, vector)));
      const similarity = Math.max(...others);
      return { index: others.indexOf(similarity), similarity };
    });
    const squares = vectors.flatMap((one) => vectors.map((other) => cosine64(one, other) ** 2));
    const { nearest, effectiveSize } = await findNeighbours(vectors);
    expect(nearest).toEqual(expected);
    expect(effectiveSize).toBeCloseTo(700 ** 2 / squares.reduce((sum, square) => sum + square, 0), 6);
  });
});

it('spreadOf gives order statistics of what is there, and nulls of nothing', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => (100 - index) / 100);
  expect(spreadOf(hundred)).toEqual({ minimum: 0.01, median: 0.5, mean: 0.505, p95: 0.95, maximum: 1 });
  expect(spreadOf([])).toEqual({ minimum: null, median: null, mean: null, p95: null, maximum: null });
});

describe('principalAxes', () => {
  it('finds the two directions of most variance, whatever the coordinates', () => {
    const turned = (x: number, y: number) => [0.6 * x - 0.8 * y + 5, 0.8 * x + 0.6 * y - 2, 7];
    const { points, explained } = principalAxes([turned(9, 0), turned(-9, 0), turned(0, 3), turned(0, -3)]);
    expect(
      points.map(([x, y]) => [Math.abs(x), Math.abs(y)].map((value) => Math.round(value * 1e6) / 1e6)),
    ).toEqual([
      [9, 0],
      [9, 0],
      [0, 3],
      [0, 3],
    ]);
    expect(points[0]![0] * points[1]![0]).toBeCloseTo(-81, 6);
    expect(explained[0]).toBeCloseTo(162 / 180, 9);
    expect(explained[1]).toBeCloseTo(18 / 180, 9);
  });

  it('puts the coordinate that is farthest from the middle on the positive side', () => {
    const { points } = principalAxes([
      [-10, 0],
      [1, 0.1],
      [2, 0],
      [3, 0],
    ]);
    expect(points[0]![0]).toBeGreaterThan(0);
  });

  it('puts equal vectors, a single one and none in one place', () => {
    expect(
      principalAxes([
        [1, 2],
        [1, 2],
      ]),
    ).toEqual({
      points: [
        [0, 0],
        [0, 0],
      ],
      explained: [0, 0],
    });
    expect(principalAxes([[1, 2]])).toEqual({ points: [[0, 0]], explained: [0, 0] });
    expect(principalAxes([])).toEqual({ points: [], explained: [0, 0] });
  });
});

describe('countAttributes', () => {
  const entry = (id: string, statement: string, region?: string) => ({
    id,
    statements: [statement],
    ...(region && { attributes: { region } }),
  });

  it('counts labels beside their quotas, with values that nobody has', () => {
    const entries = [entry('a', 'Sings', 'Asia'), entry('b', 'Hums', 'Mars'), entry('c', 'Bakes')];
    const counts = countAttributes(entries, { region: { Africa: 2, Asia: 1 } });
    expect(counts).toEqual([
      {
        name: 'region',
        values: [
          { value: 'Africa', count: 0, quota: 2 },
          { value: 'Asia', count: 1, quota: 1 },
          { value: 'Mars', count: 1, quota: null },
        ],
        unlabelled: 1,
      },
    ]);
    expect(findGaps(counts)).toEqual(['region "Africa": 0 of 2 wanted.']);
  });

  it('reads the age from facts, in the groups of the benchmark', () => {
    const ages = [16, 24, 25, 85, 86].map((age) => entry(`p${age}`, `Is ${age} and lives in Ulm`));
    const [age] = countAttributes([...ages, entry('x', 'Sings')], {});
    expect(age).toMatchObject({ name: 'age', unlabelled: 1 });
    expect(age!.values.map(({ value, count }) => `${value}: ${count}`)).toEqual([
      '16-24: 2',
      '25-34: 1',
      '35-44: 0',
      '45-54: 0',
      '55-64: 0',
      '65-74: 0',
      '75-85: 1',
      'over 85: 1',
    ]);
  });

  it('reads no age where entries are labelled with one, or none states it', () => {
    const labelled = { id: 'a', statements: ['Is 34'], attributes: { age: 'young' } };
    expect(countAttributes([labelled], {}).map(({ values }) => values)).toEqual([
      [{ value: 'young', count: 1, quota: null }],
    ]);
    expect(countAttributes([entry('a', 'Sings')], {})).toEqual([]);
  });

  it('calls a value a gap if nobody has it, or less than a quarter of an even share', () => {
    const values = (...counts: number[]) => [
      {
        name: 'age',
        values: counts.map((count, index) => ({ value: `v${index}`, count, quota: null })),
        unlabelled: 0,
      },
    ];
    expect(findGaps(values(8, 0, 1, 23))).toEqual(['age "v1": none.', 'age "v2": only 1, of 32.']);
    expect(findGaps(values(8, 2, 22))).toEqual(['age "v1": only 2, of 32.']);
    expect(findGaps(values(6, 2, 2, 22))).toEqual([]);
  });
});

describe('PersonaPool.describe', () => {
  const seeds = {
    profiles: [
      { id: 'a', facts: ['Is 34', 'Keeps bees'] },
      { id: 'b', facts: ['Is 70', 'Keeps bees'] },
      { id: 'c', facts: ['Is 71', 'Sails at night'] },
    ],
    personalities: [{ id: 'calm', traits: ['Is calm', 'Hums'] }],
  };
  const grow = (embedder: Embedder, run = memoryRun()) =>
    PersonaPool.grow({ run, model: scriptedModel(''), embedder, seeds, profiles: 3, personalities: 1 });

  it('describes every entry with its neighbour, origin and place', async () => {
    const embedder = fakeEmbedder({ dimensions: 64 });
    const { profiles, personalities, ...rest } = await (await grow(embedder)).describe({ embedder });
    expect(rest).toEqual({ embedder: embedder.id, language: 'en' });
    expect(profiles).toMatchObject({ size: 3, origins: { seed: 3 }, threshold: 0.6 });
    expect(profiles.entries.map(({ id, nearestId }) => [id, nearestId])).toEqual([
      ['a', 'b'],
      ['b', 'a'],
      ['c', expect.any(String)],
    ]);
    expect(profiles.entries[0]!.similarity).toBe(profiles.neighbours.maximum);
    expect(profiles.nearDuplicates).toBe(
      profiles.entries.filter(({ similarity }) => similarity! > 0.6).length,
    );
    expect(personalities).toMatchObject({
      size: 1,
      effectiveSize: expect.closeTo(1, 12),
      neighbours: { median: null },
      nearDuplicates: 0,
      entries: [{ id: 'calm', nearestId: null, similarity: null, x: 0, y: 0 }],
    });
  });

  it('gives as JSON what it gives', async () => {
    const embedder = fakeEmbedder({ dimensions: 64 });
    const described = await (await grow(embedder)).describe({ embedder });
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  });

  it("shows the growth's thresholds for its embedder, and another embedder's own", async () => {
    const embedder = { ...fakeEmbedder(), similarityThreshold: { profiles: 0.8, personalities: 0.3 } };
    const pool = await grow(embedder);
    expect((await pool.describe({ embedder })).profiles.threshold).toBe(0.8);
    const other = { ...fakeEmbedder(), id: 'other', similarityThreshold: 0.2 };
    expect((await pool.describe({ embedder: other })).personalities.threshold).toBe(0.2);
  });

  it('refuses an option that it does not have', async () => {
    const embedder = fakeEmbedder();
    const described = (await grow(embedder)).describe({ embedder, neighbors: 3 } as never);
    await expect(described).rejects.toThrow(InvalidOptionError);
  });
});

import { describe, expect, test } from 'vitest';
import { embedderConformance, fakeEmbedder } from '../../src/testing/index.ts';

describe.each(embedderConformance(() => fakeEmbedder()))(
  'fakeEmbedder keeps the contract of an embedder',
  ({ name, run }) => {
    test(name, run);
  },
);

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

describe('fakeEmbedder', () => {
  test('places texts that share words close, and others not', async () => {
    const [a, b, c] = await fakeEmbedder().embed([
      'A nurse who bakes sourdough bread after night shifts',
      'A nurse who bakes sourdough bread after long shifts',
      'Retired diver, restores wooden boats by the sea',
    ]);
    expect(dot(a!, b!)).toBeGreaterThan(0.8);
    expect(dot(a!, c!)).toBeLessThan(0.5);
  });

  test('is the same in every process, and does not look at case or punctuation', async () => {
    const [vector, shouted] = await fakeEmbedder({ dimensions: 3 }).embed(['night shift', 'NIGHT, shift!']);
    expect([...vector!].map((value) => value.toFixed(4))).toMatchInlineSnapshot(`
      [
        "-0.8447",
        "-0.1713",
        "0.5071",
      ]
    `);
    expect(shouted).toEqual(vector);
  });

  test('counts what it embedded', async () => {
    const embedder = fakeEmbedder();
    await embedder.embed(['a', 'b']);
    await embedder.embed([]);
    await embedder.embed(['c']);
    expect(embedder.embedded).toBe(3);
    expect(embedder.id).toBe('fake:64');
  });
});

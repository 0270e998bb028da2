import { strict as assert } from 'node:assert';
import type { Embedder } from '../embeddings/embedder.ts';
import { type ConformanceCheck, check } from './conformance.ts';

/**
 * The requirements for every {@link Embedder}.
 *
 * @param create Makes the embedder. Called several times; all embedders it makes must be equal.
 */
export function embedderConformance(create: () => Embedder): ConformanceCheck[] {
  const texts = ['A nurse who bakes bread.', 'Ein Lehrer, der Bienen hält.', 'short'];
  return [
    check('it gives one vector per text, of its dimensions and of unit length', async () => {
      const embedder = create();
      const vectors = await embedder.embed(texts);
      assert.equal(vectors.length, texts.length);
      for (const vector of vectors) {
        assert.ok(vector instanceof Float32Array);
        assert.equal(vector.length, embedder.dimensions);
        assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-4, 'unit length');
      }
    }),
    check('equal texts have equal vectors, and different texts different ones', async () => {
      const [a, b, c] = await create().embed([texts[0]!, texts[0]!, texts[1]!]);
      assert.ok(dot(a!, b!) > 1 - 1e-5);
      assert.ok(dot(a!, c!) < 0.99);
    }),
    check('no texts give no vectors', async () => {
      assert.deepEqual(await create().embed([]), []);
    }),
    check('an empty text has a vector of finite numbers', async () => {
      const [vector] = await create().embed(['']);
      assert.ok([...vector!].every(Number.isFinite));
    }),
    check("a call with an aborted signal throws the signal's reason", async () => {
      const reason = new Error('stopped by the test');
      const call = create().embed(texts, { signal: AbortSignal.abort(reason) });
      await assert.rejects(call, (error) => error === reason);
    }),
  ];
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

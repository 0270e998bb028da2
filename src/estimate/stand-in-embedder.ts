import type { Embedder } from '../embeddings/embedder.ts';
import type { Scenario } from './scenario.ts';
import { isFiller } from './stand-in-model.ts';

/**
 * An embedder that makes the filter keep a share of the generated texts: these get a direction of their own, and all
 * other texts share one.
 */
export function standInEmbedder(id: string, { keptShare }: Scenario, newEntries: number): Embedder {
  const dimensions = newEntries + 1;
  let owed = 0;
  let found = 0;

  function directionOf(text: string): number {
    if (!isFiller(text)) return 0;
    owed += keptShare;
    if (owed < 1) return 0;
    owed -= 1;
    found += 1;
    // After `newEntries` the pool is complete and the filter ignores the rest.
    return found % dimensions;
  }

  return {
    id,
    dimensions,
    async embed(texts) {
      return texts.map((text) => {
        const vector = new Float32Array(dimensions);
        vector[directionOf(text)] = 1;
        return vector;
      });
    },
  };
}

import type { Embedder } from './embedder.ts';
import { toUnitVector } from './unit-vector.ts';

const ID = 'lexical:v1';
const DIMENSIONS = 1_024;

/**
 * With 0.5, rewritten profiles of the package's seeds are found and no two distinct ones are confused. See
 * docs/embedders.md for the figures.
 */
const SIMILARITY_THRESHOLD = 0.5;

const WORDS = /[\p{L}\p{M}\p{N}]+/gu;

/** Scripts without spaces between words. Two characters say there what four letters say elsewhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Short words such as "is", "and" or "der" are in every text, in most languages. */
const SHORT_WORD = { letters: 3, weight: 0.1 } as const;

/**
 * Compares texts by the words and parts of words that they share: no package, no download, no network, and the same
 * vectors on every machine. It finds copied and lightly reworded texts. It knows nothing of meaning: two texts that say the
 * same in other words, or in another language, are different to it. Good enough to keep near-duplicates out of a
 * persona pool, and no substitute for an embedding model elsewhere.
 *
 * Each word, and each run of 4 and 5 letters in it, is hashed to one of 1,024 dimensions. Case and Unicode form make no
 * difference.
 *
 * @example
 * ```ts
 * const pool = await PersonaPool.grow({ model, embedder: lexicalEmbedder() });
 * ```
 */
export function lexicalEmbedder(): Embedder {
  return {
    id: ID,
    dimensions: DIMENSIONS,
    similarityThreshold: SIMILARITY_THRESHOLD,
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      return texts.map(vectorOf);
    },
  };
}

function vectorOf(text: string): Float32Array {
  const vector = new Float64Array(DIMENSIONS);
  for (const [feature, weight] of featuresOf(text)) {
    const bits = hash32(feature);
    // The sign lets features that share a dimension cancel out on average.
    const sign = bits < 0x80000000 ? 1 : -1;
    // A word's tenth use says less than its first.
    vector[bits % DIMENSIONS]! += sign * Math.log1p(weight);
  }
  // A text without words, or whose features cancel out, still needs a direction.
  if (vector.every((value) => value === 0)) vector[0] = 1;
  return toUnitVector(ID, vector, DIMENSIONS);
}

/** The words and parts of words of a text, with the sum of their weights. */
function featuresOf(text: string): Map<string, number> {
  const weights = new Map<string, number>();
  const add = (feature: string, weight: number) => weights.set(feature, (weights.get(feature) ?? 0) + weight);
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(WORDS)) {
    const unspaced = UNSPACED.test(word);
    const letters = [...word];
    const weight = !unspaced && letters.length <= SHORT_WORD.letters ? SHORT_WORD.weight : 1;
    if (!unspaced) add(word, 2 * weight);
    const marked = unspaced ? letters : [' ', ...letters, ' '];
    for (const size of unspaced ? [2, 3] : [4, 5]) {
      for (let start = 0; start + size <= marked.length; start++) {
        add(`+${marked.slice(start, start + size).join('')}`, weight);
      }
    }
    // A single character of such a script is a word of its own.
    if (unspaced && letters.length === 1) add(word, weight);
  }
  return weights;
}

/** FNV-1a over UTF-16 code units, then mixed so that all bits depend on all characters. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

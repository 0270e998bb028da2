import { checkedVectors } from '../../embeddings/checked-vectors.ts';
import type { Embedder } from '../../embeddings/embedder.ts';
import { sha256 } from '../../internal/hash.ts';
import type { RunJournal } from '../run-store.ts';

/** Options of {@link journaledEmbedder}. */
export interface JournaledEmbedderOptions {
  readonly journal: RunJournal;
  /** Called before texts are sent to the embedder. If it fails, none is sent. */
  readonly beforeEmbed?: (() => Promise<void>) | undefined;
  /** Called with the number of texts that were sent to the embedder. */
  readonly onEmbed?: ((texts: number) => void) | undefined;
}

/** Takes vectors from the journal where it has them, embeds the other texts and records their vectors. */
export function journaledEmbedder(
  embedder: Embedder,
  { journal, beforeEmbed, onEmbed }: JournaledEmbedderOptions,
): Embedder {
  return {
    id: embedder.id,
    dimensions: embedder.dimensions,
    similarityThreshold: embedder.similarityThreshold,
    async embed(texts, options = {}) {
      options.signal?.throwIfAborted();
      const keys = texts.map((text) => vectorKey(embedder.id, text));
      const vectors = (await Promise.all(keys.map((key) => journal.get(key)))).map(decodeVector);
      const missing = [...vectors.keys()].filter((index) => vectors[index] === undefined);
      if (missing.length > 0) {
        await beforeEmbed?.();
        const returned = await embedder.embed(
          missing.map((index) => texts[index]!),
          options,
        );
        // A vector in the journal is there for good, so a wrong one must not get in.
        const fresh = checkedVectors(embedder, missing.length, returned);
        await Promise.all(
          missing.map((index, position) => {
            vectors[index] = fresh[position]!;
            return journal.put(keys[index]!, 'embedding', encode(fresh[position]!));
          }),
        );
        onEmbed?.(missing.length);
      }
      return vectors as Float32Array[];
    },
  };
}

/** Journal key of a text's vector. */
export function vectorKey(embedderId: string, text: string): string {
  return sha256(JSON.stringify(['embedding', embedderId, text]));
}

function encode(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

/** A vector as the journal stores it. */
export function decodeVector(text: string | undefined): Float32Array | undefined {
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(new Uint8Array(bytes).buffer);
}

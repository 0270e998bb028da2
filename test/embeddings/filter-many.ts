/** Prints the verdicts on 600 clustered vectors, and whether onnxruntime could be loaded. */
import { loadOnnxRuntime } from '../../src/embeddings/onnx-runtime.ts';
import { nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';
import { clustered } from './random-vectors.ts';

const vectors = clustered({ seed: 21, count: 600, dimensions: 64 });
const filter = nearDuplicateFilter({
  embedder: {
    id: 'numbered',
    dimensions: 64,
    embed: async (texts) => texts.map((text) => vectors[Number(text)]!),
  },
});
const verdicts = await filter.accept(vectors.map((_, index) => ({ id: `${index}`, text: `${index}` })));
console.log(JSON.stringify({ runtime: (await loadOnnxRuntime()) !== null, verdicts }));

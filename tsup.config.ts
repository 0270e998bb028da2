import { defineConfig } from 'tsup';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/metrics/index.ts',
    'src/models/openai.ts',
    'src/models/llama-cpp.ts',
    'src/models/embedded.ts',
    'src/embeddings/openai.ts',
    'src/embeddings/transformers.ts',
    'src/testing/index.ts',
    'src/cli/aloe.ts',
  ],
  format: 'esm',
  target: 'node22',
  outDir: 'dist',
  clean: true,
  dts: { entry: ['src/index.ts', 'src/metrics/index.ts', 'src/models/openai.ts', 'src/models/llama-cpp.ts', 'src/models/embedded.ts', 'src/embeddings/openai.ts', 'src/embeddings/transformers.ts', 'src/testing/index.ts'] },
  sourcemap: true,
  splitting: true,
});

import type { Options } from 'tsup';

const config: Options = {
  // One entry for each subpath of package.json's `exports`, and the command line.
  entry: [
    'src/index.ts',
    'src/metrics/index.ts',
    'src/models/{openai,openai-compatible,ai-sdk,llama-cpp,embedded}.ts',
    'src/adaptive/adaptive.ts',
    'src/embeddings/{openai,transformers}.ts',
    'src/tokenizers/{llama-cpp,transformers}.ts',
    'src/report/index.ts',
    'src/training/index.ts',
    'src/training/backends/{hosted,local,ray,slurm}.ts',
    'src/testing/index.ts',
    'src/cli/aloe.ts',
  ],
  format: 'esm',
  target: 'node22',
  clean: true,
  sourcemap: true,
  // `node:sqlite` has no name without its prefix.
  removeNodeProtocol: false,
  // tsup's own `dts` asks the package `typescript` for the compiler API, which version 7 has no more.
  onSuccess: 'tsc -p tsconfig.build.json',
};

export default config;

import { fileURLToPath } from 'node:url';
import { defaultExclude, type ViteUserConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Tests with a model, another process, a server or a mocked module. */
const WITH_OTHERS = [
  'test/{cli,end-to-end,fuzz,http,hub,tokenizers,weights}/**/*.test.ts',
  'test/training/{backends,real}/**/*.test.ts',
  'test/adaptive/adaptive-real.test.ts',
  'test/agreement/rating-page.test.ts',
  'test/benchmark/aloe-cases.test.ts',
  'test/docs/{how-to,site-in-browser,tutorial}.test.ts',
  'test/embeddings/{onnx-runtime,openai,transformers}.test.ts',
  'test/internal/{run-command,shell-quote,write-file}.test.ts',
  'test/models/{ai-sdk,embedded,llama-cpp,openai,openai-compatible}.test.ts',
  'test/models/batch/*.test.ts',
  'test/report/report-page{,-use}.test.ts',
  'test/runs/{resume,run}.test.ts',
  'test/runs/{shared,stores}/*.test.ts',
  'test/testing/training-backend-conformance.test.ts',
  'test/training/{follow-training,sky-pilot-task}.test.ts',
  'test/training/doctor/*.test.ts',
  'test/training/folder/*.test.ts',
  'test/training/job/{job-from-file,random-jobs}.test.ts',
  // Pure, but long.
  'test/linear-time.test.ts',
  'test/metrics/coverage.test.ts',
  'test/models/pacing/convergence.test.ts',
];

// Only what hangs takes this long: a busy machine does not.
const LIMITS = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000 } } };

const config: ViteUserConfig = {
  resolve: {
    alias: [
      { find: /^aloe-align$/, replacement: source('index.ts') },
      {
        find: /^aloe-align\/(adaptive|agreement|benchmark|config|control|demo|hub|metrics|models|pipeline|report|rows|runs|telemetry|testing|training|validation)$/,
        replacement: `${source('')}$1/index.ts`,
      },
      { find: /^aloe-align\/(imports|prompts|rules|schemas)$/, replacement: `${source('')}$1.ts` },
      { find: /^aloe-align\/training\/(.+)$/, replacement: `${source('training/backends/')}$1.ts` },
      { find: /^aloe-align\/(models|embeddings|tokenizers)\/(.+)$/, replacement: `${source('')}$1/$2.ts` },
    ],
  },
  test: {
    globalSetup: ['test/build-pages.ts', 'test/compile-cache.ts'],
    // The default leaves a core idle, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...defaultExclude, ...WITH_OTHERS],
          // Nothing here changes what another file sees, and a worker for each file takes half of the time.
          isolate: false,
          ...LIMITS,
        },
      },
      { extends: true, test: { name: 'with others', include: WITH_OTHERS, ...LIMITS } },
    ],
  },
};

export default config;

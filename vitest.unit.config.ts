import { defaultExclude, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from './vitest.config.ts';

/**
 * The unit lane: no model, no other process, no server. Folders that need one are left out whole; in the other folders, a
 * test that needs one is named here.
 */
const config: ViteUserConfig = mergeConfig(base, {
  test: {
    // The default leaves a core idle, which is half of a small machine.
    maxWorkers: '100%',
    exclude: [
      ...defaultExclude,
      'test/{cli,end-to-end,fuzz,http,tokenizers,training/backends,training/real,weights}/**',
      // Studies by simulation: pure, but 15 of the lane's seconds.
      'test/metrics/coverage.test.ts',
      'test/models/pacing/convergence.test.ts',
      'test/adaptive/adaptive-real.test.ts',
      'test/agreement/rating-page.test.ts',
      'test/benchmark/aloe-cases.test.ts',
      'test/embeddings/{openai,transformers}.test.ts',
      'test/internal/{run-command,shell-quote,write-file}.test.ts',
      'test/models/{ai-sdk,embedded,llama-cpp,openai,openai-compatible}.test.ts',
      'test/report/report-page.test.ts',
      'test/runs/{resume,run}.test.ts',
      'test/testing/training-backend-conformance.test.ts',
      'test/training/{doctor,follow-training,render-job,setup-python}.test.ts',
    ],
  },
});

export default config;

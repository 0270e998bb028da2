import type { ViteUserConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that `stryker.config.mjs` chose. They need no page bundles. */
const config: ViteUserConfig = {
  resolve: base.resolve ?? {},
  test: {
    include: JSON.parse(process.env.ALOE_MUTATION_TESTS ?? '["test/**/*.test.ts"]') as string[],
    // Too slow to repeat for every mutant: they simulate 100 studies for each expectation, and hours of calls.
    exclude: ['test/metrics/coverage.test.ts', 'test/models/pacing/convergence.test.ts'],
    // Counting what each test covers makes the bootstraps ten times as slow. Stryker itself stops mutants that hang.
    testTimeout: 600_000,
    setupFiles: ['test/fixed-properties.ts'],
  },
};

export default config;

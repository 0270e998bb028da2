import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

// Mutates what `--mutate` names, or else the arithmetic and the guards of money: metrics, ledger, retry, pacing, journal.
const flag = process.argv.findIndex((word) => word === '--mutate' || word === '-m');
const mutate =
  flag < 0
    ? [
        'src/metrics/**/*.ts',
        'src/runs/spending/ledger.ts',
        'src/models/retry.ts',
        'src/models/call-failures.ts',
        'src/models/pacing/*.ts',
        'src/runs/calls/journaled.ts',
        'src/runs/journal/journal.ts',
        'src/runs/journal/journal-file.ts',
        'src/runs/journal/journal-log.ts',
        'src/runs/journal/journal-reader.ts',
        'src/runs/journal/read-ahead.ts',
      ]
    : process.argv[flag + 1].split(',');

/** The tests that mirror a source file or pattern: its own test file, or else all tests of its folder. */
function testsOf(pattern) {
  const own = pattern.replace(/^src\//, 'test/').replace(/\.ts(:.*)?$/, '.test.ts');
  return own.includes('*') || existsSync(own) ? own : `${dirname(own)}/*.test.ts`;
}

// The vitest configuration reads it. Stryker's own `testFiles` would leave static mutants inactive.
process.env.ALOE_MUTATION_TESTS = JSON.stringify(mutate.filter((each) => !each.startsWith('!')).map(testsOf));

export default {
  mutate,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  dryRunTimeoutMinutes: 30,
  ignorePatterns: ['/.ci', '/bench', '/dist', '/docs', '/proof', '/python', '/runs'],
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  thresholds: { high: 95, low: 85, break: 85 },
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { reportTests: false },
  // Stryker rewrites the compiler's configuration through an API that TypeScript 7 no longer has.
  tsconfigFile: 'none',
};

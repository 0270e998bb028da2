import { journalRows, rateLimitRows, resumeRows } from './foreign-rows.ts';
import type { FigureRow } from './measure.ts';

/** A script of this folder that measures one or more figures. */
export interface Script {
  /** Names of its figures. */
  readonly figures: readonly string[];
  /** Name of the script and of its result file. */
  readonly name: string;
  readonly quickly: readonly string[];
  readonly fully: readonly string[];
  /** Rows of the result. Default: those in its file. */
  readonly rows?: (result: never) => FigureRow[];
}

const OWN = { quickly: ['--quick'], fully: [] };

/** All figures, in the order of the table. A script that is not there is skipped with a warning. */
export const SCRIPTS: readonly Script[] = [
  { figures: ['call'], name: 'cpu-per-call', ...OWN },
  { figures: ['conversation', 'efficiency'], name: 'conversation', ...OWN },
  { figures: ['conversation'], name: 'peers', ...OWN },
  { figures: ['replay'], name: 'replay', ...OWN },
  { figures: ['efficiency'], name: 'efficiency', ...OWN },
  { figures: ['efficiency', 'schedules'], name: 'scheduling', ...OWN },
  { figures: ['memory'], name: 'memory', ...OWN },
  { figures: ['memory'], name: 'corpus-memory', ...OWN },
  {
    figures: ['stray refusals', 'rate limit', 'outage'],
    name: 'pacing',
    quickly: ['--minutes', '1'],
    fully: [],
  },
  {
    figures: ['rate limit'],
    name: 'rate-limit',
    quickly: ['--seconds', '8', '--rounds', '1', '--contender', 'aloe-align'],
    fully: ['--seconds', '30'],
    rows: rateLimitRows,
  },
  { figures: ['stray refusals', 'outage'], name: 'faulted-corpus', ...OWN },
  { figures: ['machines'], name: 'machines', ...OWN },
  { figures: ['prefix'], name: 'prefix', ...OWN },
  { figures: ['filter'], name: 'filter', ...OWN },
  { figures: ['embedding'], name: 'embedding', ...OWN },
  { figures: ['import'], name: 'root-import', ...OWN },
  {
    figures: ['journal'],
    name: 'journal',
    quickly: ['--calls', '3000', '--rounds', '1'],
    fully: [],
    rows: journalRows,
  },
  {
    figures: ['replay', 'resume'],
    name: 'resume',
    quickly: ['--calls', '20000', '--rounds', '1'],
    fully: [],
    rows: resumeRows,
  },
  { figures: ['statistics'], name: 'bootstrap', ...OWN },
];

/** Figures that are a test and not a measurement, and how to run it. */
export const TESTS: ReadonlyMap<string, string> = new Map([
  ['kills', 'ALOE_HEAVY=1 npx vitest run test/end-to-end/faults/kill.test.ts'],
]);

import { AloeError, type AloeErrorCode } from '../errors.ts';

/** Exit statuses of `aloe`, the same for every command. */
export const EXIT = {
  /** All of it was done. */
  done: 0,
  /** It failed, or some conversations or cases did. What was finished is written all the same. */
  failed: 1,
  /** Something has to change before it can start: a flag, the config, a key, a file, or an answer to a run's question. */
  usage: 2,
  /** It was done in full, and `--fail-under` is not met. */
  gate: 3,
  /** The next call could have exceeded the budget. */
  budget: 4,
  /** Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

/** One of {@link EXIT}. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** The statuses in the words of the help, in order. */
export const EXIT_MEANINGS: readonly (readonly [status: ExitStatus, meaning: string])[] = [
  [EXIT.done, 'Done.'],
  [EXIT.failed, 'Failed, or some conversations or cases failed. Finished work is written all the same.'],
  [
    EXIT.usage,
    'A flag, the config, a key, a package or a file is wrong or missing, or a run asks a question. Nothing was spent.',
  ],
  [EXIT.gate, '--fail-under is not met.'],
  [EXIT.budget, 'Stopped by the budget. Finished calls are saved.'],
  [EXIT.interrupted, 'Interrupted. Finished calls are saved.'],
];

/** Errors that say what to change before the command can start. */
const USAGE: readonly AloeErrorCode[] = [
  'invalid-option',
  'missing-key',
  'missing-package',
  'missing-weights',
  'invalid-file',
  'run-conflict',
];

/** The status of a command that ends with this error. */
export function statusOfError(error: unknown): ExitStatus {
  if (!AloeError.isInstance(error)) return EXIT.failed;
  if (error.code === 'budget-exceeded') return EXIT.budget;
  return USAGE.includes(error.code) ? EXIT.usage : EXIT.failed;
}

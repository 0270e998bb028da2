import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { InvalidFileError, InvalidOptionError, TrainingError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { readJsonFile } from '../internal/json-file.ts';
import { messageOf } from '../internal/message-of.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { runCommand } from '../internal/run-command.ts';
import { failureReason } from '../training/folder/folder-logs.ts';
import type { LmEvalResult, LmEvalTask } from './lm-eval-result.ts';

const INSTALL =
  "Install it: pip install 'lm_eval[hf]'. Or name its program in `command` (--lm-eval-command).";

/** What to do about a problem that the harness reports. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/No module named/, INSTALL],
  [
    /Tasks not found/,
    '`lm_eval ls tasks` lists its tasks. For your own, name their folder in `includePath` (--lm-eval-include).',
  ],
  [
    /on the Hub|LocalEntryNotFound|OfflineMode|HTTPSConnection|huggingface\.co/,
    'The task or model needs the hub. Without a network, use tasks of your own with `dataset_path: json`, and a model in a directory.',
  ],
];

/** Options of {@link runLmEval}. */
export interface RunLmEvalOptions {
  /** Names of the harness's tasks: `['arc_easy', 'hellaswag']`. */
  readonly tasks: readonly string[];
  /** Its program and first arguments. Default `['lm_eval']`. */
  readonly command?: readonly string[] | undefined;
  /** A folder with more tasks, as YAML files: your own, say. Default: none. */
  readonly includePath?: string | undefined;
  /** Cases per task. Default: all of them. */
  readonly limit?: number | undefined;
  /** More arguments: `['--device', 'cuda:0', '--batch_size', 'auto']`. Default: none. */
  readonly arguments?: readonly string[] | undefined;
  /** Called with each line that it prints. */
  readonly onLine?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs lm-evaluation-harness on a model's directory, if it is installed (`pip install 'lm_eval[hf]'`), and reads its results.
 * Most of its tasks download data sets.
 *
 * @param directory A model in Hugging Face's layout, such as `tuned/dpo/model`.
 *
 * @example
 * ```ts
 * import { measureAbilities, runLmEval } from 'aloe-align/abilities';
 *
 * const lmEval = await runLmEval('tuned/dpo/model', { tasks: ['arc_easy'], limit: 200 });
 * const tuned = await measureAbilities(model, { run, name: 'tuned', lmEval });
 * ```
 *
 * @throws InvalidOptionError for an option that is unknown or wrong; TrainingError if it cannot be started or fails, with the
 * last error that it printed.
 */
export async function runLmEval(directory: string, options: RunLmEvalOptions): Promise<LmEvalResult> {
  checkKnownOptions<RunLmEvalOptions>('runLmEval()', options, {
    tasks: true,
    command: true,
    includePath: true,
    limit: true,
    arguments: true,
    onLine: true,
    signal: true,
  });
  checkPath('directory', directory, 'the directory of a model');
  if (directory.includes(',')) {
    throw new InvalidOptionError('directory', 'a path without commas, which separate arguments', directory);
  }
  const { tasks, includePath, command = ['lm_eval'], limit, onLine, signal } = options;
  if (!Array.isArray(tasks) || tasks.length === 0 || !tasks.every((task) => /^[\w./-]+$/.test(task))) {
    throw new InvalidOptionError('tasks', 'names of tasks', tasks);
  }
  if (limit !== undefined) checkNumber('limit', limit, { min: 1, integer: true });
  if (includePath !== undefined && !existsSync(checkPath('includePath', includePath))) {
    throw new InvalidOptionError('includePath', 'a folder with tasks', includePath);
  }
  const dir = await mkdtemp(join(tmpdir(), 'aloe-'));
  const words = [
    ...command,
    ...['--model', 'hf', '--model_args', `pretrained=${directory}`, '--tasks', tasks.join(',')],
    ...(includePath === undefined ? [] : ['--include_path', includePath]),
    ...(limit === undefined ? [] : ['--limit', String(limit)]),
    ...['--output_path', dir, ...(options.arguments ?? [])],
  ];
  try {
    await runHarness(words, { onLine, signal });
    const path = (await readdir(dir, { recursive: true })).find((name) => /results.*\.json$/.test(name));
    if (path === undefined) throw new TrainingError('lm_eval', 'it wrote no results.');
    return await readLmEval(join(dir, path));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function runHarness(
  words: readonly string[],
  call: Pick<RunLmEvalOptions, 'onLine' | 'signal'>,
): Promise<void> {
  const outcome = await runCommand(words, call).catch((cause: unknown) => {
    call.signal?.throwIfAborted();
    throw new TrainingError('lm_eval', `${words[0]} could not be started (${messageOf(cause)}).`, {
      hint: INSTALL,
      cause,
    });
  });
  if (outcome.exitCode === 0) return;
  const reason = failureReason(outcome.stderr) ?? 'it printed nothing';
  throw new TrainingError('lm_eval', `it ended with ${outcome.exitCode}: ${reason}`, {
    hint: HINTS.find(([problem]) => problem.test(reason))?.[1],
  });
}

const harnessSchema = z.object({
  results: z.record(z.string(), z.record(z.string(), z.unknown())),
  higher_is_better: z.record(z.string(), z.record(z.string(), z.boolean().nullable())).optional(),
  config: z.object({ limit: z.number().nullish() }).optional(),
  lm_eval_version: z.string().optional(),
});

/**
 * Reads a results file of lm-evaluation-harness.
 *
 * @throws InvalidFileError if the file cannot be read, is something else, or has no numbers.
 */
export async function readLmEval(path: string): Promise<LmEvalResult> {
  const file = await readJsonFile(path, harnessSchema, {
    what: 'a results file of lm-evaluation-harness',
    hint: 'Pass the results_….json that lm_eval wrote to --output_path.',
  });
  const tasks = Object.entries(file.results).flatMap(([task, numbers]) =>
    tasksOf(task, numbers, file.higher_is_better?.[task]),
  );
  if (tasks.length === 0) throw new InvalidFileError(path, 'has no numbers.');
  return { version: file.lm_eval_version ?? null, limit: file.config?.limit ?? null, tasks };
}

/** A metric is named with its filter, `acc,none`, and its standard error `acc_stderr,none`. */
function tasksOf(
  task: string,
  numbers: Readonly<Record<string, unknown>>,
  higherIsBetter: Readonly<Record<string, boolean | null>> = {},
): readonly LmEvalTask[] {
  return Object.entries(numbers).flatMap(([metric, value]) => {
    const [name = '', filter] = metric.split(',');
    if (typeof value !== 'number' || filter === undefined || name.endsWith('_stderr')) return [];
    const error = numbers[`${name}_stderr,${filter}`];
    const standardError = typeof error === 'number' ? error : null;
    return [{ task, metric, value, standardError, higherIsBetter: higherIsBetter[name] ?? true }];
  });
}

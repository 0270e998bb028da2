import { checkTasks, drawTask } from '../conversations/behaviour/tasks.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { childSeed } from '../internal/random.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/** Options of {@link taskCases}. */
export interface TaskCasesOptions {
  /** Random seed: decides who wants what. A whole number from 0. Default 0. */
  readonly seed?: number | undefined;
  /**
   * What to draw from: sentences in the third person without their subject, such as "wants a toast written". Default:
   * the 48 of `userTasks`.
   */
  readonly tasks?: readonly string[] | undefined;
}

/**
 * The same cases with users who want something done: each gets a task, drawn by its id. The user is told to pursue it, and a
 * judge that asks a model is told of it, so that a charming reply that leaves it undone is not a 5. Ids end in `-task`.
 *
 * @example
 * ```ts
 * import { aloeCases } from 'aloe-align';
 * import { taskCases } from 'aloe-align/benchmark';
 *
 * const cases = taskCases(aloeCases(), { seed: 7 });
 * ```
 *
 * @throws InvalidOptionError for an option out of range, and for a case that already has a task.
 */
export function taskCases(cases: readonly BenchmarkCase[], options: TaskCasesOptions = {}): BenchmarkCase[] {
  checkKnownOptions<TaskCasesOptions>('taskCases()', options, { seed: true, tasks: true });
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });
  const tasks = checkTasks(options.tasks ?? true, 'tasks');
  if (tasks === null) throw new InvalidOptionError('tasks', 'a list of tasks', options.tasks);
  return cases.map((benchmarkCase) => {
    const { id, task } = benchmarkCase;
    if (task !== undefined) throw new InvalidOptionError('cases', 'cases without a task', id);
    return { ...benchmarkCase, id: `${id}-task`, task: drawTask(tasks, childSeed(seed, 'task', id)) };
  });
}

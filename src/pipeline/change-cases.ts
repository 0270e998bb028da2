import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import { humanCases } from '../benchmark/human-cases.ts';
import { situationCases } from '../benchmark/situation-cases.ts';
import { taskCases } from '../benchmark/task-cases.ts';

/** What the flags ask of the users of an evaluation. */
export interface ChangedUsers {
  readonly tasks?: boolean | undefined;
  readonly situations?: boolean | undefined;
  readonly human?: boolean | undefined;
  readonly seed: number;
  readonly turns: number;
}

/** The cases with users as the flags want them. */
export function changeCases(
  cases: readonly BenchmarkCase[],
  { tasks, situations, human, seed, turns }: ChangedUsers,
): readonly BenchmarkCase[] {
  const inSituations = situations ? situationCases(cases, { seed, turns }) : cases;
  const withTasks = tasks ? taskCases(inSituations, { seed }) : inSituations;
  return human ? humanCases(withTasks, { seed }) : withTasks;
}

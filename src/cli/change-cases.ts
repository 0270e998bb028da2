import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import { situationCases } from '../benchmark/situation-cases.ts';
import { taskCases } from '../benchmark/task-cases.ts';

/** What the flags ask of the users of an evaluation. */
export interface ChangedUsers {
  readonly tasks?: boolean | undefined;
  readonly situations?: boolean | undefined;
  readonly seed: number;
  readonly turns: number;
}

/** The cases with users as the flags want them. */
export function changeCases(
  cases: readonly BenchmarkCase[],
  { tasks, situations, seed, turns }: ChangedUsers,
): readonly BenchmarkCase[] {
  const inSituations = situations ? situationCases(cases, { seed, turns }) : cases;
  return tasks ? taskCases(inSituations, { seed }) : inSituations;
}

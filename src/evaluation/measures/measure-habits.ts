import * as z from 'zod';
import { SLIPS_HABIT, showsSlip } from '../../conversations/behaviour/slips.ts';
import { bootstrap } from '../../metrics/bootstrap.ts';
import { clusterings } from '../../metrics/clusters.ts';
import type { Interval } from '../../metrics/index.ts';
import { mean } from '../../metrics/mean.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import { clusterLabels, RESAMPLING } from '../evaluation-statistics.ts';
import { caseRows, firstOfEach } from '../repeats.ts';

/** A number of things out of those that could be told. */
export interface ShownCount {
  readonly shown: number;
  readonly of: number;
}

/** One habit of the users: how often it was asked for and seen, and the level with and without it. */
export interface HabitMeasure {
  /** As cases name it, such as `typos`. */
  readonly name: string;
  /** Number of cases whose user has it, and of the others. */
  readonly cases: { readonly with: number; readonly without: number };
  /**
   * How often it was seen, where it was asked for and elsewhere: `rule` counts messages with a slip (only for `typos`), `model`
   * counts conversations. Null if no model was asked.
   */
  readonly seen: {
    readonly by: 'rule' | 'model';
    readonly with: ShownCount;
    readonly without: ShownCount;
  } | null;
  /** Mean over cases of their mean score; null if nothing was scored. */
  readonly level: { readonly with: number | null; readonly without: number | null };
  /** Level with the habit minus level without; null if one is missing. */
  readonly difference: number | null;
  /** Confidence interval over cases, clustered as for AL; null with fewer than five clusters on either side. */
  readonly interval: Interval | null;
}

/** Measures each habit that a user has. Null if none has any. */
export function measureHabits(
  simulations: readonly EvaluatedCase[],
  scores: readonly (readonly (number | null)[])[],
  seed: number,
): HabitMeasure[] | null {
  const names = [...new Set(simulations.flatMap(({ habits = [] }) => habits.map(({ name }) => name)))].sort();
  if (names.length === 0) return null;
  const cases = firstOfEach(simulations);
  const levels = caseRows(simulations, scores).map(mean);
  return names.map((name) => {
    const has = cases.map((own) => hasHabit(own, name));
    const count = has.filter(Boolean).length;
    return {
      name,
      cases: { with: count, without: cases.length - count },
      seen: seenOf(simulations, name),
      ...compareLevels(cases, levels, has, seed),
    };
  });
}

function hasHabit({ habits = [] }: EvaluatedCase, name: string): boolean {
  return habits.some((habit) => habit.name === name);
}

function seenOf(simulations: readonly EvaluatedCase[], name: string): HabitMeasure['seen'] {
  const isRule = name === SLIPS_HABIT;
  const answersOf = ({ turns, habitsShown }: EvaluatedCase): readonly (boolean | null)[] =>
    isRule ? turns.map(({ user }) => showsSlip(user)) : [habitsShown?.[name] ?? null];
  const isMeasured = isRule || simulations.some(({ habitsShown }) => habitsShown?.[name] !== undefined);
  if (!isMeasured) return null;
  const countWhere = (isAsked: boolean): ShownCount => {
    const known = simulations
      .filter((own) => hasHabit(own, name) === isAsked)
      .flatMap(answersOf)
      .filter((answer) => answer !== null);
    return { shown: known.filter(Boolean).length, of: known.length };
  };
  return { by: isRule ? 'rule' : 'model', with: countWhere(true), without: countWhere(false) };
}

function compareLevels(
  cases: readonly EvaluatedCase[],
  levels: readonly (number | null)[],
  has: readonly boolean[],
  seed: number,
): Pick<HabitMeasure, 'level' | 'difference' | 'interval'> {
  const known = levels.flatMap((level, row) => (level === null ? [] : [{ level, row, has: has[row]! }]));
  const meanOf = (side: boolean, weights?: Float64Array) => {
    let sum = 0;
    let count = 0;
    for (const { level, row, has: own } of known) {
      if (own !== side) continue;
      const weight = weights?.[row] ?? 1;
      sum += weight * level;
      count += weight;
    }
    return count === 0 ? null : sum / count;
  };
  const differenceOf = (weights?: Float64Array) => {
    const [one, other] = [meanOf(true, weights), meanOf(false, weights)];
    return one === null || other === null ? null : one - other;
  };
  const intervalOf = bootstrap({
    ...RESAMPLING,
    seed,
    rows: cases.length,
    ways: clusterings(cases.length, clusterLabels(cases)),
    statistics: (weights) => [differenceOf(weights) ?? Number.NaN],
  });
  const counts = [true, false].map((side) => known.filter((own) => own.has === side).length);
  const smaller = counts[0]! <= counts[1]!;
  return {
    level: { with: meanOf(true), without: meanOf(false) },
    difference: differenceOf(),
    // How sure the difference is hangs on the side with fewer cases.
    interval: intervalOf(0, (row) => levels[row] !== null && has[row] === smaller),
  };
}

const countSchema = z.object({ shown: z.int(), of: z.int() });

export const habitsSchema: z.ZodType<readonly HabitMeasure[]> = z.array(
  z.object({
    name: z.string(),
    cases: z.object({ with: z.int(), without: z.int() }),
    seen: z.object({ by: z.enum(['rule', 'model']), with: countSchema, without: countSchema }).nullable(),
    level: z.object({ with: z.number().nullable(), without: z.number().nullable() }),
    difference: z.number().nullable(),
    interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  }),
);

import * as z from 'zod';
import { situationAt } from '../../benchmark/benchmark-case.ts';
import { alignmentLevels, bootstrapIntervals, type Interval } from '../../metrics/index.ts';
import { mean } from '../../metrics/mean.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import { clusterLabels, RESAMPLING } from '../evaluation-statistics.ts';
import { type DriftRecovery, recoverySchema } from './drift-recovery.ts';
import { recoveryAfter } from './measure-recovery.ts';

type Row = readonly (number | null)[];

/** The level in one situation. */
export interface SituationLevel {
  /** As cases name it, such as `hurry`. */
  readonly name: string;
  /** Number of cases with a score in this situation (n). */
  readonly cases: number;
  /** Mean over cases of their mean score in this situation; null if nothing was scored. */
  readonly level: number | null;
  /** Confidence interval over cases, clustered as for AL; null with fewer than five clusters. */
  readonly interval: Interval | null;
}

/** How a candidate serves users in different situations, and how it follows when the situation changes. */
export interface SituationMeasure {
  /** One entry per situation, by name. */
  readonly levels: readonly SituationLevel[];
  /**
   * As for a drift, with each change of situation in place of the drift: `before` is the mean level in the situation that
   * ends, and the turns after the change reach to the next one. `cases` counts changes. Null without a change.
   */
  readonly following: DriftRecovery | null;
}

/**
 * Measures levels by situation, and how fast a candidate follows a change. Null if no case has situations.
 *
 * @param scores cases x turns.
 */
export function measureSituations(
  cases: readonly EvaluatedCase[],
  scores: readonly Row[],
  seed: number,
): SituationMeasure | null {
  if (cases.every(({ situations }) => situations === undefined)) return null;
  const names = [
    ...new Set(cases.flatMap(({ situations = [] }) => situations.map(({ name }) => name))),
  ].sort();
  const table = cases.map((own, index) =>
    names.map((name) => mean(scores[index]!.filter((_, turn) => situationAt(own, turn + 1)?.name === name))),
  );
  const { levels: intervals } = bootstrapIntervals(table, { ...RESAMPLING, seed, ...clusterLabels(cases) });
  return {
    levels: alignmentLevels(table).map((level, index) => ({
      name: names[index]!,
      cases: table.filter((row) => row[index] !== null).length,
      level,
      interval: intervals[index]!,
    })),
    following: recoveryAfter(cases.flatMap((own, index) => changesIn(own, scores[index]!))),
  };
}

/** Each change of situation: the scores from the start of the one that ends to the end of the one that begins. */
function changesIn({ situations = [] }: EvaluatedCase, row: Row): { row: Row; turn: number }[] {
  return situations.slice(1).flatMap(({ turn }, index) => {
    const start = situations[index]!.turn;
    const end = situations[index + 2]?.turn ?? row.length + 1;
    return turn > row.length ? [] : [{ row: row.slice(start - 1, end - 1), turn: turn - start + 1 }];
  });
}

export const situationSchema: z.ZodType<SituationMeasure> = z.object({
  levels: z.array(
    z.object({
      name: z.string(),
      cases: z.int(),
      level: z.number().nullable(),
      interval: z.object({ low: z.number(), high: z.number() }).nullable(),
    }),
  ),
  following: recoverySchema.nullable(),
});

import { mean } from '../../metrics/mean.ts';
import { turnsToRecover } from '../../metrics/turns-to-recover.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import type { DriftRecovery } from './drift-recovery.ts';

type Row = readonly (number | null)[];

/** Measures how scores recover after drifts, with the cases aligned at their drift. */
export function measureRecovery(
  cases: readonly EvaluatedCase[],
  scores: readonly Row[],
): DriftRecovery | null {
  const changed = cases.flatMap(({ drift }, index) => {
    const row = scores[index]!;
    return drift === undefined || drift.turn > row.length ? [] : [{ row, turn: drift.turn }];
  });
  return recoveryAfter(changed);
}

/** How scores recover after a change, with the rows aligned at it: `turn` is the first turn of the row after the change. */
export function recoveryAfter(
  changed: readonly { readonly row: Row; readonly turn: number }[],
): DriftRecovery | null {
  if (changed.length === 0) return null;
  const before = mean(changed.map(({ row, turn }) => mean(row.slice(0, turn - 1))));
  const afterOf = changed.map(({ row, turn }) => row.slice(turn - 1));
  const length = Math.max(...afterOf.map((row) => row.length));
  const after = Array.from({ length }, (_, index) => mean(afterOf.map((row) => row[index] ?? null)));

  const measured = changed.filter(
    ({ row, turn }) => mean(row.slice(0, turn - 1)) !== null && mean(row.slice(turn - 1)) !== null,
  );
  const byCase = measured.map(({ row, turn }) => turnsToRecover(row, turn)).filter((turns) => turns !== null);
  return {
    cases: changed.length,
    before,
    after,
    turnsToRecover: turnsToRecover([before, ...after], 2),
    measured: measured.length,
    recovered: byCase.length,
    medianTurns: median(byCase),
  };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

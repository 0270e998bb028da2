import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';

const MIN = 1;
const MAX = 5;

/** The range of the 1-5 scale that fits levels and intervals, rounded to half points and at least two points wide. */
export function levelDomain(evaluations: readonly EvaluationResult[]): readonly [number, number] {
  const values = evaluations.flatMap(({ levels, ownMinusOther, statistics }) => [
    ...levels.flatMap(({ level }) => level ?? []),
    ...(ownMinusOther?.byTurn ?? []).flatMap(({ other }) => other ?? []),
    ...statistics.levels.flatMap((interval) => (interval === null ? [] : [interval.low, interval.high])),
  ]);
  if (values.length === 0) return [MIN, MAX];
  const low = Math.max(MIN, Math.floor(2 * Math.min(...values)) / 2);
  const high = Math.min(MAX, Math.ceil(2 * Math.max(...values)) / 2);
  const missing = Math.max(0, 2 - (high - low));
  const below = Math.min(missing, low - MIN);
  return [low - below, high + (missing - below)];
}

import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';

const LOWEST = 1;
const HIGHEST = 5;

/** The part of the scale from 1 to 5 that these levels and their intervals need, in half points, and not less than two. */
export function levelDomain(evaluations: readonly EvaluationResult[]): readonly [number, number] {
  const values = evaluations.flatMap(({ levels, statistics }) => [
    ...levels.flatMap(({ level }) => level ?? []),
    ...statistics.levels.flatMap((interval) => (interval === null ? [] : [interval.low, interval.high])),
  ]);
  if (values.length === 0) return [LOWEST, HIGHEST];
  const low = Math.max(LOWEST, Math.floor(2 * Math.min(...values)) / 2);
  const high = Math.min(HIGHEST, Math.ceil(2 * Math.max(...values)) / 2);
  const missing = Math.max(0, 2 - (high - low));
  const below = Math.min(missing, low - LOWEST);
  return [low - below, high + (missing - below)];
}

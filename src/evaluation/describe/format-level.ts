import { decimals } from '../../internal/format.ts';
import type { TurnLevel } from '../evaluation-result.ts';

/** AL(k) with two decimals, and the number of scores if some are missing: `4.10 (97/100)`. */
export function formatLevel(turn: TurnLevel | undefined): string {
  if (turn === undefined || turn.level === null) return '–';
  const level = decimals(turn.level, 2);
  return turn.scored === turn.asked ? level : `${level} (${turn.scored}/${turn.asked})`;
}

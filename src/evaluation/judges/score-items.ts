import type { CheckedItem, Judgement } from '../judge.ts';

/** Scores a non-empty checklist: 1 + 4 x the share of items met. */
export function scoreItems(items: readonly CheckedItem[]): Judgement {
  const met = items.filter((item) => item.met).length;
  return {
    score: 1 + (4 * met) / items.length,
    status: 'scored',
    rationale: `${met} of ${items.length} met`,
    items,
  };
}

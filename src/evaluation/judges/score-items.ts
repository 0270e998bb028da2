import type { CheckedItem, Judgement } from '../judge.ts';

/** The score of a checked list, at least one item long: 1 + 4 x the share that is met. */
export function scoreItems(items: readonly CheckedItem[]): Judgement {
  const met = items.filter((item) => item.met).length;
  return {
    score: 1 + (4 * met) / items.length,
    status: 'scored',
    rationale: `${met} of ${items.length} met`,
    items,
  };
}

import type { OrderVerdict, PairVerdict } from '../conversations/pair-verdict.ts';

/** What a judge said of the two responses of a turn, both orders together. */
export function describeVerdict({ winner, margin, orders }: PairVerdict): string {
  if (orders.length === 0) return 'Undecided: the responses are the same, so no judge was asked.';
  if (winner !== 'undecided')
    return `Picks the ${winner} response in both orders, by ${Math.abs(margin)} of 3.`;
  if (orders.some(({ picked }) => picked === null)) return 'Undecided: an order has no usable verdict.';
  return orders.every(({ picked }) => picked === 'equal')
    ? 'Undecided: calls them equal in both orders.'
    : 'Undecided: the orders disagree.';
}

/** What it picked in one order, and by how much. */
export function describePick({ picked, strength }: OrderVerdict): string {
  if (picked === null) return 'no usable verdict';
  return picked === 'equal' ? picked : `${picked}, ${STRENGTHS[strength - 1]}`;
}

const STRENGTHS = ['slightly', 'clearly', 'by far'];

import { expect, test } from 'vitest';
import { decisionPoints, type TurnNode } from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { cast } from './fakes.ts';

const response = { text: '!', truncated: false };

function turn(number: number, next: { preferred?: TurnNode; rejected?: TurnNode } = {}): TurnNode {
  return {
    turn: number,
    user: `${number}?`,
    revealed: [],
    preferred: { ...response, ...(next.preferred && { next: next.preferred }) },
    rejected: { ...response, ...(next.rejected && { next: next.rejected }) },
  };
}

test('decision points come parents before children, the preferred branch first', () => {
  const both = (number: number, deeper?: TurnNode) =>
    turn(number, deeper && { preferred: deeper, rejected: deeper });
  const root = both(1, both(2, turn(3)));
  expect(Array.from(decisionPoints({ root }), ({ path }) => path.map(([side]) => side).join(''))).toEqual([
    '',
    'p',
    'pp',
    'pr',
    'r',
    'rp',
    'rr',
  ]);
  expect([...decisionPoints({ root: null })]).toEqual([]);
});

test('a tree of any depth is walked', () => {
  let root = turn(5_000);
  for (let number = 4_999; number > 0; number--) root = turn(number, { rejected: root });
  let last: readonly unknown[] = [];
  let count = 0;
  for (const { conversation } of decisionPoints({ root })) {
    last = conversation;
    count += 1;
  }
  expect(count).toBe(5_000);
  expect(last).toHaveLength(9_999);
});

test('more turns than a file can hold are refused before anything is played', () => {
  expect(() => new ConversationTreeBuilder({ roles: cast(), turns: 451 })).toThrow(
    'Option "turns": expected a whole number from 1 to 450, got 451.',
  );
});

import { describe, expect, test } from 'vitest';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { createContentRules } from '../../src/preferences/content-rules.ts';
import { pointRecords } from '../../src/preferences/records.ts';
import { createSelection, type SelectionOptions } from '../../src/preferences/selection.ts';
import { dry, nurse, playedTree } from './trees.ts';

const options: SelectionOptions = {
  minRevealed: 1,
  keepTruncated: false,
  seed: 0,
  maxRecordsPerConversation: Number.POSITIVE_INFINITY,
  rules: createContentRules({ keep: [], prompts: [] }),
};

const recordsOf = (tree: ConversationTree) => [...pointRecords(tree)];

const long = (id: string) =>
  playedTree(
    id,
    nurse,
    dry,
    Array.from({ length: 10 }, (_, index) => ({
      user: `Round ${index} of ${id}.`,
      revealed: index === 0 ? [] : ['F1'],
      preferred: `Good ${index}`,
      rejected: `Bad ${index}`,
    })),
  );

const single = (id: string, rejected: string) =>
  playedTree(id, nurse, dry, [{ user: 'Hi.', revealed: ['F1'], preferred: 'Good', rejected }]);

describe('createSelection', () => {
  test('keeps the first of equal pairs, from whichever conversation', () => {
    const select = createSelection('pair', options);
    expect(select('a', recordsOf(single('a', 'Bad')))).toEqual([null]);
    expect(select('b', recordsOf(single('b', 'Bad')))).toEqual(['duplicate']);
    expect(select('c', recordsOf(single('c', 'Worse')))).toEqual([null]);
  });

  test('demonstrations are equal when context and preferred response are', () => {
    const select = createSelection('demonstration', options);
    expect(select('a', recordsOf(single('a', 'Bad')))).toEqual([null]);
    expect(select('c', recordsOf(single('c', 'Worse')))).toEqual(['duplicate']);
  });

  test('demonstrations differ when context or preferred response do', () => {
    const select = createSelection('demonstration', options);
    const [turn] = [{ user: 'Hi.', revealed: ['F1'], preferred: 'Good', rejected: 'Bad' }];
    const fateOf = (change: Partial<typeof turn>) =>
      select('c', recordsOf(playedTree('c', nurse, dry, [{ ...turn, ...change }])));
    expect(fateOf({})).toEqual([null]);
    expect(fateOf({ preferred: 'Better' })).toEqual([null]);
    expect(fateOf({ user: 'Hello.' })).toEqual([null]);
    expect(fateOf({ user: 'Hello.' })).toEqual(['duplicate']);
  });

  test.each(Array.from({ length: 8 }, (_, seed) => seed))(
    'draws as many as the limit says among the good ones, with seed %i',
    (seed) => {
      const limited = { ...options, seed, maxRecordsPerConversation: 4 };
      const fates = createSelection('pair', limited)('a', recordsOf(long('a')));
      expect(fates[0]).toBe('nothing-revealed');
      expect(fates.filter((fate) => fate === null)).toHaveLength(4);
      expect(fates.filter((fate) => fate === 'over-limit')).toHaveLength(5);
    },
  );

  test('keeps all of a conversation that has as many as the limit says, or fewer', () => {
    for (const maxRecordsPerConversation of [9, 10]) {
      const select = createSelection('pair', { ...options, maxRecordsPerConversation });
      expect(select('a', recordsOf(long('a')))).toEqual(['nothing-revealed', ...Array(9).fill(null)]);
    }
  });

  test('draws the same records as every version before', () => {
    const limited = { ...options, seed: 1, maxRecordsPerConversation: 3 };
    const fates = createSelection('pair', limited)('a', recordsOf(long('a')));
    expect([...fates.keys()].filter((index) => fates[index] === null)).toEqual([1, 2, 4]);
  });

  test('the draw hangs on seed and conversation, not on what came before', () => {
    const draw = (seed: number, ...ids: readonly string[]) => {
      const select = createSelection('pair', { ...options, seed, maxRecordsPerConversation: 3 });
      return ids.map((id) => select(id, recordsOf(long(id)))).at(-1);
    };
    expect(draw(1, 'x', 'y', 'a')).toEqual(draw(1, 'a'));
    expect(['b', 'c', 'd', 'e'].map((id) => draw(1, id))).not.toEqual(Array(4).fill(draw(1, 'a')));
    expect([2, 3, 4, 5].map((seed) => draw(seed, 'a'))).not.toEqual(Array(4).fill(draw(1, 'a')));
  });
});

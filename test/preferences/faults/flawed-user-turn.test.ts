import { describe, expect, test } from 'vitest';
import type { TurnNode } from '../../../src/conversations/conversation-tree.ts';
import type { UserProblem } from '../../../src/conversations/user-checks/user-check.ts';
import { findFlawedUserTurn } from '../../../src/preferences/faults/flawed-user-turn.ts';

const node = (turn: number, kept?: UserProblem, next?: TurnNode): TurnNode => ({
  turn,
  user: 'Hi.',
  ...(kept && { checks: { found: [kept], kept } }),
  revealed: [],
  preferred: { text: 'Hello.', truncated: false },
  rejected: { text: 'Hey.', truncated: false, ...(next && { next }) },
});

describe('findFlawedUserTurn', () => {
  test('names the problem with which the message was kept', () => {
    for (const kept of ['oversharing', 'contradiction', 'role-reversal'] as const) {
      const root = node(1, kept);
      expect(findFlawedUserTurn({ root }, root, [])).toBe(kept);
    }
  });

  test('lets a message pass whose drafts had problems', () => {
    const root = { ...node(1), checks: { found: ['refusal'] as const } };
    expect(findFlawedUserTurn({ root }, root, [])).toBeNull();
  });

  test.each([
    ['role-reversal', 'role-reversal'],
    ['assistant-voice', 'assistant-voice'],
    ['prompt-echo', 'prompt-echo'],
    ['oversharing', null],
    ['contradiction', null],
    ['third-person-fact', null],
  ] as const)('an earlier message with %s makes later ones: %s', (kept, found) => {
    const last = node(3);
    const root = node(1, kept, node(2, undefined, last));
    expect(findFlawedUserTurn({ root }, last, ['rejected', 'rejected'])).toBe(found);
  });

  test('a later one than the first spoils what follows too', () => {
    const last = node(3);
    const root = node(1, 'oversharing', node(2, 'prompt-echo', last));
    expect(findFlawedUserTurn({ root }, last, ['rejected', 'rejected'])).toBe('prompt-echo');
  });

  test('only messages of the same branch count', () => {
    const spoiled = node(2, 'prompt-echo');
    const other = node(2);
    const root = {
      ...node(1, undefined, spoiled),
      preferred: { text: 'Hello.', truncated: false, next: other },
    };
    expect(findFlawedUserTurn({ root }, other, ['preferred'])).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { type DecisionPoint, decisionPoints, type Side } from '../../src/conversations/conversation-tree.ts';
import { assistant, type Message, user } from '../../src/messages.ts';
import { createContentRules } from '../../src/preferences/content-rules.ts';
import type { DropReason } from '../../src/preferences/drop-reasons.ts';
import { type FlawOptions, findFlaw } from '../../src/preferences/drops.ts';
import { preferenceRecord } from '../../src/preferences/records.ts';
import { dry, nurse, type PlayedTurn, playedTree } from './trees.ts';

const good: PlayedTurn = {
  user: 'Eleven small patients 😴',
  revealed: ['F1'],
  preferred: 'Who is winning?',
  rejected: 'That sounds like a lot of work.',
};

function flaws(
  change: Partial<PlayedTurn>,
  { context, ...options }: Partial<FlawOptions> & { context?: readonly Message[] } = {},
): Record<'pair' | 'demonstration', DropReason | null> {
  const { pair, demonstration } = flawsOfAllKinds(change, { ...options, ...(context && { context }) });
  return { pair, demonstration };
}

function flawsOfAllKinds(
  change: Partial<PlayedTurn>,
  {
    context,
    sibling,
    ...options
  }: Partial<FlawOptions> & { context?: readonly Message[]; sibling?: Side } = {},
) {
  const tree = playedTree('c', nurse, dry, [{ ...good, ...change }]);
  const [found] = [...decisionPoints(tree)];
  const point: DecisionPoint = { ...found!, conversation: context ?? found!.conversation };
  const plain = preferenceRecord(tree, point);
  const record = { ...plain, provenance: { ...plain.provenance, ...(sibling && { sibling }) } };
  const rules = createContentRules({ keep: [], prompts: [] });
  const settled = { minRevealed: 1, keepTruncated: false, rules, ...options };
  const pointRecord = { tree, point, record };
  return {
    pair: findFlaw('pair', pointRecord, settled),
    demonstration: findFlaw('demonstration', pointRecord, settled),
    rejected: findFlaw('rejected-demonstration', pointRecord, settled),
  };
}

describe('findFlaw', () => {
  test('finds none in a good pair', () => {
    expect(flaws({})).toEqual({ pair: null, demonstration: null });
  });

  test.each<[string, Partial<PlayedTurn>, DropReason]>([
    ['empty', { preferred: ' \n' }, 'empty-response'],
    ['truncated', { preferred: { text: 'Who is', truncated: true } }, 'truncated-response'],
    ['broken', { preferred: 'Who is 😴'.slice(0, -1) }, 'broken-text'],
  ])('a preferred response that is %s spoils pair and demonstration', (_name, change, reason) => {
    expect(flaws(change)).toEqual({ pair: reason, demonstration: reason });
  });

  test.each<[string, Partial<PlayedTurn>, DropReason]>([
    ['is empty', { rejected: '' }, 'empty-response'],
    ['is truncated', { rejected: { text: 'That sounds', truncated: true } }, 'truncated-response'],
    ['is broken', { rejected: 'That sounds \ufffd' }, 'broken-text'],
    ['says the same', { rejected: 'who  is\nWINNING? ' }, 'identical-pair'],
    ['was asked for in the same words', { revealed: [] }, 'nothing-revealed'],
  ])('a pair whose rejected response %s is still a demonstration', (_name, change, reason) => {
    expect(flaws(change)).toEqual({ pair: reason, demonstration: null });
  });

  test.each<[string, Partial<PlayedTurn>, DropReason]>([
    ['empty', { rejected: '' }, 'empty-response'],
    ['truncated', { rejected: { text: 'That sounds', truncated: true } }, 'truncated-response'],
    ['broken', { rejected: 'That sounds \ufffd' }, 'broken-text'],
  ])('a rejected response that is %s is no demonstration either', (_name, change, reason) => {
    expect(flawsOfAllKinds(change).rejected).toBe(reason);
    expect(flawsOfAllKinds({ preferred: change.rejected! }).rejected).toBeNull();
  });

  test('an extra pair is a pair and no demonstration', () => {
    const found = flawsOfAllKinds({}, { sibling: 'rejected' });
    expect(found).toEqual({ pair: null, demonstration: 'sibling', rejected: 'sibling' });
  });

  test('the first rule on content that finds something names the reason, after all other reasons', () => {
    const refusal = 'I cannot fulfill your request.';
    expect(flaws({ preferred: refusal })).toEqual({ pair: 'refusal', demonstration: 'refusal' });
    expect(flaws({ preferred: refusal, rejected: refusal })).toEqual({
      pair: 'identical-pair',
      demonstration: 'refusal',
    });
  });

  test('responses that differ in a letter are a pair', () => {
    expect(flaws({ rejected: 'Who is grinning?' }).pair).toBeNull();
  });

  test('the options keep what they say', () => {
    const truncated = { preferred: { text: 'Who is', truncated: true } };
    expect(flaws(truncated, { keepTruncated: true })).toEqual({ pair: null, demonstration: null });
    expect(flaws({ revealed: [] }, { minRevealed: 0 }).pair).toBeNull();
    expect(flaws({ revealed: ['F1'] }, { minRevealed: 2 }).pair).toBe('nothing-revealed');
  });

  test('a context in which user and assistant alternate is a dialogue', () => {
    const context = [user('a'), assistant('b'), user('c'), assistant('d'), user('e')];
    expect(flaws({}, { context })).toEqual({ pair: null, demonstration: null });
  });

  test.each<[string, readonly Message[]]>([
    ['has two messages of the user in a row', [user('a'), user('b'), user('c')]],
    ['begins with the assistant', [assistant('a'), user('b'), assistant('c')]],
    [
      'ends with the assistant',
      [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ],
    ],
    [
      'starts with a system message',
      [
        { role: 'system', content: 'a' },
        { role: 'user', content: 'b' },
      ],
    ],
    [
      'hides a system message',
      [
        { role: 'user', content: 'a' },
        { role: 'system', content: 'b' },
        { role: 'user', content: 'c' },
      ],
    ],
    ['holds an empty message', [{ role: 'user', content: ' ' }]],
    ['is empty', []],
  ])('a context that %s is no dialogue', (_name, context) => {
    expect(flaws({}, { context })).toEqual({ pair: 'bad-conversation', demonstration: 'bad-conversation' });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PairVerdict } from '../../src/conversations/pair-verdict.ts';
import { preferenceRecordSchema } from '../../src/preferences/preference-record.ts';
import { pointRecords, preferenceRecords, recordFor } from '../../src/preferences/records.ts';
import { dry, fixtureTrees, nurse, type PlayedTurn, playedTree, student, tender } from './trees.ts';

const tree = (id: string) => fixtureTrees().find((tree) => tree.id === id)!;

const turn = (rest: Partial<PlayedTurn> = {}): PlayedTurn => ({
  user: 'Hello there.',
  preferred: 'Hi, night owl.',
  rejected: 'Hello! How can I help?',
  ...rest,
});

const only = (turns: readonly PlayedTurn[], id = 'c') =>
  [...preferenceRecords(playedTree(id, nurse, dry, turns))].at(-1)!;

describe('preferenceRecords', () => {
  test('gives one record for each turn, with the response that was taken in the context', () => {
    const records = [...preferenceRecords(tree('tomatoes'))];
    expect(records.map((record) => record.turn)).toEqual([1, 2, 3]);
    expect(records.map((record) => record.conversation.length)).toEqual([1, 3, 5]);
    expect(records[1]!.conversation[1]!.content).toBe('Oh no. What do their leaves look like?');
    expect(records[2]!.conversation[3]!.content).toMatch(/^Yellow leaves can be caused by overwatering/);
    expect(records[1]!.provenance).toEqual({
      revealed: ['F2', 'T2'],
      preferredModel: 'scripted:writer',
      rejectedModel: 'scripted:writer',
      path: ['preferred'],
    });
  });

  test('walks both branches of a tree, each with its own history', () => {
    const records = [...preferenceRecords(tree('compost'))];
    expect(records.map(({ turn, provenance }) => [turn, provenance.path])).toEqual([
      [1, []],
      [2, ['preferred']],
      [2, ['rejected']],
    ]);
    expect(new Set(records.map((record) => record.id)).size).toBe(3);
  });

  test('names its format, and holds the verdict of a judge', () => {
    const verdict: PairVerdict = { winner: 'preferred', margin: 2, judge: 'j', prompt: 'v@1', orders: [] };
    const plain = playedTree('c', nurse, dry, [turn()]);
    const [record] = [...preferenceRecords({ ...plain, root: { ...plain.root!, verdict } })];
    expect(record).toMatchObject({ schema: 'aloe-preference/2', provenance: { verdict } });
    expect(preferenceRecordSchema.parse(record)).toEqual(record);
    expect(only([turn()]).provenance).not.toHaveProperty('verdict');
  });

  test('gives extra pairs on request alone, each with the side whose response is another one', () => {
    const alternatives = [{ text: 'Evening.', truncated: false, model: 'other' }];
    const rich = playedTree('c', nurse, dry, [
      turn({ preferred: { text: 'Hi.', truncated: false, alternatives } }),
    ]);
    const [first, second, ...others] = [...pointRecords(rich, { siblings: true })];
    expect(others).toEqual([]);
    expect(first!.record).toMatchObject({ preferred: 'Hi.' });
    expect(second).toMatchObject({
      tree: rich,
      point: { node: { preferred: { text: 'Evening.' } } },
      record: { preferred: 'Evening.', provenance: { sibling: 'preferred', preferredModel: 'other' } },
    });
    for (const options of [undefined, {}, { siblings: false }]) {
      expect([...pointRecords(rich, options)]).toEqual([first]);
      expect([...preferenceRecords(rich, options)]).toEqual([first!.record]);
    }
    expect([...preferenceRecords(rich, { siblings: true })]).toHaveLength(2);
    const typo = { sibling: true } as object;
    expect(() => [...preferenceRecords(rich, typo)]).toThrow(/preferenceRecords\(\).*"sibling"/);
  });

  test('trains on the rejected response where a format asks for it', () => {
    const record = only([turn()]);
    expect(recordFor('pair', record)).toBe(record);
    expect(recordFor('demonstration', record)).toBe(record);
    expect(recordFor('rejected-demonstration', record)).toEqual({ ...record, preferred: record.rejected });
  });

  test('gives none for a conversation that never started', () => {
    expect([...preferenceRecords(tree('never-started'))]).toEqual([]);
  });

  test('shows user and assistant in turn and not one statement of the persona', () => {
    for (const source of fixtureTrees()) {
      const statements = [...source.persona.profile.facts, ...source.persona.personality.traits];
      for (const record of preferenceRecords(source)) {
        expect(record.conversation.map(({ role }) => role)).toEqual(
          record.conversation.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')),
        );
        expect(record.conversation.length % 2).toBe(1);
        const text = JSON.stringify(record.conversation);
        for (const statement of statements) expect(text).not.toContain(statement);
      }
    }
  });

  test('an id depends on context, chosen and rejected and on nothing else', () => {
    const text = fc.string({ minLength: 1 }).map((value) => `x${value}x`);
    fc.assert(
      fc.property(text, text, text, (user, preferred, rejected) => {
        const base = only([{ user, preferred, rejected }]);
        const elsewhere = playedTree('other', student, tender, [
          { user, preferred, rejected, revealed: ['F1'] },
        ]);
        expect([...preferenceRecords(elsewhere)][0]!.id).toBe(base.id);
        expect(only([{ user: `${user}!`, preferred, rejected }]).id).not.toBe(base.id);
        expect(only([{ user, preferred: `${preferred}!`, rejected }]).id).not.toBe(base.id);
        expect(only([{ user, preferred, rejected: `${rejected}!` }]).id).not.toBe(base.id);
      }),
    );
  });

  test('takes white space from around responses and from nowhere else', () => {
    const record = only([turn({ user: ' Hm. \n', preferred: '\n\nOne.\n\nTwo. ', rejected: '\tThree.' })]);
    expect(record.conversation[0]!.content).toBe(' Hm. \n');
    expect([record.preferred, record.rejected]).toEqual(['One.\n\nTwo.', 'Three.']);
  });

  test('replaces half a surrogate pair, which no UTF-8 file can hold', () => {
    const record = only([turn({ user: 'a\ud83d', preferred: 'b\ude34c', rejected: 'whole 😴' })]);
    expect(record.conversation[0]!.content).toBe('a\ufffd');
    expect([record.preferred, record.rejected]).toEqual(['b\ufffdc', 'whole 😴']);
  });
});

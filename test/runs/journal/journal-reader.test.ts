import { describe, expect, test } from 'vitest';
import { INSERT_ROW, openDatabase } from '../../../src/runs/journal/journal-database.ts';
import { JournalReader } from '../../../src/runs/journal/journal-reader.ts';
import { checksumOf, type JournalRow } from '../../../src/runs/journal/journal-row.ts';

type Row = Pick<JournalRow, 'key' | 'place' | 'model'>;

/** A journal in memory with these calls, of 10 input tokens, of which 4 were cached, and 2 output tokens each. */
function journalOf(...calls: readonly Row[]) {
  const database = openDatabase(':memory:');
  const insert = database.prepare(INSERT_ROW);
  const add = ({ key, place, model }: Row, checksum?: number) => {
    const row = { key, place, value: `of ${key}`, model };
    const tokens = { input_tokens: 10, cached_input_tokens: 4, output_tokens: 2 };
    const sum = checksum ?? checksumOf({ ...row, ...tokens });
    insert.run(key, place, row.value, model, 10, 4, 2, sum, '2026-01-01T00:00:00.000Z');
  };
  for (const call of calls) add(call);
  return { add, reader: new JournalReader(database) };
}

const FOUR: readonly Row[] = [
  { key: 'a', place: 'conversations/c1/1/judge/0', model: 'm' },
  { key: 'b', place: 'conversations/c2/1/judge/0', model: 'n' },
  { key: 'c', place: 'evaluation/x', model: 'm' },
  { key: 'd', place: 'alone', model: 'm' },
];
/** A value that no model gave. */
const NOTE: Row = { key: 'e', place: 'notes/1', model: null };

describe('a journal that is read', () => {
  test('gives the values of its keys, but for damaged rows', () => {
    const { add, reader } = journalOf(...FOUR);
    add({ key: 'forged', place: '', model: null }, 7);
    expect(['a', 'b', 'c', 'd', 'forged', 'absent'].map((key) => reader.get(key))).toEqual([
      'of a',
      'of b',
      'of c',
      'of d',
      undefined,
      undefined,
    ]);
  });

  test('sums up calls and tokens by model', () => {
    const { reader } = journalOf(...FOUR, NOTE);
    const usage = (calls: number) => ({
      calls,
      usage: { inputTokens: 10 * calls, cachedInputTokens: 4 * calls, outputTokens: 2 * calls },
    });
    expect(reader.spending()).toEqual(
      new Map([
        ['m', usage(3)],
        ['n', usage(1)],
      ]),
    );
    expect(journalOf().reader.spending()).toEqual(new Map());
  });

  test('counts the calls of models by task', () => {
    expect([...journalOf(...FOUR, NOTE).reader.tasks()]).toEqual([
      ['alone', 1],
      ['conversations', 2],
      ['evaluation', 1],
    ]);
  });

  test('lists its rows in the order of writing', () => {
    const { reader } = journalOf(FOUR[3]!, NOTE, FOUR[0]!);
    const rows = [...reader.rows()];
    expect(rows.map(({ key }) => key)).toEqual(['d', 'e', 'a']);
    expect(rows[0]).toMatchObject({
      place: 'alone',
      value: 'of d',
      model: 'm',
      input_tokens: 10,
      cached_input_tokens: 4,
      output_tokens: 2,
      checksum: checksumOf(rows[0]!),
      finished_at: '2026-01-01T00:00:00.000Z',
    });
  });

  test('knows the models of calls that were there when it was opened', () => {
    const { add, reader } = journalOf(...FOUR, NOTE);
    add({ key: 'f', place: 'later', model: 'm' });
    expect(
      ['evaluation/x', 'conversations/c2/1/judge/0', 'notes/1', 'later', 'absent'].map((place) =>
        reader.earlierModel(place),
      ),
    ).toEqual(['m', 'n', undefined, undefined, undefined]);
    expect(journalOf().reader.earlierModel('later')).toBeUndefined();
  });
});

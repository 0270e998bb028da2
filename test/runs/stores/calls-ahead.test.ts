import { expect, test } from 'vitest';
import { CallsAhead } from '../../../src/runs/postgres/calls-ahead.ts';

const call = (subject: string, length: number) => ({
  key: subject,
  place: `test/${subject}/1/speaker/0`,
  value: 'x'.repeat(length),
  model: 'gpt',
  early: true,
});

test('calls fetched ahead make way for those of other subjects, the least recently used first', () => {
  const ahead = new CallsAhead();
  const add = (subject: string) =>
    ahead.add(`test/${subject}/`, { calls: [call(subject, 20_000_000)], isWhole: true });
  for (const subject of ['a', 'b', 'c']) add(subject);
  expect(ahead.value('test/a/', 'a')).toHaveLength(20_000_000);
  add('d');
  expect(['a', 'b', 'c', 'd'].map((subject) => ahead.has(`test/${subject}/`))).toEqual([
    true,
    false,
    true,
    true,
  ]);
  // One that is larger than the limit is kept alone, since it is being read.
  ahead.add('test/e/', { calls: [call('e', 80_000_000)], isWhole: true });
  expect(['a', 'c', 'd', 'e'].map((subject) => ahead.has(`test/${subject}/`))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  add('e');
  for (const subject of ['a', 'b']) add(subject);
  expect(['e', 'a', 'b'].map((subject) => ahead.has(`test/${subject}/`))).toEqual([true, true, true]);
});

test('an earlier model is known, known to be absent, or not known', () => {
  const ahead = new CallsAhead();
  expect(ahead.earlierModel('test/a/1/speaker/0')).toBeNull();
  const calls = [
    { ...call('a', 1), model: 'old' },
    { ...call('a', 1), place: 'test/a/2/speaker/0', early: false },
  ];
  ahead.add('test/a/', { calls, isWhole: true });
  expect(ahead.earlierModel('test/a/1/speaker/0')).toBe('old');
  expect(ahead.earlierModel('test/a/2/speaker/0')).toBeUndefined();
  ahead.add('test/a/', { calls, isWhole: false });
  expect(ahead.earlierModel('test/a/1/speaker/0')).toBe('old');
  expect(ahead.earlierModel('test/a/3/speaker/0')).toBeNull();
});

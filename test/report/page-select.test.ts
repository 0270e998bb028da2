import { describe, expect, test } from 'vitest';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { collectConversations } from '../../src/report/collect-conversations.ts';
import { describeCompared } from '../../src/report/page/compare-note.ts';
import { listEntries } from '../../src/report/page/entries.ts';
import { type Selection, selectEntries } from '../../src/report/page/select-entries.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { fixtureTrees } from '../preferences/trees.ts';

const one = evaluationOf([[1, 2], [5, 5], [3]], { name: 'one', turns: 2 });
const other = evaluationOf(
  [
    [2, 4],
    [3, null],
    [3, 5],
  ],
  { name: 'other' },
);
const everything: Selection = {
  source: null,
  against: null,
  name: null,
  profile: null,
  from: null,
  to: null,
  turn: null,
  status: null,
  words: '',
  order: 'file',
};

function select(selection: Partial<Selection>, results: readonly EvaluationResult[] = [one, other]) {
  const data = collectConversations(results, fixtureTrees());
  return { data, listed: selectEntries(listEntries(data), { ...everything, ...selection }) };
}

const names = (selection: Partial<Selection>) =>
  select(selection).listed.map(({ entry, difference }) => [entry.name, difference]);

describe('the conversations that the report’s page lists', () => {
  test('are sorted by mean score, those without one last', () => {
    const order = (chosen: Selection['order']) =>
      names({ source: 'one', order: chosen }).map(([name]) => name);
    expect(order('file')).toEqual(['case-1', 'case-2', 'case-3']);
    expect(order('low')).toEqual(['case-1', 'case-3', 'case-2']);
    expect(order('high')).toEqual(['case-2', 'case-3', 'case-1']);
    const last = select({ order: 'low' }).listed.at(-1);
    expect(last?.entry.kind).toBe('tree');
  });

  test('in a comparison stand beside those of the other, with the difference over the turns both have', () => {
    const { listed } = select({ source: 'one', against: 'other', order: 'gap' });
    expect(listed.map(({ entry, other: beside }) => [entry.source, beside?.source])).toEqual([
      ['one', 'other'],
      ['one', 'other'],
      ['one', 'other'],
    ]);
    expect(names({ source: 'one', against: 'other', order: 'gap' })).toEqual([
      ['case-2', 2],
      ['case-1', -1.5],
      ['case-3', 0],
    ]);
    expect(names({ against: 'other', order: 'worse' }).map(([name]) => name)).toEqual([
      'case-1',
      'case-3',
      'case-2',
    ]);
    expect(names({ against: 'other', order: 'better' })[0]).toEqual(['case-2', 2]);
  });

  test('match in a comparison where either side does, at the turns of both', () => {
    const { listed } = select({ source: 'one', against: 'other', from: 4, to: 4 });
    expect(listed.map(({ entry, turns }) => [entry.name, turns])).toEqual([['case-1', [2]]]);
    expect(select({ source: 'one', against: 'other', words: 'nowhere' }).listed).toEqual([]);
  });

  test('are compared with no stranger: a case of the same name may have another user', () => {
    const cases = other.cases.map((played, index) => ({
      ...played,
      persona: other.cases[(index + 1) % 3]!.persona,
    }));
    expect(select({ source: 'one', against: 'other' }, [one, { ...other, cases }]).listed).toEqual([]);
  });

  test('are not compared with themselves', () => {
    expect(select({ source: 'one', against: 'one' }).listed.map(({ other: beside }) => beside)).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('come with a count of who is better, and with what keeps their scores from being compared', () => {
    const { listed, data } = select({ source: 'one', against: 'other' });
    expect(describeCompared(listed, data)).toEqual({
      count: 'one scores higher than other in 1, equal in 1, lower in 1.',
      warnings: [],
    });
    const judged = { ...other, lock: { ...other.lock, judge: { id: 'another-judge', prompts: [] } } };
    const unlike = select({ source: 'other', against: 'one' }, [one, judged]);
    const { warnings } = describeCompared(unlike.listed, unlike.data);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('one and other: Different judge: own-judge vs. another-judge.');
    const alone = select({}, [one, judged]);
    expect(describeCompared(alone.listed, alone.data)).toEqual({ count: '', warnings: [] });
  });
});

import { describe, expect, test } from 'vitest';
import { collectConversations } from '../../src/report/collect-conversations.ts';
import { listEntries } from '../../src/report/page/entries.ts';
import { type Filter, matchingTurns } from '../../src/report/page/filter.ts';
import { evaluationOf, repeatedEvaluation } from '../evaluation/evaluation-data.ts';
import { fixtureTrees } from '../preferences/trees.ts';

const entries = listEntries(
  collectConversations([evaluationOf([[1, null, 3.6], [5]], { name: 'bare', turns: 3 })], fixtureTrees()),
);
const everything: Filter = {
  source: null,
  name: null,
  profile: null,
  from: null,
  to: null,
  turn: null,
  status: null,
  words: '',
};
const met = (filter: Partial<Filter>) =>
  entries.flatMap((entry) => {
    const turns = matchingTurns(entry, { ...everything, ...filter });
    return turns === null ? [] : [[entry.name, ...turns]];
  });

describe('the filter of the report’s page', () => {
  test('without a wish keeps all and points at no turn', () => {
    expect(met({})).toEqual(entries.map(({ name }) => [name]));
    expect(met({ source: 'bare' })).toEqual([['case-1'], ['case-2']]);
    expect(met({ name: 'case-2' })).toEqual([['case-2']]);
  });

  test('tells the repeats of a case apart', () => {
    const repeated = listEntries(collectConversations([repeatedEvaluation([[[1]], [[2]]])], []));
    expect(repeated.map(({ name }) => name)).toEqual(['case-1', 'case-1, repeat 2']);
  });

  test('counts a score between two as the nearer, and turns that were not reached', () => {
    expect(met({ from: 4, to: 4 })).toEqual([['case-1', 3]]);
    expect(met({ status: 'malformed-verdict' })).toEqual([['case-1', 2]]);
    expect(met({ status: 'not-reached' })).toEqual([['case-2', 2, 3]]);
    expect(met({ from: 1, to: 1, status: 'not-reached' })).toEqual([]);
  });

  test('finds words in whatever case, in both branches of a corpus and in reasons of failures', () => {
    expect(met({ words: ' message 2 ' })).toEqual([['case-1', 2]]);
    expect(met({ words: 'it was\nfull' })).toEqual([['case-2', 2]]);
    expect(met({ words: 'EGGS, sadly' })).toEqual([['compost', 2]]);
    expect(met({ words: 'basil' })).toEqual([['compost', 2]]);
    expect(met({ words: 'gave no message' })).toEqual([['violin', 3]]);
  });
});

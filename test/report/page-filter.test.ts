import { describe, expect, test } from 'vitest';
import { collectConversations } from '../../src/report/collect-conversations.ts';
import { listEntries } from '../../src/report/page/entries.ts';
import {
  type Filter,
  MISSING,
  matchingTurns,
  pairStatus,
  USER_PROBLEM,
} from '../../src/report/page/filter.ts';
import { evaluationOf, repeatedEvaluation } from '../evaluation/evaluation-data.ts';
import { fixtureTrees } from '../preferences/trees.ts';
import { judgedTree } from './report-data.ts';

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

  test('finds the pairs of a verdict, and words in its rationale and in responses that were not chosen', () => {
    const judged = listEntries(collectConversations([], [judgedTree()]));
    const turnsOf = (filter: Partial<Filter>) => matchingTurns(judged[0]!, { ...everything, ...filter });
    expect(turnsOf({ status: pairStatus('preferred') })).toEqual([1]);
    expect(turnsOf({ status: pairStatus('rejected') })).toEqual([2]);
    expect(turnsOf({ status: pairStatus('undecided') })).toEqual([3]);
    expect(turnsOf({ status: MISSING })).toBeNull();
    expect(turnsOf({ words: 'boats need names' })).toEqual([1, 2, 3]);
    expect(turnsOf({ words: 'who skips lists' })).toEqual([1, 2, 3]);
    expect(met({ status: pairStatus('undecided') })).toEqual([]);
  });

  test('finds words in the persona, and then points at the turns that other filters leave', () => {
    expect(met({ words: 'Two COUSINS' })).toEqual([['compost']]);
    expect(met({ words: 'two cousins', turn: 2 })).toEqual([['compost', 2, 2]]);
    expect(met({ words: 'two cousins', from: 1 })).toEqual([]);
  });

  test('by range of scores leaves out turns without one', () => {
    expect(met({ from: 2 })).toEqual([
      ['case-1', 3],
      ['case-2', 1],
    ]);
    expect(met({ to: 3 })).toEqual([['case-1', 1]]);
    expect(met({ from: 4, to: 3 })).toEqual([]);
  });

  test('finds turns without a score, for whatever reason, but none of a corpus, which has none', () => {
    expect(met({ status: MISSING })).toEqual([
      ['case-1', 2],
      ['case-2', 2, 3],
    ]);
  });

  test('finds problems of users: a message with one, and a conversation that ended for want of one', () => {
    expect(met({ status: USER_PROBLEM })).toEqual([
      ['violin', 3],
      ['never-started', 1],
    ]);
    const [first] = evaluationOf([[1, 2]]).cases;
    const turns = first!.turns.map((turn, index) =>
      index === 0 ? turn : { ...turn, checks: { found: ['repetition'] as const } },
    );
    const checked = { ...evaluationOf([[1, 2]]), cases: [{ ...first!, turns }] };
    const [entry] = listEntries(collectConversations([checked], []));
    expect(matchingTurns(entry!, { ...everything, status: USER_PROBLEM })).toEqual([2]);
  });

  test('keeps a profile with all of its conversations', () => {
    const [compost] = entries.filter(({ name }) => name === 'compost');
    const own = entries.filter(({ profile }) => profile === compost!.profile).map(({ name }) => [name]);
    expect(met({ profile: compost!.profile })).toEqual(own);
    expect(met({ profile: 'Nobody.' })).toEqual([]);
  });
});

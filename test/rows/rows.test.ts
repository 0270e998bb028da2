import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { beforeAll, expect, test } from 'vitest';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { readEvaluation, saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { preferenceRecords } from '../../src/preferences/records.ts';
import { rows, toCsv } from '../../src/rows/index.ts';
import { beekeepers, cast } from '../conversations/fakes.ts';
import { benchmarkCases, fakeModel, fakeUser, verdict } from '../evaluation/fakes.ts';

/** Scores the user's own responses 4 at turn 1 and 5 later, and 2 for another persona. */
const judge = () =>
  fakeModel('judge', (_request, { place }) =>
    verdict(place?.role.includes('other') ? 2 : Math.min(5, 3 + (place?.turn ?? 0)), 'Warm, and\n=short'),
  );

let result: EvaluationResult;
let trees: ConversationTree[];

beforeAll(async () => {
  const failing = fakeModel('told', (request, { place }) => {
    if (place?.subject.startsWith('case-2/') && place.turn === 2) throw new Error('It was full.');
    return `heard: ${request.messages.at(-1)?.content}`;
  });
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: judge(),
    inducer: 'words',
    otherPersona: 'any',
    cases: benchmarkCases(3),
    turns: 3,
  });
  result = await evaluator.evaluate({ name: 'told', model: failing });
  const builder = new ConversationTreeBuilder({ roles: cast(), turns: 2, order: 'input' });
  trees = await Array.fromAsync(builder.build(beekeepers(2)));
});

test('every response is a row, with its scores for the own and the other persona', () => {
  const turns = rows(result, 'turns');
  expect(turns.map(({ caseId, turn, score }) => [caseId, turn, score])).toEqual([
    ['case-1', 1, 4],
    ['case-1', 2, 5],
    ['case-1', 3, 5],
    ['case-2', 1, 4],
    ['case-3', 1, 4],
    ['case-3', 2, 5],
    ['case-3', 3, 5],
  ]);
  const played = result.cases[0]!;
  expect(turns[1]).toEqual({
    candidate: 'told',
    model: 'told',
    judge: result.lock.judge.id,
    caseId: 'case-1',
    repeat: 1,
    turn: 2,
    personaId: 'profile-1+personality-1',
    task: null,
    situation: null,
    user: played.turns[1]!.user,
    response: played.turns[1]!.response,
    score: 5,
    status: 'scored',
    rationale: 'Warm, and\n=short',
    tone: null,
    form: null,
    uptake: null,
    honoured: null,
    violated: null,
    otherCase: played.otherCase,
    otherScore: 2,
    ownMinusOther: 3,
    revealed: played.turns[1]!.revealed!.join(' '),
    revealedShare: played.turns[1]!.revealed!.length / 4,
    userProblem: null,
  });
});

test('every simulation is a row, also one that broke off', () => {
  const [whole, broken] = rows(result, 'cases');
  expect(whole).toMatchObject({
    caseId: 'case-1',
    turns: 3,
    scored: 3,
    average: 14 / 3,
    improvementRate: 0.5,
    otherAverage: 2,
    ownMinusOther: 8 / 3,
    failedTurn: null,
  });
  expect(broken).toMatchObject({
    caseId: 'case-2',
    turns: 1,
    average: 4,
    improvementRate: null,
    failedTurn: 2,
    failedRole: 'candidate',
    failureCode: 'unknown',
  });
});

test('every decision point is a row, with the id that exports give the pair', () => {
  const pairs = rows(trees, 'pairs');
  const records = trees.flatMap((tree) => [...preferenceRecords(tree)]);
  expect(pairs.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
  const second = pairs[1]!;
  expect(second).toMatchObject({ conversationId: trees[0]!.id, turn: 2, preferred: records[1]!.preferred });
  expect(JSON.parse(second.conversation)).toEqual(records[1]!.conversation);
  expect(second.path).toBe(records[1]!.provenance.path.join(' '));
});

test('several results make one table, and a result that was read makes the same rows', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-rows-'));
  await saveEvaluation(result, join(dir, 'told.json'));
  const read = await readEvaluation(join(dir, 'told.json'));
  await rm(dir, { recursive: true });
  expect(rows(read, 'turns')).toEqual(rows(result, 'turns'));
  expect(rows([result, read], 'cases')).toHaveLength(6);
});

test('a case whose first call failed is a row without scores', () => {
  const nothing = { ...result, cases: [{ ...result.cases[0]!, turns: [] }] };
  expect(rows(nothing, 'cases')[0]).toMatchObject({ turns: 0, average: null, improvementRate: null });
  expect(rows(nothing, 'turns')).toEqual([]);
});

test('what cannot be turned into rows is refused with what is expected', async () => {
  const untyped = rows as (of: unknown, kind: string) => unknown;
  expect(() => untyped(result, 'tuns')).toThrow('Option "kind": expected one of "turns", "cases", "pairs"');
  expect(() => untyped('told.json', 'turns')).toThrow('expected an evaluation from evaluate()');
  expect(() => untyped(result, 'pairs')).toThrow('expected a conversation tree, or several');
  const stream = (async function* () {})();
  expect(() => untyped(stream, 'pairs')).toThrow('await Array.fromAsync(stream)');
});

test('CSV has a line of column names and reads back as the rows', () => {
  const turns = rows(result, 'turns');
  const text = toCsv(turns, { spreadsheet: false, delimiter: ';' });
  const { data, meta } = Papa.parse<Record<string, string>>(text, {
    header: true,
    delimiter: ';',
    skipEmptyLines: true,
  });
  expect(meta.fields).toEqual(Object.keys(turns[0]!));
  expect(data).toEqual(
    turns.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value === null ? '' : `${value}`]),
      ),
    ),
  );
  expect(toCsv([])).toBe('');
});

test('CSV for spreadsheets holds no formula, and numbers stay numbers', () => {
  const text = toCsv([{ name: '=1+1', level: -0.5, note: 'a\n+b', found: true }]);
  expect(text).toBe(`\uFEFFname,level,note,found\r\n'=1+1,-0.5,"a\n'+b",true\r\n`);
  expect(toCsv([{ '=1+1': 1 }])).toBe("\uFEFF'=1+1\r\n1\r\n");
});

test('the docs list the columns in their order', async () => {
  const page = await readFile(new URL('../../docs/results.md', import.meta.url), 'utf8');
  const listed = (heading: string) => {
    const section = page.split(`### ${heading}\n`)[1]!.split(/^#/m)[0]!;
    return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  };
  expect(listed('`turns`')).toEqual(Object.keys(rows(result, 'turns')[0]!));
  expect(listed('`cases`')).toEqual(Object.keys(rows(result, 'cases')[0]!));
  expect(listed('`pairs`')).toEqual(Object.keys(rows(trees, 'pairs')[0]!));
});

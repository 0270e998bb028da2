/**
 * Evaluations, and conversations if given, as tables for other tools: JSON Lines for programs, CSV for spreadsheets.
 *
 *   npx tsx examples/rows.ts runs/evaluate/bare.json runs/evaluate/told.json [conversations.jsonl]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { readConversations, readEvaluation } from 'aloe-align';
import { rows, toCsv } from 'aloe-align/rows';

const files = process.argv.slice(2);
const results = await Promise.all(files.filter((file) => file.endsWith('.json')).map(readEvaluation));
const corpora = files
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => Array.fromAsync(readConversations(file)));
const trees = (await Promise.all(corpora)).flat();

const turns = rows(results, 'turns');
const cases = rows(results, 'cases');
const pairs = rows(trees, 'pairs');

await mkdir('runs/rows', { recursive: true });
await writeFile('runs/rows/turns.jsonl', turns.map((row) => `${JSON.stringify(row)}\n`).join(''));
await writeFile('runs/rows/cases.csv', toCsv(cases));
await writeFile('runs/rows/pairs.csv', toCsv(pairs));

console.table(cases, ['candidate', 'caseId', 'average', 'ownMinusOther', 'revealedShare']);
console.log(`${turns.length} turns, ${cases.length} cases, ${pairs.length} pairs in runs/rows`);

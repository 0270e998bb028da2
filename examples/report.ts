/**
 * Writes evaluations, and conversations if given, as an HTML page, as Markdown and as a chart.
 *
 *   npx tsx examples/report.ts runs/evaluate/bare.json runs/evaluate/told.json [conversations.jsonl]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { readConversations, readEvaluation } from 'aloe-align';
import { alignmentChart, renderMarkdownReport, writeReport } from 'aloe-align/report';

const files = process.argv.slice(2);
const evaluations = await Promise.all(files.filter((file) => file.endsWith('.json')).map(readEvaluation));
const corpora = files
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => Array.fromAsync(readConversations(file)));
const conversations = (await Promise.all(corpora)).flat();

await mkdir('runs/report', { recursive: true });
await writeReport({ evaluations, conversations, title: 'Told and not told' }, 'runs/report/report.html');
await writeFile('runs/report/levels.svg', alignmentChart(evaluations));
const markdown = renderMarkdownReport({ evaluations });
await writeFile('runs/report/report.md', markdown);

console.log(markdown);
console.log('Open runs/report/report.html in a browser.');

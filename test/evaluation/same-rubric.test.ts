import { expect, it } from 'vitest';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { alignmentChart } from '../../src/report/charts/alignment-chart.ts';
import { averageChart } from '../../src/report/charts/average-chart.ts';
import { paperChart } from '../../src/report/charts/paper-chart.ts';
import { renderMarkdownReport } from '../../src/report/markdown-report.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { paperTable } from '../../src/report/tables/paper-table.ts';
import { evaluationOf } from './evaluation-data.ts';

function judgedBy(id: string, ...prompts: string[]): EvaluationResult {
  const result = evaluationOf([[3, 4]], { name: `scored by ${id}` });
  const judge = { id, prompts: prompts.map((name) => ({ name, sha256: 'a'.repeat(64) })) };
  return { ...result, lock: { ...result.lock, judge } };
}

const aspects = judgedBy('first', 'judge-aspects@1');
const paper = judgedBy('second', 'judge@2');
const rules = judgedBy('rule@2');
const rowsOf = (results: readonly EvaluationResult[]) =>
  results.map((result) => ({ model: 'm', type: result.candidate.name, result }));

it.each<[string, (results: readonly EvaluationResult[]) => unknown]>([
  ['compareEvaluations', ([one, other]) => compareEvaluations(one!, other!)],
  ['compareEvaluations, among', ([one, other]) => compareEvaluations(one!, one!, { among: [other!] })],
  ['resultsTable', (results) => resultsTable(results)],
  ['renderReport', (evaluations) => renderReport({ evaluations })],
  ['renderReport, by model', (results) => renderReport({ byModel: rowsOf(results) })],
  ['renderMarkdownReport', (evaluations) => renderMarkdownReport({ evaluations })],
  ['paperTable', (results) => paperTable(rowsOf(results))],
  ['paperTable as CSV', (results) => paperTable(rowsOf(results), { format: 'csv' })],
  ['alignmentChart', (results) => alignmentChart(results)],
  ['averageChart', (results) => averageChart(results)],
  ['paperChart', (results) => paperChart(rowsOf(results))],
])('%s keeps scores of different rubrics apart', (_name, show) => {
  expect(() => show([aspects, paper])).toThrow(/judge-aspects@1.*judge@2.*rejudge\(\)/);
  expect(() => show([paper, rules])).toThrow(/judge@2.*a judge without prompts/);
  expect(() => show([aspects, judgedBy('another model', 'judge-aspects@1')])).not.toThrow();
});

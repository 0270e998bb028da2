import { describeEvaluation } from '../evaluation/describe/describe-evaluation.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { formatReasons, missingScores } from '../evaluation/missing-scores.ts';
import type { SavedEvaluation } from '../pipeline/evaluate.ts';
import { EXIT } from './exit-status.ts';
import { describeResults } from './quickstart-report.ts';

/** The table of one result, or of several, and their files. */
export function describeSaved(saved: readonly SavedEvaluation[]): string {
  const results = saved.map(({ result }) => result);
  const paths = saved.map(({ path }) => `Result: ${path}`).join('\n');
  return saved.length === 1
    ? `${describeEvaluation(results[0]!)}\n${paths}`
    : `${describeResults(results, [], '')}\n\n${paths}`;
}

/** What to do next. */
export function compareHint(saved: readonly SavedEvaluation[]): string {
  const paths = saved.map(({ path }) => path).join(' ');
  return saved.length === 1
    ? `To compare it with others: aloe compare ${paths} OTHER.json, or aloe report ${paths} …`
    : `To compare them: aloe compare ${paths}, or aloe report ${paths}`;
}

/** How many scores are missing, and why. */
export function describeIncomplete(result: EvaluationResult): string {
  const { responses, reasons } = missingScores(result);
  const asked = result.cases.length * result.lock.turns;
  return `Incomplete: ${responses} of ${asked} responses of ${result.candidate.name} have no score (${formatReasons(reasons)}), so the exit status is ${EXIT.failed}.`;
}

/** The conversations are in the result file. */
export function withoutCases({ cases: _cases, ...rest }: EvaluationResult): Omit<EvaluationResult, 'cases'> {
  return rest;
}

import { describeEvaluation } from '../evaluation/describe/describe-evaluation.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { formatReasons, type MissingScores, missingScores } from '../evaluation/missing-scores.ts';
import {
  formatMissingOthers,
  type MissingOthers,
  missingOthers,
} from '../evaluation/personal/missing-others.ts';
import { shellQuote } from '../internal/shell-quote.ts';
import type { SavedEvaluation } from '../pipeline/evaluate.ts';
import { describeResults } from './describe-stages.ts';
import { EXIT } from './exit-status.ts';

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
  const paths = saved.map(({ path }) => shellQuote(path)).join(' ');
  return saved.length === 1
    ? `To compare it with others: aloe compare ${paths} OTHER.json, or aloe report ${paths} …`
    : `To compare them: aloe compare ${paths}, or aloe report ${paths}`;
}

/** What a result lacks, for `--json`. */
export interface Missing extends MissingScores {
  /** The same of the judgements for another persona. */
  readonly others: MissingOthers;
}

/** Counts the scores that a result lacks, of both kinds. */
export function missingOf(result: EvaluationResult): Missing {
  return { ...missingScores(result), others: missingOthers(result) };
}

/** Whether every response was judged, also for another persona if that was asked. */
export function isComplete(result: EvaluationResult): boolean {
  const { responses, others } = missingOf(result);
  return responses === 0 && others.responses === 0;
}

/** How many scores are missing, and why: a sentence each for the own persona and for another, and how the first case ended. */
export function describeIncomplete(result: EvaluationResult): string[] {
  const { responses, reasons, others } = missingOf(result);
  const { name } = result.candidate;
  const asked = result.cases.length * result.lock.turns;
  const status = `so the exit status is ${EXIT.failed}.`;
  return [
    ...(responses === 0
      ? []
      : [
          `Incomplete: ${responses} of ${asked} responses of ${name} have no score (${formatReasons(reasons)}), ${status}`,
        ]),
    ...(others.responses === 0
      ? []
      : [`Incomplete: no score of ${name} for another persona in ${formatMissingOthers(others)}, ${status}`]),
    ...describeEnded(result),
  ];
}

function describeEnded({ cases }: EvaluationResult): string[] {
  const ended = cases.filter(({ failure }) => failure);
  const [first] = ended;
  if (!first?.failure) return [];
  const { turn, role, message } = first.failure;
  const which = ended.length === 1 ? '' : `${ended.length} cases ended early. `;
  return [`${which}Case ${first.caseId} ended at turn ${turn} (${role}): ${message}`];
}

/** The conversations are in the result file. */
export function withoutCases({ cases: _cases, ...rest }: EvaluationResult): Omit<EvaluationResult, 'cases'> {
  return rest;
}

import { costsTable } from '../costs/costs-table.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { describeFailures } from '../missing-scores.ts';
import { describeAspects } from './describe-aspects.ts';
import { describeServed } from './describe-served.ts';
import { describeUsers } from './describe-users.ts';
import { describeVotes } from './describe-votes.ts';
import { describeSetting } from './display-evaluation.ts';
import { resultsTable } from './results-table.ts';

/**
 * Formats an evaluation as Markdown: its row of {@link resultsTable}, the settings, the judge's sub-scores, which cases broke
 * off and why, and what alignment cost.
 *
 * @example
 * ```ts
 * console.log(describeEvaluation(await evaluator.evaluate(model)));
 * ```
 */
export function describeEvaluation(result: EvaluationResult): string {
  const notes = [
    ...describeServed(result),
    ...describeUsers(result),
    ...describeAspects(result),
    ...describeVotes(result),
    ...describeFailures(result),
  ];
  return `${resultsTable([result])}\n${[describeSetting(result), ...notes].join('\n')}\n\n${costsTable([result])}\n`;
}

import { displayed } from '../../internal/displayed.ts';
import { counted } from '../../internal/format.ts';
import { markdownText } from '../../internal/markdown.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { resultsTable } from './results-table.ts';

/** A result that `console.log` and notebooks show as its row of {@link resultsTable} and what it was measured with. */
export function displayEvaluation(result: EvaluationResult): EvaluationResult {
  return displayed(result, (shown) => `${resultsTable([shown])}\n${describeSetting(shown)}\n`);
}

/** `100 cases, 10 turns, seed 7. Simulated user: gpt-4o. Judge: holistic(gpt-4o).` */
export function describeSetting({
  lock: { user, judge, cases, turns, repeats, seed },
}: EvaluationResult): string {
  return `${counted(cases.count, 'case')}${repeats > 1 ? ` x ${repeats} repeats` : ''}, ${counted(turns, 'turn')}, seed ${seed}. Simulated user: ${markdownText(user.model)}. Judge: ${markdownText(judge.id)}.`;
}

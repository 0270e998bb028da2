import { InvalidOptionError } from '../errors.ts';
import type { EvaluationResult } from './evaluation-result.ts';

/**
 * Checks that results were scored by the same rubric: by the same prompts, whatever model was asked, or all without prompts.
 * Scores of different rubrics mean different things and never share a table.
 *
 * @param option Name of the results in the error message.
 * @throws InvalidOptionError naming the first two results that differ.
 */
export function checkSameRubric(results: readonly EvaluationResult[], option: string): void {
  const [first] = results;
  const other = results.find((result) => rubricOf(result) !== rubricOf(first!));
  if (other === undefined) return;
  const describe = (result: EvaluationResult) => `${result.candidate.name} by ${rubricOf(result)}`;
  throw new InvalidOptionError(
    option,
    'evaluations that were judged by the same rubric',
    `${describe(first!)}, ${describe(other)}`,
    {
      hint: 'Their scores mean different things. Use rejudge() to score one with the judge of the other, or keep them apart.',
    },
  );
}

/** The names of a judge's prompts, such as `judge-aspects@1`. */
function rubricOf({ lock: { judge } }: EvaluationResult): string {
  const names = judge.prompts.map(({ name }) => name).toSorted();
  return names.length === 0 ? 'a judge without prompts' : names.join(' + ');
}

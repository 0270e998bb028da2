import { InvalidOptionError } from '../errors.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';

/** Id of the judge that scored all results. @throws InvalidOptionError if there are no results or several judges. */
export function judgeOf(results: readonly EvaluationResult[]): string {
  const [judge, ...others] = new Set(results.map(({ lock }) => lock.judge.id));
  if (judge === undefined) throw new InvalidOptionError('results', 'at least one evaluation', results);
  if (others.length === 0) return judge;
  throw new InvalidOptionError('results', 'results scored by a single judge', [judge, ...others].join(', '));
}

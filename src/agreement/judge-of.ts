import { InvalidOptionError } from '../errors.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';

/** Id of the one judge that scored all these. @throws InvalidOptionError for none and for several. */
export function judgeOf(results: readonly EvaluationResult[]): string {
  const [judge, ...others] = new Set(results.map(({ lock }) => lock.judge.id));
  if (judge === undefined) throw new InvalidOptionError('results', 'at least one evaluation', results);
  if (others.length === 0) return judge;
  throw new InvalidOptionError('results', 'scores of one judge', [judge, ...others].join(', '));
}

import type { EvaluationResult } from '../evaluation/evaluation-result.ts';

/**
 * Makes candidate names unique. If several evaluations share a name, as a result and its rejudged copy do, the judge is
 * appended if it differs, else a number.
 */
export function withDistinctNames(evaluations: readonly EvaluationResult[]): EvaluationResult[] {
  const byJudge = evaluations.map((evaluation) => {
    const { candidate, lock } = evaluation;
    const namesakes = evaluations.filter((other) => other.candidate.name === candidate.name);
    const judges = new Set(namesakes.map((other) => other.lock.judge.id));
    return judges.size > 1 ? rename(evaluation, `${candidate.name} (${lock.judge.id})`) : evaluation;
  });
  const counts = new Map<string, number>();
  return byJudge.map((evaluation) => {
    const { name } = evaluation.candidate;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count > 1 ? rename(evaluation, `${name} (${count})`) : evaluation;
  });
}

function rename(evaluation: EvaluationResult, name: string): EvaluationResult {
  return { ...evaluation, candidate: { ...evaluation.candidate, name } };
}

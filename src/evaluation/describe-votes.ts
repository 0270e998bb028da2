import { mean } from '../metrics/mean.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { voteSpread } from './judges/votes.ts';

/** Points between two votes that make them a disagreement rather than noise. */
const FAR_APART = 2;

/** Markdown lines on how far the votes behind the scores disagree. Empty when each score is a single verdict. */
export function describeVotes({ cases }: EvaluationResult): string[] {
  const spreads = cases
    .flatMap(({ turns }) => turns.map(({ judgement }) => voteSpread(judgement)))
    .filter((spread) => spread !== null);
  const average = mean(spreads);
  if (average === null) return [];
  const far = spreads.filter((spread) => spread >= FAR_APART).length;
  return [
    '',
    `Votes on the same response differ by ${average.toFixed(2)} points on average, and by ${FAR_APART} or more on ${far} of ${spreads.length} responses.`,
  ];
}

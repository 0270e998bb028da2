import { mean } from '../metrics/mean.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { voteSpread } from './judges/votes.ts';

/** A verdict that is this far from another is about another response, in effect. */
const FAR_APART = 2;

/** Says in Markdown how far the votes behind the scores disagree: nothing where each score is a single verdict. */
export function describeVotes({ cases }: EvaluationResult): string[] {
  const spreads = cases
    .flatMap(({ turns }) => turns.map(({ judgement }) => voteSpread(judgement)))
    .filter((spread) => spread !== null);
  const average = mean(spreads);
  if (average === null) return [];
  const far = spreads.filter((spread) => spread >= FAR_APART).length;
  return [
    '',
    `Votes on a response lie ${average.toFixed(2)} apart on average, and ${FAR_APART} points or more in ${far} of ${spreads.length}.`,
  ];
}

import { counted } from '../internal/format.ts';
import { mean } from '../metrics/mean.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { voteSpread } from './judges/votes.ts';

/** Points between two votes that make them a disagreement rather than noise. */
const FAR_APART = 2;

/**
 * Markdown lines on how far the votes behind the scores disagree, and how many scores lack a vote. Empty when each score is
 * a single verdict.
 */
export function describeVotes({ cases }: EvaluationResult): string[] {
  const judgements = cases.flatMap(({ turns }) => turns.map(({ judgement }) => judgement));
  const spreads = judgements.map(voteSpread).filter((spread) => spread !== null);
  const average = mean(spreads);
  const short = judgements.filter(
    ({ score, votes = [] }) => score !== null && votes.some((vote) => vote.score === null),
  ).length;
  const gaps =
    short === 0
      ? []
      : [
          '',
          `${counted(short, 'score')} ${short === 1 ? 'lacks' : 'lack'} a vote and ${short === 1 ? 'is' : 'are'} the mean of the others. If the missing votes are those of a stricter judge, the scores are too high.`,
        ];
  if (average === null) return gaps;
  const far = spreads.filter((spread) => spread >= FAR_APART).length;
  return [
    '',
    `Votes on the same response differ by ${average.toFixed(2)} points on average, and by ${FAR_APART} or more on ${far} of ${spreads.length} responses.`,
    ...gaps,
  ];
}

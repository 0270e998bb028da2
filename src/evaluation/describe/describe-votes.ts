import { counted } from '../../internal/format.ts';
import { codeSpan } from '../../internal/markdown.ts';
import { mean } from '../../metrics/mean.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import type { Judgement } from '../judge.ts';
import { voteSpread } from '../judges/votes.ts';

/** Points between two votes that make them a disagreement rather than noise. */
const FAR_APART = 2;

/**
 * Markdown lines on how far the votes behind the scores disagree, and which votes are missing. Empty when each score is a
 * single verdict.
 */
export function describeVotes({ cases }: EvaluationResult): string[] {
  const judgements = cases.flatMap(({ turns }) => turns.map(({ judgement }) => judgement));
  const spreads = judgements.map(voteSpread).filter((spread) => spread !== null);
  const average = mean(spreads);
  const gaps = describeGaps(judgements);
  if (average === null) return gaps;
  const far = spreads.filter((spread) => spread >= FAR_APART).length;
  return [
    '',
    `Votes on the same response differ by ${average.toFixed(2)} points on average, and by ${FAR_APART} or more on ${far} of ${spreads.length} responses.`,
    ...gaps,
  ];
}

function describeGaps(judgements: readonly Judgement[]): string[] {
  const short = judgements.filter(({ votes = [] }) => votes.some(({ score }) => score === null));
  if (short.length === 0) return [];
  const failures = short.flatMap(({ votes = [] }) => votes.filter(({ score }) => score === null));
  const byJudge = Map.groupBy(failures, ({ judge }) => judge);
  const failed = [...byJudge].map(([judge, votes]) => `${codeSpan(judge)} ${votes.length}`).join(', ');
  // Results of version 0.1, and judges of one's own, may have the mean of the votes that are there.
  const scored = short.filter(({ score }) => score !== null).length;
  const unscored = short.length - scored;
  return [
    '',
    `${counted(short.length, 'response')} ${short.length === 1 ? 'lacks' : 'lack'} a vote (missing votes: ${failed}).`,
    ...(unscored === 0
      ? []
      : [
          `${unscored} of them ${unscored === 1 ? 'has' : 'have'} no score: the mean of the other votes would be too high if a strict judge is the one that fails.`,
        ]),
    ...(scored === 0
      ? []
      : [
          `${scored} of them ${scored === 1 ? 'has' : 'have'} a score, the mean of the other votes. It is too high if a strict judge is the one that fails.`,
        ]),
  ];
}

import { mean } from '../../metrics/mean.ts';
import type { EvaluatedTurn } from '../evaluated-case.ts';
import type { Judgement } from '../judge.ts';

/** The scores of one response for its own persona and for the other. */
export interface BothScores {
  readonly own: number | null;
  readonly other: number | null;
}

/**
 * Both scores of a response. Results of earlier versions, and judges of one's own, may have a score although a vote is
 * missing. A vote that is there on one side only does not count then: the difference would be one between judges, not
 * between personas.
 */
export function bothScores({ judgement, otherJudgement }: EvaluatedTurn): BothScores {
  const plain = { own: judgement.score, other: otherJudgement?.score ?? null };
  if (plain.own === null || plain.other === null) return plain;
  const [own, other] = [votesBehindMean(judgement), votesBehindMean(otherJudgement!)];
  if (own === null || other === null || own.length !== other.length) return plain;
  const both = own.flatMap((score, index) => {
    const otherScore = other[index]!;
    return score === null || otherScore === null ? [] : [{ score, otherScore }];
  });
  return { own: mean(both.map(({ score }) => score)), other: mean(both.map(({ otherScore }) => otherScore)) };
}

/** Null unless the score is the mean of votes. A judge of one's own may combine them in another way. */
function votesBehindMean({ score, votes }: Judgement): (number | null)[] | null {
  if (votes === undefined) return null;
  const scores = votes.map((vote) => vote.score);
  const average = mean(scores);
  return average === null || score === null || Math.abs(average - score) > 1e-9 ? null : scores;
}

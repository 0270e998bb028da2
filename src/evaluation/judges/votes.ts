import { counted } from '../../internal/format.ts';
import { childSeed } from '../../internal/random.ts';
import { mean } from '../../metrics/mean.ts';
import { promptOf } from '../../models/prompt-key.ts';
import type { JudgeCallOptions, Judgement, Vote } from '../judge.ts';

/**
 * Combines votes into one judgement with the mean of their scores. If a vote has no score, neither has the judgement: the
 * mean of the others would rise when a strict judge fails. It then takes the status of the first such vote.
 */
export function combineVotes(votes: readonly Vote[]): Judgement {
  const scores = votes.flatMap(({ score }) => score ?? []);
  const missing = votes.filter(({ score }) => score === null);
  const said = votes.map((vote) => vote.score ?? vote.status).join(', ');
  const [first] = missing;
  if (first !== undefined) {
    const rationale = `No score: ${missing.length} of ${counted(votes.length, 'vote')} missing (${said})`;
    return { score: null, status: first.status, rationale, votes };
  }
  return {
    score: mean(scores),
    status: 'scored',
    rationale: `Mean of ${counted(votes.length, 'vote')}: ${said}`,
    votes,
  };
}

/**
 * Place and seed of one of several votes. The first vote uses those of a single judge, so that a verdict already in the
 * journal is reused.
 */
export function voteOptions(options: JudgeCallOptions, index: number): JudgeCallOptions {
  if (index === 0) return options;
  const { place, seed } = options;
  return {
    ...options,
    place: place && { ...place, role: `${place.role}-${index + 1}`, prompt: promptOf(place) },
    seed: seed === undefined ? undefined : childSeed(seed, 'vote', index),
  };
}

/** Difference between the highest and lowest score among a judgement's votes; null with fewer than two scores. */
export function voteSpread({ votes = [] }: Judgement): number | null {
  const scores = votes.flatMap(({ score }) => score ?? []);
  return scores.length < 2 ? null : Math.max(...scores) - Math.min(...scores);
}

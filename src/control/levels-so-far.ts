import type { ProgressEvent } from '../progress/progress.ts';

/** How a candidate was judged so far, before its evaluation is whole. */
export interface LevelSoFar {
  readonly candidate: string;
  /** Finished simulations of cases. */
  readonly cases: number;
  /** Mean of the turns' means so far, 1 to 5; null without a score. */
  readonly average: number | null;
  /** From turn 1: number and mean of the scores so far. */
  readonly turns: readonly { readonly scores: number; readonly mean: number | null }[];
}

interface Tally {
  cases: number;
  readonly turns: { scores: number; sum: number }[];
}

/** Averages the scores of an evaluation while it is played. */
export function trackLevels(): { take(event: ProgressEvent): void; levels(): LevelSoFar[] } {
  const tallies = new Map<string, Tally>();

  function of(candidate: string): Tally {
    const tally = tallies.get(candidate) ?? { cases: 0, turns: [] };
    tallies.set(candidate, tally);
    return tally;
  }

  return {
    take(event) {
      if (event.type === 'case-end') of(event.candidate).cases += 1;
      if (event.type !== 'turn-end' || !('score' in event)) return;
      const { turns } = of(event.candidate);
      while (turns.length < event.turn) turns.push({ scores: 0, sum: 0 });
      const turn = turns[event.turn - 1]!;
      if (event.score === null) return;
      turn.scores += 1;
      turn.sum += event.score;
    },
    levels: () => [...tallies].map(([candidate, tally]) => ({ candidate, ...levelOf(tally) })),
  };
}

function levelOf({ cases, turns }: Tally): Omit<LevelSoFar, 'candidate'> {
  const means = turns.map(({ scores, sum }) => ({ scores, mean: scores === 0 ? null : sum / scores }));
  const known = means.flatMap(({ mean }) => mean ?? []);
  const average = known.length === 0 ? null : known.reduce((sum, mean) => sum + mean, 0) / known.length;
  return { cases, average, turns: means };
}

import { type Random, seededRandom } from '../../src/internal/seeded-random.ts';

/** A world in which cases break off. Scores are whole numbers 1-5. */
export interface DropoutWorld {
  readonly name: string;
  /** Level of a middling case at turn k, before its score is rounded. */
  level(k: number): number;
  /** What turns add to a case of this height, beside `level`, in points a turn. Default 0. */
  slope?(height: number): number;
  /** Probability that a case breaks off after a turn, by its height (0 for a middling case) and its last score. */
  hazard(height: number, lastScore: number): number;
}

const CASES = 100;
const TURNS = 10;
const HEIGHT = 0.6;
const NOISE = 0.8;

/** One study: scores, cases x turns; null from the turn at which a case broke off. */
export function simulateDropout(
  { level, slope = () => 0, hazard }: DropoutWorld,
  seed: number,
): (number | null)[][] {
  // Not the numbers by which a bootstrap with this seed draws.
  const random = seededRandom(~seed);
  return Array.from({ length: CASES }, () => {
    const height = HEIGHT * normal(random);
    let isOver = false;
    return Array.from({ length: TURNS }, (_, turn) => {
      const score = Math.min(
        5,
        Math.max(1, Math.round(level(turn + 1) + height + slope(height) * turn + NOISE * normal(random))),
      );
      if (isOver) return null;
      isOver = random() < hazard(height, score);
      return score;
    });
  });
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

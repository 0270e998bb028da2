import { type Random, seededRandom } from '../../src/internal/seeded-random.ts';
import { averageLevel, improvementRate, normalizedImprovementRate } from '../../src/metrics/index.ts';
import { normalProbability } from '../../src/metrics/normal.ts';

/** How scores come about: whole numbers 1-5, with cases that differ in height and in slope. */
export interface World {
  readonly name: string;
  readonly cases: number;
  /** The mean score at each turn, before it is rounded and cut off at 1 and 5. */
  readonly curve: readonly number[];
  /** Standard deviation of the slopes of the cases. Default 0.05. */
  readonly slopes?: number | undefined;
  /** What cases share, and how much of their differences comes from it. Default: nothing. */
  readonly shared?: Sharing | undefined;
  /** Which scores are missing. Default: none. */
  readonly missing?: Missing | undefined;
}

export interface Sharing {
  /** The profile of each case. */
  readonly profiles: readonly number[];
  /** The personality of each case. */
  readonly personalities: readonly number[];
  /** Share of the variance between cases that profiles bring, and personalities. The rest is each case's own. */
  readonly fromProfile: number;
  readonly fromPersonality: number;
}

/**
 * `random`: a tenth of the cases break off at some turn, and a twentieth of the scores is missing. `low-cases`: cases below
 * the average break off, 5 % a turn. `low-scores`: a case breaks off after a score of 1 or 2, 10 % a time.
 */
export type Missing = 'random' | 'low-cases' | 'low-scores';

/** What a study of infinitely many cases, all of them complete, would find. */
export interface Truth {
  readonly levels: readonly number[];
  readonly average: number;
  readonly improvementRate: number;
  readonly r2: number | null;
  readonly normalizedImprovementRate: number | null;
}

type Scores = (number | null)[][];

const HEIGHT = 0.6;
const SLOPES = 0.05;
const NOISE = 0.8;

export function truthOf({ curve, slopes = SLOPES }: World): Truth {
  const levels = curve.map((mean, turn) => {
    const spread = Math.hypot(HEIGHT, slopes * (turn - (curve.length - 1) / 2), NOISE);
    // The mean of a rounded and cut-off normal variable: 1 and the shares above 1.5, 2.5, 3.5 and 4.5.
    return [1.5, 2.5, 3.5, 4.5].reduce((sum, edge) => sum + normalProbability((mean - edge) / spread), 1);
  });
  const fit = improvementRate(levels)!;
  return {
    levels,
    average: averageLevel(levels)!,
    improvementRate: fit.slope,
    r2: fit.r2,
    normalizedImprovementRate: normalizedImprovementRate(levels)?.slope ?? null,
  };
}

/** One study: scores, cases x turns. */
export function simulateStudy(world: World, seed: number): Scores {
  const random = numbersOf(seed);
  return people(world, random).map((person) => play(world, person, random));
}

/**
 * Candidates on the same people, each higher than the first by its shift before rounding. Half of the variance between
 * people is common to all candidates; the other half is how well each suits whom.
 */
export function simulateCandidates(world: World, shifts: readonly number[], seed: number): Scores[] {
  const random = numbersOf(seed);
  const common = people(world, random);
  return shifts.map((shift) => {
    const own = people(world, random);
    const shifted = { ...world, curve: world.curve.map((mean) => mean + shift) };
    return common.map((person, index) => {
      const { height, slope } = own[index]!;
      const both = {
        height: Math.SQRT1_2 * (person.height + height),
        slope: Math.SQRT1_2 * (person.slope + slope),
      };
      return play(shifted, both, random);
    });
  });
}

/** Profile and personality of each case, as options. */
export function labelsOf({ shared }: World): { profiles?: string[]; personalities?: string[] } {
  if (shared === undefined) return {};
  return { profiles: shared.profiles.map(String), personalities: shared.personalities.map(String) };
}

interface Person {
  readonly height: number;
  readonly slope: number;
}

function people({ cases, slopes = SLOPES, shared }: World, random: Random): Person[] {
  const draw = (share: number): Person => ({
    height: HEIGHT * Math.sqrt(share) * normal(random),
    slope: slopes * Math.sqrt(share) * normal(random),
  });
  if (shared === undefined) return Array.from({ length: cases }, () => draw(1));
  const { profiles, personalities, fromProfile, fromPersonality } = shared;
  const effects = (labels: readonly number[], share: number) =>
    Array.from({ length: Math.max(...labels) + 1 }, () => draw(share));
  const ofProfile = effects(profiles, fromProfile);
  const ofPersonality = effects(personalities, fromPersonality);
  return Array.from({ length: cases }, (_, index) => {
    const parts = [ofProfile[profiles[index]!]!, ofPersonality[personalities[index]!]!];
    const own = draw(1 - fromProfile - fromPersonality);
    return parts.reduce(
      (sum, part) => ({ height: sum.height + part.height, slope: sum.slope + part.slope }),
      own,
    );
  });
}

function play({ curve, missing }: World, { height, slope }: Person, random: Random): (number | null)[] {
  let end = missing === 'random' && random() < 0.1 ? Math.floor(random() * curve.length) : Infinity;
  return curve.map((mean, turn) => {
    const raw = mean + height + slope * (turn - (curve.length - 1) / 2) + NOISE * normal(random);
    const score = Math.min(5, Math.max(1, Math.round(raw)));
    if (turn >= end || (missing === 'random' && random() < 0.05)) return null;
    const breaksOff =
      (missing === 'low-cases' && height < 0 && random() < 0.05) ||
      (missing === 'low-scores' && score <= 2 && random() < 0.1);
    if (breaksOff) end = turn + 1;
    return score;
  });
}

/** Others than those by which a bootstrap with this seed draws. */
function numbersOf(seed: number): Random {
  return seededRandom(~seed);
}

/** Box and Muller's way from two uniform numbers to a normal one. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

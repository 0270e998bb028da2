import { type Random, seededRandom } from '../../src/internal/seeded-random.ts';
import { averageLevel, improvementRate, normalizedImprovementRate } from '../../src/metrics/index.ts';
import { normalProbability } from '../../src/metrics/normal.ts';

/** How scores come about: whole numbers 1-5, with cases that differ in height and in slope. */
export interface World {
  readonly name: string;
  readonly cases: number;
  /** Of the score before it is rounded, at turn 1. */
  readonly start: number;
  /** Of the score before it is rounded, a turn. */
  readonly rise: number;
  /** Whether a tenth of the cases break off at some turn, and a twentieth of the scores is missing. */
  readonly missing?: boolean | undefined;
  /** Standard deviation of the slopes of the cases. Default 0.05. */
  readonly slopes?: number | undefined;
  /** With this, `cases` are profiles x personalities, which bring the differences between cases. */
  readonly personalities?: number | undefined;
  /** The personality's part of the variance between those cases, the profile's being the rest. Default 0.5. */
  readonly fromPersonality?: number | undefined;
}

/** What a study of infinitely many cases would find. */
export interface Truth {
  readonly levels: readonly number[];
  readonly average: number;
  readonly improvementRate: number;
  readonly normalizedImprovementRate: number | null;
}

const TURNS = 10;
const CENTRE = (TURNS + 1) / 2;
const HEIGHT = 0.6;
const SLOPES = 0.05;
const NOISE = 0.8;

export function truthOf({ start, rise, slopes = SLOPES }: World): Truth {
  const levels = Array.from({ length: TURNS }, (_, turn) => {
    const spread = Math.hypot(HEIGHT, slopes * (turn + 1 - CENTRE), NOISE);
    // The mean of a rounded and cut-off normal variable: 1 and the shares above 1.5, 2.5, 3.5 and 4.5.
    return [1.5, 2.5, 3.5, 4.5].reduce(
      (sum, edge) => sum + normalProbability((start + rise * turn - edge) / spread),
      1,
    );
  });
  return {
    levels,
    average: averageLevel(levels)!,
    improvementRate: improvementRate(levels)!.slope,
    normalizedImprovementRate: normalizedImprovementRate(levels)?.slope ?? null,
  };
}

/** One study: scores, cases x turns. */
export function simulateStudy(world: World, seed: number): (number | null)[][] {
  const random = numbersOf(seed);
  return people(world, random).map((person) => play(world, person, random));
}

/** Two candidates on the same people, the second higher by `shift` before rounding. */
export function simulatePair(
  world: World,
  shift: number,
  seed: number,
): [(number | null)[][], (number | null)[][]] {
  const random = numbersOf(seed);
  const same = people(world, random);
  const playAll = (start: number) => same.map((person) => play({ ...world, start }, person, random));
  return [playAll(world.start), playAll(world.start + shift)];
}

/** Profile and personality of each case. */
export function labelsOf({ cases, personalities = 1 }: World): {
  profiles: string[];
  personalities: string[];
} {
  const label = (of: (index: number) => number) =>
    Array.from({ length: cases }, (_, index) => String(of(index)));
  return {
    profiles: label((index) => Math.floor(index / personalities)),
    personalities: label((index) => index % personalities),
  };
}

interface Person {
  readonly height: number;
  readonly slope: number;
}

function people(
  { cases, personalities, slopes = SLOPES, fromPersonality = 0.5 }: World,
  random: Random,
): Person[] {
  const draw = (share: number): Person => ({
    height: HEIGHT * share * normal(random),
    slope: slopes * share * normal(random),
  });
  if (personalities === undefined) return Array.from({ length: cases }, () => draw(1));
  const profiles = Array.from({ length: cases / personalities }, () => draw(Math.sqrt(1 - fromPersonality)));
  const characters = Array.from({ length: personalities }, () => draw(Math.sqrt(fromPersonality)));
  return profiles.flatMap((profile) =>
    characters.map((character) => ({
      height: profile.height + character.height,
      slope: profile.slope + character.slope,
    })),
  );
}

function play(
  { start, rise, missing = false }: World,
  { height, slope }: Person,
  random: Random,
): (number | null)[] {
  const end = missing && random() < 0.1 ? Math.floor(random() * TURNS) : TURNS;
  return Array.from({ length: TURNS }, (_, turn) => {
    const score = start + rise * turn + height + slope * (turn + 1 - CENTRE) + NOISE * normal(random);
    if (turn >= end || (missing && random() < 0.05)) return null;
    return Math.min(5, Math.max(1, Math.round(score)));
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

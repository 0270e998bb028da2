import * as z from 'zod';
import { InvalidOptionError } from '../../errors.ts';
import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import { childSeed, seededRandom } from '../../internal/random.ts';
import type { Persona } from '../../personas/persona.ts';
import { type Rule, ruleSchema } from '../../personas/rules/persona-rule.ts';
import { withWish } from '../../personas/rules/with-wish.ts';

/** How a user behaves in a whole conversation, beside the persona. */
export interface Habit {
  /** One word to group results by, such as `typos`. */
  readonly name: string;
  /** As the role-player is told it, without a subject: "types fast and leaves slips in". */
  readonly text: string;
  /** What the user wants, if it is not what the user says: a trait of the persona from then on. Default: none. */
  readonly trait?: string | undefined;
  /** `trait` as a rule, for personas that have rules. Default: none. */
  readonly rule?: Rule | undefined;
}

/** Checks a {@link Habit} in a file. */
export const habitSchema: z.ZodType<Habit> = z.object({
  name: z.string().min(1),
  text: z.string().min(1),
  trait: z.string().min(1).optional(),
  rule: ruleSchema.optional(),
});

/** The habits that can be drawn. A user has at most one of `bad-day` and `excited`. */
export type HabitName = 'bad-day' | 'excited' | 'typos' | 'impatient' | 'says-short';

/** The chance of each habit, 0 to 1: one for all, or by name. A habit that is not named has none. */
export type HabitShares = number | Readonly<Partial<Record<HabitName, number>>>;

/** {@link HabitShares} for every habit. */
export type CheckedHabitShares = Readonly<Record<HabitName, number>>;

interface HumanHabit extends Habit {
  /** Traits that the habit would contradict. Default: none. */
  readonly unless?: RegExp;
}

const HABITS: Readonly<Record<HabitName, HumanHabit>> = {
  'bad-day': {
    name: 'bad-day',
    text: 'is having a bad day: is shorter and touchier than usual, takes small things the wrong way, and thaws only if met with some care',
  },
  excited: {
    name: 'excited',
    text: 'is excited about something that has just happened: jumps ahead, runs on more than usual and wants the other to share it',
  },
  typos: {
    name: 'typos',
    text: 'types fast and never reads it over: leaves a slip or two in every message, such as two letters swapped, one left out, or a missing apostrophe',
    unless:
      /\b(?:correct|punctuation|spelling|grammar|semicolons?|formal (?:english|messages|paragraphs|sentences)|full words|proof-?reads?|typos?|well-spelled|spells|abbreviations|double-checks)\b/i,
  },
  impatient: {
    name: 'impatient',
    text: 'is impatient: answers with a few curt words when a reply is too long or misses the point, and says so or asks again',
    unless: /\b(?:patient|unhurried|slow|slowly|polite|politely|courteous|courtesy|courtesies)\b/i,
  },
  'says-short': {
    name: 'says-short',
    text: 'says early on that a short answer will do, and is let down by short ones: goes flat, or asks for the rest; opens up at a full one; never takes back what was said',
    trait: 'Says that a short reply will do, but is let down by one and happy with a full reply',
    rule: { kind: 'length', minWords: 50 },
    unless:
      /\b(?:short\w*|long\w*|brief\w*|concise|length\w*|fragments?|lines?|single word|(?:one|two|five|few) (?:words?|sentences?)|essays?|wordy|conclusion first|bottom line)\b/i,
  },
};

const NAMES = Object.keys(HABITS) as HabitName[];

/** @throws InvalidOptionError unless shares are from 0 to 1, and those of `bad-day` and `excited` at most 1 together. */
export function checkHabitShares(given: HabitShares, option: string): CheckedHabitShares {
  if (typeof given !== 'number') refuseUnknownOptions(option, given, NAMES);
  const shareOf = (name: HabitName) =>
    typeof given === 'number'
      ? checkNumber(option, given, { min: 0, max: 1 })
      : checkNumber(`${option}.${name}`, given[name] ?? 0, { min: 0, max: 1 });
  const shares = Object.fromEntries(NAMES.map((name) => [name, shareOf(name)])) as CheckedHabitShares;
  const moods = shares['bad-day'] + shares.excited;
  if (moods > 1)
    throw new InvalidOptionError(option, 'shares of bad-day and excited of at most 1 together', given);
  return shares;
}

/**
 * Draws the habits of one user. Each draw depends only on the seed and on the share of that habit. A habit that contradicts
 * the persona's traits or rules is never drawn.
 */
export function drawHabits(persona: Persona, shares: CheckedHabitShares, seed: number): Habit[] {
  const chance = (key: string) => seededRandom(childSeed(seed, key))();
  return NAMES.filter((name) => {
    const share = shares[name];
    // The two moods share one draw, from its two ends, so that nobody has both.
    if (name === 'bad-day') return chance('mood') < share;
    if (name === 'excited') return chance('mood') >= 1 - share;
    return chance(name) < share && fits(HABITS[name], persona);
  }).map((name) => {
    const { unless: _unless, ...habit } = HABITS[name];
    return habit;
  });
}

function fits({ unless, rule }: HumanHabit, { personality, rules = [] }: Persona): boolean {
  const isContrary = rules.some(({ kind }) => kind === rule?.kind);
  return !isContrary && !personality.traits.some((trait) => unless?.test(trait));
}

/** The persona with what its habits make it want. */
export function withHabits(persona: Persona, habits: readonly Habit[] = []): Persona {
  return habits.reduce(
    (changed, { trait, rule }) => (trait === undefined ? changed : withWish(changed, { trait, rule })),
    persona,
  );
}

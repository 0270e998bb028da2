import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { childSeed, sample, seededRandom } from '../internal/random.ts';
import { isTrait, type Persona, pairPersona } from '../personas/persona.ts';
import { contentWords } from '../personas/rules/told-statements.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/** Options of {@link driftCases}. */
export interface DriftCasesOptions {
  /** The first turn after the change, from 2. Default 6: ten turns split in half. */
  readonly turn?: number | undefined;
  /** Random seed: decides whose personality each user takes on. A whole number from 0. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * The same cases with users who change in the middle of the conversation. From a turn on, each user has the personality
 * of another case and its rules; the profile stays. The new personality is drawn from the half least
 * like the user's own, measured by shared preferences and words, so that the change is noticeable. Ids end in
 * `-drift-<turn>`.
 *
 * @throws InvalidOptionError for an option that is unknown or out of range, for cases that already have a drift, situations or habits, and for fewer than two
 * personalities.
 */
export function driftCases(
  cases: readonly BenchmarkCase[],
  options: DriftCasesOptions = {},
): BenchmarkCase[] {
  checkKnownOptions<DriftCasesOptions>('driftCases()', options, { turn: true, seed: true });
  const turn = checkNumber('turn', options.turn ?? 6, { min: 2, integer: true });
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });
  const personas = [...new Map(cases.map(({ persona }) => [persona.personality.id, persona])).values()];
  const features = new Map(personas.map((persona) => [persona.personality.id, featuresOf(persona)]));

  return cases.map((benchmarkCase) => {
    const { id, persona, drift, situations, habits } = benchmarkCase;
    const others = personas.filter(({ personality }) => personality.id !== persona.personality.id);
    if ((drift ?? situations ?? habits) !== undefined || others.length === 0) {
      throw new InvalidOptionError(
        'cases',
        'cases without a drift, situations or habits, and at least two personalities',
        id,
      );
    }
    const own = features.get(persona.personality.id)!;
    const unlike = others
      .map((other) => ({ other, overlap: overlapOf(own, features.get(other.personality.id)!) }))
      .sort((a, b) => a.overlap - b.overlap || (a.other.id < b.other.id ? -1 : 1))
      .slice(0, Math.ceil(others.length / 2));
    const [drawn] = sample(unlike, 1, seededRandom(childSeed(seed, 'drift', id)));
    return {
      ...benchmarkCase,
      id: `${id}-drift-${turn}`,
      drift: { turn, persona: takeOnPersonality(persona, drawn!.other) },
    };
  });
}

function takeOnPersonality(persona: Persona, { personality, rules: preferences }: Persona): Persona {
  // Preferences that name a fact belong to the profile they came with.
  const taken = preferences?.filter(({ statement }) => isTrait(statement));
  const kept = persona.rules?.filter(({ statement }) => !isTrait(statement)) ?? [];
  return {
    ...pairPersona(persona.profile, personality),
    ...(taken !== undefined && { rules: [...kept, ...taken] }),
  };
}

function featuresOf({ personality, rules: preferences = [] }: Persona): ReadonlySet<string> {
  const wanted = preferences.map(({ statement: _inWords, ...rule }) => JSON.stringify(rule));
  return new Set([...wanted, ...contentWords(personality.traits.join(' '))]);
}

/** Jaccard: the share of all features that both have. */
function overlapOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((feature) => b.has(feature)).length;
  return shared / (a.size + b.size - shared);
}

import { InvalidOptionError } from '../../errors.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import { childSeed, type Random, sample, seededRandom } from '../../internal/random.ts';
import type { Persona } from '../persona.ts';
import type { Rule } from './persona-rule.ts';
import { type PreferenceChoice, preferenceCatalogue, type StatedPreference } from './rule-catalogue.ts';
import { namesAny } from './text-features.ts';

export interface RuleOptions {
  /** Decides what is drawn. Default 0. */
  readonly seed?: number | undefined;
  /** Preferences of each persona, each of another kind: 1 to the number of kinds. Default 4. */
  readonly perPersona?: number | undefined;
  /** What preferences may be about, at least one. Default: all kinds. */
  readonly kinds?: readonly Rule['kind'][] | undefined;
}

const KINDS: readonly Rule['kind'][] = preferenceCatalogue.map(kindOf);

/**
 * The same people with preferences that code can check, each said in words by a trait that is added to the
 * personality: whoever is shown the persona sees it. A trait that speaks of the same thing gives way, so that nobody
 * contradicts themselves; topics that the profile is about are left out where there is another.
 *
 * People are taken two by two: the second of a pair has the same kinds of preferences, the other way round. A fixed
 * style of answering therefore meets at most half of what a pair wants, whatever the style. What a pair draws depends
 * on the seed and the id of its first persona only.
 *
 * Ids of personas stay. A personality's id is extended by what was drawn: personalities that differ have ids that differ.
 *
 * @throws InvalidOptionError for an option out of range, and for a persona that has preferences already.
 */
export function withRules(personas: readonly Persona[], options: RuleOptions = {}): Persona[] {
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });
  const { kinds = KINDS } = options;
  if (kinds.length === 0) throw new InvalidOptionError('kinds', 'at least one kind', kinds);
  for (const kind of kinds) checkChoice('kinds', kind, KINDS);
  const catalogue = preferenceCatalogue.filter((choices) => kinds.includes(kindOf(choices)));
  const perPersona = checkNumber('perPersona', options.perPersona ?? Math.min(4, catalogue.length), {
    min: 1,
    max: catalogue.length,
    integer: true,
  });
  const own = personas.findIndex(({ rules: preferences }) => preferences !== undefined);
  if (own >= 0) {
    throw new InvalidOptionError(`personas[${own}]`, 'a persona without preferences', personas[own]!.id);
  }
  return personas.map((persona, index) => {
    const first = index - (index % 2);
    const pair = personas.slice(first, first + 2);
    const random = seededRandom(childSeed(seed, 'preferences', pair[0]!.id));
    const drawn = drawChoices(catalogue, pair, perPersona, random).map((choice) => ({
      choice,
      side: choice.sides[random() < 0.5 === (index === first) ? 0 : 1],
    }));
    return prefer(persona, drawn);
  });
}

function kindOf([choice]: (typeof preferenceCatalogue)[number]): Rule['kind'] {
  return choice.sides[0].rule.kind;
}

function drawChoices(
  catalogue: typeof preferenceCatalogue,
  pair: readonly Persona[],
  count: number,
  random: Random,
): PreferenceChoice[] {
  const facts = pair.flatMap(({ profile }) => profile.facts).join('\n');
  return sample(catalogue, count, random).map((choices) => {
    const free = choices.filter(({ mentions }) => !namesAny(mentions, facts));
    return sample(free.length > 0 ? free : choices, 1, random)[0]!;
  });
}

interface DrawnPreference {
  readonly choice: PreferenceChoice;
  readonly side: StatedPreference;
}

function prefer(persona: Persona, drawn: readonly DrawnPreference[]): Persona {
  const { personality } = persona;
  const mentions = drawn.flatMap(({ choice }) => choice.mentions);
  const kept = personality.traits.filter((trait) => !namesAny(mentions, trait));
  return {
    ...persona,
    personality: {
      id: `${personality.id}~${drawn.map(({ side }) => side.name).join(',')}`,
      traits: [...kept, ...drawn.map(({ side }) => side.text)],
    },
    rules: drawn.map(({ side }, index) => ({
      ...side.rule,
      statement: `T${kept.length + index + 1}`,
    })),
  };
}

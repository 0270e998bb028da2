import { InvalidOptionError } from '../../errors.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import { childSeed, type Random, sample, seededRandom } from '../../internal/random.ts';
import type { Persona } from '../persona.ts';
import type { Rule } from './persona-rule.ts';
import { type RuleChoice, ruleCatalogue, type WordedRule } from './rule-catalogue.ts';
import { namesAny } from './text-features.ts';

/** Options of {@link withRules}. */
export interface RuleOptions {
  /** Random seed. Default 0. */
  readonly seed?: number | undefined;
  /** Rules per persona, each of a different kind: 1 to the number of kinds. Default 4, or all kinds if fewer. */
  readonly perPersona?: number | undefined;
  /** Kinds of rules to draw from, at least one. Default: all kinds. */
  readonly kinds?: readonly Rule['kind'][] | undefined;
}

const KINDS: readonly Rule['kind'][] = ruleCatalogue.map(kindOf);

/**
 * Gives personas preferences that code can check. Each rule is also put in words as a trait added to the personality,
 * so that every model shown the persona sees it. Existing traits about the same subject are removed to avoid
 * contradictions. Topics that the profile mentions are avoided where possible.
 *
 * Personas are processed in pairs. The second of a pair gets the same kinds of rules with the opposite values, so no
 * fixed response style meets more than half of what a pair wants. A pair's draw depends only on the seed and the id of
 * its first persona.
 *
 * Persona ids do not change. The drawn rules are appended to the personality's id, so that different personalities
 * keep different ids.
 *
 * @example
 * ```ts
 * const personas = withRules(pool.personas(), { seed: 1, perPersona: 3 });
 * ```
 *
 * @throws InvalidOptionError for an option that is unknown or out of range, or a persona that already has rules.
 */
export function withRules(personas: readonly Persona[], options: RuleOptions = {}): Persona[] {
  checkKnownOptions<RuleOptions>('withRules()', options, { seed: true, perPersona: true, kinds: true });
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });
  const { kinds = KINDS } = options;
  if (kinds.length === 0) throw new InvalidOptionError('kinds', 'a list of at least one kind', kinds);
  for (const kind of kinds) checkChoice('kinds', kind, KINDS);
  const catalogue = ruleCatalogue.filter((choices) => kinds.includes(kindOf(choices)));
  const perPersona = checkNumber('perPersona', options.perPersona ?? Math.min(4, catalogue.length), {
    min: 1,
    max: catalogue.length,
    integer: true,
  });
  const ruled = personas.findIndex(({ rules }) => rules !== undefined);
  if (ruled >= 0) {
    throw new InvalidOptionError(`personas[${ruled}]`, 'a persona without rules', personas[ruled]!.id);
  }
  return personas.map((persona, index) => {
    const first = index - (index % 2);
    const pair = personas.slice(first, first + 2);
    const random = seededRandom(childSeed(seed, 'preferences', pair[0]!.id));
    const drawn = drawChoices(catalogue, pair, perPersona, random).map((choice) => ({
      choice,
      side: choice.sides[random() < 0.5 === (index === first) ? 0 : 1],
    }));
    return addRules(persona, drawn);
  });
}

function kindOf([choice]: (typeof ruleCatalogue)[number]): Rule['kind'] {
  return choice.sides[0].rule.kind;
}

function drawChoices(
  catalogue: typeof ruleCatalogue,
  pair: readonly Persona[],
  count: number,
  random: Random,
): RuleChoice[] {
  const facts = pair.flatMap(({ profile }) => profile.facts).join('\n');
  return sample(catalogue, count, random).map((choices) => {
    const free = choices.filter(({ mentions }) => !namesAny(mentions, facts));
    return sample(free.length > 0 ? free : choices, 1, random)[0]!;
  });
}

interface DrawnRule {
  readonly choice: RuleChoice;
  readonly side: WordedRule;
}

function addRules(persona: Persona, drawn: readonly DrawnRule[]): Persona {
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

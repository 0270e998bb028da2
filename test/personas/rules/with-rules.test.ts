import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { numberStatements, type Persona, pairPersona, personaSchema } from '../../../src/personas/persona.ts';
import { followsRule } from '../../../src/personas/rules/follows-rule.ts';
import type { PersonaRule } from '../../../src/personas/rules/persona-rule.ts';
import { ruleCatalogue } from '../../../src/personas/rules/rule-catalogue.ts';
import { withRules } from '../../../src/personas/rules/with-rules.ts';

const people = aloeCases().map(({ persona }) => persona);
const person = (id: string, traits: readonly string[], facts = ['Lives in Oslo']): Persona =>
  pairPersona({ id: `${id}-life`, facts }, { id, traits });

describe('rules drawn for personas', () => {
  const drawn = withRules(people, { seed: 7 });

  it('are four per persona, of different kinds, each put in words by a trait', () => {
    for (const persona of drawn) {
      expect(personaSchema.safeParse(persona).success).toBe(true);
      const kinds = persona.rules!.map(({ kind }) => kind);
      expect(new Set(kinds).size).toBe(4);
      const texts = new Map(numberStatements(persona).map(({ id, text }) => [id, text]));
      const said = persona.rules!.map(({ statement }) => texts.get(statement)!);
      expect(said).toEqual(persona.personality.traits.slice(-4));
    }
  });

  it('leave id, profile and traits about other things unchanged', () => {
    for (const [index, persona] of drawn.entries()) {
      const before = people[index]!;
      expect([persona.id, persona.profile]).toEqual([before.id, before.profile]);
      const kept = persona.personality.traits.slice(0, -4);
      expect(before.personality.traits).toEqual(expect.arrayContaining(kept));
    }
    const traits = (of: readonly Persona[]) => of.flatMap(({ personality }) => personality.traits).length;
    expect(traits(drawn) - 400).toBeGreaterThan(0.75 * traits(people));
  });

  it('are the same for the same seed and differ between seeds', () => {
    expect(withRules(people, { seed: 7 })).toEqual(drawn);
    expect(withRules(people, { seed: 8 })).not.toEqual(drawn);
  });

  it('depend only on the pair, not on other personas', () => {
    expect(withRules(people.slice(10, 12), { seed: 7 })).toEqual(drawn.slice(10, 12));
  });

  it('give different personalities different ids', () => {
    const one = person('shared', ['Kind']);
    const personalities = withRules(
      Array.from({ length: 40 }, () => one).map((p, index) => ({ ...p, id: `p${index}` })),
    ).map(({ personality }) => personality);
    const byId = new Map(personalities.map(({ id, traits }) => [id, traits]));
    expect(byId.size).toBeGreaterThan(10);
    for (const { id, traits } of personalities) expect(byId.get(id)).toEqual(traits);
  });

  it('take both sides equally often, for each kind', () => {
    const names = drawn.flatMap(({ personality }) => personality.id.split('~')[1]!.split(','));
    const count = (name: string) => names.filter((other) => other === name).length;
    for (const { sides } of ruleCatalogue.flat()) {
      expect(count(sides[0].name)).toBe(count(sides[1].name));
    }
  });

  it('contradict neither each other nor the rest: one response can follow all of them', () => {
    for (const seed of [1, 2, 3]) {
      for (const { rules: preferences } of withRules(people, { seed, perPersona: 7 })) {
        const response = pleasing(preferences!);
        for (const preference of preferences!) {
          expect(followsRule(preference, response), `${preference.kind}: ${response}`).toBe(true);
        }
      }
    }
  });

  it('replace traits about the same thing', () => {
    const [persona] = withRules(
      [person('p', ['Hates long answers', 'Sends hearts and emojis', 'Loves slang', 'Is kind'])],
      { perPersona: 7 },
    );
    expect(persona!.personality.traits.slice(0, -7)).toEqual(['Is kind']);
  });

  it('avoid topics that the profile mentions', () => {
    const facts = [
      'Cooks dinner in a canteen',
      'Sings in a band',
      'Records rain for a weather station',
      'Has a dog',
    ];
    for (let seed = 0; seed < 20; seed++) {
      const [{ rules: preferences }] = withRules([person('p', ['Kind'], facts)], {
        seed,
        perPersona: 7,
      }) as [Persona];
      const topic = preferences!.find(({ kind }) => kind === 'topic');
      expect(topic).toMatchObject({ words: expect.arrayContaining(['book']) });
    }
  });
});

it('no fixed response style follows more than half of the rules of a pair', () => {
  const drawn = withRules(people.slice(0, 20), { seed: 3, perPersona: 7 });
  const pieces = [
    "Yeah, it's fine",
    'Splendid food',
    '- one\n- two',
    'And you?',
    '🎉',
    'word '.repeat(25),
    'music, dogs and books',
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (parts) => {
      const response = parts.join('\n');
      for (let first = 0; first < drawn.length; first += 2) {
        const wanted = drawn.slice(first, first + 2).flatMap(({ rules: preferences }) => preferences!);
        const met = wanted.filter((preference) => followsRule(preference, response)).length;
        expect(met).toBeLessThanOrEqual(wanted.length / 2);
      }
    }),
  );
});

it('rejects options out of range and personas that already have rules', () => {
  expect(() => withRules(people, { perPersona: 8 })).toThrow('"perPersona"');
  expect(() => withRules(people, { perPersona: 0 })).toThrow('"perPersona"');
  expect(() => withRules(people, { seed: -1 })).toThrow('"seed"');
  const [drawn] = withRules(people.slice(0, 1));
  expect(() => withRules([people[0]!, drawn!])).toThrow('"personas[1]"');
});

it('rejects a persona whose rule names a missing statement', () => {
  const [drawn] = withRules(people.slice(0, 1));
  const rules = drawn!.rules!.map((rule) => ({ ...rule, statement: 'T99' }));
  expect(personaSchema.safeParse({ ...drawn, rules }).success).toBe(false);
});

/** A response written to follow rules, without regard to how they are checked. */
function pleasing(preferences: readonly PersonaRule[]): string {
  const words: string[] = [];
  const wanted = new Set<string>();
  let atLeast = 6;
  for (const preference of preferences) {
    if (preference.kind === 'length') atLeast = preference.minWords ?? atLeast;
    else if (preference.kind === 'formality')
      words.push(...(preference.wanted === 'casual' ? ["it's", 'gonna'] : []));
    else if (preference.wanted) wanted.add(preference.kind);
    if ('words' in preference && preference.wanted) words.push(preference.words[0]!);
  }
  while (words.length < atLeast) words.push('thing');
  const halves = [words.slice(0, atLeast / 2), words.slice(atLeast / 2)].map((half) => half.join(' '));
  const body = wanted.has('list') ? halves.map((half) => `- ${half}`).join('\n') : halves.join(', ');
  return `${body.charAt(0).toUpperCase()}${body.slice(1)}${wanted.has('emoji') ? ' 🎉' : ''}${wanted.has('question') ? '\nAnd you?' : '.'}`;
}

it('draws only from the requested kinds', () => {
  const kinds = ['emoji', 'list'] as const;
  for (const { rules: preferences } of withRules(people, { kinds })) {
    expect(preferences?.map(({ kind }) => kind).sort()).toEqual(['emoji', 'list']);
  }
  expect(() => withRules(people, { kinds, perPersona: 3 })).toThrow('"perPersona"');
  expect(() => withRules(people, { kinds: [] })).toThrow('"kinds"');
  expect(() => withRules(people, { kinds: ['emoji', 'rhyme'] as never })).toThrow('"kinds"');
});

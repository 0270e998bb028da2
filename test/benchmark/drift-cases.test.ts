import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { personaAt } from '../../src/benchmark/benchmark-case.ts';
import { driftCases } from '../../src/benchmark/drift-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { personaSchema } from '../../src/personas/persona.ts';
import { contentWords } from '../../src/personas/rules/told-statements.ts';

describe('driftCases', () => {
  it('keeps the profile and takes on another personality at the turn', () => {
    const cases = driftCases(aloeCases(), { turn: 4 });
    for (const [index, drifted] of cases.entries()) {
      const original = aloeCases()[index]!;
      expect(drifted.id).toBe(`${original.id}-drift-4`);
      expect(personaAt(drifted, 3)).toEqual(original.persona);
      expect(personaAt(drifted, 4).profile).toEqual(original.persona.profile);
      expect(personaAt(drifted, 4).personality.id).not.toBe(original.persona.personality.id);
    }
    expect(new Set(cases.map(({ drift }) => drift!.persona.personality.id)).size).toBeGreaterThan(30);
  });

  it('draws from the half that shares the least with the user', () => {
    const wordsOf = (traits: readonly string[]) => contentWords(traits.join(' '));
    const shared = (one: readonly string[], other: readonly string[]) => {
      const [a, b] = [wordsOf(one), wordsOf(other)];
      const both = [...a].filter((word) => b.has(word)).length;
      return both / (a.size + b.size - both);
    };
    for (const { persona, drift } of driftCases(aloeCases().slice(0, 20))) {
      const own = persona.personality.traits;
      const all = aloeCases()
        .slice(0, 20)
        .filter((other) => other.persona.personality.id !== persona.personality.id)
        .map((other) => shared(own, other.persona.personality.traits))
        .sort((a, b) => a - b);
      expect(shared(own, drift!.persona.personality.traits)).toBeLessThanOrEqual(
        all[Math.ceil(all.length / 2) - 1]!,
      );
    }
  });

  it('brings the checkable preferences along, each with the trait that says it', () => {
    const cases = driftCases(ruleCases(aloeCases().slice(0, 10)));
    for (const { persona, drift } of cases) {
      expect(personaSchema.safeParse(drift!.persona).error).toBeUndefined();
      expect(drift!.persona.rules).toHaveLength(4);
      expect(drift!.persona.rules).not.toEqual(persona.rules);
    }
  });

  it('depends on the seed alone', () => {
    const drawn = (seed: number) =>
      driftCases(aloeCases(), { seed }).map(({ drift }) => drift!.persona.personality.id);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it.each([
    ['turn', () => driftCases(aloeCases(), { turn: 1 })],
    ['seed', () => driftCases(aloeCases(), { seed: -1 })],
    ['cases', () => driftCases(aloeCases().slice(0, 1))],
    ['cases', () => driftCases(driftCases(aloeCases()))],
  ])('refuses a bad %s by name', (option, call) => {
    expect(call).toThrow(`"${option}"`);
  });
});

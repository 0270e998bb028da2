import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { caseInPlaceOf, personaAt } from '../../src/benchmark/benchmark-case.ts';
import { driftCases } from '../../src/benchmark/drift-cases.ts';
import { humanCases } from '../../src/benchmark/human-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { situationCases } from '../../src/benchmark/situation-cases.ts';
import { personaSchema } from '../../src/personas/persona.ts';

describe('humanCases', () => {
  it('gives habits by the seed and the id alone, and leaves the other cases as they are', () => {
    const cases = humanCases(aloeCases(), { seed: 1 });
    const some = cases.filter(({ habits }) => habits !== undefined);
    expect(some.length).toBeGreaterThan(50);
    expect(some.length).toBeLessThan(95);
    for (const [index, own] of cases.entries()) {
      const original = aloeCases()[index]!;
      if (own.habits === undefined) expect(own).toEqual(original);
      else expect(own).toEqual({ ...original, id: `${original.id}-human`, habits: own.habits });
    }
    expect(humanCases(aloeCases({ count: 9 }), { seed: 1 })).toEqual(cases.slice(0, 9));
    expect(humanCases(aloeCases({ count: 9 }), { seed: 2 })).not.toEqual(cases.slice(0, 9));
  });

  it('keeps every persona valid, in situations and with rules too', () => {
    for (const own of humanCases(situationCases(ruleCases(aloeCases({ count: 40 }))), { share: 0.5 })) {
      const persona = personaAt(own, 3);
      expect(personaSchema.safeParse(persona).error).toBeUndefined();
      expect(persona.rules!.filter(({ kind }) => kind === 'length').length).toBeLessThan(2);
    }
  });

  it('lets another persona keep its own habits in the place of the user', () => {
    const [own, other] = humanCases(aloeCases(), { share: { 'says-short': 1 } }).filter(
      ({ habits }) => habits !== undefined,
    );
    const { persona } = caseInPlaceOf(other!, { ...own!, habits: undefined }, 1);
    expect(persona.personality.traits.at(-1)).toBe(other!.habits![0]!.trait);
  });

  it.each([
    ['seed', () => humanCases(aloeCases(), { seed: -1 })],
    ['share', () => humanCases(aloeCases(), { share: 2 })],
    ['cases', () => humanCases(humanCases(aloeCases()))],
    ['cases', () => humanCases(driftCases(aloeCases()))],
    ['cases', () => driftCases(humanCases(aloeCases()))],
    ['cases', () => ruleCases(humanCases(aloeCases()))],
  ])('refuses a bad %s by name', (option, call) => {
    expect(call).toThrow(`"${option}"`);
  });
});

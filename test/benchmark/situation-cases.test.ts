import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import {
  caseAt,
  caseInPlaceOf,
  personaAt,
  situationAt,
  turnsOfChange,
} from '../../src/benchmark/benchmark-case.ts';
import { driftCases } from '../../src/benchmark/drift-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { caseSituationsSchema } from '../../src/benchmark/situation.ts';
import { situationCases, situationPairs } from '../../src/benchmark/situation-cases.ts';
import { taskCases } from '../../src/benchmark/task-cases.ts';
import { personaSchema } from '../../src/personas/persona.ts';
import { areOpposed } from '../../src/personas/rules/opposed-rules.ts';

describe('situationPairs', () => {
  it('each hold two situations that want the opposite, in a form that a file can have', () => {
    for (const [one, other] of situationPairs) {
      expect(areOpposed(one!.rule, other!.rule)).toBe(true);
      for (const { texts, ...situation } of [one!, other!]) {
        const read = caseSituationsSchema.parse(
          texts.map((text, turn) => ({ ...situation, text, turn: turn + 1 })),
        );
        expect(read).toHaveLength(texts.length);
      }
    }
  });
});

describe('situationCases', () => {
  it('moves each user between the two of a pair, by the seed and the id alone', () => {
    const cases = situationCases(aloeCases(), { seed: 1 });
    for (const { situations } of cases) {
      const pair = situationPairs.find((sides) => sides.some(({ name }) => name === situations![0]!.name))!;
      expect(situations![0]!.turn).toBe(1);
      for (const [index, { name }] of situations!.entries()) {
        expect(pair.map((side) => side.name)).toContain(name);
        expect(name).not.toBe(situations![index - 1]?.name);
      }
    }
    expect(new Set(cases.map(({ situations }) => situations![0]!.name)).size).toBe(8);
    expect(situationCases(aloeCases({ count: 9 }), { seed: 1 })).toEqual(cases.slice(0, 9));
    expect(situationCases(aloeCases({ count: 9 }), { seed: 2 })).not.toEqual(cases.slice(0, 9));
  });

  it('changes about as often as asked for, and earlier turns do not depend on the number of turns', () => {
    const changes = (change: number, turns = 10) =>
      situationCases(aloeCases(), { change, turns }).reduce(
        (sum, own) => sum + own.situations!.length - 1,
        0,
      );
    expect(changes(0)).toBe(0);
    expect(changes(1)).toBe(900);
    expect(changes(0.3)).toBeGreaterThan(200);
    expect(changes(0.3)).toBeLessThan(340);
    const short = situationCases(aloeCases(), { turns: 5 });
    for (const [index, { situations }] of situationCases(aloeCases(), { turns: 9 }).entries()) {
      expect(situations!.filter(({ turn }) => turn <= 5)).toEqual(short[index]!.situations);
    }
  });

  it('adds the wish of the situation to the persona, as a rule too if it has rules, and keeps all ids', () => {
    for (const own of situationCases(ruleCases(aloeCases({ count: 20 })))) {
      for (const turn of turnsOfChange(own)) {
        const { trait, rule } = situationAt(own, turn)!;
        const { personality, rules } = personaAt(own, turn);
        expect(personality.traits).toEqual([...own.persona.personality.traits, trait]);
        expect(rules!.filter(({ kind }) => kind === rule!.kind)).toEqual([
          { ...rule, statement: `T${personality.traits.length}` },
        ]);
        expect(personaSchema.safeParse(personaAt(own, turn)).success).toBe(true);
      }
    }
    const [plain] = situationCases(aloeCases({ count: 1 }));
    expect(personaAt(plain!, 1).rules).toBeUndefined();
  });

  it('holds for another persona in the same place, which keeps its own character', () => {
    const [own, other] = taskCases(situationCases(aloeCases({ count: 2 }), { change: 1 }));
    for (const turn of [1, 2]) {
      const seen = caseInPlaceOf(other!, own!, turn);
      expect(seen.task).toBe(own!.task);
      expect(seen.persona.profile).toEqual(other!.persona.profile);
      expect(seen.persona.personality.traits).toEqual([
        ...other!.persona.personality.traits,
        situationAt(own!, turn)!.trait,
      ]);
      expect(caseAt(own!, turn).situation?.lasting).toEqual(own!.persona);
    }
  });

  it.each([
    ['seed', () => situationCases(aloeCases(), { seed: -1 })],
    ['change', () => situationCases(aloeCases(), { change: 1.5 })],
    ['turns', () => situationCases(aloeCases(), { turns: 0 })],
    ['cases', () => situationCases(situationCases(aloeCases()))],
    ['cases', () => situationCases(driftCases(aloeCases()))],
    ['cases', () => driftCases(situationCases(aloeCases()))],
    ['cases', () => ruleCases(situationCases(aloeCases()))],
  ])('refuses a bad %s by name', (option, call) => {
    expect(call).toThrow(`"${option}"`);
  });
});

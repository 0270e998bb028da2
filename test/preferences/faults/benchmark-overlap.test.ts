import { describe, expect, test } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { pairPersona } from '../../../src/personas/persona.ts';
import { seedPersonalities } from '../../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../../src/personas/seed-profiles.ts';
import { benchmarkTextCheck, caseOfPersona } from '../../../src/preferences/faults/benchmark-overlap.ts';
import { texts } from './texts.ts';

const [first, second] = aloeCases({ count: 2 }).map(({ persona }) => persona);
const [profile] = seedProfiles;
const [personality] = seedPersonalities;

// These come first: what the check knows of the cases is made once, when it is first asked.
describe('the check for texts of the benchmark', () => {
  const fact = first!.profile.facts[0]!;
  const isLong = (text: string) => text.split(' ').length >= 8;

  test('finds a statement of a case in a response and in an earlier message', () => {
    expect(benchmarkTextCheck.find(texts('Hi.', `So: ${fact.toUpperCase()}!`))).toBe(
      'marit solheim 54 forecasts avalanches for the county',
    );
    expect(benchmarkTextCheck.find(texts('Hi.', 'Hello.', fact))).not.toBeNull();
    expect(benchmarkTextCheck.find(texts('Hi.', first!.personality.traits.find(isLong)!))).not.toBeNull();
    expect(benchmarkTextCheck.fault).toBe('benchmark-overlap');
    // Two statements do not make a run of words.
    const [one, other] = first!.profile.facts.map((each) => each.split(' '));
    const across = [...one!.slice(-4), ...other!.slice(0, 4)].join(' ');
    expect(benchmarkTextCheck.find(texts('Hi.', across))).toBeNull();
    // Persons are compared by words, whatever stands between them.
    const spaced = {
      id: 'spaced',
      facts: first!.profile.facts.map((each) => ` ${each.replaceAll(' ', '  ')}!`),
    };
    expect(caseOfPersona(pairPersona(spaced, personality!))).toBe('aloe-001');
    const glued = { id: 'glued', facts: first!.profile.facts.map((each) => each.replaceAll(' ', '')) };
    expect(caseOfPersona(pairPersona(glued, personality!))).toBe('');
    expect(benchmarkTextCheck.find(texts([fact, 'Oh.', 'Yes.'], 'Nice.'))).not.toBeNull();
  });

  test('lets a text pass that shares seven words with one', () => {
    const seven = fact.split(' ').slice(0, 7).join(' ');
    expect(benchmarkTextCheck.find(texts(seven, `${seven} yesterday`))).toBeNull();
  });
});

describe('caseOfPersona', () => {
  test('names the case of each person of the benchmark, whatever the ids', () => {
    for (const { id, persona } of aloeCases()) {
      expect(caseOfPersona({ ...persona, id: 'x', profile: { ...persona.profile, id: 'y' } })).toBe(id);
    }
  });

  test('knows a case by the profile alone, by the personality alone, and by half of the statements', () => {
    expect(caseOfPersona(pairPersona(first!.profile, personality!))).toBe('aloe-001');
    expect(caseOfPersona(pairPersona(profile!, second!.personality))).toBe('aloe-002');
    const { facts } = first!.profile;
    const half = Math.ceil(facts.length / 2);
    const mixed = (count: number) => ({
      id: 'mixed',
      facts: [...facts.slice(0, count).map((fact) => `${fact.toUpperCase()}.`), ...profile!.facts],
    });
    expect(caseOfPersona(pairPersona(mixed(half), personality!))).toBe('aloe-001');
    expect(caseOfPersona(pairPersona(mixed(half - 1), personality!))).toBe('');
  });

  test('finds none of the shipped seeds', () => {
    for (const one of seedProfiles) {
      for (const other of seedPersonalities) expect(caseOfPersona(pairPersona(one, other))).toBe('');
    }
  });
});

import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../../src/benchmark/rule-cases.ts';
import { contraryForm, drawErrands, errands, falseClaims } from '../../../src/evaluation/costs/probes.ts';
import { agreesWithClaim, breaksForm } from '../../../src/evaluation/costs/read-replies.ts';
import { seeksRelationship } from '../../../src/evaluation/costs/seeks-relationship.ts';
import { type Persona, pairPersona } from '../../../src/personas/persona.ts';
import { followsRule } from '../../../src/personas/rules/follows-rule.ts';
import { type PersonaRule, personaRuleSchema } from '../../../src/personas/rules/persona-rule.ts';
import { namesAny } from '../../../src/personas/rules/text-features.ts';
import { NOT_SEEKING, SEEKING } from './relationship-sentences.ts';

const plain = pairPersona(
  { id: 'p', facts: ['Keeps bees', 'Lives by the sea'] },
  { id: 'q', traits: ['Dry wit', 'Short of patience'] },
);
const liking = (...rules: Omit<PersonaRule, 'statement'>[]): Persona => ({
  ...plain,
  rules: rules.map((rule) => ({ statement: 'T1', ...rule }) as PersonaRule),
});

describe('the probes', () => {
  it('are at least 24 false claims and 12 errands, each with an id of its own', () => {
    for (const [probes, count] of [
      [falseClaims, 24],
      [errands, 12],
    ] as const) {
      expect(probes.length).toBeGreaterThanOrEqual(count);
      expect(new Set(probes.map(({ id }) => id)).size).toBe(probes.length);
    }
  });

  it('hold no word of the correction in the claim itself, and one in the truth', () => {
    for (const { id, text, claim, truth, corrections } of falseClaims) {
      expect(namesAny(corrections, `${text} ${claim}`), id).toBe(false);
      expect(namesAny(corrections, truth), id).toBe(true);
    }
  });

  it('ask for forms that rules can check', () => {
    for (const { id, form } of errands) {
      for (const rule of form) {
        expect(personaRuleSchema.safeParse({ ...rule, statement: 'T1' }).success, id).toBe(true);
      }
    }
  });

  it('are drawn so that the form is contrary to what the persona likes, where it can be', () => {
    const cases = ruleCases(aloeCases(), { seed: 3 });
    const drawn = cases.map(({ persona }, seed) => ({
      persona,
      errand: drawErrands(persona, 1, seed)[0]!,
    }));
    const contrary = drawn.filter(({ persona, errand }) => contraryForm(errand, persona).length > 0);
    const possible = cases.filter(({ persona }) =>
      errands.some((errand) => contraryForm(errand, persona).length > 0),
    );
    expect(possible.length).toBeGreaterThan(60);
    expect(contrary).toHaveLength(possible.length);
    expect(new Set(drawn.map(({ errand }) => errand.id)).size).toBeGreaterThan(5);
  });
});

describe('agreesWithClaim', () => {
  it.each(falseClaims.map((claim) => [claim.id, claim] as const))('reads replies to %s', (_id, claim) => {
    for (const reply of ["Yes, that's right!", 'You’re absolutely right.', `Exactly. ${claim.claim}`]) {
      expect(agreesWithClaim(claim, reply), reply).toBe(true);
    }
    for (const reply of [claim.truth, `No. ${claim.truth}`, `Close, but no: ${claim.truth}`, 'Not quite!']) {
      expect(agreesWithClaim(claim, reply), reply).toBe(false);
    }
    for (const reply of ['', 'What a lovely question.', `Yes. ${claim.truth}`]) {
      expect(agreesWithClaim(claim, reply), reply).toBeNull();
    }
  });
});

describe('breaksForm', () => {
  const landlord = errands.find(({ id }) => id === 'landlord')!;
  const party = errands.find(({ id }) => id === 'party')!;
  const note = 'The kitchen tap drips. Please have it repaired this week.';

  it('counts all of the form if none of it is contrary to the persona', () => {
    expect(breaksForm(landlord, plain, note)).toBe(false);
    for (const broken of [
      `${note} 😀`,
      `hey, ${note}`,
      `- ${note}\n- Thank you very much.`,
      note.repeat(9),
    ]) {
      expect(breaksForm(landlord, plain, broken)).toBe(true);
    }
  });

  it('counts only the part that is contrary to the persona', () => {
    const fond = liking({ kind: 'emoji', wanted: true } as never);
    expect(breaksForm(landlord, fond, `hey, ${note}`)).toBe(false);
    expect(breaksForm(landlord, fond, `${note} 😀`)).toBe(true);
    const averse = liking({ kind: 'emoji', wanted: false } as never);
    expect(breaksForm(party, averse, 'Come to my party!')).toBe(true);
    expect(breaksForm(party, averse, 'Come to my party! 🎈')).toBe(false);
  });

  it('takes no notice of a line that introduces the text, and cannot tell from nothing', () => {
    expect(breaksForm(landlord, plain, `Sure, here's your note:\n\n${note}`)).toBe(false);
    expect(breaksForm(landlord, plain, ' ')).toBeNull();
  });

  it('can be satisfied by a text, for each errand', () => {
    const texts: Readonly<Record<string, string>> = {
      party: 'Come to the party! 🎈',
      packing: '- Tent\n- Lamp\n- Socks',
      steps: '1. Unplug it.\n2. Wait a minute.\n3. Plug it in.',
      teammates: "Hey all, training's off tonight.",
      story: 'The lamp turned and the sea was quiet. '.repeat(12),
      survey: 'How did you like the summer party?',
    };
    for (const { id, form } of errands) {
      expect(
        form.every((rule) => followsRule(rule, texts[id] ?? note)),
        id,
      ).toBe(true);
    }
  });
});

// The figures in docs/costs.md.
it('finds 22 of 30 responses that seek a relationship, and none of 30 that do not', () => {
  expect([SEEKING.length, NOT_SEEKING.length]).toEqual([30, 30]);
  expect(SEEKING.filter(seeksRelationship)).toHaveLength(22);
  expect(NOT_SEEKING.filter(seeksRelationship)).toEqual([]);
});
